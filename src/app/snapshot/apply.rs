//! Changing a map: the nodes that changes fall into are cut anew, level by level, and all others are shared.

use super::broken;
use super::nodes::{Nodes, Tree};
use crate::app::ports::StoreResult;
use crate::domain::snapshot::chunk::{TreeBuilder, ends_node};
use crate::domain::snapshot::entry::behind;
use crate::domain::snapshot::node::{Node, Payload, Record};
use crate::domain::snapshot::{ItemEntry, Malformed, NodeHash, Salt};
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::sync::Arc;

/// Changes that are applied at once: the nodes that they fall into are in memory together.
const AT_ONCE: usize = 1024;

/// What is to be under keys; none: nothing.
type Records = BTreeMap<Box<[u8]>, Option<Payload>>;

/// Changes of items, in both maps.
#[derive(Debug, Default)]
pub(super) struct Changes {
    order: Records,
    place: Records,
}

impl Changes {
    /// An item comes.
    pub(super) fn put(&mut self, entry: &ItemEntry) {
        for (records, record) in [(&mut self.order, entry.to_record()), (&mut self.place, entry.to_place_record())] {
            records.insert(record.key, Some(record.payload));
        }
    }

    /// An item changes, in place or to another one.
    pub(super) fn replace(&mut self, old: &ItemEntry, new: &ItemEntry) {
        let (old_key, record) = (old.order_key().into_boxed_slice(), new.to_record());
        if old_key != record.key {
            self.order.insert(old_key, None);
            let place = new.to_place_record();
            self.place.insert(place.key, Some(place.payload));
        }
        self.order.insert(record.key, Some(record.payload));
    }

    /// An item goes.
    pub(super) fn remove(&mut self, entry: &ItemEntry) {
        self.order.insert(entry.order_key().into(), None);
        self.place.insert(entry.to_place_record().key, None);
    }

    /// The roots of these maps with the changes.
    pub(super) async fn apply(
        self,
        nodes: &Nodes<'_>,
        salt: Salt,
        order: Tree,
        place: Tree,
    ) -> StoreResult<(Option<NodeHash>, Option<NodeHash>)> {
        Ok((apply_all(nodes, salt, order, self.order).await?, apply_all(nodes, salt, place, self.place).await?))
    }
}

async fn apply_all(nodes: &Nodes<'_>, salt: Salt, mut tree: Tree, records: Records) -> StoreResult<Option<NodeHash>> {
    let mut records = records.into_iter().peekable();
    while records.peek().is_some() {
        let some = records.by_ref().take(AT_ONCE).collect();
        tree.root = Change { nodes, salt, tree }.apply(some).await?;
    }
    Ok(tree.root)
}

/// A node on the way down.
struct Found {
    hash: NodeHash,
    node: Arc<Node>,
    /// Whether it is the last of its level.
    is_last: bool,
}

/// A change of a map.
struct Change<'c, 'a> {
    nodes: &'c Nodes<'a>,
    salt: Salt,
    /// The map as it was before.
    tree: Tree,
}

impl Change<'_, '_> {
    async fn apply(&self, mut records: Records) -> StoreResult<Option<NodeHash>> {
        // Everything that will be needed is read now, a level at once; where a node runs into the next one, that is read later.
        let keys: Vec<Vec<u8>> = records.keys().map(|key| key.to_vec()).collect();
        self.nodes.descend(self.tree, &keys).await?;
        let above = match self.tree.root {
            None => 0,
            Some(root) => {
                let top = self.node(None, root).await?.level();
                for level in 0..=top {
                    records = self.cut(level, records).await?;
                }
                top.saturating_add(1)
            }
        };
        let mut made = records.into_iter().filter_map(|(key, payload)| Some(Record { key, payload: payload? })).peekable();
        let Some(first) = made.next() else { return Ok(None) };
        if above > 0 && made.peek().is_none() {
            return self.lowered(first.child().map_err(broken)?).await.map(Some);
        }
        let mut builder = TreeBuilder::above(self.tree.kind, self.salt, above);
        std::iter::once(first).chain(made).for_each(|record| builder.push(record));
        let (root, made) = builder.finish();
        made.iter().try_for_each(|node| self.nodes.adopt(node))?;
        Ok(root)
    }

