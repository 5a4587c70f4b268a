//! The conditions of the permission matrix (domain.md, section 2): what each says, and whether it holds.

use super::table::{Cell, Column, cell};
use super::{Action, ElementFacts, Facts, Standing, Subject};
use crate::domain::request::RequestStatus;
use crate::domain::team::ForkScope;
use crate::domain::{Reason, Side, Visibility, WorkspaceRole};
use strum::{Display, VariantArray};

/// A condition of the matrix, under its number in domain.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, VariantArray)]
pub enum Condition {
    /// A role that may create workspaces: any member but a partner, where the team has not narrowed it to
    /// named people and groups.
    C1,
    /// Only while the team has no Partner Manager.
    C2,
    /// The caller's own request; to take it back, a pending one.
    C3,
    /// A Partner Manager who may change the visibility of the workspace, being its Admin too.
    C4,
    /// No partner grant and no open invitation to a partner is left, where the workspace is a partner one.
    C5,
    /// The workspace is private, open to the team or personal.
    C6,
    /// In multi-partner mode the answer is narrowed to team members and the caller's own organization.
    C7,
    /// A Lead manages people of their own organization only: in partner roles up to the Lead's own, never
    /// another Lead, and never making one.
    C8,
    /// From the team's list of pending invitations.
    C9,
    /// Invitations that the caller sent, or that go to their own organization.
    C10,
    /// The signed-in user's verified address is the invited one.
    C11,
    /// Not the last Admin of the workspace.
    C12,
    /// Narrowed for a Team Admin to partners and roles, for a Workspace Admin to workspaces they administer.
    C13,
    /// Only while the team has no Super Admin.
    C14,
    /// Only groups that the Developer manages.
    C15,
    /// Only elements on which the caller holds an element grant as Editor.
    C16,
    /// The element may leave its workspace by this caller's hand, and may come in here.
    C17,
    /// The element may leave this workspace for the target that the caller names.
    C18,
    /// The caller may read the parent of the fork.
    C19,
    /// A partner's fork goes where they may create elements, within the policy `partnerForkScope`.
    C20,
    /// Editor on the fork, still able to read its parent.
    C21,
    /// Editor on the parent.
    C22,
    /// Reviewer of the pull request or Editor on the parent; its author, who may only withdraw it.
    C23,
    /// Editor on the parent, and an Editor of the parent has approved, where the policy asks for it.
    C24,
    /// Import creates elements, which an Editor may.
    C25,
    /// The policy `partnerViewerExport` lets partners who are Viewers export.
    C26,
    /// What was deleted can still be restored.
    C27,
    /// It can still be restored, and it was theirs or of this workspace.
    C28,
    /// What the caller deleted.
    C29,
    /// Narrowed to events about partner workspaces, partners and requests.
    C30,
}

/// Whether a condition, or the whole matrix, lets somebody do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Ok,
    /// It does, once a reviewer has said yes.
    NeedsApproval,
    /// It does not, for this reason.
    Refused(Reason),
}

impl Verdict {
    fn require(holds: bool, otherwise: Reason) -> Self {
        if holds { Self::Ok } else { Self::Refused(otherwise) }
    }

    fn and(self, then: impl FnOnce() -> Self) -> Self {
        if self == Self::Ok { then() } else { self }
    }
}

