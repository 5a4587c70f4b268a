//! What one side removed and the other one changed.
//!
//! Removing a folder removes what is in it, so whoever changed something there is asked once about the whole: about the topmost of the removed
//! items that lie around it. What the other side put there belongs to it too, since it would have nowhere to be. The same holds of a folder that
//! is a request now on one side, while the other one has put something in it, and of a request and a folder that were added with the same id.

use super::Told;
use super::items::{Entries, Items, on};
use super::moves::Moves;
use crate::domain::merge::{Decisions, Side};
use crate::domain::snapshot::{ItemEntry, ItemId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What removals leave.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// The items that are not there any more.
    pub gone: HashSet<ItemId>,
    /// Items that both sides have and of which one side's content is taken as it is.
    pub whole: BTreeMap<ItemId, Side>,
    /// Items that both sides have and that one of them put into what the other removed. They go back if that goes.
    pub put_in: HashSet<ItemId>,
}

/// What an item is to the removals of one side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// This side removed it.
    Removed,
    /// The other side added it.
    Added,
    /// It holds nothing any more here.
    Closed,
    /// Both sides have it.
    Shared,
}

/// The removed items that lie in each other, and what was added among them.
#[derive(Default)]
struct Region {
    members: Vec<ItemId>,
    is_touched: bool,
}

/// What one side removed.
struct Removed<'a> {
    items: &'a Items,
    moves: &'a Moves,
    /// Items that are a folder on the other side, and none in the result if nobody decides.
    closed: &'a BTreeMap<ItemId, Side>,
    /// Who removed.
    side: Side,
    /// The topmost of the removed items around an item, itself among them.
    tops: HashMap<ItemId, Option<ItemId>>,
}

impl Removals {
    /// Decides about what one side removed and the other one changed.
    pub fn decide(items: &Items, moves: &Moves, closed: &BTreeMap<ItemId, Side>, decisions: &mut Decisions, told: &mut Told) -> Self {
        let mut removals = Self::default();
        for side in [Side::Parent, Side::Fork] {
            let mut removed = Removed { items, moves, closed, side, tops: HashMap::new() };
            for (top, region) in removed.regions(&mut removals.put_in) {
                let keeps = if region.is_touched { told.decide_item(&top, decisions) } else { side };
                if region.is_touched && closed.get(&top) == Some(&side) {
                    removals.whole.insert(top, keeps);
                }
                if keeps == side {
                    removals.gone.extend(region.members);
                }
            }
        }
        removals
    }
}

impl<'a> Removed<'a> {
    fn regions(&mut self, put_in: &mut HashSet<ItemId>) -> BTreeMap<ItemId, Region> {
        let mut regions: BTreeMap<ItemId, Region> = BTreeMap::new();
        let items = self.items;
        for (id, entries) in &items.touched {
            let Some(entry) = on(entries, self.side.other()) else { continue };
            let role = self.role(id);
            if role == Role::Closed && entries.base.is_none() {
                regions.entry(id.clone()).or_default().is_touched = true;
            }
            if matches!(role, Role::Removed | Role::Added) {
                let Some(top) = self.top(id) else { continue };
                let region = regions.entry(top).or_default();
                region.members.push(id.clone());
                region.is_touched |= role == Role::Added || self.is_changed(entries, entry);
            } else if let Some(top) = self.top_around(entry)
                && self.moves.has_moved(self.side.other(), id)
            {
                regions.entry(top).or_default().is_touched = true;
                put_in.insert(id.clone());
            }
        }
        regions
    }

    fn role(&self, id: &ItemId) -> Role {
        let Some(entries) = self.items.touched.get(id) else { return Role::Shared };
        match (on(entries, self.side), on(entries, self.side.other()), entries.base.is_some()) {
            (None, Some(_), true) => Role::Removed,
            (None, Some(_), false) => Role::Added,
            (Some(_), Some(_), _) if self.closed.get(id) == Some(&self.side) => Role::Closed,
            _ => Role::Shared,
        }
    }

    /// Whether the other side changed an item that this one removed.
    fn is_changed(&self, entries: &Entries, entry: &ItemEntry) -> bool {
        entries.base.as_ref().is_some_and(|base| base.content != entry.content) || self.moves.has_moved(self.side.other(), &entry.id)
    }

    /// The topmost item of the region that an item would lie in, as the other side has it.
    fn top_around(&mut self, entry: &ItemEntry) -> Option<ItemId> {
        let parent = entry.parent.as_ref()?;
        match self.role(parent) {
            Role::Removed | Role::Added => self.top(parent),
            Role::Closed => Some(parent.clone()),
            Role::Shared => None,
        }
    }

    /// The topmost item of the region that an item is in, which was removed or added. None: it was added where nothing was removed.
    fn top(&mut self, id: &ItemId) -> Option<ItemId> {
        let items: &'a Items = self.items;
        let (mut way, mut at) = (Vec::new(), Some(id));
        let mut top = None;
        while let Some(id) = at {
            if let Some(known) = self.tops.get(id) {
                top.clone_from(known);
                break;
            }
            let role = self.role(id);
            if role == Role::Closed {
                top = Some(id.clone());
            }
            if matches!(role, Role::Closed | Role::Shared) {
                break;
            }
            way.push((id.clone(), role));
            at = items.on(id, self.side.other()).and_then(|entry| entry.parent.as_ref());
        }
        for (id, role) in way.into_iter().rev() {
            if top.is_none() && role == Role::Removed {
                top = Some(id.clone());
            }
            self.tops.insert(id, top.clone());
        }
        top
    }
}
