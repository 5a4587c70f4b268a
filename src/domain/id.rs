//! Typed ids: a `UUIDv7` inside, a `TypeID` such as `workspace_01jd…` outside.
//!
//! An id of one kind cannot be passed where another is meant, and its text says what it points at.

use type_safe_id::{StaticType, TypeSafeId};

macro_rules! ids {
    ($($(#[$doc:meta])* $alias:ident, $kind:ident, $prefix:literal;)+) => {
        /// The kinds of thing that an id can point at.
        pub mod kind {
            $($(#[$doc])*
            #[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
            pub struct $kind;)+
        }
        $(impl StaticType for kind::$kind {
            const TYPE: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = TypeSafeId<kind::$kind>;)+
    };
}

ids! {
    /// A person's account.
    UserId, User, "user";
    /// A team: the tenant that owns workspaces.
    TeamId, Team, "team";
    /// One person's membership of one team.
    TeamMemberId, TeamMember, "teammember";
    /// A workspace.
    WorkspaceId, Workspace, "workspace";
    /// A grant in a workspace, to a person or a group.
    MemberId, Member, "member";
    /// A named set of people, of one side.
    GroupId, Group, "group";
    /// The company that a partner comes from.
    OrganizationId, Organization, "organization";
    /// An invitation to a workspace or a team.
    InvitationId, Invitation, "invitation";
    /// An approval request.
    RequestId, Request, "request";
    /// An entry in a user's notification feed.
    NotificationId, Notification, "notification";
    /// An entry in a workspace's activity feed.
    ActivityId, Activity, "activity";
    /// An event in the audit log of a team.
    AuditEventId, AuditEvent, "auditevent";
    /// A personal access token (its public part).
    TokenId, Token, "token";
    /// An API, a collection or an environment.
    ElementId, Element, "element";
    /// A role on one element, given to a person or a group.
    ElementGrantId, ElementGrant, "elementgrant";
    /// A deleted collection that can be restored.
    TrashEntryId, TrashEntry, "trashentry";
    /// A monitor, a mock server or an integration.
    RelatedItemId, RelatedItem, "relateditem";
    /// A comment on an element.
    CommentId, Comment, "comment";
    /// A pull request.
    PullRequestId, PullRequest, "pullrequest";
    /// A comment on a pull request.
    PullRequestCommentId, PullRequestComment, "pullrequestcomment";
    /// A queued mail.
    MailId, Mail, "mail";
    /// A key that secret values are sealed with, itself wrapped by a master key.
    DataKeyId, DataKey, "datakey";
}
