//! Ranks for a list that replaces another one.
//!
//! Whoever sends a whole collection means the order of its items, and knows nothing of ranks. Items that stay in their folder, in the order that
//! they had, keep their ranks; so what differs afterwards is what was moved.

use super::{ItemEntry, ItemId, NodeHash, Place, Rank, Summary};
use std::collections::HashMap;

/// An item of a list whose ranks are not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its id.
    pub id: ItemId,
    /// The folder that it is in; none: at the top.
    pub parent: Option<ItemId>,
    /// The node of its content.
    pub content: NodeHash,
    /// The bytes of its content in v2.1 form.
    pub size: u32,
    /// What lists show of it.
    pub summary: Summary,
}

/// These items, of which siblings come in their order, with ranks: as few others as possible than they had.
#[must_use]
pub fn ranked<S: std::hash::BuildHasher>(old: &HashMap<ItemId, Place, S>, mut arrivals: Vec<Arrival>) -> Vec<ItemEntry> {
    // A stable sort: siblings stay in their order.
    arrivals.sort_by(|one, other| one.parent.cmp(&other.parent));
    let mut ranks = Vec::with_capacity(arrivals.len());
    for siblings in arrivals.chunk_by(|one, next| one.parent == next.parent) {
        let had = siblings.iter().map(|item| old.get(&item.id).filter(|place| place.parent == item.parent).map(|place| &place.rank));
        let kept = kept(&had.collect::<Vec<_>>());
        ranks.extend(filled(&kept).unwrap_or_else(|| Rank::spread(siblings.len()).collect()));
    }
    let entries = arrivals.into_iter().zip(ranks);
    entries.map(|(Arrival { id, parent, content, size, summary }, rank)| ItemEntry { parent, rank, id, content, size, summary }).collect()
}

/// The most of these ranks that are in order as they are.
fn kept<'a>(ranks: &[Option<&'a Rank>]) -> Vec<Option<&'a Rank>> {
    let mut ends: Vec<(usize, &Rank)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; ranks.len()];
    for (index, rank) in ranks.iter().enumerate() {
        let Some(rank) = rank else { continue };
        let length = ends.partition_point(|(_, end)| end < rank);
        before[index] = length.checked_sub(1).and_then(|shorter| ends.get(shorter)).map(|(end, _)| *end);
        match ends.get_mut(length) {
            Some(end) => *end = (index, rank),
            None => ends.push((index, rank)),
        }
    }
    let mut kept = vec![None; ranks.len()];
    let mut at = ends.last().map(|(index, _)| *index);
    while let Some(index) = at {
        kept[index] = ranks[index];
        at = before[index];
    }
    kept
}

/// These ranks, and new ones for those that have none. None: there is no room between them.
fn filled(kept: &[Option<&Rank>]) -> Option<Vec<Rank>> {
    let mut ranks: Vec<Rank> = Vec::with_capacity(kept.len());
    let mut rest = kept;
    while !rest.is_empty() {
        let gap = rest.iter().take_while(|rank| rank.is_none()).count();
        let after = rest.get(gap).copied().flatten();
        let between = Rank::fill(ranks.last(), after, gap)?;
        ranks.extend(between);
        ranks.extend(after.cloned());
        rest = &rest[rest.len().min(gap + 1)..];
    }
    Some(ranks)
}
