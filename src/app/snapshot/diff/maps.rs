//! What differs between two maps of a kind.
//!
//! Level by level from the roots, nodes that both maps have are left out with everything below them: a map has no node twice, so it does not
//! matter where in the other one it is. What is left in the end are the leaves that only one of the maps has, and these are compared.

use super::super::broken;
use super::super::nodes::Nodes;
use crate::app::ports::StoreResult;
use crate::domain::snapshot::NodeHash;
use crate::domain::snapshot::node::{MapKind, Payload, Record};
use std::collections::{HashSet, VecDeque};

/// So many leaves of each map are read at once.
const LEAVES_AT_ONCE: usize = 16;

/// A key under which the maps have not the same: what each has.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) key: Box<[u8]>,
    pub(super) payloads: [Option<Payload>; 2],
}

/// Two maps of a kind, of which the differences are read in the order of their keys.
#[derive(Debug)]
pub(super) struct Maps {
    kind: MapKind,
    sides: [Side; 2],
    /// Only keys behind this one.
    passed: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
struct Side {
    /// The leaves that are not read yet.
    leaves: VecDeque<NodeHash>,
    records: VecDeque<Record>,
}

/// The nodes of a level that only one of the maps has.
#[derive(Debug)]
struct Frontier {
    nodes: Vec<NodeHash>,
    level: u8,
}

impl Maps {
    pub(super) async fn open(nodes: &Nodes<'_>, kind: MapKind, roots: [Option<NodeHash>; 2], passed: Option<Vec<u8>>) -> StoreResult<Self> {
        let mut maps = Self { kind, sides: <[Side; 2]>::default(), passed };
        if roots[0] == roots[1] {
            return Ok(maps);
        }
        let mut read = nodes.load_any(kind, &roots.iter().flatten().copied().collect::<Vec<_>>()).await?.into_iter();
        let mut frontiers = roots.map(|root| {
            let level = root.and_then(|_| read.next()).map_or(0, |node| node.level());
            Frontier { nodes: Vec::from_iter(root), level }
        });
        while let level @ 1.. = frontiers[0].level.max(frontiers[1].level) {
            maps.go_down(nodes, &mut frontiers, level).await?;
        }
        for (side, frontier) in maps.sides.iter_mut().zip(frontiers) {
            side.leaves = frontier.nodes.into();
        }
        Ok(maps)
    }

    /// Goes to the level below in the maps that are at this one, in one call.
    async fn go_down(&self, nodes: &Nodes<'_>, frontiers: &mut [Frontier; 2], level: u8) -> StoreResult<()> {
        let is_here = frontiers.each_ref().map(|frontier| frontier.level == level);
        let here = frontiers.iter().filter(|frontier| frontier.level == level);
        let hashes: Vec<NodeHash> = here.flat_map(|frontier| frontier.nodes.iter().copied()).collect();
        let mut read = nodes.load(self.kind, Some(level), &hashes).await?.into_iter();
        for (frontier, _) in frontiers.iter_mut().zip(is_here).filter(|(_, is_here)| *is_here) {
            let mut below = Vec::new();
            for node in read.by_ref().take(frontier.nodes.len()) {
                for record in node.records() {
                    if self.passed.as_ref().is_none_or(|passed| *record.key > **passed) {
                        below.push(record.child().map_err(broken)?);
                    }
                }
            }
            *frontier = Frontier { nodes: below, level: level - 1 };
        }
        let [one, other] = frontiers;
        if one.level == other.level {
            let common: HashSet<NodeHash> = one.nodes.iter().copied().collect();
            let common: HashSet<NodeHash> = other.nodes.iter().copied().filter(|hash| common.contains(hash)).collect();
            one.nodes.retain(|hash| !common.contains(hash));
            other.nodes.retain(|hash| !common.contains(hash));
        }
        Ok(())
    }

    /// The next differences, up to so many; nothing: those were all.
    pub(super) async fn next(&mut self, nodes: &Nodes<'_>, most: usize) -> StoreResult<Vec<Difference>> {
        let mut found = Vec::new();
        while found.len() < most {
            self.read_on(nodes).await?;
            let [one, other] = &mut self.sides;
            let key = match (one.records.front(), other.records.front()) {
                (None, None) => break,
                (Some(record), None) | (None, Some(record)) => record.key.clone(),
                (Some(record), Some(second)) => record.key.clone().min(second.key.clone()),
            };
            let mut payload = |side: usize| Some(self.sides[side].records.pop_front_if(|record| record.key == key)?.payload);
            let payloads = [payload(0), payload(1)];
            if payloads[0] != payloads[1] && self.passed.as_ref().is_none_or(|passed| *key > **passed) {
                found.push(Difference { key, payloads });
            }
        }
        Ok(found)
    }

    /// Reads more leaves of both maps, if there is a map of which the next record is not known.
    async fn read_on(&mut self, nodes: &Nodes<'_>) -> StoreResult<()> {
        while self.sides.iter().any(|side| side.records.is_empty() && !side.leaves.is_empty()) {
            let next = self.sides.each_mut().map(|side| side.leaves.drain(..side.leaves.len().min(LEAVES_AT_ONCE)).collect::<Vec<_>>());
            let mut read = nodes.load(self.kind, Some(0), &next.concat()).await?.into_iter();
            for (side, leaves) in self.sides.iter_mut().zip(next) {
                side.records.extend(read.by_ref().take(leaves.len()).flat_map(|leaf| leaf.records().to_vec()));
            }
        }
        Ok(())
    }
}
