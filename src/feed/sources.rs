//! The two kinds of feed, as their readers see them.

use super::tail::{PAGE, Source};
use crate::app::error::Result;
use crate::app::model::{ActivityEntry, NotificationEntry};
use crate::app::paging::{Direction, PageRequest};
use crate::app::ports::FeedId;
use crate::app::{Actor, App, AppError, News, token};
use crate::domain::WorkspaceId;
use crate::domain::policy::Action;
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

const fn page_after(position: i64) -> PageRequest<i64> {
    PageRequest { after: Some(position), before: None, size: PAGE, direction: Direction::Forward }
}

fn token_is_over(app: &App, reader: &Actor) -> bool {
    reader.token_expires_at.is_some_and(|end| app.now() >= end)
}

#[async_trait]
impl Source for NotificationSource {
    type Entry = Arc<NotificationEntry>;

    fn feeds(&self) -> Vec<FeedId> {
        vec![FeedId::User(self.reader.id())]
    }

    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>> {
        let page = self.app.queries().list_notifications(self.reader.id(), false, page_after(after)).await?;
        Ok(page.items.into_iter().map(Arc::new).collect())
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

    async fn may_read(&self) -> Result<bool> {
        token::is_live(&self.app, &self.reader).await
    }

    fn is_over(&self) -> bool {
        token_is_over(&self.app, &self.reader)
    }

    fn can_be_over(&self) -> bool {
        self.reader.token_expires_at.is_some()
    }
}

#[async_trait]
impl Source for ActivitySource {
    type Entry = Arc<ActivityEntry>;

    fn feeds(&self) -> Vec<FeedId> {
        vec![FeedId::Workspace(self.workspace), FeedId::User(self.reader.id())]
    }

    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>> {
        let page = self.app.queries().list_activity(self.workspace, page_after(after)).await?;
        Ok(page.items.into_iter().map(Arc::new).collect())
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

    async fn may_read(&self) -> Result<bool> {
        if !token::is_live(&self.app, &self.reader).await? {
            return Ok(false);
        }
        match self.app.access(Some(&self.reader)).workspace(self.workspace).may(Action::SubscribeWorkspace).await {
            Ok(_) => Ok(true),
            Err(AppError::Refused(_)) => Ok(false),
            Err(failed @ AppError::Failed(_)) => Err(failed),
        }
    }

    fn is_over(&self) -> bool {
        token_is_over(&self.app, &self.reader)
    }

    fn can_be_over(&self) -> bool {
        self.reader.token_expires_at.is_some()
    }
}
