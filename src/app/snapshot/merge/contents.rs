//! What items contain, merged key by key.

use super::super::{Snapshot, broken};
use super::Told;
use super::head::Head;
use super::items::{Entries, Items, on};
use crate::app::ports::StoreResult;
use crate::domain::document::collection::{Node, Version, convert, summarize};
use crate::domain::document::{Json, Limits};
use crate::domain::merge::{Decisions, Side, Sides, merge_json};
use crate::domain::snapshot::entry::shortened;
use crate::domain::snapshot::{ItemEntry, ItemId, Malformed, NewNode, NodeHash};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// So many items, or bytes, are merged at once.
const ITEMS_AT_ONCE: usize = 64;
const BYTES_AT_ONCE: u64 = 4 * 1024 * 1024;

/// The contents of items, and what comes out where they are merged.
pub(super) struct Contents<'s, 'a> {
    snapshot: &'s Snapshot<'a>,
    /// The version that contents are converted to, and what they were before.
    version: Option<Version>,
    originals: HashMap<NodeHash, NodeHash>,
    /// What was merged, by item, and what of it no side has.
    merged: BTreeMap<ItemId, ItemEntry>,
    made: BTreeMap<ItemId, NewNode>,
}

impl<'s, 'a> Contents<'s, 'a> {
    /// Contents that any snapshot reads.
    pub fn new(snapshot: &'s Snapshot<'a>) -> Self {
        Self { snapshot, version: None, originals: HashMap::new(), merged: BTreeMap::new(), made: BTreeMap::new() }
    }

    /// Takes the contents of sides of another version than the result as if they were of that one.
    ///
    /// # Errors
    /// What broke.
    pub async fn convert(&mut self, items: &mut Items, head: &Head) -> StoreResult<()> {
        self.version = head.version;
        let Some(to) = head.version else { return Ok(()) };
        let is_other = head.versions.map(|version| version.is_some_and(|version| version != to));
        let mut known: HashMap<NodeHash, (NodeHash, u32)> = HashMap::new();
        let mut entries: Vec<&mut Option<Arc<ItemEntry>>> = Vec::new();
        for sides in items.touched.values_mut() {
            entries.extend(is_other.base.then_some(&mut sides.base));
            entries.extend(is_other.parent.then_some(&mut sides.parent));
            entries.extend(is_other.fork.then_some(&mut sides.fork));
        }
        let mut entries: Vec<&mut Arc<ItemEntry>> = entries.into_iter().filter_map(Option::as_mut).collect();
        for some in entries.chunks_mut(ITEMS_AT_ONCE) {
            let unknown: Vec<NodeHash> = some.iter().map(|entry| entry.content).filter(|hash| !known.contains_key(hash)).collect();
            for (hash, bytes) in unknown.iter().zip(self.snapshot.contents(&unknown).await?) {
                let converted = convert(&bytes, Node::Item, to);
                known.insert(*hash, (NewNode::of(converted.to_vec()).hash, size(&converted)));
            }
            for entry in some {
                if let Some((content, size)) = known.get(&entry.content).filter(|(content, _)| *content != entry.content) {
                    self.originals.insert(*content, entry.content);
                    **entry = Arc::new(ItemEntry { content: *content, size: *size, ..ItemEntry::clone(entry) });
                }
            }
        }
        Ok(())
    }

    /// Folders of one side that would be none in the result, and the side that made them so.
    ///
    /// # Errors
    /// What broke.
    pub async fn closed(&self, items: &Items) -> StoreResult<BTreeMap<ItemId, Side>> {
        let mut closed = BTreeMap::new();
        let unlike = items.shared().filter(|(.., parent, fork)| parent.summary.is_folder != fork.summary.is_folder);
        for some in batches(unlike.map(|(id, entries, ..)| (id, entries))) {
            for ((id, entries), sides) in some.iter().zip(self.read(&some).await?) {
                let merged = match agreed(entries) {
                    // A request and a folder that both added under the same id have nothing in common to be merged by.
                    _ if entries.base.is_none() => false,
                    Some(side) => on(entries, side).is_some_and(|entry| entry.summary.is_folder),
                    None => {
                        let merged = merge_json(sides.as_ref().map(Option::as_ref), "", &mut Decisions::default());
                        merged.conflicts.is_empty()
                            && merged.value.is_some_and(|value| value.get("item").and_then(Json::as_array).is_some())
                    }
                };
                let side = if on(entries, Side::Parent).is_some_and(|entry| entry.summary.is_folder) { Side::Fork } else { Side::Parent };
                closed.extend((!merged).then(|| ((*id).clone(), side)));
            }
        }
        Ok(closed)
    }

