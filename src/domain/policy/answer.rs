//! How the columns that one person stands in come to one answer, and who is not even told no.

use super::columns::{Columns, counts};
use super::condition::{Condition, Verdict, evaluate};
use super::scope::{Scope, limit, scope};
use super::table::{Cell, Column, cell};
use super::{Action, Decision, Denial, Facts, InvitationFacts, Standing};
use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::{Reason, TeamRole, Visibility};

/// A verdict, and the condition that it comes from.
#[derive(Debug, Clone, Copy)]
struct Answer {
    verdict: Verdict,
    rule: Option<Condition>,
}

impl Answer {
    const YES: Self = Self { verdict: Verdict::Ok, rule: None };
    const NO: Self = Self::refused(Reason::RoleRequired);

    const fn refused(reason: Reason) -> Self {
        Self { verdict: Verdict::Refused(reason), rule: None }
    }

    const fn is_ok(self) -> bool {
        matches!(self.verdict, Verdict::Ok)
    }

    /// Whether nothing can be better.
    const fn is_plain(self) -> bool {
        self.is_ok() && self.rule.is_none()
    }

    /// The better of two: of two refusals, the one that says more about what would have to change.
    fn or(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    const fn rank(self) -> u8 {
        match (self.verdict, self.rule) {
            (Verdict::Ok, None) => 5,
            (Verdict::Ok, Some(_)) => 4,
            (Verdict::NeedsApproval, _) => 3,
            (Verdict::Refused(Reason::RoleRequired), None) => 0,
            (Verdict::Refused(Reason::RoleRequired), Some(_)) => 1,
            (Verdict::Refused(_), _) => 2,
        }
    }
}

/// One person before one workspace or team, with what every question about it needs worked out once:
/// `viewerCan` asks them all, for every workspace of a list.
pub(super) struct Case<'a> {
    standing: &'a Standing,
    facts: &'a Facts<'a>,
    columns: Columns,
    sees_workspace: bool,
}

impl<'a> Case<'a> {
    pub(super) fn new(standing: &'a Standing, facts: &'a Facts<'a>) -> Self {
        let mut case = Self { standing, facts, columns: Columns::of(standing, facts), sees_workspace: false };
        case.sees_workspace = facts.visibility.is_some() && case.answer(Action::ViewWorkspace).is_ok();
        case
    }

    /// The decision, and the condition that gives it where it is not a refusal.
    pub(super) fn decide(&self, action: Action) -> (Decision, Option<Condition>) {
        let answer = self.answer(action);
        let decision = if self.hides(action, answer) {
            Decision::Hide
        } else {
            match answer.verdict {
                Verdict::Ok => Decision::Allow,
                Verdict::NeedsApproval => Decision::NeedsApproval,
                Verdict::Refused(reason) => Decision::Deny(Denial { reason, rule: answer.rule }),
            }
        };
        (decision, answer.rule)
    }

    /// What the person's roles and the facts give, whoever may know of it.
    fn answer(&self, action: Action) -> Answer {
        let by_role = self.by_columns(action).or(self.beside_the_matrix(action));
        let answer = match approvable(action) {
            Some(request) if !by_role.is_ok() => by_role.or(self.by_request(request)),
            _ => by_role,
        };
        match answer.verdict {
            Verdict::Refused(_) => answer,
            Verdict::Ok | Verdict::NeedsApproval => self.limit(action).map_or(answer, Answer::refused),
        }
    }

    fn by_columns(&self, action: Action) -> Answer {
        let mut best = Answer::NO;
        for column in self.columns.iter() {
            if counts(column, action, self.standing, self.facts) {
                best = best.or(self.by_cell(action, column));
                if best.is_plain() {
                    break;
                }
            }
        }
        best
    }

