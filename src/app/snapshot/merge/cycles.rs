//! Folders that would lie in each other: each side moved one of them under the other.
//!
//! Whatever is decided elsewhere must not make a cycle afterwards, so an item whose place is not certain counts with the places that it has on
//! both sides, and so do all that are part of a cycle then. What is left in the end of a knot is put to the places of one side, in
//! which there is no cycle.

use crate::domain::snapshot::ItemId;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// So often it is looked for what else a knot would draw in, before everything that could be is taken to be part of it.
const MOST_ROUNDS: usize = 32;

/// The places that an item may have: folders, or the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ways<'a> {
    /// The folder that it lies in, if it is as certain as the rest.
    pub likely: Option<&'a ItemId>,
    /// The folder that it lies in on the other side.
    pub other: Option<&'a ItemId>,
    /// Whether it may come to lie in either.
    pub is_open: bool,
}

impl Ways<'_> {
    /// Whether the sides have it in two different ones.
    fn differ(&self) -> bool {
        self.likely != self.other
    }
}

/// Sets of items that lie in two folders each, and of which some would lie in themselves. Nothing is in two sets.
pub(super) fn knots(mut ways: HashMap<&ItemId, Ways<'_>>) -> Vec<BTreeSet<ItemId>> {
    for round in 0.. {
        let knotted = knotted(&ways);
        let drawn: Vec<ItemId> = ways
            .iter()
            .filter(|(id, ways)| knotted.contains(**id) && ways.differ() && !ways.is_open)
            .map(|(id, _)| (*id).clone())
            .collect();
        if drawn.is_empty() {
            return sets(&ways, &knotted);
        }
        let drawn: HashSet<ItemId> = drawn.into_iter().collect();
        for (id, ways) in &mut ways {
            ways.is_open |= ways.differ() && (round >= MOST_ROUNDS || drawn.contains(*id));
        }
    }
    Vec::new()
}

/// The items that lie in themselves, as their parents tell.
pub(super) fn cyclic<'a>(parents: impl Iterator<Item = (&'a ItemId, Option<&'a ItemId>)>) -> HashSet<&'a ItemId> {
    knotted(&parents.map(|(id, likely)| (id, Ways { likely, other: likely, is_open: false })).collect())
}

/// The folders that an item may lie in.
fn around<'a>(ways: &Ways<'a>) -> impl Iterator<Item = &'a ItemId> + use<'a> {
    let other = ways.other.filter(|_| ways.is_open && ways.differ());
    ways.likely.into_iter().chain(other)
}

/// The items of which a way leads up to a cycle and one down to one: those of cycles, and those between them.
fn knotted<'a>(ways: &HashMap<&'a ItemId, Ways<'a>>) -> HashSet<&'a ItemId> {
    let up: BTreeMap<&ItemId, Vec<&ItemId>> = ways.iter().map(|(id, ways)| (*id, around(ways).collect())).collect();
    let up = trimmed(up);
    let mut down: BTreeMap<&ItemId, Vec<&ItemId>> = up.keys().map(|id| (*id, Vec::new())).collect();
    for (id, above) in &up {
        for above in above {
            down.entry(*above).or_default().push(*id);
        }
    }
    trimmed(down).into_keys().collect()
}

/// Takes away what leads nowhere, again and again.
fn trimmed<'a>(mut ways: BTreeMap<&'a ItemId, Vec<&'a ItemId>>) -> BTreeMap<&'a ItemId, Vec<&'a ItemId>> {
    let mut back: HashMap<&ItemId, Vec<&ItemId>> = HashMap::new();
    let mut left: HashMap<&ItemId, usize> = HashMap::new();
    let mut ends = Vec::new();
    for (id, next) in &ways {
        let next = next.iter().filter(|next| ways.contains_key(**next));
        let count = next.map(|next| back.entry(*next).or_default().push(*id)).count();
        left.insert(*id, count);
        if count == 0 {
            ends.push(*id);
        }
    }
    while let Some(end) = ends.pop() {
        ways.remove(end);
        for before in back.remove(end).into_iter().flatten() {
            let left = left.entry(before).or_default();
            *left = left.saturating_sub(1);
            if *left == 0 {
                ends.push(before);
            }
        }
    }
    let stays: HashSet<&ItemId> = ways.keys().copied().collect();
    for next in ways.values_mut() {
        next.retain(|next| stays.contains(*next));
    }
    ways
}

/// The items of each knot that lie in two folders.
fn sets(ways: &HashMap<&ItemId, Ways<'_>>, knotted: &HashSet<&ItemId>) -> Vec<BTreeSet<ItemId>> {
    let mut tied: BTreeMap<&ItemId, Vec<&ItemId>> = knotted.iter().map(|id| (*id, Vec::new())).collect();
    for id in knotted {
        for above in ways.get(*id).into_iter().flat_map(around) {
            if let Some((above, _)) = tied.get_key_value(above) {
                let above = *above;
                tied.entry(*id).or_default().push(above);
                tied.entry(above).or_default().push(*id);
            }
        }
    }
    let mut sets = Vec::new();
    while let Some((first, next)) = tied.pop_first() {
        let (mut set, mut at) = (BTreeSet::from([first]), next);
        while let Some(id) = at.pop() {
            if let Some(next) = tied.remove(id) {
                set.insert(id);
                at.extend(next);
            }
        }
        sets.push(set.into_iter().filter(|id| ways.get(*id).is_some_and(Ways::differ)).cloned().collect());
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> ItemId {
        ItemId::parse(name).expect("an id")
    }

    /// An item, the folders that it may lie in, and whether that is open.
    type Line = (&'static str, [Option<&'static str>; 2], bool);

    fn found(list: &[Line]) -> Vec<Vec<String>> {
        let owned: Vec<_> = list.iter().map(|(item, ways, is_open)| (id(item), ways.map(|way| way.map(id)), *is_open)).collect();
        let ways = owned
            .iter()
            .map(|(item, [likely, other], is_open)| (item, Ways { likely: likely.as_ref(), other: other.as_ref(), is_open: *is_open }));
        knots(ways.collect()).into_iter().map(|set| set.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn a_tree_has_no_knots() {
        let tree = [("a", [None, None], false), ("b", [Some("a"), None], false), ("c", [Some("b"), Some("a")], true)];
        assert_eq!(found(&tree), Vec::<Vec<String>>::new());
    }

    #[test]
    fn folders_that_were_moved_into_each_other_are_a_knot_without_what_lies_in_them_or_around() {
        let cycle = [
            ("a", [Some("m"), None], false),
            ("m", [Some("b"), Some("b")], false),
            ("b", [Some("a"), Some("z")], false),
            ("in", [Some("a"), None], false),
            ("z", [None, None], false),
        ];
        assert_eq!(found(&cycle), [["a", "b"]]);
    }

    #[test]
    fn what_would_make_a_cycle_only_once_others_are_put_back_is_part_of_it() {
        // `a` and `b` in each other; put back, `a` lies in `c`, which was moved below `a`.
        let cycle = [("a", [Some("b"), Some("c")], false), ("b", [Some("a"), None], false), ("c", [Some("a"), None], false)];
        assert_eq!(found(&cycle), [["a", "b", "c"]]);
    }

    #[test]
    fn an_open_place_counts_with_both_folders() {
        let ways = |is_open| [("a", [None, Some("b")], is_open), ("b", [Some("a"), None], false)];
        assert_eq!(found(&ways(false)), Vec::<Vec<String>>::new());
        assert_eq!(found(&ways(true)), [["a", "b"]]);
    }
}