impl Condition {
    /// The condition in a sentence for people, led by its number: the `rule` of a permission.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::C1 => "C1: any team member, where the team has not reserved creating workspaces to named people and groups",
            Self::C2 => "C2: a Team Admin only while the team has no Partner Manager, and becomes one by it",
            Self::C3 => "C3: only one's own requests, and only pending ones can be cancelled",
            Self::C4 => "C4: a Partner Manager skips the approval, and still needs to be Admin of the workspace",
            Self::C5 => {
                "C5: no partner grant and no open partner invitation is left; a partner workspace becomes team or private, never public directly"
            }
            Self::C6 => "C6: only a private, team or personal workspace can be deleted",
            Self::C7 => "C7: in multi-partner mode a partner sees team members and their own organization only",
            Self::C8 => {
                "C8: a Partner Lead manages people of their own organization only, in partner roles up to their own, never another Lead"
            }
            Self::C9 => "C9: a Team Admin acts on the team's list of pending invitations",
            Self::C10 => "C10: a Partner Lead manages invitations that they sent or that go to their own organization",
            Self::C11 => "C11: only the signed-in user whose verified email address is the invited one",
            Self::C12 => "C12: the last Admin of a workspace cannot leave, be removed or be demoted",
            Self::C13 => {
                "C13: a Team Admin sees partners and roles without content, a Workspace Admin what a partner has in their own workspaces"
            }
            Self::C14 => "C14: a Team Admin appoints the first Super Admin, then only Super Admins appoint more",
            Self::C15 => "C15: a Developer manages only the groups that they are a manager of",
            Self::C16 => "C16: only elements on which one holds an Editor grant",
            Self::C17 => {
                "C17: Editor on the element, Admin of the workspace that it leaves, Super Admin, or Partner Manager where it leaves a partner workspace; never into a personal workspace"
            }
            Self::C18 => {
                "C18: only to a workspace of the same team where one may create elements, never a personal one; partners only to partner workspaces, and only if the team allows it"
            }
            Self::C19 => "C19: only from a parent that one may read",
            Self::C20 => "C20: partners take forks where they may create elements, as far as the team allows",
            Self::C21 => "C21: Editor on the fork, and still able to read its parent",
            Self::C22 => "C22: Editor on the parent",
            Self::C23 => "C23: a reviewer of the pull request or an Editor on the parent; its author may withdraw it",
            Self::C24 => "C24: Editor on the parent, once an Editor of the parent has approved, unless the team needs no approval",
            Self::C25 => "C25: importing creates elements, which needs an Editor",
            Self::C26 => "C26: partners who are Viewers export if the team allows it",
            Self::C27 => "C27: only collections under 30 MiB, up to 90 days after their deletion",
            Self::C28 => "C28: only collections under 30 MiB, up to 90 days after their deletion, that were one's own or of this workspace",
            Self::C29 => "C29: only what one deleted oneself",
            Self::C30 => "C30: a Partner Manager reads events about partner workspaces, partners and requests only",
        }
    }
}

/// Whether the condition of a cell holds, for the person who stands in that column.
///
/// A fact that is not known yet counts as satisfied: the question then is whether they may do it to some such
/// thing. Two conditions are stricter, so that `viewerCan` does not promise what hardly anybody has: C16 needs
/// the element grant, and C11 needs the invitation where a workspace is named, since who can open that
/// workspace has no invitation to it to answer.
///
/// C7, C13 and C30 always hold: they narrow what is listed, which the query does.
#[must_use]
pub fn evaluate(condition: Condition, action: Action, column: Column, standing: &Standing, facts: &Facts<'_>) -> Verdict {
    use Condition as C;
    let element = |rule: &dyn Fn(&ElementFacts) -> Verdict| facts.element.as_ref().map_or(Verdict::Ok, rule);
    match condition {
        C::C1 => Verdict::require(standing.team_roles.is_team_member(), Reason::RoleRequired)
            .and(|| Verdict::require(facts.may_create_by_policy, Reason::ReservedByPolicy)),
        C::C2 => Verdict::require(!facts.team_has_partner_manager, Reason::RoleRequired),
        C::C3 => own_request(action, facts),
        C::C4 => Verdict::require(
            standing.grant.is_some_and(|grant| grant.side == Side::Team && grant.role == WorkspaceRole::Admin),
            Reason::RoleRequired,
        ),
        C::C5 => Verdict::require(facts.visibility != Some(Visibility::Partner) || !facts.partners_remain, Reason::PartnersRemain),
        C::C6 => facts.visibility.map_or(Verdict::Ok, |visibility| visibility.deletable().map_or_else(Verdict::Refused, |()| Verdict::Ok)),
        C::C7 | C::C9 | C::C13 | C::C30 => Verdict::Ok,
        C::C8 => facts.subject.map_or(Verdict::Ok, |subject| managed_by_lead(&subject, standing)),
        C::C10 => facts.invitation.map_or(Verdict::Ok, |invitation| {
            let own = standing.partner_grant().and_then(|grant| grant.organization);
            Verdict::require(invitation.sent_by_caller || (own.is_some() && invitation.organization == own), Reason::OutsideOrganization)
        }),
        C::C11 => invited(standing, facts),
        C::C12 => Verdict::require(!facts.is_last_admin, Reason::LastAdmin),
        C::C14 => Verdict::require(!facts.team_has_super_admin, Reason::SuperAdminOnly),
        C::C15 => Verdict::require(facts.manages_group.unwrap_or(true), Reason::NotYours),
        C::C16 => Verdict::require(standing.element_role >= Some(WorkspaceRole::Editor), Reason::RoleRequired)
            .and(|| as_editor(action, column, standing, facts)),
        C::C25 => Verdict::require(standing.grant.is_some_and(|grant| grant.role >= WorkspaceRole::Editor), Reason::RoleRequired),
        C::C26 => Verdict::require(facts.policies.partner_viewer_export, Reason::ReservedByPolicy),
        C::C17 => Verdict::require(facts.visibility != Some(Visibility::Personal), Reason::TargetNotAllowed)
            .and(|| element(&|it| Verdict::require(it.may_leave_source, Reason::TargetNotAllowed))),
        C::C18 => move_out(column, facts),
        C::C20 => fork_out(facts),
        C::C19 => element(&|it| Verdict::require(it.reads_parent, Reason::ParentOutOfReach)),
        C::C21 => element(&pull),
        C::C22 => element(&|it| Verdict::require(it.edits_parent, Reason::RoleRequired)),
        C::C23 => element(&|it| Verdict::require(it.is_reviewer || it.edits_parent || it.is_author, Reason::RoleRequired)),
        C::C24 => element(&|it| merge(it, facts)),
        C::C27 => element(&|it| Verdict::require(it.is_restorable, Reason::WrongState)),
        C::C28 => {
            element(&|it| Verdict::require(it.is_restorable, Reason::WrongState).and(|| Verdict::require(it.was_theirs, Reason::NotYours)))
        }
        C::C29 => element(&|it| Verdict::require(it.deleted_by_caller, Reason::NotYours)),
    }
}

