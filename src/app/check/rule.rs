//! What must hold between rows and no foreign key says.

use super::FindingKind;

/// A rule of the rows of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub enum Rule {
    /// A feed is of a workspace or of a user.
    FeedHasOwner,
    /// Whose activity is kept has a feed.
    ActivityHasFeed,
    /// Whose notifications are kept has a feed.
    NotificationHasFeed,
    /// A feed knows when its oldest entry was made.
    FeedKnowsItsOldest,
    /// A request that waits is about a workspace that is there.
    PendingRequestHasWorkspace,
    /// An invitation that is open is to a workspace that is there, or to a team.
    OpenInvitationHasWorkspace,
    /// An element is in a workspace, or it has an entry in the trash.
    ElementIsSomewhere,
    /// What has an entry in the trash is in no workspace.
    TrashIsOutOfWorkspaces,
    /// Who made a fork is known.
    ForkHasMaker,
    /// A grant's organization is there.
    GrantHasOrganization,
    /// The organization that an activity is about is there, or it is for no partner.
    ActivityHasOrganization,
    /// The organization of who wrote a comment is there.
    CommentHasOrganization,
    /// The organization of who opened a pull request is there.
    PullRequestHasOrganization,
    /// The organization of who wrote about a pull request is there.
    PullRequestCommentHasOrganization,
    /// A domain and the organization that it points to are of the same team.
    DomainIsOfTeam,
    /// The organization of a member is of the same team.
    MemberOrganizationIsOfTeam,
    /// A group and its members are of the same team.
    GroupMemberIsOfTeam,
    /// A grant is of the team of its workspace, and so is the group that has it.
    GrantIsOfTeam,
    /// An element is of the team of its workspace.
    ElementIsOfTeam,
    /// A role on an element is of the team of the element, and so is the group that has it.
    ElementGrantIsOfTeam,
    /// What is bound to an element is of its team: comments, related items, entries in the trash, pull requests.
    BoundToElementIsOfTeam,
    /// A thread is on one element, and begins with a comment of its own.
    ThreadIsOnElement,
    /// An element shows its newest revision: version, root and size.
    ElementShowsNewestRevision,
    /// The versions of an element are the numbers from 1 on.
    HistoryIsWhole,
    /// An idempotency key has the outcome that it was claimed for.
    IdempotencyKeyHasOutcome,
}

impl Rule {
    /// What kind of finding a breach of it is.
    #[must_use]
    pub const fn kind(self) -> FindingKind {
        match self {
            Self::FeedHasOwner
            | Self::ActivityHasFeed
            | Self::NotificationHasFeed
            | Self::PendingRequestHasWorkspace
            | Self::OpenInvitationHasWorkspace
            | Self::ElementIsSomewhere
            | Self::ForkHasMaker
            | Self::GrantHasOrganization
            | Self::ActivityHasOrganization
            | Self::CommentHasOrganization
            | Self::PullRequestHasOrganization
            | Self::PullRequestCommentHasOrganization => FindingKind::Orphan,
            Self::FeedKnowsItsOldest
            | Self::TrashIsOutOfWorkspaces
            | Self::DomainIsOfTeam
            | Self::MemberOrganizationIsOfTeam
            | Self::GroupMemberIsOfTeam
            | Self::GrantIsOfTeam
            | Self::ElementIsOfTeam
            | Self::ElementGrantIsOfTeam
            | Self::BoundToElementIsOfTeam
            | Self::ThreadIsOnElement
            | Self::ElementShowsNewestRevision
            | Self::HistoryIsWhole
            | Self::IdempotencyKeyHasOutcome => FindingKind::Disagreement,
        }
    }

    /// What the id of a breach is of.
    #[must_use]
    pub const fn thing(self) -> &'static str {
        match self {
            Self::FeedHasOwner | Self::FeedKnowsItsOldest => "feed",
            Self::ActivityHasFeed => "workspace",
            Self::NotificationHasFeed | Self::IdempotencyKeyHasOutcome => "user",
            Self::PendingRequestHasWorkspace => "approval_request",
            Self::OpenInvitationHasWorkspace => "invitation",
            Self::ElementIsSomewhere
            | Self::ElementIsOfTeam
            | Self::BoundToElementIsOfTeam
            | Self::ElementShowsNewestRevision
            | Self::HistoryIsWhole => "element",
            Self::TrashIsOutOfWorkspaces => "trash_entry",
            Self::ForkHasMaker => "fork",
            Self::GrantHasOrganization | Self::GrantIsOfTeam => "workspace_member",
            Self::ActivityHasOrganization => "activity",
            Self::CommentHasOrganization | Self::ThreadIsOnElement => "comment",
            Self::PullRequestHasOrganization => "pull_request",
            Self::PullRequestCommentHasOrganization => "pull_request_comment",
            Self::DomainIsOfTeam => "organization",
            Self::MemberOrganizationIsOfTeam => "team_member",
            Self::GroupMemberIsOfTeam => "group",
            Self::ElementGrantIsOfTeam => "element_grant",
        }
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn breach(self) -> &'static str {
        match self {
            Self::FeedHasOwner => "its workspace or user is gone",
            Self::ActivityHasFeed => "it has activity and no feed",
            Self::NotificationHasFeed => "they have notifications and no feed",
            Self::FeedKnowsItsOldest => "its oldest entry was made at another time",
            Self::PendingRequestHasWorkspace => "it is pending, and its workspace is gone",
            Self::OpenInvitationHasWorkspace => "it is open, and its workspace is gone",
            Self::ElementIsSomewhere => "it is in no workspace and not in the trash",
            Self::TrashIsOutOfWorkspaces => "its element is in a workspace",
            Self::ForkHasMaker => "who made it is gone",
            Self::GrantHasOrganization
            | Self::ActivityHasOrganization
            | Self::CommentHasOrganization
            | Self::PullRequestHasOrganization
            | Self::PullRequestCommentHasOrganization => "its organization is gone",
            Self::DomainIsOfTeam => "a domain that points to it is of another team",
            Self::MemberOrganizationIsOfTeam => "its organization is of another team",
            Self::GroupMemberIsOfTeam => "a member of it is of another team",
            Self::GrantIsOfTeam => "its workspace or group is of another team",
            Self::ElementIsOfTeam => "its workspace is of another team",
            Self::ElementGrantIsOfTeam => "its element or group is of another team",
            Self::BoundToElementIsOfTeam => "what is bound to it is of another team",
            Self::ThreadIsOnElement => "its thread is on another element, or begins with a reply",
            Self::ElementShowsNewestRevision => "its newest revision has another version, root or size",
            Self::HistoryIsWhole => "revisions are missing, or are newer than it",
            Self::IdempotencyKeyHasOutcome => "an idempotency key has no outcome",
        }
    }
}
