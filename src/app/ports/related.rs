//! Monitors, mock servers and integrations.

use super::StoreResult;
use crate::app::access::{Granted, RelatedItemSight};
use crate::app::model::{Recipient, RelatedItem};
use crate::app::paging::{Page, PageRequest};
use crate::domain::element::{RelatedItemKind, RelatedItemState};
use crate::domain::{ElementId, RelatedItemId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Who made something that was paused, and where it is: for whom the pause is news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PausedFor {
    /// What was paused.
    pub item: RelatedItem,
    /// The name of its workspace.
    pub workspace_name: String,
    /// Who made it.
    pub creator: Recipient,
}

/// Reading related items.
#[async_trait]
pub trait RelatedItemQueries: Send + Sync {
    /// A related item.
    async fn find_related_item(&self, id: RelatedItemId) -> StoreResult<Option<RelatedItem>>;
    /// Those of these that live in workspaces that the reader may open, oldest first.
    async fn list_related_items_by_id(
        &self,
        reader: Option<UserId>,
        ids: &[RelatedItemId],
        now: Timestamp,
    ) -> StoreResult<Vec<RelatedItem>>;
    /// Those that live in a workspace, oldest first.
    async fn list_related_items(
        &self,
        workspace: WorkspaceId,
        kind: Option<RelatedItemKind>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<RelatedItem>>;
    /// Those that are bound to a collection and live in workspaces that the reader may open, oldest first.
    async fn list_bound_items(
        &self,
        reader: Option<UserId>,
        collection: ElementId,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<RelatedItem>>;
    /// All that are bound to any of these elements and live in workspaces that the reader may open, oldest first.
    async fn list_all_bound_items(&self, reader: UserId, elements: &[ElementId], now: Timestamp) -> StoreResult<Vec<RelatedItem>>;
    /// Who made these, as far as they may still open the workspace that it lives in.
    async fn list_creators(&self, ids: &[RelatedItemId], now: Timestamp) -> StoreResult<Vec<PausedFor>>;
}

/// Writing related items.
#[async_trait]
pub trait RelatedItemWrites: Send + Sync {
    /// Adds one.
    async fn insert_related_item(&self, item: &RelatedItem) -> StoreResult<()>;
    /// Lets it work, or wait.
    async fn set_related_item_state(&self, item: &Granted<RelatedItemSight>, state: RelatedItemState, at: Timestamp) -> StoreResult<()>;
    /// Removes it.
    async fn delete_related_item(&self, item: &Granted<RelatedItemSight>) -> StoreResult<()>;
}
