//! Forks.

use super::StoreResult;
use crate::app::access::{ElementSight, ForkingSight, Granted};
use crate::app::model::{Fork, ForkBase, LeftBehind};
use crate::domain::{ElementId, Timestamp};
use async_trait::async_trait;

/// Reading what is a fork of what.
#[async_trait]
pub trait ForkQueries: Send + Sync {
    /// What these elements are forks of, as far as they are forks.
    async fn list_forks(&self, elements: &[ElementId]) -> StoreResult<Vec<Fork>>;
    /// Who edits a fork that is up to date with the parent as it is until now, and may open the parent: for whom a change of it is news.
    async fn list_left_behind(&self, parent: &ElementSight, now: Timestamp) -> StoreResult<Vec<LeftBehind>>;
}

/// Writing forks.
#[async_trait]
pub trait ForkWrites: Send + Sync {
    /// Says that an element, which is there already, is a fork.
    async fn insert_fork(&self, from: &Granted<ForkingSight>, fork: &Fork) -> StoreResult<()>;
    /// Says where a fork and its parent met last. Where they met before is let go of.
    async fn set_fork_base(&self, fork: ElementId, base: &ForkBase, now: Timestamp) -> StoreResult<()>;
}
