//! Reading, editing and comparing snapshots of collections, by the nodes that it takes.
//!
//! * [`Snapshot`] reads: items by id, the children of a folder a page at a time, what a search finds, and everything in document order.
//! * [`Editor`] changes one: operations in sequence, of which each sees what the ones before did; then the nodes that are new.
//! * [`Diff`] says what differs between two, reading in proportion to it.
//! * [`merge`](merge::merge) makes one of two that began as the same, reading in proportion to what differs.
//! * [`replaced`] gives the items of a whole new list their places; [`Build`](crate::domain::snapshot::Build) makes a snapshot of them.
//!
//! All of them ask a [`NodeSource`] for the nodes of one level at once, so a call of it is made for each level and not for each node.

mod apply;
mod cache;
mod diff;
mod edit;
pub mod merge;
mod nodes;
mod place;
mod read;
mod search;
#[cfg(test)]
mod tests;
mod walk;

pub use diff::{Change, ChangeKind, Diff, DiffCursor, differ};
pub use edit::{EditError, EditResult, Edited, Editor, NewItem, Removed};
pub use read::{Siblings, Snapshot};
pub use search::{Found, SEARCHED_AT_ONCE, SearchKey};
pub use walk::{Walk, Walked};

use super::ports::{StoreError, StoreResult};
use crate::domain::snapshot::{Arrival, ItemEntry, Malformed, NodeHash, ranked};
use async_trait::async_trait;

/// Where the bytes of nodes are read.
#[async_trait]
pub trait NodeSource: Send + Sync {
    /// The bytes of these nodes, in this order. They are different ones.
    ///
    /// A node that is missing is an error: what is asked for is what a stored node needs.
    async fn nodes(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>>;
}

/// The items of a list that replaces a snapshot: those that stay in their folder and in order keep their ranks. Siblings come in their order.
///
/// # Errors
/// What broke.
pub async fn replaced(old: &Snapshot<'_>, arrivals: Vec<Arrival>) -> StoreResult<Vec<ItemEntry>> {
    Ok(ranked(&old.places().await?, arrivals))
}

/// What is stored is not what was written.
fn broken(cause: Malformed) -> StoreError {
    StoreError::Broken(cause.into())
}
