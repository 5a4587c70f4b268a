//! The nodes of maps: read a level at once, and those that an editor has made and not stored yet.

use super::cache::Cache;
use super::{NodeSource, broken};
use crate::app::ports::StoreResult;
use crate::domain::snapshot::node::{MapKind, Node, Record};
use crate::domain::snapshot::{Malformed, NewNode, NodeHash};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most nodes of one call.
const AT_ONCE: usize = 256;

/// A map, by its root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tree {
    pub(super) kind: MapKind,
    pub(super) root: Option<NodeHash>,
}

/// Where a key is, or would be: before the record of this index, which is the length of the leaf for a key behind all.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) leaf: Arc<Node>,
    pub(super) index: usize,
    /// How many values lie in the leaves before this one.
    pub(super) before: u64,
}

impl Spot {
    /// How many values lie before the key.
    pub(super) const fn position(&self) -> u64 {
        self.before.saturating_add(self.index as u64)
    }

    /// The record of exactly this key.
    pub(super) fn record(&self, key: &[u8]) -> Option<&Record> {
        self.leaf.records().get(self.index).filter(|record| *record.key == *key)
    }
}

/// The nodes of a snapshot.
pub(super) struct Nodes<'a> {
    source: &'a dyn NodeSource,
    state: Mutex<State>,
}

struct State {
    cache: Cache,
    /// Everything that was read.
    read: HashSet<NodeHash>,
    /// What was made and is not stored yet.
    made: HashMap<NodeHash, (Arc<Node>, Vec<u8>)>,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(source: &'a dyn NodeSource, kept: usize) -> Self {
        let state = State { cache: Cache::new(kept), read: HashSet::new(), made: HashMap::new() };
        Self { source, state: Mutex::new(state) }
    }

    /// Nothing is left half done while the lock is held, so what a panicking thread leaves is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of contents, which may be asked for twice.
    pub(super) async fn contents(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        let mut places: HashMap<NodeHash, usize> = HashMap::new();
        let mut different = Vec::new();
        for hash in hashes {
            places.entry(*hash).or_insert_with(|| {
                different.push(*hash);
                different.len() - 1
            });
        }
        let bytes = self.fetch(&different).await?;
        Ok(hashes.iter().filter_map(|hash| bytes.get(*places.get(hash)?).cloned()).collect())
    }

    async fn fetch(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        let mut all = Vec::with_capacity(hashes.len());
        for some in hashes.chunks(AT_ONCE) {
            all.append(&mut self.source.nodes(some).await?);
        }
        if all.len() == hashes.len() { Ok(all) } else { Err(broken(Malformed("other nodes than were asked for"))) }
    }

    /// These nodes of a map, of one level, which is this one if it is known; they may be asked for twice.
    pub(super) async fn load(&self, kind: MapKind, level: Option<u8>, hashes: &[NodeHash]) -> StoreResult<Vec<Arc<Node>>> {
        let nodes = self.load_any(kind, hashes).await?;
        // A level is one less at each step down, so whatever is stored, a way down has an end.
        let level = level.or_else(|| nodes.first().map(|node| node.level()));
        if nodes.iter().all(|node| Some(node.level()) == level) { Ok(nodes) } else { Err(broken(Malformed("a node of another level"))) }
    }

    /// These nodes of a map, of any levels.
    pub(super) async fn load_any(&self, kind: MapKind, hashes: &[NodeHash]) -> StoreResult<Vec<Arc<Node>>> {
        let mut known: HashMap<NodeHash, Arc<Node>> = HashMap::new();
        let mut missing = Vec::new();
        {
            let mut state = self.state();
            for hash in hashes {
                if known.contains_key(hash) {
                    continue;
                }
                let made = state.made.get(hash).map(|(node, _)| Arc::clone(node));
                match made.or_else(|| state.cache.get(*hash)) {
                    Some(node) => drop(known.insert(*hash, node)),
                    None => missing.push(*hash),
                }
            }
        }
        missing.sort_unstable();
        missing.dedup();
        let fetched = self.fetch(&missing).await?;
        for (hash, bytes) in missing.into_iter().zip(fetched) {
            let node = Arc::new(Node::decode(&bytes).map_err(broken)?);
            let mut state = self.state();
            state.read.insert(hash);
            state.cache.put(hash, Arc::clone(&node));
            known.insert(hash, node);
        }
        let nodes: Vec<Arc<Node>> = hashes.iter().filter_map(|hash| known.get(hash).cloned()).collect();
        if nodes.iter().all(|node| node.kind() == kind) { Ok(nodes) } else { Err(broken(Malformed("a node of another map"))) }
    }

