//! Where items are to lie that both sides have.
//!
//! A rank is changed by a move, and also where room is made for something else between siblings of the same rank. Only the former is what
//! somebody wanted, so it is told from the latter: an item was moved if it has passed a sibling, or is in another folder.

use super::super::Snapshot;
use super::items::{Entries, Items, is_same_place, on};
use crate::app::ports::StoreResult;
use crate::domain::merge::{Side, Sides};
use crate::domain::snapshot::entry::{behind, order_key};
use crate::domain::snapshot::{ItemEntry, ItemId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// So many ranges are counted at once.
const AT_ONCE: usize = 256;

/// The keys of two places in the order map.
type Span = (Vec<u8>, Vec<u8>);

/// Who has moved what, and whose place each item takes.
#[derive(Debug, Default)]
pub(super) struct Moves {
    moved: Sides<HashSet<ItemId>>,
    /// Items that both sides have. None: both moved it, and differently.
    pub places: BTreeMap<ItemId, Option<Side>>,
}

impl Moves {
    /// Compares the places of all items.
    ///
    /// # Errors
    /// What broke.
    pub async fn read(items: &Items, snapshots: &Sides<Snapshot<'_>>) -> StoreResult<Self> {
        let mut moves = Self::default();
        moves.moved.parent = moved(items, Side::Parent, &snapshots.parent).await?;
        moves.moved.fork = moved(items, Side::Fork, &snapshots.fork).await?;
        let mut open = Vec::new();
        for (id, entries, parent, fork) in items.shared() {
            let place = moves.place(entries, parent, fork);
            if place.is_none() && parent.parent == fork.parent {
                open.push((id, parent, fork));
            }
            moves.places.insert(id.clone(), place);
        }
        // Put to the same gap between siblings that stay, it is there for both.
        let settled = |entries: &Entries| matches!((on(entries, Side::Parent), on(entries, Side::Fork)), (Some(parent), Some(fork)) if is_same_place(parent, fork));
        let unsettled = keys(items, Side::Parent, |entries| !settled(entries));
        let spans: Vec<Span> = open.iter().map(|(_, parent, fork)| span(parent, fork)).collect();
        let stand_between = stand_between(&snapshots.parent, &unsettled, &spans).await?;
        for ((id, parent, fork), _) in open.into_iter().zip(stand_between).filter(|(_, stand_between)| !stand_between) {
            moves.places.insert(id.clone(), Some(smaller(parent, fork)));
        }
        Ok(moves)
    }

    /// Whether this side has moved an item. That is only known of what the other one has not left where it was.
    pub fn has_moved(&self, side: Side, id: &ItemId) -> bool {
        self.moved.as_ref().of(side).contains(id)
    }

    fn place(&self, entries: &Entries, parent: &ItemEntry, fork: &ItemEntry) -> Option<Side> {
        if is_same_place(parent, fork) {
            return Some(Side::Parent);
        }
        let base = entries.base.as_deref()?;
        if is_same_place(base, fork) {
            return Some(Side::Parent);
        }
        if is_same_place(base, parent) {
            return Some(Side::Fork);
        }
        match (self.has_moved(Side::Parent, &base.id), self.has_moved(Side::Fork, &base.id)) {
            (true, true) => None,
            (true, false) => Some(Side::Parent),
            (false, true) => Some(Side::Fork),
            (false, false) => Some(smaller(parent, fork)),
        }
    }
}

/// The side that has the smaller rank.
fn smaller(parent: &ItemEntry, fork: &ItemEntry) -> Side {
    if parent.rank <= fork.rank { Side::Parent } else { Side::Fork }
}

/// The items that a side has moved, of those that the other one has not left where they were.
async fn moved(items: &Items, side: Side, snapshot: &Snapshot<'_>) -> StoreResult<HashSet<ItemId>> {
    let mut moved = HashSet::new();
    let mut ranked: HashMap<Option<&ItemId>, Vec<(&ItemEntry, &ItemEntry)>> = HashMap::new();
    for (id, entries) in &items.touched {
        let Some(now) = on(entries, side) else { continue };
        match entries.base.as_deref() {
            Some(base) if is_same_place(base, now) => {}
            Some(base) if base.parent == now.parent => ranked.entry(now.parent.as_ref()).or_default().push((base, now)),
            Some(_) | None => drop(moved.insert(id.clone())),
        }
    }
    let mut unsure = Vec::new();
    for pairs in ranked.into_values() {
        for (has_passed, base, now) in passed(pairs) {
            if has_passed {
                moved.insert(now.id.clone());
            } else if items.on(&now.id, side.other()).is_none_or(|other| !is_same_place(base, other)) {
                unsure.push((base, now));
            }
        }
    }
    let stays =
        |entries: &Entries| matches!((entries.base.as_deref(), on(entries, side)), (Some(base), Some(now)) if is_same_place(base, now));
    let unsettled = keys(items, side, |entries| !stays(entries));
    let spans: Vec<Span> = unsure.iter().map(|(base, now)| span(base, now)).collect();
    let has_passed = stand_between(snapshot, &unsettled, &spans).await?;
    moved.extend(unsure.into_iter().zip(has_passed).filter(|(_, has_passed)| *has_passed).map(|((_, now), _)| now.id.clone()));
    Ok(moved)
}

/// Which of these siblings, of which each has another rank than it had, have passed another one of them.
fn passed<'e>(mut pairs: Vec<(&'e ItemEntry, &'e ItemEntry)>) -> impl Iterator<Item = (bool, &'e ItemEntry, &'e ItemEntry)> {
    let mut now: Vec<&ItemEntry> = pairs.iter().map(|(_, now)| *now).collect();
    now.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
    let places: HashMap<&ItemId, usize> = now.iter().zip(0..).map(|(entry, place)| (&entry.id, place)).collect();
    pairs.sort_unstable_by(|(one, _), (other, _)| one.order().cmp(&other.order()));
    let place = |entry: &ItemEntry| places.get(&entry.id).copied().unwrap_or_default();
    let places: Vec<usize> = pairs.iter().map(|(base, _)| place(base)).collect();
    // One that is where it was, counted among them, has passed nobody exactly if all that were before it still are.
    let furthest = places.into_iter().scan(None, |furthest: &mut Option<usize>, place| {
        let before = furthest.is_some_and(|furthest| furthest > place);
        *furthest = (*furthest).max(Some(place));
        Some((before, place))
    });
    let flags: Vec<bool> = furthest.zip(0..).map(|((before, place), index)| before || place != index).collect();
    flags.into_iter().zip(pairs).map(|(flag, (base, now))| (flag, base, now))
}

