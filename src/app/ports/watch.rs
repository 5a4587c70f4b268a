//! Who watches elements, and who may be told of what happens in a workspace.

use super::StoreResult;
use crate::app::access::{ElementSight, Granted};
use crate::app::model::{ElementRow, Recipient};
use crate::app::paging::{Page, PageRequest};
use crate::domain::{ElementId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Reading whom news of a workspace may reach: nobody is told of what they could not open.
#[async_trait]
pub trait WatchQueries: Send + Sync {
    /// Who watches any of these elements and, being in the team of this workspace, may open it at that moment: each once, as recipients,
    /// by id.
    async fn list_watchers(&self, elements: &[ElementId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>>;
    /// Those of these people who, being in the team of this workspace, may open it at that moment, as recipients, by id.
    async fn list_openers(&self, people: &[UserId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>>;
    /// The elements that the reader watches and, being in the team, may still open, oldest first.
    async fn list_watched(&self, reader: UserId, page: PageRequest<Uuid>, now: Timestamp) -> StoreResult<Page<ElementRow>>;
    /// Which of these elements the reader watches.
    async fn list_watched_among(&self, reader: UserId, elements: &[ElementId]) -> StoreResult<Vec<ElementId>>;
}

/// Beginning and ending to watch.
#[async_trait]
pub trait WatchWrites: Send + Sync {
    /// Has this person watch the element. Whoever does so already goes on.
    async fn insert_watch(&self, element: &Granted<ElementSight>, watcher: UserId, at: Timestamp) -> StoreResult<()>;
    /// Has this person watch it no more.
    async fn delete_watch(&self, element: &Granted<ElementSight>, watcher: UserId) -> StoreResult<()>;
}
