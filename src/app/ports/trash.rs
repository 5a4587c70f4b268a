//! Elements that are deleted, and collections that are brought back.

use super::StoreResult;
use crate::app::access::{ElementSight, Granted, RestoreSight, TrashSight};
use crate::app::model::{DueEntry, Leaving, NewTrashEntry, RelatedItem, TrashEntry, WorkspaceSight};
use crate::app::paging::{Page, PageRequest};
use crate::domain::{ElementId, Side, TeamId, TeamRoles, Timestamp, TrashEntryId, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Reading the trash.
#[async_trait]
pub trait TrashQueries: Send + Sync {
    /// An entry.
    async fn find_trash_entry(&self, id: TrashEntryId) -> StoreResult<Option<TrashEntry>>;
    /// What was deleted in a workspace, oldest deletion first.
    async fn list_trash(&self, workspace: WorkspaceId, page: PageRequest<Uuid>) -> StoreResult<Page<TrashEntry>>;
    /// The entries that the reader may know of and whose workspaces are gone, in one team or in all of theirs, oldest deletion first; each with the
    /// reader's roles in its team. Those that [`Claim::knows`](crate::domain::trash::Claim::knows) of.
    async fn list_homeless_trash(
        &self,
        reader: UserId,
        team: Option<TeamId>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<(TrashEntry, TeamRoles)>>;
    /// Entries whose time is over at that moment, up to a number.
    async fn list_due_trash(&self, now: Timestamp, limit: u64) -> StoreResult<Vec<DueEntry>>;
    /// Every collection of a workspace, by id.
    async fn list_leaving_collections(&self, workspace: WorkspaceId) -> StoreResult<Vec<Leaving>>;
    /// Who made elements of the workspace, or this one person if they did, and may open it at that moment: with their side in the team.
    async fn list_creator_sides(&self, workspace: WorkspaceId, creator: Option<UserId>, now: Timestamp)
    -> StoreResult<Vec<(UserId, Side)>>;
    /// What is bound to these elements and ends with them.
    async fn list_ending_items(&self, elements: &[ElementId]) -> StoreResult<Vec<RelatedItem>>;
}

/// Deleting elements, and bringing them back.
#[async_trait]
pub trait TrashWrites: Send + Sync {
    /// Puts a collection into the trash.
    async fn trash_element(&self, element: &Granted<ElementSight>, entry: &NewTrashEntry) -> StoreResult<()>;
    /// Puts these collections of a workspace that is being deleted into the trash. Nodes of what stays behind are collected later.
    async fn trash_collections(&self, workspace: &Granted<WorkspaceSight>, entries: &[NewTrashEntry], at: Timestamp) -> StoreResult<()>;
    /// Pauses every monitor of what was deleted in the workspace and is in the trash. Answers those that ran.
    async fn pause_trashed_monitors(&self, workspace: WorkspaceId, at: Timestamp) -> StoreResult<Vec<RelatedItem>>;
    /// Deletes an element for good, with everything that is only about it. Its nodes are collected later.
    async fn delete_element(&self, element: &Granted<ElementSight>, at: Timestamp) -> StoreResult<()>;
    /// Takes a collection out of the trash and puts it into the workspace; it stays with its API if that is there. False: it is in the
    /// trash no more.
    async fn restore_element(&self, entry: &Granted<RestoreSight>) -> StoreResult<bool>;
    /// Deletes what is in the trash for good. False: it is there no more.
    async fn purge_element(&self, entry: &Granted<TrashSight>, at: Timestamp) -> StoreResult<bool>;
    /// Deletes those of these for good whose time is over. Answers which those are: another server may have been first.
    async fn delete_due_trash(&self, entries: &[TrashEntryId], now: Timestamp) -> StoreResult<Vec<TrashEntryId>>;
}
