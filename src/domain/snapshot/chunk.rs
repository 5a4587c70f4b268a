//! Where the nodes of a map end.
//!
//! That is decided by the keys alone, never by the history of the map or by its values: a node ends behind a key whose hash says so, which one in
//! sixty-four does. So the same entries make the same nodes, an edit changes the node that it falls into and seldom the next, and maps that
//! share entries share nodes. No node has more than [`MAX_RECORDS`] records, whatever ids somebody thinks up; and since the
//! [`Salt`] that goes into the hash is known to nobody, they cannot think up ids whose nodes are all full or all empty.

use super::NewNode;
use super::NodeHash;
use super::node::{MapKind, Node, Payload, Record};
use sha2::{Digest, Sha256};
use std::fmt;

/// The records of a node, on average.
const USUAL: u64 = 64;
/// A node with so many records ends sooner: where one key in [`SOON`] says so.
const LONG: usize = 384;
const SOON: u64 = 8;
/// The most records of a node.
pub const MAX_RECORDS: usize = 512;

/// What goes into the decision where nodes end: random bytes, drawn when a collection comes in and kept by what descends from it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Salt([u8; 16]);

impl Salt {
    /// The salt of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The salt as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt")
    }
}

/// Whether a node of so many records, of which this key is the last, ends there.
#[must_use]
pub fn ends_node(salt: Salt, level: u8, records: usize, key: &[u8]) -> bool {
    match records {
        // Each level has half the records of the one below at most, so there is a top.
        ..2 => false,
        MAX_RECORDS.. => true,
        LONG.. => draw(salt, level, key).is_multiple_of(SOON),
        _ => draw(salt, level, key).is_multiple_of(USUAL),
    }
}

fn draw(salt: Salt, level: u8, key: &[u8]) -> u64 {
    let digest = Sha256::new().chain_update(salt.0).chain_update([level]).chain_update(key).finalize();
    digest.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

/// Makes a map from the bottom up, of records that come in the order of their keys.
#[derive(Debug)]
pub struct TreeBuilder {
    kind: MapKind,
    salt: Salt,
    lowest: u8,
    levels: Vec<Level>,
    made: Vec<NewNode>,
}

#[derive(Debug, Default)]
struct Level {
    open: Vec<Record>,
    nodes: u64,
    last: Option<NodeHash>,
}

impl TreeBuilder {
    /// A builder that takes the values of a map.
    #[must_use]
    pub const fn new(kind: MapKind, salt: Salt) -> Self {
        Self::above(kind, salt, 0)
    }

    /// A builder that takes the records of this level.
    #[must_use]
    pub const fn above(kind: MapKind, salt: Salt, lowest: u8) -> Self {
        Self { kind, salt, lowest, levels: Vec::new(), made: Vec::new() }
    }

    /// Takes the next record.
    pub fn push(&mut self, record: Record) {
        self.put(0, record);
    }

    /// The nodes that were made since this was last asked.
    pub fn take_made(&mut self) -> Vec<NewNode> {
        std::mem::take(&mut self.made)
    }

    /// Ends the map. Answers its root, if it has any record, and the nodes that were not taken yet.
    #[must_use]
    pub fn finish(mut self) -> (Option<NodeHash>, Vec<NewNode>) {
        let mut at = 0;
        while at < self.levels.len() {
            let link = if self.levels[at].open.is_empty() { None } else { Some(self.close(at)) };
            if self.levels[at].nodes == 1 {
                return (self.levels[at].last, self.made);
            }
            at += 1;
            if let Some(link) = link {
                self.put(at, link);
            }
        }
        (None, self.made)
    }

    fn put(&mut self, mut at: usize, mut record: Record) {
        loop {
            if self.levels.len() <= at {
                self.levels.resize_with(at + 1, Level::default);
            }
            let open = &mut self.levels[at].open;
            let is_end = ends_node(self.salt, level(self.lowest, at), open.len() + 1, &record.key);
            open.push(record);
            if !is_end {
                return;
            }
            record = self.close(at);
            at += 1;
        }
    }

    fn close(&mut self, at: usize) -> Record {
        let records = std::mem::take(&mut self.levels[at].open);
        let key = records.last().map(|record| record.key.clone()).unwrap_or_default();
        let node = Node::new(self.kind, level(self.lowest, at), records);
        let made = NewNode::of(node.encode());
        let child = made.hash;
        self.levels[at].nodes += 1;
        self.levels[at].last = Some(child);
        self.made.push(made);
        Record { key, payload: Payload::Link { child, count: node.count() } }
    }
}

/// Levels halve at least, so they are far fewer than a byte counts.
fn level(lowest: u8, above: usize) -> u8 {
    lowest.saturating_add(u8::try_from(above).unwrap_or(u8::MAX))
}
