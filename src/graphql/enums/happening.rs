//! What happens: what people are told of, read in a workspace's activity, and find in a team's audit log.

use async_graphql::Enum;

/// When mails go out that can be switched off.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::notification::MailRhythm")]
pub enum MailRhythm {
    /// Each as soon as there is something to tell.
    AtOnce,
    /// One a day, at seven o'clock UTC, with all that there is to tell.
    Daily,
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
    /// Somebody named the recipient in a comment.
    Mentioned,
    /// Somebody commented where the recipient watches or has commented.
    CommentAdded,
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
    /// An element was created.
    ElementCreated,
    /// An element came in by an import.
    ElementImported,
    /// A long import goes on.
    ImportProgressed,
    /// An import that had shown progress came to nothing.
    ImportFailed,
    /// The document of an element was replaced as a whole.
    ElementReplaced,
    /// An earlier revision of an element was restored as a new one.
    ElementRevisionRestored,
    /// A collection was edited.
    CollectionEdited,
    /// An environment was edited.
    EnvironmentUpdated,
    /// An API was edited.
    ApiUpdated,
    /// A collection became one of an API, or is one no more.
    CollectionApiChanged,
    /// An element came in from another workspace.
    ElementMovedIn,
    /// An element left for another workspace.
    ElementMovedOut,
    /// Somebody took a fork of an element, to here or elsewhere.
    ElementForked,
    /// A fork came into the workspace.
    ForkCreated,
    /// The changes of its parent were brought into a fork.
    ChangesPulled,
    /// The changes of a fork were brought into its parent: as the workspace of the fork reads it.
    ForkMerged,
    /// The changes of a fork were brought into an element: as the workspace of the element reads it.
    ForkMergedIn,
    /// An element was deleted.
    ElementDeleted,
    /// A collection came back from the trash.
    ElementRestored,
    /// A collection left the trash for good.
    ElementPurged,
    /// Somebody was given a role on one element.
    ElementRoleGranted,
    /// Somebody's role on one element was taken.
    ElementRoleRevoked,
    /// A monitor, mock server or integration was made.
    RelatedItemCreated,
    /// A monitor, mock server or integration was paused.
    RelatedItemPaused,
    /// A monitor, mock server or integration runs again.
    RelatedItemResumed,
    /// A monitor, mock server or integration was deleted.
    RelatedItemDeleted,
    /// Somebody commented on an element or on an item of it.
    CommentAdded,
    /// A comment was changed.
    CommentEdited,
    /// A comment was deleted.
    CommentDeleted,
    /// A thread of comments was settled.
    CommentThreadResolved,
    /// A thread of comments was opened again.
    CommentThreadReopened,
    /// A pull request was opened.
    PullRequestOpened,
    /// The title, description or reviewers of a pull request changed.
    PullRequestUpdated,
    /// A reviewer approved a pull request.
    PullRequestApproved,
    /// A reviewer declined a pull request.
    PullRequestDeclined,
    /// The author took a pull request back.
    PullRequestWithdrawn,
    /// The changes of a pull request were merged.
    PullRequestMerged,
    /// Somebody commented on a pull request.
    PullRequestCommentAdded,
    /// A comment on a pull request was changed.
    PullRequestCommentEdited,
    /// A comment on a pull request was deleted.
    PullRequestCommentDeleted,
}

/// What kind of change the audit log of a team keeps.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::audit::AuditKind")]
pub enum AuditKind {
    /// The team was made.
    TeamCreated,
    /// Somebody came into the team.
    TeamMemberAdded,
    /// Somebody left the team, or was removed from it.
    TeamMemberRemoved,
    /// Somebody's roles in the team changed.
    TeamRolesChanged,
    /// The team's plan changed.
    TeamPlanChanged,
    /// The policies of the team changed.
    TeamPoliciesChanged,
    /// A group was made.
    GroupCreated,
    /// A group got another name.
    GroupRenamed,
    /// A group was deleted, and its grants ended.
    GroupDeleted,
    /// Somebody came into a group.
    GroupMemberAdded,
    /// Somebody left a group, or was removed from it.
    GroupMemberRemoved,
    /// A partner organization was made.
    OrganizationCreated,
    /// Details of a partner organization changed.
    OrganizationChanged,
    /// A workspace was created.
    WorkspaceCreated,
    /// Details of a workspace changed.
    WorkspaceChanged,
    /// A workspace was deleted.
    WorkspaceDeleted,
    /// The visibility of a workspace changed.
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
    /// Somebody was invited.
    InvitationSent,
    /// An invitation was sent again.
    InvitationResent,
    /// An invitation was accepted.
    InvitationAccepted,
    /// An invitation was declined.
    InvitationDeclined,
    /// An invitation was revoked.
    InvitationRevoked,
    /// Nobody answered an invitation in time.
    InvitationExpired,
    /// A person or a group was given a role in a workspace.
    MemberAdded,
    /// A grant in a workspace changed: its role, its term or the Lead flag.
    MemberChanged,
    /// A grant in a workspace was taken away.
    MemberRemoved,
    /// Somebody gave up their own access to a workspace.
    MemberLeft,
    /// The term of a grant ended.
    MemberExpired,
    /// An element was moved from one workspace to another.
    ElementMoved,
    /// Somebody took a fork of an element.
    ElementForked,
    /// An element was deleted.
    ElementDeleted,
    /// A collection came back from the trash.
    ElementRestored,
    /// A collection left the trash for good.
    ElementPurged,
    /// A person or a group was given a role on one element, or another one.
    ElementRoleGranted,
    /// A role on one element was taken away.
    ElementRoleRevoked,
}
