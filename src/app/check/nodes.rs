//! Nodes have the bytes that their hashes say, and what is kept has all the nodes that it needs.
//!
//! Nodes that nothing needs are no finding: a collection of garbage takes them by and by, the needed ones of those that are not first.

use super::report::MOST;
use super::{FindingKind, Report};
use crate::app::ports::{CheckQueries, NodeRoot, StoreResult};
use crate::domain::snapshot::{NodeHash, Reference, hash_of, references};
use std::collections::BTreeMap;

/// How many nodes are listed in one statement.
const NODES: u64 = 1_000;

/// The most bytes of nodes that are held at once, but for a single one that is longer.
const BYTES: u64 = 4 * 1024 * 1024;

/// How many roots are listed in one statement.
const ROOTS: u64 = 500;

/// How many nodes are followed at once.
const FOLLOWED_AT_ONCE: usize = 32;

/// Looks at the bytes of every node.
pub(super) async fn look_at_bytes(queries: &dyn CheckQueries, report: &mut Report) -> StoreResult<()> {
    let mut after = None;
    loop {
        let nodes = queries.list_node_sizes(after, NODES).await?;
        let Some((last, _)) = nodes.last() else { return Ok(()) };
        after = Some(*last);
        let mut left = &nodes[..];
        while !left.is_empty() {
            let (some, rest) = left.split_at(within(left, BYTES));
            let hashes: Vec<NodeHash> = some.iter().map(|(hash, _)| *hash).collect();
            for (hash, bytes) in queries.find_nodes(&hashes).await? {
                report.looked_at("nodes", 1);
                report.looked_at("bytes of nodes", bytes.len() as u64);
                let found = hash_of(&bytes);
                if found != hash {
                    report.add(FindingKind::WrongHash, format!("node {hash}: its bytes have the hash {found}"));
                }
            }
            left = rest;
        }
    }
}

/// How many of these come to no more than so many bytes; one at least.
fn within(nodes: &[(NodeHash, u64)], most: u64) -> usize {
    let mut sum = 0_u64;
    let fit = nodes.iter().take_while(|(_, size)| {
        sum = sum.saturating_add(*size);
        sum <= most
    });
    fit.count().max(1)
}

/// Follows every root that is kept to all that it needs. A node that several need is followed once.
pub(super) async fn look_at_needs(queries: &dyn CheckQueries, report: &mut Report) -> StoreResult<()> {
    let mut after = None;
    loop {
        let roots = queries.list_kept_roots(after, ROOTS).await?;
        let Some(last) = roots.last() else { return Ok(()) };
        after = Some(last.hash);
        report.looked_at("roots of documents", roots.len() as u64);
        let (followed, contents): (Vec<NodeRoot>, Vec<NodeRoot>) = roots.iter().partition(|root| root.is_followed);
        look_for(queries, report, &contents.iter().map(|root| (root.hash, root.hash)).collect()).await?;
        // Each node with the root for whose sake it is looked at. The last found is followed first: what waits is never more than a few nodes of
        // each level need.
        let mut waiting: Vec<(NodeHash, NodeHash)> = followed.iter().map(|root| (root.hash, root.hash)).collect();
        while !waiting.is_empty() {
            let some: BTreeMap<_, _> = waiting.split_off(waiting.len().saturating_sub(FOLLOWED_AT_ONCE)).into_iter().collect();
            waiting.extend(follow(queries, report, some).await?);
        }
    }
}

/// Looks at these nodes and at the contents that they need, and answers the other nodes that they do.
async fn follow(
    queries: &dyn CheckQueries,
    report: &mut Report,
    nodes: BTreeMap<NodeHash, NodeHash>,
) -> StoreResult<BTreeMap<NodeHash, NodeHash>> {
    let new = queries.remember_nodes(&nodes.keys().copied().collect::<Vec<_>>()).await?;
    let found = queries.find_nodes(&new).await?;
    report.looked_at("followed nodes", new.len() as u64);
    let (mut next, mut contents) = (BTreeMap::new(), BTreeMap::new());
    for (hash, root) in nodes.into_iter().filter(|(hash, _)| new.contains(hash)) {
        let Some(bytes) = found.get(&hash) else {
            missing(queries, report, hash, root).await?;
            continue;
        };
        match references(bytes) {
            Ok(needed) => {
                for reference in needed {
                    match reference {
                        Reference::Node(needed) => next.insert(needed, root),
                        Reference::Content(needed) => contents.insert(needed, root),
                    };
                }
            }
            Err(malformed) => {
                let needed_by = needed_by(queries, report, FindingKind::UnreadableNode, root).await?;
                report.add(FindingKind::UnreadableNode, format!("node {hash}{needed_by}: {malformed}"));
            }
        }
    }
    look_for(queries, report, &contents).await?;
    Ok(next)
}

/// Looks whether these nodes are there, each for the sake of its root.
async fn look_for(queries: &dyn CheckQueries, report: &mut Report, nodes: &BTreeMap<NodeHash, NodeHash>) -> StoreResult<()> {
    let existing = queries.existing_nodes(&nodes.keys().copied().collect::<Vec<_>>()).await?;
    for (hash, root) in nodes.iter().filter(|(hash, _)| !existing.contains(hash)) {
        missing(queries, report, *hash, *root).await?;
    }
    Ok(())
}

async fn missing(queries: &dyn CheckQueries, report: &mut Report, hash: NodeHash, root: NodeHash) -> StoreResult<()> {
    let needed_by = needed_by(queries, report, FindingKind::MissingNode, root).await?;
    report.add(FindingKind::MissingNode, format!("node {hash}{needed_by}: it is not there"));
    Ok(())
}

/// Who needs the root, for a finding that is told.
async fn needed_by(queries: &dyn CheckQueries, report: &Report, kind: FindingKind, root: NodeHash) -> StoreResult<String> {
    if report.count(kind) >= MOST as u64 {
        return Ok(String::new());
    }
    Ok(match queries.find_revision_of(root).await? {
        Some((element, version)) => format!(", needed by version {version} of the element {}", element.uuid()),
        None => ", needed by where a fork and its parent last met".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_read_by_their_bytes_and_one_at_least() {
        let node = |size| (hash_of(b""), size);
        for (sizes, most, count) in [(&[1, 2, 3][..], 10, 3), (&[4, 4, 4], 8, 2), (&[9, 1], 8, 1), (&[u64::MAX, u64::MAX], 8, 1)] {
            let nodes: Vec<_> = sizes.iter().copied().map(node).collect();
            assert_eq!(within(&nodes, most), count, "{sizes:?}");
        }
    }
}
