//! The nodes that were read last.

use crate::domain::snapshot::NodeHash;
use crate::domain::snapshot::node::Node;
use std::collections::HashMap;
use std::sync::Arc;

/// So many nodes, of which those go first that were not asked for the longest.
#[derive(Debug)]
pub(super) struct Cache {
    nodes: HashMap<NodeHash, (Arc<Node>, u64)>,
    capacity: usize,
    asked: u64,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Self {
        Self { nodes: HashMap::new(), capacity, asked: 0 }
    }

    pub(super) fn get(&mut self, hash: NodeHash) -> Option<Arc<Node>> {
        self.asked += 1;
        let (node, asked) = self.nodes.get_mut(&hash)?;
        *asked = self.asked;
        Some(Arc::clone(node))
    }

    pub(super) fn put(&mut self, hash: NodeHash, node: Arc<Node>) {
        self.asked += 1;
        self.nodes.insert(hash, (node, self.asked));
        if self.nodes.len() > self.capacity {
            self.forget();
        }
    }

    /// Forgets a quarter at once, so that it is not looked for the oldest each time.
    fn forget(&mut self) {
        let mut times: Vec<u64> = self.nodes.values().map(|(_, asked)| *asked).collect();
        let (_, limit, _) = times.select_nth_unstable(self.capacity / 4);
        let limit = *limit;
        self.nodes.retain(|_, (_, asked)| *asked > limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::snapshot::hash_of;
    use crate::domain::snapshot::node::MapKind;

    #[test]
    fn what_was_not_asked_for_the_longest_is_forgotten() {
        let hash = |number: u8| hash_of(&[number]);
        let mut cache = Cache::new(8);
        for number in 0..9 {
            cache.put(hash(number), Arc::new(Node::new(MapKind::Order, 0, Vec::new())));
            assert!(cache.get(hash(0)).is_some());
        }
        assert!(cache.get(hash(0)).is_some() && cache.get(hash(8)).is_some());
        assert!(cache.get(hash(1)).is_none());
    }
}