    /// Merges what both sides changed, but for items of which one side's content is taken as it is.
    ///
    /// # Errors
    /// What broke.
    pub async fn merge(
        &mut self,
        items: &Items,
        whole: &BTreeMap<ItemId, Side>,
        decisions: &mut Decisions,
        told: &mut Told,
    ) -> StoreResult<()> {
        let differing = items.shared().filter(|(id, entries, ..)| agreed(entries).is_none() && !whole.contains_key(*id));
        for some in batches(differing.map(|(id, entries, ..)| (id, entries))) {
            for ((id, entries), sides) in some.iter().zip(self.read(&some).await?) {
                let merged = merge_json(sides.as_ref().map(Option::as_ref), &super::path_of(id), decisions);
                told.add(Some(id), merged.conflicts);
                if let Some(value) = merged.value {
                    self.take(id, entries, &value);
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, id: &ItemId, entries: &Entries, value: &Json) {
        let Some(entry) = on(entries, Side::Parent) else { return };
        let node = NewNode::of(value.to_bytes());
        let same = [Side::Parent, Side::Fork].into_iter().filter_map(|side| on(entries, side)).find(|entry| entry.content == node.hash);
        let entry = same.cloned().unwrap_or_else(|| {
            let (summary, size) = (shortened(summarize(&node.bytes).0), size(&node.bytes));
            ItemEntry { content: node.hash, size, summary, ..entry.clone() }
        });
        if same.is_none() {
            self.made.insert(id.clone(), node);
        }
        self.merged.insert(id.clone(), entry);
    }

    /// An item with the content that comes out, wherever it lies.
    pub fn result<'e>(&'e self, id: &ItemId, entries: &'e Entries, whole: &BTreeMap<ItemId, Side>) -> Option<&'e ItemEntry> {
        let one = |side| on(entries, side);
        if let (Some(_), Some(_)) = (one(Side::Parent), one(Side::Fork)) {
            let side = whole.get(id).copied().or_else(|| agreed(entries));
            return side.map_or_else(|| self.merged.get(id), one);
        }
        one(Side::Parent).or_else(|| one(Side::Fork))
    }

    /// The content of an item that comes out, if it is to be stored. A content that a side has stored already is not.
    ///
    /// # Errors
    /// What broke.
    pub async fn new_node(&self, entry: &ItemEntry) -> StoreResult<Option<NewNode>> {
        if let Some(node) = self.made.get(&entry.id).filter(|node| node.hash == entry.content) {
            return Ok(Some(node.clone()));
        }
        if !self.originals.contains_key(&entry.content) {
            return Ok(None);
        }
        Ok(self.load(&[entry.content]).await?.pop().map(NewNode::of))
    }

    /// The contents of these, as JSON.
    ///
    /// # Errors
    /// What broke.
    pub async fn read(&self, some: &[(&ItemId, &Entries)]) -> StoreResult<Vec<Sides<Option<Json>>>> {
        let each = some.iter().flat_map(|(_, entries)| entries.as_ref().into_array());
        let hashes: Vec<NodeHash> = each.filter_map(|entry| entry.as_ref().map(|entry| entry.content)).collect();
        let mut read = self.load(&hashes).await?.into_iter();
        let mut json = |entry: &Option<Arc<ItemEntry>>| {
            let Some(_) = entry else { return Ok(None) };
            let bytes = read.next().ok_or(Malformed("a content is missing"))?;
            Json::parse(&bytes, &Limits::default()).map(Some).map_err(|_| Malformed("a content is no JSON"))
        };
        let mut all = Vec::with_capacity(some.len());
        for (_, entries) in some {
            let [base, parent, fork] = entries.as_ref().into_array().map(&mut json);
            all.push(Sides { base: base.map_err(broken)?, parent: parent.map_err(broken)?, fork: fork.map_err(broken)? });
        }
        Ok(all)
    }

    async fn load(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        let original = |hash: &NodeHash| self.originals.get(hash).copied();
        let stored: Vec<NodeHash> = hashes.iter().map(|hash| original(hash).unwrap_or(*hash)).collect();
        let mut read = self.snapshot.contents(&stored).await?;
        if let Some(version) = self.version {
            for (bytes, hash) in read.iter_mut().zip(hashes) {
                if original(hash).is_some() {
                    *bytes = convert(bytes, Node::Item, version).into_owned();
                }
            }
        }
        Ok(read)
    }
}

/// Whose content is taken of an item that both sides have. None: it is to be merged.
fn agreed(entries: &Entries) -> Option<Side> {
    let content = entries.as_ref().map(|entry| entry.as_ref().map(|entry| entry.content));
    content.agreed().map(|agreed| if agreed == content.parent { Side::Parent } else { Side::Fork })
}

/// How many bytes a content takes in version 2.1.
fn size(content: &[u8]) -> u32 {
    u32::try_from(convert(content, Node::Item, Version::V2_1).len()).unwrap_or(u32::MAX)
}

/// Items in batches of which all contents may be in memory.
pub(super) fn batches<'e>(items: impl Iterator<Item = (&'e ItemId, &'e Entries)>) -> Vec<Vec<(&'e ItemId, &'e Entries)>> {
    let mut batches: Vec<Vec<_>> = Vec::new();
    let mut bytes = u64::MAX;
    for (id, entries) in items {
        let size = entries.as_ref().into_array().into_iter().flatten().map(|entry| u64::from(entry.size)).sum::<u64>();
        match batches.last_mut() {
            Some(batch) if batch.len() < ITEMS_AT_ONCE && bytes.saturating_add(size) <= BYTES_AT_ONCE => {
                batch.push((id, entries));
                bytes = bytes.saturating_add(size);
            }
            _ => {
                batches.push(vec![(id, entries)]);
                bytes = size;
            }
        }
    }
    batches
}