/// The keys in the order map, sorted, of some of the items that this side has.
fn keys(items: &Items, side: Side, is_meant: impl Fn(&Entries) -> bool) -> Vec<Vec<u8>> {
    let meant = items.touched.values().filter(|entries| is_meant(entries));
    let mut keys: Vec<Vec<u8>> = meant.filter_map(|entries| on(entries, side)).map(ItemEntry::order_key).collect();
    keys.sort_unstable();
    keys
}

/// The way from one place of an item to another one in the same folder, from the lower one up.
fn span(one: &ItemEntry, other: &ItemEntry) -> Span {
    let key = |entry: &ItemEntry| order_key(entry.parent.as_ref(), &entry.rank, &entry.id);
    let (one, other) = (key(one), key(other));
    if one < other { (one, other) } else { (other, one) }
}

/// Whether siblings stand within each of these spans, beside those of these keys.
async fn stand_between(snapshot: &Snapshot<'_>, unsettled: &[Vec<u8>], spans: &[Span]) -> StoreResult<Vec<bool>> {
    let mut found = Vec::with_capacity(spans.len());
    for some in spans.chunks(AT_ONCE) {
        let bounds = some.iter().map(|(low, high)| (behind(low.clone()), high.clone())).collect();
        for (range, (low, high)) in snapshot.ranges(bounds).await?.into_iter().zip(some) {
            let up_to = unsettled.partition_point(|key| key < high);
            let beside = up_to.saturating_sub(unsettled.partition_point(|key| key <= low));
            found.push(range.end.saturating_sub(range.start) > beside as u64);
        }
    }
    Ok(found)
}
