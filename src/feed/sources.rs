//! The two kinds of feed, as their readers see them.

use super::tail::{Look, PAGE, Source};
use crate::app::error::Result;
use crate::app::model::{ActivityEntry, NotificationEntry};
use crate::app::ports::{ActivitySightLimits, FeedId};
use crate::app::{Actor, App, AppError, News, token};
use crate::domain::policy::Action;
use crate::domain::{Timestamp, WorkspaceId};
use async_trait::async_trait;
use std::sync::Arc;

/// A user's notifications, as that user.
pub struct NotificationSource {
    app: App,
    reader: Actor,
}

impl NotificationSource {
    /// The feed of this reader.
    #[must_use]
    pub const fn new(app: App, reader: Actor) -> Self {
        Self { app, reader }
    }
}

/// A workspace's activity, as one reader.
pub struct ActivitySource {
    app: App,
    reader: Actor,
    workspace: WorkspaceId,
}

impl ActivitySource {
    /// The feed of this workspace. Whether the reader may see it is asked before each page and after each change of access.
    #[must_use]
    pub const fn new(app: App, reader: Actor, workspace: WorkspaceId) -> Self {
        Self { app, reader, workspace }
    }
}

#[async_trait]
impl Source for NotificationSource {
    type Entry = Arc<NotificationEntry>;
    type Limits = ();

    fn feeds(&self) -> Vec<FeedId> {
        vec![FeedId::User(self.reader.id())]
    }

    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>> {
        let page = self.app.queries().read_notifications(self.reader.id(), after, PAGE).await?;
        Ok(page.into_iter().map(Arc::new).collect())
    }

    async fn forgotten(&self) -> Result<i64> {
        Ok(self.app.queries().feed_bounds(FeedId::User(self.reader.id())).await?.forgotten)
    }

    fn entry(&self, news: &News) -> Option<Self::Entry> {
        match news {
            News::Notification(entry) => Some(Arc::clone(entry)),
            _ => None,
        }
    }

    fn seq(entry: &Self::Entry) -> i64 {
        entry.seq
    }

    fn bytes(entry: &Self::Entry) -> usize {
        entry.message.len() + entry.remark.as_ref().map_or(0, String::len)
    }

    async fn may_read(&self) -> Result<Option<Look<()>>> {
        let token = token::find_live(&self.app, &self.reader).await?;
        Ok(token.map(|token| Look { until: token.expires_at, limits: () }))
    }

    fn shows((): &(), _entry: &Self::Entry) -> bool {
        true
    }

    fn now(&self) -> Timestamp {
        self.app.now()
    }
}

#[async_trait]
impl Source for ActivitySource {
    type Entry = Arc<ActivityEntry>;
    type Limits = ActivitySightLimits;

    fn feeds(&self) -> Vec<FeedId> {
        vec![FeedId::Workspace(self.workspace), FeedId::User(self.reader.id())]
    }

    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>> {
        // All of them, so that what the reader may not read leaves no gap that would have to be read again.
        let page = self.app.queries().read_activity(self.workspace, after, PAGE).await?;
        Ok(page.into_iter().map(Arc::new).collect())
    }

    async fn forgotten(&self) -> Result<i64> {
        Ok(self.app.queries().feed_bounds(FeedId::Workspace(self.workspace)).await?.forgotten)
    }

    fn entry(&self, news: &News) -> Option<Self::Entry> {
        match news {
            News::Activity(entry) => Some(Arc::clone(entry)),
            _ => None,
        }
    }

    fn seq(entry: &Self::Entry) -> i64 {
        entry.seq
    }

    fn bytes(entry: &Self::Entry) -> usize {
        entry.message.len() + entry.data.len()
    }

    async fn may_read(&self) -> Result<Option<Look<ActivitySightLimits>>> {
        let Some(token) = token::find_live(&self.app, &self.reader).await? else { return Ok(None) };
        match self.app.access(Some(&self.reader)).workspace(self.workspace).may(Action::SubscribeWorkspace).await {
            Ok(sight) => {
                let until = [token.expires_at, sight.changes_at].into_iter().flatten().min();
                Ok(Some(Look { until, limits: sight.activity_in_sight(self.app.now()) }))
            }
            Err(AppError::Refused(_)) => Ok(None),
            Err(failed @ AppError::Failed(_)) => Err(failed),
        }
    }

    fn shows(limits: &ActivitySightLimits, entry: &Self::Entry) -> bool {
        limits.show(entry)
    }

    fn now(&self) -> Timestamp {
        self.app.now()
    }
}
