//! What happened in a workspace, as its members read it.

mod element;
mod pull_request;
mod words;

pub use element::*;
pub use pull_request::*;
pub(crate) use words::{lower, title};

use super::request::RequestKind;
use super::{GroupId, InvitationId, MemberId, RequestId, UserId, Visibility, WorkspaceRole};
use serde::Serialize;
use strum::{Display, EnumDiscriminants, EnumString, VariantArray};

/// Whose grant something happened to. In the entry's `data`, `userId` or `groupId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum SubjectRef {
    /// One person.
    Person {
        /// Who.
        #[serde(serialize_with = "as_text")]
        user_id: UserId,
    },
    /// Everybody in a group.
    Group {
        /// Which.
        #[serde(serialize_with = "as_text")]
        group_id: GroupId,
    },
}

/// Something that happened in a workspace. Its fields become the entry's `data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[strum_discriminants(
    name(ActivityKind),
    doc = "What kind of thing happened in a workspace.",
    derive(Hash, Display, EnumString, VariantArray),
    strum(serialize_all = "SCREAMING_SNAKE_CASE")
)]
pub enum Activity {
    /// The workspace was created.
    WorkspaceCreated {
        /// Its name.
        name: String,
        /// The visibility that it was created with.
        visibility: Visibility,
    },
    /// Details of the workspace were edited.
    WorkspaceUpdated {
        /// The version after the edit.
        version: i32,
        /// Which of its fields were given new values.
        fields: Vec<&'static str>,
    },
    /// The workspace became visible to other people than before.
    VisibilityChanged {
        /// What it was.
        from: Visibility,
        /// What it is now.
        to: Visibility,
    },
    /// Somebody asked for an approval.
    RequestSubmitted {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request was approved.
    RequestApproved {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request was denied.
    RequestDenied {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request was taken back.
    RequestCancelled {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// Nobody decided a request in time.
    RequestExpired {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// A request lost its object.
    RequestSuperseded {
        /// The request.
        #[serde(serialize_with = "as_text")]
        request_id: RequestId,
        /// What it asks for.
        kind: RequestKind,
    },
    /// Somebody was given a role in the workspace.
    MemberAdded {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Who it is given to.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// The role.
        role: WorkspaceRole,
    },
    /// Somebody's role in the workspace changed.
    MemberRoleChanged {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it is.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// The role that they had.
        from: WorkspaceRole,
        /// The role that they have now.
        to: WorkspaceRole,
    },
    /// Somebody was removed from the workspace.
    MemberRemoved {
        /// The grant that ended.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it was.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// Somebody left the workspace.
    MemberLeft {
        /// The grant that ended.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it was.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// An invited person accepted, and is in.
    MemberJoined {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Who it is given to.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// The role.
        role: WorkspaceRole,
    },
    /// Somebody's access ended by the clock.
    MemberExpired {
        /// The grant that ended.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it was.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// Somebody's access got another end.
    MemberTermChanged {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it is.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
    },
    /// A partner became Partner Lead, or is one no more.
    PartnerLeadChanged {
        /// The grant.
        #[serde(serialize_with = "as_text")]
        member_id: MemberId,
        /// Whose it is.
        #[serde(flatten)]
        subject: SubjectRef,
        /// Their name.
        name: String,
        /// Whether they are one now.
        partner_lead: bool,
    },
    /// Somebody was invited by mail.
    InvitationSent {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
        /// The role.
        role: WorkspaceRole,
    },
    /// The mail of an invitation was sent again, and its term begun anew.
    InvitationResent {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// An invitation was taken back.
    InvitationRevoked {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// The invited person declined.
    InvitationDeclined {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// Nobody answered an invitation in time.
    InvitationExpired {
        /// The invitation.
        #[serde(serialize_with = "as_text")]
        invitation_id: InvitationId,
        /// The address.
        email: String,
    },
    /// An element was created.
    ElementCreated(ElementRef),
    /// An element came in by an import.
    ElementImported(ElementRef),
    /// A long import goes on.
    ImportProgressed(ImportProgress),
    /// An import that had shown progress came to nothing.
    ImportFailed(ImportProgress),
    /// The document of an element was replaced as a whole.
    ElementReplaced(ElementVersion),
    /// An earlier revision of an element was restored as a new one.
    ElementRevisionRestored(ElementVersion),
    /// A collection was edited.
    CollectionEdited(CollectionEdit),
    /// An environment was edited.
    EnvironmentUpdated(EnvironmentEdit),
    /// An API was edited.
    ApiUpdated(ElementVersion),
    /// A collection became one of an API, or is one no more.
    CollectionApiChanged(CollectionApi),
    /// An element came in from another workspace.
    ElementMovedIn(ElementRef),
    /// An element left for another workspace.
    ElementMovedOut(ElementRef),
    /// Somebody took a fork of an element, to here or elsewhere.
    ElementForked(ElementRef),
    /// A fork came into the workspace.
    ForkCreated(ForkRef),
    /// The changes of its parent were brought into a fork.
    ChangesPulled(MergeResult),
    /// The changes of a fork were brought into its parent: as the workspace of the fork reads it.
    ForkMerged(ElementRef),
    /// The changes of a fork were brought into an element: as the workspace of the element reads it.
    ForkMergedIn(MergeResult),
    /// An element was deleted.
    ElementDeleted(ElementEnd),
    /// A collection came back from the trash.
    ElementRestored(ElementRef),
    /// A collection left the trash for good.
    ElementPurged(ElementRef),
    /// Somebody was given a role on one element.
    ElementRoleGranted(ElementRole),
    /// Somebody's role on one element was taken.
    ElementRoleRevoked(ElementRole),
    /// A monitor, mock server or integration was made.
    RelatedItemCreated(RelatedItemRef),
    /// A monitor, mock server or integration was paused.
    RelatedItemPaused(RelatedItemRef),
    /// A monitor, mock server or integration runs again.
    RelatedItemResumed(RelatedItemRef),
    /// A monitor, mock server or integration was deleted.
    RelatedItemDeleted(RelatedItemRef),
    /// Somebody commented on an element or on an item of it.
    CommentAdded(CommentRef),
    /// A comment was changed.
    CommentEdited(CommentRef),
    /// A comment was deleted.
    CommentDeleted(CommentRef),
    /// A thread of comments was settled.
    CommentThreadResolved(CommentRef),
    /// A thread of comments was opened again.
    CommentThreadReopened(CommentRef),
    /// A pull request was opened.
    PullRequestOpened(PullRequestRef),
    /// The title, description or reviewers of a pull request changed.
    PullRequestUpdated(PullRequestRef),
    /// A reviewer approved a pull request.
    PullRequestApproved(PullRequestRef),
    /// A reviewer declined a pull request.
    PullRequestDeclined(PullRequestRef),
    /// The author took a pull request back.
    PullRequestWithdrawn(PullRequestRef),
    /// The changes of a pull request were merged.
    PullRequestMerged(PullRequestRef),
    /// Somebody commented on a pull request.
    PullRequestCommentAdded(PullRequestRef),
    /// A comment on a pull request was changed.
    PullRequestCommentEdited(PullRequestRef),
    /// A comment on a pull request was deleted.
    PullRequestCommentDeleted(PullRequestRef),
}

fn as_text<S: serde::Serializer>(id: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TeamRole;

    #[test]
    fn roles_read_as_titles_and_visibilities_in_lower_case() {
        assert_eq!(title(&TeamRole::SuperAdmin), "Super Admin");
        assert_eq!(lower(&Visibility::Partner), "partner");
    }

    #[test]
    fn what_the_system_does_is_said_in_its_name() {
        let activity = Activity::VisibilityChanged { from: Visibility::Private, to: Visibility::Partner };
        assert_eq!(activity.message(None), "Portico changed the visibility from private to partner.");
        assert_eq!(ActivityKind::from(&activity).to_string(), "VISIBILITY_CHANGED");
    }
}
