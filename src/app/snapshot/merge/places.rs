//! Whose place items take.

use super::Told;
use super::cycles::{Ways, knots};
use super::items::{Items, on};
use super::moves::Moves;
use crate::domain::merge::{Decisions, Side};
use crate::domain::snapshot::ItemId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Decides whose place each item takes that both sides have. `put_in` are items that may have to go back.
pub(super) fn settle(
    items: &Items,
    moves: Moves,
    put_in: &HashSet<ItemId>,
    decisions: &mut Decisions,
    told: &mut Told,
) -> BTreeMap<ItemId, Side> {
    let knots = knots(ways(items, &moves, put_in));
    let mut places = moves.places;
    for knot in knots {
        let Some(first) = knot.first() else { continue };
        let side = told.decide_place(first, decisions);
        for id in knot {
            places.insert(id, Some(side));
        }
    }
    let decided = places.into_iter().map(|(id, side)| {
        let side = side.unwrap_or_else(|| told.decide_place(&id, decisions));
        (id, side)
    });
    decided.collect()
}

/// The folders that each item may come to lie in.
fn ways<'a>(items: &'a Items, moves: &Moves, put_in: &HashSet<ItemId>) -> HashMap<&'a ItemId, Ways<'a>> {
    let untouched = items.untouched().map(|(id, likely)| (id, Ways { likely, other: likely, is_open: false }));
    let touched = items.touched.iter().filter_map(|(id, entries)| {
        let parent = |side| on(entries, side).map(|entry| entry.parent.as_ref());
        let (Some(of_parent), Some(of_fork)) = (parent(Side::Parent), parent(Side::Fork)) else {
            let likely = parent(Side::Parent).or_else(|| parent(Side::Fork))?;
            return Some((id, Ways { likely, other: likely, is_open: false }));
        };
        let side = moves.places.get(id).copied().flatten();
        let (likely, other) = if side == Some(Side::Fork) { (of_fork, of_parent) } else { (of_parent, of_fork) };
        let is_open = side.is_none() || put_in.contains(id);
        Some((id, Ways { likely, other, is_open }))
    });
    untouched.chain(touched).collect()
}
