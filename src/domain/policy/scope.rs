//! What each action is about, and the limits that hold whatever somebody's roles are.

use super::{Action, Facts};
use crate::domain::{Reason, Visibility};

/// What an action is about: that decides who may know of it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The team.
    Team,
    /// One workspace: whoever cannot open it is told that it does not exist.
    Workspace,
    /// One workspace where one is named, and the team where none is.
    Either,
    /// An approval request, which its reviewers and its author see though they may not open the workspace.
    Request,
    /// An invitation, which the invited person and a Team Admin see though they may not open the workspace.
    Invitation,
}

/// What this action is about.
#[must_use]
pub const fn scope(action: Action) -> Scope {
    match action {
        Action::CreateWorkspace
        | Action::CreatePartnerWorkspace
        | Action::RequestPartnerWorkspace
        | Action::RemovePartnerFromTeam
        | Action::AppointPartnerManager
        | Action::AppointSuperAdmin
        | Action::ManageGroups
        | Action::ViewAuditLog
        | Action::ViewPartnerships => Scope::Team,
        Action::ReviewRequest | Action::ViewRequestQueue | Action::CancelRequest => Scope::Request,
        Action::ManageInvitation | Action::AnswerInvitation => Scope::Invitation,
        Action::ViewPartnerAccess => Scope::Either,
        Action::ConvertToPartner
        | Action::RequestConversion
        | Action::ListWorkspace
        | Action::ViewWorkspace
        | Action::EditDetails
        | Action::ChangeVisibility
        | Action::DeleteWorkspace
        | Action::ViewMembers
        | Action::InvitePartner
        | Action::InvitePartnerGroup
        | Action::InviteTeamMember
        | Action::SetPartnerLead
        | Action::ChangePartnerRole
        | Action::ChangeMemberRole
        | Action::RemovePartner
        | Action::RemoveMember
        | Action::LeaveWorkspace
        | Action::CreateElement
        | Action::EditElement
        | Action::MoveElementIn
        | Action::MoveElementOut
        | Action::ForkIn
        | Action::ForkOut
        | Action::PullChanges
        | Action::MergeFork
        | Action::OpenPullRequest
        | Action::ReviewPullRequest
        | Action::MergePullRequest
        | Action::ImportElement
        | Action::ExportElement
        | Action::DeleteElement
        | Action::RestoreElement
        | Action::PurgeElement
        | Action::GrantElementRole
        | Action::Comment
        | Action::ModerateComment
        | Action::Watch
        | Action::ViewActivity
        | Action::SubscribeWorkspace
        | Action::ViewPresence => Scope::Workspace,
    }
}

/// Why nobody at all may do this now, whatever their roles: the plan of the team, or the visibility that the
/// workspace has.
///
/// It is asked last, so that nobody learns it who could not do the action anyway.
pub(super) fn limit(action: Action, facts: &Facts<'_>) -> Option<Reason> {
    let needs_plan = matches!(
        action,
        Action::CreatePartnerWorkspace
            | Action::RequestPartnerWorkspace
            | Action::ConvertToPartner
            | Action::RequestConversion
            | Action::InvitePartner
            | Action::InvitePartnerGroup
    );
    if needs_plan && !facts.plan.has_partner_features() {
        return Some(Reason::PlanRequired);
    }
    match (action, facts.visibility?) {
        (Action::ConvertToPartner | Action::RequestConversion, Visibility::Partner) => Some(Reason::VisibilityUnchanged),
        (
            Action::InvitePartner | Action::InvitePartnerGroup | Action::SetPartnerLead | Action::ChangePartnerRole | Action::RemovePartner,
            Visibility::Personal | Visibility::Private | Visibility::Team | Visibility::Public,
        ) => Some(Reason::VisibilityIsNotPartner),
        (Action::InviteTeamMember, Visibility::Personal) => Some(Reason::VisibilityIsPersonal),
        _ => None,
    }
}
