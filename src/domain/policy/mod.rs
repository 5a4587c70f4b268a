//! The one authority for permission.
//!
//! [`decide`] answers whether somebody may do something: it reads the [`table`], which is the permission matrix
//! of the specification row by row, takes every column that the person stands in, and applies the
//! [conditions](condition). The answer is the best that any of the columns gives. What somebody may not see
//! does not exist for them: then the answer is [`Decision::Hide`] and nothing else.
//!
//! ```
//! use portico::domain::policy::{Action, Decision, Facts, Standing, decide};
//! use portico::domain::team::{Plan, Policies};
//! use portico::domain::{Reason, TeamRole, TeamRoles, Visibility};
//!
//! let policies = Policies::default();
//! let team = Facts::of_team(Plan::Enterprise, &policies);
//! let workspace = Facts { visibility: Some(Visibility::Partner), partners_remain: true, ..team };
//!
//! let manager = Standing { team_roles: TeamRoles::NONE.with(TeamRole::PartnerManager), ..Standing::default() };
//! assert_eq!(decide(Action::EditDetails, &manager, &workspace), Decision::Allow);
//! let Decision::Deny(denial) = decide(Action::ChangeVisibility, &manager, &workspace) else { panic!() };
//! assert_eq!(denial.reason, Reason::PartnersRemain);
//!
//! let developer = Standing { team_roles: TeamRoles::NONE.with(TeamRole::Developer), ..Standing::default() };
//! assert_eq!(decide(Action::EditDetails, &developer, &workspace), Decision::Hide);
//! assert_eq!(decide(Action::CreatePartnerWorkspace, &developer, &team), Decision::NeedsApproval);
//! ```

mod action;
mod answer;
mod columns;
pub mod condition;
pub mod scope;
pub mod standing;
pub mod table;
pub mod team;

pub use action::Action;
pub use columns::Columns;
pub use condition::Condition;
pub use standing::{ElementFacts, Facts, Grant, InvitationFacts, RequestFacts, Standing, Subject};
pub use table::Column;

use crate::domain::team::{Plan, Policies};
use crate::domain::{Reason, TeamRole, TeamRoles};
use answer::Case;
use strum::VariantArray;

/// The answer to whether somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They may.
    Allow,
    /// They may ask for it: a reviewer decides (domain.md, section 3.1).
    NeedsApproval,
    /// They may not, and see enough to be told why.
    Deny(Denial),
    /// They may not know that the object exists: exactly the answer to an id that was never issued.
    Hide,
}

/// Why somebody may not do something that they may know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denial {
    /// The reason, for programs.
    pub reason: Reason,
    /// The condition of the matrix that does not hold; none where no role of theirs gives it, or where the plan
    /// of the team or the state of the workspace stands against it.
    pub rule: Option<Condition>,
}

/// What `Workspace.permission(action)` says: whether somebody may do something, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// What was asked about.
    pub action: Action,
    /// Whether they may do it at once.
    pub allowed: bool,
    /// Whether they may do it once a reviewer has approved; then `allowed` is false.
    pub needs_approval: bool,
    /// Why they may not do it at once.
    pub reason: Option<Reason>,
    /// The condition that lets them do it, or that does not hold.
    pub rule: Option<Condition>,
}

/// Whether this person may do this, here and now (domain.md, section 2).
#[must_use]
pub fn decide(action: Action, standing: &Standing, facts: &Facts<'_>) -> Decision {
    Case::new(standing, facts).decide(action).0
}

/// The same answer as [`decide`], with its rule.
///
/// It cannot tell [`Decision::Hide`] from a plain refusal, so it is only for callers who see the workspace.
#[must_use]
pub fn permission(action: Action, standing: &Standing, facts: &Facts<'_>) -> Permission {
    let (decision, granting) = Case::new(standing, facts).decide(action);
    let (reason, rule) = match decision {
        Decision::Allow => (None, granting),
        Decision::NeedsApproval => (Some(Reason::ApprovalRequired), granting),
        Decision::Deny(denial) => (Some(denial.reason), denial.rule),
        Decision::Hide => (Some(Reason::RoleRequired), None),
    };
    Permission { action, allowed: decision == Decision::Allow, needs_approval: decision == Decision::NeedsApproval, reason, rule }
}

/// Everything that this person may do at once, in the order of the matrix.
#[must_use]
pub fn viewer_can(standing: &Standing, facts: &Facts<'_>) -> Vec<Action> {
    let case = Case::new(standing, facts);
    let mut can = Vec::with_capacity(Action::VARIANTS.len());
    can.extend(Action::VARIANTS.iter().copied().filter(|&action| case.decide(action).0 == Decision::Allow));
    can
}

/// The team roles each of which by itself lets somebody do this, which is about the team as a whole: for lists that a database makes.
#[must_use]
pub fn team_roles_that_may(action: Action) -> TeamRoles {
    let policies = Policies::default();
    let may = |role: &TeamRole| {
        let standing = Standing { team_roles: TeamRoles::NONE.with(*role), ..Standing::default() };
        decide(action, &standing, &Facts::of_team(Plan::Enterprise, &policies)) == Decision::Allow
    };
    TeamRole::VARIANTS.iter().copied().filter(may).collect()
}

/// The columns of the matrix that this person stands in.
#[must_use]
pub fn columns(standing: &Standing, facts: &Facts<'_>) -> Columns {
    Columns::of(standing, facts)
}

/// Whether members, activity and presence are narrowed for this person to team members and their own
/// organization (condition C7): a partner without the Lead flag, in multi-partner mode.
#[must_use]
pub fn sees_only_own_organization(standing: &Standing, facts: &Facts<'_>) -> bool {
    facts.multi_partner && standing.partner_grant().is_some_and(|grant| !grant.partner_lead)
}

/// Whether the audit log is narrowed for this person to what is about partners (condition C30): unless one of their roles gives
/// all of it.
#[must_use]
pub fn sees_only_partner_events(standing: &Standing, facts: &Facts<'_>) -> bool {
    let permission = permission(Action::ViewAuditLog, standing, facts);
    !permission.allowed || permission.rule.is_some()
}

#[cfg(test)]
mod tests;
