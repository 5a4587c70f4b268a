//! Looking at a database whether it is whole.

use super::{NodeRoot, StoreResult};
use crate::app::check::Rule;
use crate::domain::ElementId;
use crate::domain::snapshot::NodeHash;
use async_trait::async_trait;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Columns that name a row of another table, or of the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table.
    pub table: String,
    /// Its columns. Where one of them is null, no row is named.
    pub columns: Vec<String>,
    /// The table whose row is named.
    pub of: String,
    /// The columns of that one, in the order of those.
    pub of_columns: Vec<String>,
}

/// What a reference names that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dangling {
    /// The values of the columns, as text.
    pub values: String,
    /// How many rows name it.
    pub rows: i64,
}

/// The first few of what was looked for, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally<T> {
    /// The first of them.
    pub first: Vec<T>,
    /// All of them.
    pub total: i64,
}

/// The two kinds of feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum FeedKind {
    /// The activity of a workspace.
    Workspace,
    /// What a user is told.
    User,
}

/// What there is of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedExtent {
    /// The workspace or the user.
    pub owner: Uuid,
    /// The number up to which entries were forgotten; 0: none was.
    pub forgotten: i64,
    /// The number that was given out last.
    pub last_seq: i64,
    /// The lowest number of an entry; none: there is no entry.
    pub first: Option<i64>,
    /// The highest.
    pub last: Option<i64>,
    /// How many entries there are.
    pub entries: i64,
    /// How many different numbers they have.
    pub numbers: i64,
}

/// Reading a database as it was at one moment, whoever writes meanwhile. Nothing of it is changed.
///
/// What is listed comes in batches, so that it does not matter how much there is.
#[async_trait]
pub trait CheckQueries: Send + Sync {
    /// The migrations that this program knows, and whether the database has them.
    async fn known_migrations(&self) -> StoreResult<Vec<(String, bool)>>;
    /// The migrations that the database has and this program does not know.
    async fn unknown_migrations(&self) -> StoreResult<Vec<String>>;
    /// What the database itself says of its file, up to so much. `PostgreSQL` keeps watch over its files by itself, so there is nothing to ask.
    async fn list_damages(&self, most: u64) -> StoreResult<Vec<String>>;
    /// The foreign keys, as the database's own catalog has them.
    async fn list_references(&self) -> StoreResult<Vec<Reference>>;
    /// What this reference names and is not there, by its values.
    async fn list_dangling(&self, reference: &Reference, most: u64) -> StoreResult<Tally<Dangling>>;
    /// The rows that break this rule, by an id that the rule says the meaning of.
    async fn list_breaches(&self, rule: Rule, most: u64) -> StoreResult<Tally<Uuid>>;
    /// The feeds of one kind, by their owner.
    async fn list_feeds(&self, kind: FeedKind, after: Option<Uuid>, most: u64) -> StoreResult<Vec<FeedExtent>>;
    /// Where the numbers of a feed do not follow each other: the one before, and the one behind.
    async fn list_breaks(&self, kind: FeedKind, owner: Uuid, most: u64) -> StoreResult<Vec<(i64, i64)>>;
    /// Nodes by their hash, each with the length of its bytes.
    async fn list_node_sizes(&self, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<(NodeHash, u64)>>;
    /// The bytes of those of these nodes that are there.
    async fn find_nodes(&self, hashes: &[NodeHash]) -> StoreResult<HashMap<NodeHash, Vec<u8>>>;
    /// Those of these nodes that are there, without their bytes.
    async fn existing_nodes(&self, hashes: &[NodeHash]) -> StoreResult<BTreeSet<NodeHash>>;
    /// The roots of everything that is kept, by their hash.
    async fn list_kept_roots(&self, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<NodeRoot>>;
    /// An element, and the version of it, that has this root; none: it is what a fork and its parent had when they last met.
    async fn find_revision_of(&self, root: NodeHash) -> StoreResult<Option<(ElementId, i32)>>;
    /// Remembers, for this look alone and outside of the database, that these nodes were come by. Answers those that were not before.
    async fn remember_nodes(&self, hashes: &[NodeHash]) -> StoreResult<Vec<NodeHash>>;
}
