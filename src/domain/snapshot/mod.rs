//! A collection as nodes that are addressed by their content.
//!
//! A revision names a [`Root`]: the node of the collection's own content, and two maps of its items. Each map is a tree of small nodes, cut
//! [by the keys](chunk) and counted, so that the same items always make the same nodes. Whoever changes an item writes the nodes on the way to it and shares all
//! others; two revisions differ where their nodes do; a fork has the root of what it was forked from.
//!
//! * [`entry`] says what an item is in the maps, [`rank`] how siblings are ordered.
//! * [`node`] has the nodes and their bytes, and what a node needs to be kept for its sake.
//! * [`build`] makes a snapshot of a whole list, [`replace`] gives a list ranks that differ little from those of the snapshot that it replaces.
//!
//! Reading and editing fetch nodes as they need them, so they are of the application: `app::snapshot`.

pub mod build;
mod bytes;
pub mod chunk;
pub mod entry;
mod hash;
mod item_id;
pub mod node;
pub mod rank;
pub mod replace;
#[cfg(test)]
mod tests;

pub use build::{Build, BuildError, Built, Head, Limits, Step};
pub use bytes::Malformed;
pub use chunk::Salt;
pub use entry::{ItemEntry, Place, SiblingKey};
pub use hash::{NewNode, NodeHash, hash_of};
pub use item_id::{ItemId, NoItemId, Summary};
pub use node::{Reference, Root, references};
pub use rank::Rank;
pub use replace::{Arrival, ranked};
