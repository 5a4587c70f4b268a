//! `@requires`: which action a field needs, in the schema and in its guard.

use super::context::ContextExt;
use super::enums;
use crate::app::error::Refusal;
use crate::domain::policy::Action;
use async_graphql::{Context, Guard, Result, TypeDirective};

/// The caller needs this action, and where they lack it the field answers null and an error. What needs it says so in its description too.
#[TypeDirective(location = "FieldDefinition")]
pub fn requires(action: enums::Action) {}

/// Which action a field of the schema needs: type, field, action. A test holds the directives, the guards and the descriptions equal to it.
pub const REQUIREMENTS: &[(&str, &str, Action)] = &[
    ("Team", "auditLog", Action::ViewAuditLog),
    ("Team", "undeliveredMails", Action::ViewAuditLog),
    ("Mutation", "requeueMail", Action::ViewAuditLog),
    ("Workspace", "members", Action::ViewMembers),
    ("Workspace", "activity", Action::ViewActivity),
    ("Workspace", "wouldLoseAccess", Action::ChangeVisibility),
    ("Mutation", "createWorkspace", Action::CreateWorkspace),
    ("Mutation", "updateWorkspace", Action::EditDetails),
    ("Mutation", "changeWorkspaceVisibility", Action::ChangeVisibility),
    ("Mutation", "deleteWorkspace", Action::DeleteWorkspace),
    ("Mutation", "approveRequest", Action::ReviewRequest),
    ("Mutation", "denyRequest", Action::ReviewRequest),
    ("Mutation", "cancelRequest", Action::CancelRequest),
    ("Workspace", "invitations", Action::ManageInvitation),
    ("Team", "invitations", Action::ManageInvitation),
    ("Team", "organizations", Action::ViewPartnerships),
    ("Team", "partner", Action::ViewPartnerAccess),
    ("PartnerOrganization", "partners", Action::ViewPartnerships),
    ("Mutation", "createOrganization", Action::ViewPartnerships),
    ("Mutation", "updateOrganization", Action::ViewPartnerships),
    ("Mutation", "createGroup", Action::ManageGroups),
    ("Mutation", "renameGroup", Action::ManageGroups),
    ("Mutation", "deleteGroup", Action::ManageGroups),
    ("Mutation", "addGroupMembers", Action::ManageGroups),
    ("Mutation", "removeGroupMembers", Action::ManageGroups),
    ("Mutation", "inviteTeamMembers", Action::InviteTeamMember),
    ("Mutation", "invitePartners", Action::InvitePartner),
    ("Mutation", "acceptInvitation", Action::AnswerInvitation),
    ("Mutation", "declineInvitation", Action::AnswerInvitation),
    ("Mutation", "revokeInvitation", Action::ManageInvitation),
    ("Mutation", "resendInvitation", Action::ManageInvitation),
    ("Mutation", "updateWorkspaceMember", Action::ChangeMemberRole),
    ("Mutation", "removeWorkspaceMember", Action::RemoveMember),
    ("Mutation", "leaveWorkspace", Action::LeaveWorkspace),
    ("Mutation", "createCollection", Action::CreateElement),
    ("Mutation", "createEnvironment", Action::CreateElement),
    ("Mutation", "createApi", Action::CreateElement),
    ("Mutation", "editCollection", Action::EditElement),
    ("Mutation", "updateEnvironment", Action::EditElement),
    ("Mutation", "updateApi", Action::EditElement),
    ("Mutation", "importElements", Action::ImportElement),
    ("Mutation", "replaceElement", Action::EditElement),
    ("Mutation", "restoreRevision", Action::EditElement),
    ("Api", "export", Action::ExportElement),
    ("Collection", "export", Action::ExportElement),
    ("Environment", "export", Action::ExportElement),
    ("Workspace", "trash", Action::RestoreElement),
    ("Mutation", "deleteElement", Action::DeleteElement),
    ("Mutation", "restoreElement", Action::RestoreElement),
    ("Mutation", "purgeElement", Action::PurgeElement),
    ("Mutation", "moveElement", Action::MoveElementOut),
    ("Mutation", "forkElement", Action::ForkOut),
    ("Mutation", "pullChanges", Action::PullChanges),
    ("Mutation", "mergeFork", Action::MergeFork),
    ("Mutation", "createPullRequest", Action::OpenPullRequest),
    ("Mutation", "updatePullRequest", Action::OpenPullRequest),
    ("Mutation", "approvePullRequest", Action::ReviewPullRequest),
    ("Mutation", "declinePullRequest", Action::ReviewPullRequest),
    ("Mutation", "withdrawPullRequest", Action::ReviewPullRequest),
    ("Mutation", "mergePullRequest", Action::MergePullRequest),
    ("Mutation", "addPullRequestComment", Action::Comment),
    ("Mutation", "editPullRequestComment", Action::Comment),
    ("Mutation", "deletePullRequestComment", Action::Comment),
    ("PullRequest", "comments", Action::Comment),
    ("Mutation", "attachCollection", Action::EditElement),
    ("Mutation", "detachCollection", Action::EditElement),
    ("Mutation", "createRelatedItem", Action::CreateElement),
    ("Mutation", "pauseRelatedItem", Action::CreateElement),
    ("Mutation", "resumeRelatedItem", Action::CreateElement),
    ("Mutation", "deleteRelatedItem", Action::CreateElement),
    ("Mutation", "grantElementRole", Action::GrantElementRole),
    ("Mutation", "revokeElementRole", Action::GrantElementRole),
    ("Mutation", "addComment", Action::Comment),
    ("Mutation", "editComment", Action::Comment),
    ("Mutation", "deleteComment", Action::Comment),
    ("Mutation", "resolveCommentThread", Action::Comment),
    ("Mutation", "reopenCommentThread", Action::Comment),
    ("Mutation", "watchElement", Action::Watch),
    ("Mutation", "unwatchElement", Action::Watch),
    ("Api", "grants", Action::ViewMembers),
    ("Collection", "grants", Action::ViewMembers),
    ("Environment", "grants", Action::ViewMembers),
    ("Api", "diff", Action::ViewActivity),
    ("Collection", "diff", Action::ViewActivity),
    ("Environment", "diff", Action::ViewActivity),
    ("Api", "comments", Action::Comment),
    ("Collection", "comments", Action::Comment),
    ("Environment", "comments", Action::Comment),
    ("Query", "workspace", Action::ViewWorkspace),
    ("Query", "element", Action::ViewWorkspace),
    ("Subscription", "workspaceActivity", Action::SubscribeWorkspace),
];

/// A guard whose answer the object has from the policy already.
pub struct Decided(pub Option<Refusal>);

impl Guard for Decided {
    async fn check(&self, _ctx: &Context<'_>) -> Result<()> {
        self.0.clone().map_or(Ok(()), |refusal| Err(refusal.into()))
    }
}

/// A guard for what needs a signed-in user.
pub struct SignedIn;

impl Guard for SignedIn {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        Ok(ctx.signed_in().map(|_| ())?)
    }
}