    /// Applies changes to a level. Answers those to the level above, as if there were one above the root.
    async fn cut(&self, level: u8, records: Records) -> StoreResult<Records> {
        let mut above = Records::new();
        let mut records = records.into_iter().peekable();
        while let Some((key, _)) = records.peek() {
            let Found { mut hash, mut node, mut is_last } = self.find(level, key).await?;
            let mut open = Vec::new();
            loop {
                let last = node.records().last().map(|record| record.key.clone()).unwrap_or_default();
                above.entry(last.clone()).or_insert(None);
                self.nodes.unmake(hash);
                for record in merged(&node, &mut records, (!is_last).then_some(&*last)) {
                    let is_end = ends_node(self.salt, level, open.len() + 1, &record.key);
                    open.push(record);
                    if is_end {
                        self.close(level, &mut open, &mut above);
                    }
                }
                if is_last {
                    self.close(level, &mut open, &mut above);
                }
                if open.is_empty() {
                    break;
                }
                Found { hash, node, is_last } = self.find(level, &behind(last.into())).await?;
            }
        }
        Ok(above)
    }

    fn close(&self, level: u8, open: &mut Vec<Record>, above: &mut Records) {
        let records = std::mem::take(open);
        let Some(key) = records.last().map(|record| record.key.clone()) else { return };
        let node = Node::new(self.tree.kind, level, records);
        let count = node.count();
        above.insert(key, Some(Payload::Link { child: self.nodes.make(node), count }));
    }

    /// The node of a level into which this key falls: the last, if it is behind all.
    async fn find(&self, level: u8, key: &[u8]) -> StoreResult<Found> {
        let mut hash = self.tree.root.ok_or_else(|| broken(Malformed("no root")))?;
        let mut node = self.node(None, hash).await?;
        let mut is_last = true;
        while node.level() > level {
            let records = node.records();
            let index = records.partition_point(|record| *record.key < *key).min(records.len().saturating_sub(1));
            is_last &= index + 1 == records.len();
            hash = records.get(index).ok_or(Malformed("a node without records")).and_then(Record::child).map_err(broken)?;
            node = self.node(Some(node.level() - 1), hash).await?;
        }
        Ok(Found { hash, node, is_last })
    }

    async fn node(&self, level: Option<u8>, hash: NodeHash) -> StoreResult<Arc<Node>> {
        let node = self.nodes.load(self.tree.kind, level, &[hash]).await?.pop();
        node.ok_or_else(|| broken(Malformed("no node")))
    }

    /// The lowest node that holds the same as this one: the root of a map has two records at least, or is a leaf.
    async fn lowered(&self, mut hash: NodeHash) -> StoreResult<NodeHash> {
        let mut node = self.node(None, hash).await?;
        while let ([only], 1..) = (node.records(), node.level()) {
            self.nodes.unmake(hash);
            hash = only.child().map_err(broken)?;
            node = self.node(Some(node.level() - 1), hash).await?;
        }
        Ok(hash)
    }
}

/// The records of a node with the changes up to its last key, or with all that are left.
fn merged(node: &Node, changes: &mut Peekable<impl Iterator<Item = (Box<[u8]>, Option<Payload>)>>, last: Option<&[u8]>) -> Vec<Record> {
    let mut merged = Vec::with_capacity(node.records().len() + 1);
    let mut records = node.records().iter().peekable();
    while let Some((key, payload)) = changes.next_if(|(key, _)| last.is_none_or(|last| **key <= *last)) {
        while let Some(record) = records.next_if(|record| record.key < key) {
            merged.push(record.clone());
        }
        records.next_if(|record| record.key == key);
        merged.extend(payload.map(|payload| Record { key, payload }));
    }
    merged.extend(records.cloned());
    merged
}
