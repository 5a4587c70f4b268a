//! Who watches elements, and who may be told of what happens in a workspace.

use super::StoreResult;
use crate::app::model::Recipient;
use crate::domain::{ElementId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;

/// Reading whom news of a workspace may reach: nobody is told of what they could not open.
#[async_trait]
pub trait WatchQueries: Send + Sync {
    /// Who watches any of these elements and, being in the team of this workspace, may open it at that moment: each once, as recipients,
    /// by id.
    async fn list_watchers(&self, elements: &[ElementId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>>;
    /// Those of these people who, being in the team of this workspace, may open it at that moment, as recipients, by id.
    async fn list_openers(&self, people: &[UserId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>>;
}