/// C3. Reading one's request needs no state; taking it back does.
fn own_request(action: Action, facts: &Facts<'_>) -> Verdict {
    facts.request.map_or(Verdict::Ok, |request| {
        Verdict::require(request.is_own, Reason::NotYours)
            .and(|| Verdict::require(action != Action::CancelRequest || request.status == RequestStatus::Pending, Reason::AlreadyDecided))
    })
}

/// C8. Without an organization of their own a Lead manages nobody.
fn managed_by_lead(subject: &Subject, standing: &Standing) -> Verdict {
    let Some(lead) = standing.partner_grant() else {
        return Verdict::Refused(Reason::RoleRequired);
    };
    let same = subject.side == Side::Partner && lead.organization.is_some() && subject.organization == lead.organization;
    Verdict::require(same, Reason::OutsideOrganization)
        .and(|| Verdict::require(subject.role < WorkspaceRole::Admin, Reason::RoleNotAssignable))
        .and(|| Verdict::require(!subject.partner_lead, Reason::LeadProtected))
        .and(|| Verdict::require(subject.role <= lead.role, Reason::AboveOwnRole))
}

/// C11.
fn invited(standing: &Standing, facts: &Facts<'_>) -> Verdict {
    let invited = facts.invitation.map_or(facts.visibility.is_none(), |invitation| invitation.is_to_caller);
    Verdict::require(standing.user.is_some(), Reason::SignInRequired).and(|| Verdict::require(invited, Reason::NotYours))
}

/// C16, second half. An element grant makes one no more than an Editor of the workspace would be, so the
/// condition that an Editor meets in the same row is theirs as well.
fn as_editor(action: Action, column: Column, standing: &Standing, facts: &Facts<'_>) -> Verdict {
    match cell(action, Column::WorkspaceEditor) {
        Cell::If(condition) if condition != Condition::C16 => evaluate(condition, action, column, standing, facts),
        _ => Verdict::Ok,
    }
}

/// C18. Whether one may take it from here is the column's; this is about where it goes.
fn move_out(column: Column, facts: &Facts<'_>) -> Verdict {
    let partner = column.is_partner();
    Verdict::require(!partner || facts.policies.partners_may_move_out, Reason::ReservedByPolicy).and(|| {
        facts.element.map_or(Verdict::Ok, |element| {
            let fitting = element
                .target_visibility
                .is_none_or(|target| if partner { target == Visibility::Partner } else { target != Visibility::Personal });
            Verdict::require(fitting && element.target_in_same_team && element.may_create_in_target, Reason::TargetNotAllowed)
        })
    })
}

/// C20.
fn fork_out(facts: &Facts<'_>) -> Verdict {
    let in_scope = match facts.policies.partner_fork_scope {
        ForkScope::Anywhere => true,
        ForkScope::SameTeam => facts.element.is_none_or(|element| element.target_in_same_team),
        ForkScope::Nowhere => false,
    };
    let may_create = facts.element.is_none_or(|element| element.may_create_in_target);
    Verdict::require(in_scope, Reason::ReservedByPolicy).and(|| Verdict::require(may_create, Reason::TargetNotAllowed))
}

/// C21.
fn pull(element: &ElementFacts) -> Verdict {
    Verdict::require(element.edits_fork, Reason::RoleRequired).and(|| Verdict::require(element.reads_parent, Reason::ParentOutOfReach))
}

/// C24.
fn merge(element: &ElementFacts, facts: &Facts<'_>) -> Verdict {
    let approved = element.is_approved || !facts.policies.merge_needs_approval;
    Verdict::require(element.edits_parent, Reason::RoleRequired).and(|| Verdict::require(approved, Reason::ApprovalRequired))
}

#[cfg(test)]
mod tests;
