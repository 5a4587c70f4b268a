//! What people are told of (domain.md, section 4).

use super::mail::Affair;
use super::{CommentId, ElementId, InvitationId, PullRequestId, RequestId, TeamId, WorkspaceId};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

impl NotificationKind {
    /// Whether all recipients get a mail too (column E of the table). What becomes of a pull request is mailed to its reviewers only.
    #[must_use]
    pub const fn is_mailed(self) -> bool {
        matches!(
            self,
            Self::RequestSubmitted
                | Self::RequestApproved
                | Self::RequestDenied
                | Self::RequestExpired
                | Self::WorkspaceConverted
                | Self::WorkspaceDeleted
                | Self::WorkspaceVisibilityChanged
                | Self::InvitationReceived
                | Self::MemberAdded
                | Self::MemberRemoved
                | Self::PullRequestOpened
        )
    }

    /// Whether anybody at all gets a mail of it.
    #[must_use]
    pub const fn can_be_mailed(self) -> bool {
        self.is_mailed() || matches!(self, Self::PullRequestDecided | Self::PullRequestMerged)
    }

    /// Whether it reaches everybody concerned, whoever acted and whatever they prefer (marked ! in the table).
    #[must_use]
    pub const fn is_announcement(self) -> bool {
        matches!(self, Self::WorkspaceConverted | Self::WorkspaceDeleted)
    }

    /// Whether its recipient may switch this channel on and off. The mail of an invitation carries its link, which is the only way in.
    #[must_use]
    pub const fn is_optional(self, channel: Channel) -> bool {
        match channel {
            Channel::InApp => !self.is_announcement(),
            Channel::Email => self.can_be_mailed() && !self.is_announcement() && !matches!(self, Self::InvitationReceived),
        }
    }

    /// Whether this channel tells of it where its recipient says nothing else.
    #[must_use]
    pub const fn is_told_by(self, channel: Channel) -> bool {
        match channel {
            Channel::InApp => true,
            Channel::Email => self.can_be_mailed(),
        }
    }
}

/// A way on which people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub enum Channel {
    /// Their notifications in the app.
    InApp,
    /// Mails.
    Email,
}

/// When mails that can be switched off go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MailRhythm {
    /// Each as soon as there is something to tell.
    #[default]
    AtOnce,
    /// One a day, with all that there is to tell.
    Daily,
}

/// The thing that a notification points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotificationSubject {
    /// A team.
    Team(TeamId),
    /// A workspace.
    Workspace(WorkspaceId),
    /// An approval request.
    Request(RequestId),
    /// An invitation.
    Invitation(InvitationId),
    /// An element.
    Element(ElementId),
    /// A comment.
    Comment(CommentId),
    /// A pull request.
    PullRequest(PullRequestId),
}

/// What people are told: the same for every recipient of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub kind: NotificationKind,
    /// A sentence for people.
    pub message: String,
    /// What somebody added in their own words: a note or a comment.
    pub remark: Option<String>,
    /// The thing that it points at.
    pub subject: Option<NotificationSubject>,
    /// Whose affair it is, where it is mailed.
    pub affair: Option<Affair>,
}

impl Notice {
    /// A notice without a remark.
    #[must_use]
    pub const fn new(kind: NotificationKind, message: String, subject: Option<NotificationSubject>) -> Self {
        Self { kind, message, remark: None, subject, affair: None }
    }

    /// The same as the affair of a team.
    #[must_use]
    pub fn of(self, affair: Affair) -> Self {
        Self { affair: Some(affair), ..self }
    }

    /// The same with a remark.
    #[must_use]
    pub fn with_remark(self, remark: Option<String>) -> Self {
        Self { remark: remark.filter(|remark| !remark.is_empty()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_announcements_are_mailed() {
        let announcements: Vec<_> = NotificationKind::VARIANTS.iter().filter(|kind| kind.is_announcement()).collect();
        assert_eq!(announcements, [&NotificationKind::WorkspaceConverted, &NotificationKind::WorkspaceDeleted]);
        assert!(announcements.iter().all(|kind| kind.is_mailed()));
    }

    #[test]
    fn only_what_is_told_can_be_switched_off_and_the_announcements_cannot() {
        for &kind in NotificationKind::VARIANTS {
            assert!(kind.is_told_by(Channel::InApp));
            assert_eq!(kind.is_optional(Channel::InApp), !kind.is_announcement(), "{kind}");
            assert!(kind.is_told_by(Channel::Email) || !kind.is_optional(Channel::Email), "{kind}");
            assert!(kind.can_be_mailed() || !kind.is_mailed(), "{kind}");
        }
        let mandatory: Vec<_> =
            NotificationKind::VARIANTS.iter().filter(|kind| kind.can_be_mailed() && !kind.is_optional(Channel::Email)).collect();
        let (converted, deleted) = (NotificationKind::WorkspaceConverted, NotificationKind::WorkspaceDeleted);
        assert_eq!(mandatory, [&converted, &deleted, &NotificationKind::InvitationReceived]);
    }
}
