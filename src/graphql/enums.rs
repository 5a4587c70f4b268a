//! The closed sets of the schema: the domain's own, with a sentence for each value.

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

/// What a person is in a team.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::TeamRole")]
pub enum TeamRole {
    /// Everything, in every workspace of the team.
    SuperAdmin,
    /// Members, team roles, groups, team settings and the audit log; no content.
    Admin,
    /// The plan.
    Billing,
    /// Works in team resources, creates workspaces.
    Developer,
    /// Decides requests to make a workspace public.
    CommunityManager,
    /// Sees and manages every partner workspace of the team.
    PartnerManager,
    /// External; given to every partner by the system, never assigned by hand.
    Partner,
}

/// What a grant in a workspace lets somebody do.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::WorkspaceRole")]
pub enum WorkspaceRole {
    /// Reads.
    Viewer,
    /// Reads and changes elements.
    Editor,
    /// Manages the workspace; never given to a partner.
    Admin,
}

/// Which side of a partnership a person, a group or a grant belongs to.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::Side")]
pub enum Side {
    /// The team that owns the workspace.
    Team,
    /// An external organization.
    Partner,
}

/// Who gets into a workspace.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::Visibility")]
pub enum Visibility {
    /// Its owner, and Super Admins.
    Personal,
    /// Invited team members.
    Private,
    /// Every team member, implicitly as Viewer.
    Team,
    /// Invited team members and invited partners; hidden from every other teammate.
    Partner,
    /// Anyone may view.
    Public,
}

/// What a team has booked.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::team::Plan")]
pub enum Plan {
    /// No partner features.
    Free,
    /// No partner features.
    Professional,
    /// Everything, partner workspaces included.
    Enterprise,
}

/// What an approval request asks for.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::request::RequestKind")]
pub enum RequestKind {
    /// That a workspace, made as a private one for the time being, becomes a partner workspace.
    CreatePartnerWorkspace,
    /// That an existing workspace becomes a partner workspace.
    ConvertToPartner,
    /// That a workspace becomes public.
    MakePublic,
}

/// Where an approval request stands. All but pending are final.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::request::RequestStatus")]
pub enum RequestStatus {
    /// Waits for a decision.
    Pending,
    /// A reviewer said yes.
    Approved,
    /// A reviewer said no.
    Denied,
    /// The requester took it back.
    Cancelled,
    /// Nobody decided within the term.
    Expired,
    /// It lost its object: the workspace was deleted or changed otherwise, or the requester left.
    Superseded,
}

/// Where an invitation stands. All but pending are final.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::invitation::InvitationStatus")]
pub enum InvitationStatus {
    /// Waits for an answer.
    Pending,
    /// The invited person is in.
    Accepted,
    /// The invited person does not want to.
    Declined,
    /// It was taken back, or lost its object.
    Revoked,
    /// Nobody answered within the term.
    Expired,
}

/// What a notification is about.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::notification::NotificationKind")]
pub enum NotificationKind {
    /// A request waits for a decision of the recipient.
    RequestSubmitted,
    /// The recipient's request was approved.
    RequestApproved,
    /// The recipient's request was denied.
    RequestDenied,
    /// Nobody decided the recipient's request in time.
    RequestExpired,
    /// A request that waited for the recipient was taken back.
    RequestCancelled,
    /// A workspace of the recipient became a partner workspace.
    WorkspaceConverted,
    /// A workspace of the recipient was deleted.
    WorkspaceDeleted,
    /// The recipient could look into a workspace as a member of the team, and cannot any more.
    WorkspaceAccessLost,
    /// A workspace of the recipient is visible to other people than before.
    WorkspaceVisibilityChanged,
    /// The recipient was invited.
    InvitationReceived,
    /// The recipient was added to a team or a workspace.
    MemberAdded,
    /// The recipient was removed from a team or a workspace.
    MemberRemoved,
    /// Somebody accepted the recipient's invitation.
    InvitationAccepted,
    /// Somebody declined the recipient's invitation.
    InvitationDeclined,
    /// Nobody answered the recipient's invitation in time.
    InvitationExpired,
    /// A Partner Lead invited somebody to a workspace that the recipient administers.
    PartnerInvitedByLead,
    /// The recipient's role changed.
    RoleChanged,
    /// The recipient's access ends soon.
    AccessExpiring,
    /// The recipient joined or left a group.
    GroupMembershipChanged,
    /// An element was moved.
    ElementMoved,
    /// An element was deleted.
    ElementDeleted,
    /// An element was restored.
    ElementRestored,
    /// The parent of a fork moved on.
    ParentChanged,
    /// A pull request was opened.
    PullRequestOpened,
    /// A pull request was approved or declined.
    PullRequestDecided,
    /// A pull request was merged.
    PullRequestMerged,
    /// A monitor was paused.
    MonitorPaused,
}

/// What kind of thing happened in a workspace.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::activity::ActivityKind")]
pub enum ActivityKind {
    /// The workspace was created.
    WorkspaceCreated,
    /// Details of the workspace were edited.
    WorkspaceUpdated,
    /// The workspace became visible to other people than before.
    VisibilityChanged,
    /// Somebody asked for an approval.
    RequestSubmitted,
    /// A request was approved.
    RequestApproved,
    /// A request was denied.
    RequestDenied,
    /// A request was taken back.
    RequestCancelled,
    /// Nobody decided a request in time.
    RequestExpired,
    /// A request lost its object.
    RequestSuperseded,
    /// Somebody was given a role in the workspace.
    MemberAdded,
    /// Somebody's role in the workspace changed.
    MemberRoleChanged,
    /// Somebody was removed from the workspace.
    MemberRemoved,
    /// Somebody left the workspace.
    MemberLeft,
    /// An invited person accepted, and is in.
    MemberJoined,
    /// Somebody's access ended by the clock.
    MemberExpired,
    /// Somebody's access got another end.
    MemberTermChanged,
    /// A partner became Partner Lead, or is one no more.
    PartnerLeadChanged,
    /// Somebody was invited by mail.
    InvitationSent,
    /// The mail of an invitation was sent again, and its term begun anew.
    InvitationResent,
    /// An invitation was taken back.
    InvitationRevoked,
    /// The invited person declined.
    InvitationDeclined,
    /// Nobody answered an invitation in time.
    InvitationExpired,
}

/// What became of one invitee, or of one address.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
pub enum InviteOutcome {
    /// They are in now.
    Added,
    /// A mail is on its way to them.
    Invited,
    /// An invitation is open already.
    AlreadyInvited,
    /// They were in already, and nothing was changed.
    AlreadyMember,
    /// Nothing was done; code and message say why.
    Failed,
}
