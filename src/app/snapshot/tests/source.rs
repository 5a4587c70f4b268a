//! Nodes in memory, and how often they are asked for.

use crate::app::ports::{StoreError, StoreResult};
use crate::app::snapshot::{Edited, NodeSource};
use crate::domain::snapshot::{Build, Head, ItemEntry, Limits, Malformed, NewNode, NodeHash, Reference, Salt, hash_of, references};
use async_trait::async_trait;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

/// What was asked of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    pub calls: usize,
    pub nodes: usize,
    pub bytes: usize,
}

#[derive(Debug, Default)]
pub struct Memory {
    nodes: HashMap<NodeHash, Vec<u8>>,
    asked: Mutex<Asked>,
}

#[async_trait]
impl NodeSource for Memory {
    async fn nodes(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        assert_eq!(hashes.iter().collect::<HashSet<_>>().len(), hashes.len(), "asked twice at once");
        let find = |hash| self.nodes.get(hash).cloned().ok_or_else(|| StoreError::Broken(Malformed("missing").into()));
        let found = hashes.iter().map(find).collect::<StoreResult<Vec<_>>>()?;
        let mut asked = self.asked.lock().unwrap();
        asked.calls += usize::from(!hashes.is_empty());
        asked.nodes += hashes.len();
        asked.bytes += found.iter().map(Vec::len).sum::<usize>();
        Ok(found)
    }
}

/// The head of every collection of these tests.
pub const HEAD: &[u8] = b"{\"item\":[]}";

impl Memory {
    pub fn put(&mut self, node: NewNode) {
        self.nodes.insert(node.hash, node.bytes);
    }

    /// Stores what an editor made. Answers the root.
    pub fn keep(&mut self, edited: Edited) -> NodeHash {
        for node in edited.nodes {
            self.put(node);
        }
        edited.root
    }

    /// Stores a snapshot of these items. Answers its root, and those of all of its nodes.
    pub fn build(&mut self, entries: Vec<ItemEntry>) -> (NodeHash, HashSet<NodeHash>) {
        self.put(NewNode::of(HEAD.to_vec()));
        let head = Head { salt: Salt::default(), content: hash_of(HEAD), size: HEAD.len() as u64 };
        let (built, nodes) = Build::new(head, entries, Limits::default()).unwrap().to_end();
        let hashes = nodes.iter().map(|node| node.hash).collect();
        for node in nodes {
            self.put(node);
        }
        (built.root, hashes)
    }

    /// What was asked since this was last called.
    pub fn asked(&self) -> Asked {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    pub fn has(&self, hash: NodeHash) -> bool {
        self.nodes.contains_key(&hash)
    }

    /// Everything that a root needs, contents too. Each of it is there.
    pub fn reachable(&self, root: NodeHash) -> HashSet<NodeHash> {
        let (mut found, mut at) = (HashSet::new(), vec![Reference::Node(root)]);
        while let Some(reference) = at.pop() {
            let (Reference::Node(hash) | Reference::Content(hash)) = reference;
            assert!(self.has(hash), "{reference:?} is missing");
            if found.insert(hash) && reference == Reference::Node(hash) {
                at.extend(references(&self.nodes[&hash]).unwrap());
            }
        }
        found
    }
}
