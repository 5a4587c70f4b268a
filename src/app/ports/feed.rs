//! What the application asks of the store about feeds and idempotency keys.

use super::StoreResult;
use crate::app::model::{ActivityEntry, NotificationEntry};
use crate::app::paging::{Page, PageRequest};
use crate::domain::{ActivityId, NotificationId, OrganizationId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The feeds there are: one of each workspace, one of each user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FeedId {
    /// What happens in a workspace.
    Workspace(WorkspaceId),
    /// What a user is told of.
    User(UserId),
}

/// Which entries of a workspace's activity a reader may read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ActivitySightLimits {
    /// Not those that are the team's own affair.
    pub without_team_only: bool,
    /// Only those about the team's own side and about this organization (condition C7).
    pub only_organization: Option<OrganizationId>,
}

impl ActivitySightLimits {
    /// Whether they let this entry through.
    #[must_use]
    pub fn show(&self, entry: &ActivityEntry) -> bool {
        let of_others =
            self.only_organization.is_some() && entry.organization_id.is_some() && entry.organization_id != self.only_organization;
        let withheld = self.without_team_only && entry.team_only;
        !withheld && !of_others
    }
}

/// How far a feed has come, and how much of it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FeedBounds {
    /// The number up to which its entries are forgotten; 0: none is.
    pub forgotten: i64,
    /// The number of the newest entry; 0: none yet.
    pub end: i64,
}

/// How much of something is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// The most entries.
    pub entries: usize,
    /// The bytes of text after which no other entry is taken. One is, however large.
    pub bytes: usize,
}

/// Where a feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedMark {
    /// The feed.
    pub feed: FeedId,
    /// The number of the newest entry; 0: none yet.
    pub end: i64,
    /// How often who may read it, or what its owner may read, has changed.
    pub access_changes: i64,
}

/// What a transaction does to a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedStep {
    /// The feed.
    pub feed: FeedId,
    /// How many entries it adds.
    pub entries: i64,
    /// Whether it changes who may read it, or what its owner may read.
    pub changes_access: bool,
}

/// Reading feeds.
#[async_trait]
pub trait FeedQueries: Send + Sync {
    /// How far a feed has come, and how much of it is kept.
    async fn feed_bounds(&self, feed: FeedId) -> StoreResult<FeedBounds>;
    /// Where these feeds are. Those in which nothing ever happened, or whose owner is gone, are left out.
    async fn feed_marks(&self, feeds: &[FeedId]) -> StoreResult<Vec<FeedMark>>;
    /// A portion of a workspace's activity, right after this place, whoever may read it. Where what comes there is forgotten, it is empty or
    /// begins later.
    async fn read_activity(&self, workspace: WorkspaceId, after: i64, portion: Portion) -> StoreResult<Vec<ActivityEntry>>;
    /// The same of a user's notifications.
    async fn read_notifications(&self, user: UserId, after: i64, portion: Portion) -> StoreResult<Vec<NotificationEntry>>;
    /// A page of a workspace's activity, of the entries that the limits let through.
    async fn list_activity(
        &self,
        workspace: WorkspaceId,
        limits: ActivitySightLimits,
        page: PageRequest<i64>,
    ) -> StoreResult<Page<ActivityEntry>>;
    /// One entry of a workspace's activity.
    async fn find_activity(&self, id: ActivityId) -> StoreResult<Option<ActivityEntry>>;
    /// A page of a user's notifications.
    async fn list_notifications(&self, user: UserId, unread_only: bool, page: PageRequest<i64>) -> StoreResult<Page<NotificationEntry>>;
    /// One of a user's notifications.
    async fn find_notification(&self, user: UserId, id: NotificationId) -> StoreResult<Option<NotificationEntry>>;
    /// How many of a user's notifications are unread.
    async fn count_unread(&self, user: UserId) -> StoreResult<i64>;
}

/// Writing feeds.
#[async_trait]
pub trait FeedWrites: Send + Sync {
    /// Moves the ends of feeds forward, each by so many entries that are made at this moment, and answers where they now are. Whoever does so holds the feed
    /// until the transaction ends, so the order of numbers is the order of commits.
    async fn extend_feeds(&self, steps: &[FeedStep], at: Timestamp) -> StoreResult<Vec<(FeedId, i64)>>;
    /// Adds entries.
    async fn insert_activity(&self, entries: &[ActivityEntry]) -> StoreResult<()>;
    /// Adds entries.
    async fn insert_notifications(&self, entries: &[NotificationEntry]) -> StoreResult<()>;
    /// Marks a user's notifications as read: these, or all up to a place in the feed.
    async fn set_notifications_read(&self, user: UserId, ids: &[NotificationId], up_to: Option<i64>, at: Timestamp) -> StoreResult<()>;
    /// Forgets the beginnings of feeds: of each what comes before the first entry that was made at this moment or later. Looks at up to so many
    /// feeds, and forgets up to so many entries. Answers how many feeds it tended; 0: there is nothing left to do.
    async fn forget_entries(&self, made_before: Timestamp, most_feeds: u64, most_entries: u64) -> StoreResult<u64>;
}

/// What became of claiming an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is the caller's: go on.
    Fresh,
    /// It came before, with an input of this digest, and this was the outcome.
    Seen {
        /// The digest of the input.
        input_digest: [u8; 32],
        /// The outcome, as JSON.
        outcome: String,
    },
}

/// An idempotency key of a user for one mutation.
#[derive(Debug, Clone, Copy)]
pub struct IdempotencyKey<'a> {
    /// Whose.
    pub user: UserId,
    /// The mutation.
    pub mutation: &'static str,
    /// What the client calls it.
    pub key: &'a str,
}

/// Keeping the first outcome of a mutation under a client's key.
#[async_trait]
pub trait IdempotencyWrites: Send + Sync {
    /// Takes the key, forgetting what was kept before `expired_before`. Waits for another transaction that holds it.
    async fn claim_idempotency_key(
        &self,
        key: IdempotencyKey<'_>,
        input_digest: [u8; 32],
        now: Timestamp,
        expired_before: Timestamp,
    ) -> StoreResult<Claim>;
    /// Keeps the outcome.
    async fn set_idempotent_outcome(&self, key: IdempotencyKey<'_>, outcome: &str) -> StoreResult<()>;
    /// Forgets outcomes that were kept before this moment. Answers how many.
    async fn delete_idempotency_keys(&self, expired_before: Timestamp) -> StoreResult<u64>;
}