    /// Where these keys are. None: the map is empty.
    pub(super) async fn descend(&self, tree: Tree, keys: &[Vec<u8>]) -> StoreResult<Vec<Option<Spot>>> {
        let Some(root) = tree.root else { return Ok(vec![None; keys.len()]) };
        let mut level = None;
        let mut at: Vec<(NodeHash, u64)> = vec![(root, 0); keys.len()];
        loop {
            let hashes: Vec<NodeHash> = at.iter().map(|(hash, _)| *hash).collect();
            let nodes = self.load(tree.kind, level, &hashes).await?;
            level = nodes.first().and_then(|node| node.level().checked_sub(1));
            let index = |node: &Node, key: &Vec<u8>| node.records().partition_point(|record| *record.key < **key);
            if level.is_none() {
                let spots = nodes.into_iter().zip(at).zip(keys);
                return Ok(spots.map(|((leaf, (_, before)), key)| Some(Spot { index: index(&leaf, key), leaf, before })).collect());
            }
            for ((node, key), (hash, before)) in nodes.iter().zip(keys).zip(&mut at) {
                let index = index(node, key).min(node.records().len().saturating_sub(1));
                let (passed, rest) = node.records().split_at(index);
                *before = passed.iter().map(Record::count).fold(*before, u64::saturating_add);
                *hash = rest.first().ok_or(Malformed("a node without records")).and_then(Record::child).map_err(broken)?;
            }
        }
    }

    /// The records of these keys.
    pub(super) async fn get(&self, tree: Tree, keys: &[Vec<u8>]) -> StoreResult<Vec<Option<Record>>> {
        let spots = self.descend(tree, keys).await?;
        Ok(spots.into_iter().zip(keys).map(|(spot, key)| spot?.record(key).cloned()).collect())
    }

    /// How many values lie before each of these keys.
    pub(super) async fn positions(&self, tree: Tree, keys: &[Vec<u8>]) -> StoreResult<Vec<u64>> {
        let spots = self.descend(tree, keys).await?;
        Ok(spots.iter().map(|spot| spot.as_ref().map_or(0, Spot::position)).collect())
    }

    /// The values of these ranges, counted from the first of all.
    pub(super) async fn slices(&self, tree: Tree, ranges: &[Range<u64>]) -> StoreResult<Vec<Vec<Record>>> {
        let mut slices: Vec<Vec<Record>> = vec![Vec::new(); ranges.len()];
        let meets = |start: u64, count: u64| ranges.iter().any(|range| range.start < start.saturating_add(count) && start < range.end);
        let mut at: Vec<(NodeHash, u64)> = tree.root.into_iter().map(|root| (root, 0)).collect();
        let mut level = None;
        while !at.is_empty() {
            let hashes: Vec<NodeHash> = at.iter().map(|(hash, _)| *hash).collect();
            let nodes = self.load(tree.kind, level, &hashes).await?;
            level = nodes.first().and_then(|node| node.level().checked_sub(1));
            let mut below = Vec::new();
            for (node, (_, start)) in nodes.iter().zip(at) {
                if level.is_none() {
                    for (range, slice) in ranges.iter().zip(&mut slices) {
                        let index =
                            |position: u64| usize::try_from(position.saturating_sub(start)).unwrap_or(usize::MAX).min(node.records().len());
                        slice.extend_from_slice(node.records().get(index(range.start)..index(range.end)).unwrap_or_default());
                    }
                    continue;
                }
                let mut start = start;
                for record in node.records() {
                    if meets(start, record.count()) {
                        below.push((record.child().map_err(broken)?, start));
                    }
                    start = start.saturating_add(record.count());
                }
            }
            at = below;
        }
        Ok(slices)
    }

    /// Reads level after level from the root, as long as a level has no more nodes than this. Answers whether that was all.
    pub(super) async fn preload(&self, tree: Tree, most: usize) -> StoreResult<bool> {
        let mut at: Vec<NodeHash> = tree.root.into_iter().collect();
        let mut level = None;
        while !at.is_empty() && at.len() <= most {
            let nodes = self.load(tree.kind, level, &at).await?;
            level = nodes.first().and_then(|node| node.level().checked_sub(1));
            at.clear();
            if level.is_some() {
                let children = nodes.iter().flat_map(|node| node.records()).map(Record::child);
                at = children.collect::<Result<_, _>>().map_err(broken)?;
            }
        }
        Ok(at.is_empty())
    }

    /// Takes in a node that was made. Answers its address.
    pub(super) fn make(&self, node: Node) -> NodeHash {
        let NewNode { hash, bytes } = NewNode::of(node.encode());
        let mut state = self.state();
        if state.read.contains(&hash) {
            state.cache.put(hash, Arc::new(node));
        } else {
            state.made.insert(hash, (Arc::new(node), bytes));
        }
        hash
    }

    /// Takes in a node that was made elsewhere.
    pub(super) fn adopt(&self, node: &NewNode) -> StoreResult<()> {
        self.make(Node::decode(&node.bytes).map_err(broken)?);
        Ok(())
    }

    /// Forgets a node that was made, since nothing needs it any more.
    pub(super) fn unmake(&self, hash: NodeHash) {
        self.state().made.remove(&hash);
    }

    /// The nodes that were made and that this one needs, itself among them.
    pub(super) fn made_below(&self, root: Option<NodeHash>) -> StoreResult<Vec<NewNode>> {
        let state = self.state();
        let (mut found, mut at) = (Vec::new(), Vec::from_iter(root));
        while let Some(hash) = at.pop() {
            let Some((node, bytes)) = state.made.get(&hash) else { continue };
            found.push(NewNode { hash, bytes: bytes.clone() });
            if node.level() > 0 {
                for record in node.records() {
                    at.push(record.child().map_err(broken)?);
                }
            }
        }
        Ok(found)
    }
}