    fn by_cell(&self, action: Action, column: Column) -> Answer {
        match cell(action, column) {
            Cell::Yes => Answer::YES,
            Cell::No | Cell::NotApplicable => Answer::NO,
            Cell::If(condition) => self.by_condition(condition, action, column),
            // Any member of the team may create and ask, with whatever role (C1); what other rows leave to the
            // team role is said by the columns of the team roles.
            Cell::ByTeamRole => match action {
                Action::CreateWorkspace | Action::RequestPartnerWorkspace => self.by_condition(Condition::C1, action, column),
                _ => Answer::NO,
            },
        }
    }

    fn by_condition(&self, condition: Condition, action: Action, column: Column) -> Answer {
        Answer { verdict: evaluate(condition, action, column, self.standing, self.facts), rule: Some(condition) }
    }

    /// What the specification gives in words and the matrix has no column for.
    fn beside_the_matrix(&self, action: Action) -> Answer {
        let public = self.facts.visibility == Some(Visibility::Public);
        let may = match action {
            Action::ForkOut if public && self.standing.user.is_none() => {
                return Answer::refused(Reason::SignInRequired);
            }
            // Anyone may look at what is public, and take a copy of it.
            Action::ViewWorkspace | Action::ExportElement | Action::ForkOut => public,
            // Community Managers decide whether a workspace becomes public.
            Action::ReviewRequest | Action::ViewRequestQueue => {
                self.standing.is(TeamRole::CommunityManager)
                    && self.facts.request.is_none_or(|request| request.kind == RequestKind::MakePublic)
            }
            _ => false,
        };
        if may { Answer::YES } else { Answer::NO }
    }

    /// Whoever may ask for it gets it by approval; whoever may not is told why not.
    fn by_request(&self, request: Action) -> Answer {
        let asking = self.by_columns(request);
        if asking.is_ok() { Answer { verdict: Verdict::NeedsApproval, ..asking } } else { asking }
    }

    /// What stands against it whoever asks.
    fn limit(&self, action: Action) -> Option<Reason> {
        let decided = self.facts.request.is_some_and(|request| request.status != RequestStatus::Pending);
        if action == Action::ReviewRequest && decided {
            return Some(Reason::AlreadyDecided);
        }
        limit(action, self.facts)
    }

    /// Whether the caller may not know of what the action is about.
    fn hides(&self, action: Action, answer: Answer) -> bool {
        let refused = matches!(answer.verdict, Verdict::Refused(_));
        match (scope(action), self.facts.visibility) {
            (Scope::Request, _) if self.facts.request.is_some() => refused && !self.answer(Action::ViewRequestQueue).is_ok(),
            (Scope::Invitation, _) if self.facts.invitation.is_some() => refused && !self.sees_invitation(),
            (Scope::Team, _) | (Scope::Either | Scope::Request | Scope::Invitation, None) => refused && !self.knows_of(action),
            (Scope::Workspace, None) => true,
            (_, Some(_)) => !self.sees_workspace,
        }
    }

    /// Whether the caller may know that the team has such a thing. A partner knows that there is a team, and
    /// that workspaces are created in it; groups, people, requests and records stay unknown to them.
    fn knows_of(&self, action: Action) -> bool {
        let roles = self.standing.team_roles;
        roles.is_team_member()
            || roles.has(TeamRole::Partner)
                && matches!(action, Action::CreateWorkspace | Action::CreatePartnerWorkspace | Action::RequestPartnerWorkspace)
    }

    /// Who may manage the invitation sees it, and so do the invited person and, while they are in the
    /// workspace, the person who sent it.
    fn sees_invitation(&self) -> bool {
        let has_part_in = |invitation: InvitationFacts| invitation.is_to_caller || invitation.sent_by_caller && self.sees_workspace;
        self.standing.user.is_some() && self.facts.invitation.is_some_and(has_part_in) || self.answer(Action::ManageInvitation).is_ok()
    }
}

/// The action that asks for what another one does at once.
const fn approvable(action: Action) -> Option<Action> {
    match action {
        Action::CreatePartnerWorkspace => Some(Action::RequestPartnerWorkspace),
        Action::ConvertToPartner => Some(Action::RequestConversion),
        _ => None,
    }
}
