//! What somebody can want to do.

use async_graphql::Enum;

/// Everything that somebody can want to do; the rows of the permission matrix.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::policy::Action")]
pub enum Action {
    /// Create a workspace that is not a partner workspace.
    CreateWorkspace,
    /// Create a partner workspace without asking anybody.
    CreatePartnerWorkspace,
    /// Ask for a new partner workspace.
    RequestPartnerWorkspace,
    /// Approve or deny an approval request.
    ReviewRequest,
    /// See approval requests: all that one may decide, or one's own.
    ViewRequestQueue,
    /// Take one's own pending request back.
    CancelRequest,
    /// Turn an existing workspace into a partner workspace without asking anybody.
    ConvertToPartner,
    /// Ask that an existing workspace becomes a partner workspace.
    RequestConversion,
    /// Find the workspace in one's list of workspaces.
    ListWorkspace,
    /// Open the workspace and read what is in it.
    ViewWorkspace,
    /// Edit name, summary, description and settings of the workspace.
    EditDetails,
    /// Change the visibility of the workspace.
    ChangeVisibility,
    /// Delete the workspace for good.
    DeleteWorkspace,
    /// See who is in the workspace.
    ViewMembers,
    /// Invite a partner to the workspace.
    InvitePartner,
    /// Invite a partner group to the workspace.
    InvitePartnerGroup,
    /// Invite a team member, or a team group, to the workspace.
    InviteTeamMember,
    /// Give or take the Partner Lead flag.
    SetPartnerLead,
    /// Change the role or the term of a partner in the workspace.
    ChangePartnerRole,
    /// Change the role of a team member in the workspace.
    ChangeMemberRole,
    /// Remove a partner from the workspace.
    RemovePartner,
    /// Remove a team member from the workspace.
    RemoveMember,
    /// End everything that a partner can reach in the team.
    RemovePartnerFromTeam,
    /// Resend or revoke an open invitation.
    ManageInvitation,
    /// Accept or decline an invitation.
    AnswerInvitation,
    /// Give up one's own access to the workspace.
    LeaveWorkspace,
    /// See everything that one partner can reach.
    ViewPartnerAccess,
    /// Give or take the team role Partner Manager.
    AppointPartnerManager,
    /// Give or take the team role Super Admin.
    AppointSuperAdmin,
    /// Create, change and delete groups.
    ManageGroups,
    /// Create an element in the workspace.
    CreateElement,
    /// Change an element.
    EditElement,
    /// Move an element into the workspace.
    MoveElementIn,
    /// Move an element out of the workspace.
    MoveElementOut,
    /// Fork an element into the workspace.
    ForkIn,
    /// Fork an element of the workspace to another place.
    ForkOut,
    /// Bring the parent's changes into a fork.
    PullChanges,
    /// Bring a fork's changes into its parent.
    MergeFork,
    /// Propose a fork's changes to its parent.
    OpenPullRequest,
    /// Approve or decline a pull request.
    ReviewPullRequest,
    /// Merge a pull request.
    MergePullRequest,
    /// Import documents into the workspace.
    ImportElement,
    /// Export an element as a document.
    ExportElement,
    /// Delete an element.
    DeleteElement,
    /// Bring an element back from the trash.
    RestoreElement,
    /// Remove an element from the trash for good.
    PurgeElement,
    /// Give somebody a role on one element.
    GrantElementRole,
    /// Comment on elements.
    Comment,
    /// Remove other people's comments.
    ModerateComment,
    /// Be notified of what happens to elements.
    Watch,
    /// Read what happened in the workspace.
    ViewActivity,
    /// Follow live what happens in the workspace.
    SubscribeWorkspace,
    /// See who is in the workspace right now.
    ViewPresence,
    /// Read the audit log of the team.
    ViewAuditLog,
    /// See the partner organizations of the team and their partners.
    ViewPartnerships,
}
