//! Nodes that nothing needs any more.
//!
//! A collection of garbage marks what is needed and deletes the rest, in small transactions, while people go on working. For that to be safe,
//! whoever writes revisions keeps to two rules:
//!
//! * A node that is needed is [inserted](super::ElementWrites::insert_nodes) again, though it may be there already, unless it comes from a revision that is
//!   there, of an element that this transaction holds still with its workspace: then the revision cannot go before the new one has come.
//! * A new revision comes within hours after its nodes: what was used in the day before a collection began is kept by it in any case.
//!
//! And whoever deletes revisions says [which roots they let go of](GarbageWrites::list_released_roots). A collection goes once through all roots that
//! are there, and then once through those that were let go of since it began, or in the day before. So it has marked everything that was there when it
//! began, even if it was deleted before it was come by; and what a newer revision needs was either there then, or was used lately. However many
//! revisions come and go meanwhile, and in whatever order, nothing has to be gone through again.

use super::StoreResult;
use crate::domain::snapshot::NodeHash;
use crate::domain::{Timestamp, days};
use async_trait::async_trait;
use std::time::Duration;
use uuid::Uuid;

/// How long before a collection began a node has not been used if it is deleted by it.
pub const NODE_GRACE: Duration = days(1);

/// A root that revisions name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeRoot {
    /// The node.
    pub hash: NodeHash,
    /// Whether it needs other nodes in turn; else it is content, whatever its bytes look like.
    pub is_followed: bool,
}

/// Collecting garbage. A run holds a lease and renews it with each transaction; a transaction without it has to change nothing.
#[async_trait]
pub trait GarbageWrites: Send + Sync {
    /// Begins a run if there is something to collect, the last one began before `last`, and no other one is under way; one that was cut off is
    /// followed by another as soon as its lease ends. False: none of it.
    async fn begin_collection(&self, run: Uuid, now: Timestamp, last: Timestamp, lease_until: Timestamp) -> StoreResult<bool>;
    /// Renews the lease of a run, and holds it until the transaction ends. Answers when the run began; none: it is another one's turn.
    async fn renew_collection(&self, run: Uuid, lease_until: Timestamp) -> StoreResult<Option<Timestamp>>;
    /// Ends a run.
    async fn end_collection(&self, run: Uuid) -> StoreResult<()>;
    /// Forgets marks, up to a number. Answers how many they were.
    async fn delete_node_marks(&self, limit: u64) -> StoreResult<u64>;
    /// The roots of revisions, and of what forks and their parents met in, by hash, after this one, up to a number.
    async fn list_roots(&self, after: Option<NodeHash>, limit: u64) -> StoreResult<Vec<NodeRoot>>;
    /// The same of revisions that were deleted since the day before the run began.
    async fn list_released_roots(&self, after: Option<NodeHash>, limit: u64) -> StoreResult<Vec<NodeRoot>>;
    /// Marks nodes whose own needs are followed. Answers those for which that is new.
    async fn mark_nodes(&self, nodes: &[NodeHash]) -> StoreResult<Vec<NodeHash>>;
    /// Marks nodes that need nothing.
    async fn mark_contents(&self, contents: &[NodeHash]) -> StoreResult<()>;
    /// The bytes of these nodes, as far as they are there.
    async fn list_node_bytes(&self, nodes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>>;
    /// Deletes unmarked nodes that have not been used since `unused_since`, of the next so many after this one. Answers how many they were, and
    /// the last one that was looked at; none: it was the end.
    async fn delete_unmarked_nodes(
        &self,
        after: Option<NodeHash>,
        of: u64,
        unused_since: Timestamp,
    ) -> StoreResult<(u64, Option<NodeHash>)>;
}
