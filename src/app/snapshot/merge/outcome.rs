//! The items that come out.

use super::contents::Contents;
use super::cycles;
use super::items::{Items, on};
use super::removals::Removals;
use crate::domain::merge::Side;
use crate::domain::snapshot::{ItemEntry, ItemId, Limits};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The items that either side changed, as they come out.
pub(super) struct Outcome<'a> {
    items: &'a Items,
    pub entries: BTreeMap<ItemId, ItemEntry>,
}

impl<'a> Outcome<'a> {
    /// Puts contents to their places.
    ///
    /// Where decisions contradict each other, an item goes back to where the other side or the base has it, and where that is gone too,
    /// to the top: whatever was decided, a tree comes out.
    pub fn new(items: &'a Items, removals: &Removals, places: &BTreeMap<ItemId, Side>, contents: &Contents<'_, '_>) -> Self {
        let stay = items.touched.iter().filter(|(id, _)| !removals.gone.contains(*id));
        let results: BTreeMap<&ItemId, &ItemEntry> =
            stay.filter_map(|(id, entries)| Some((id, contents.result(id, entries, &removals.whole)?))).collect();
        let holds = |parent: &Option<ItemId>| match parent {
            Some(parent) if items.touched.contains_key(parent) => results.get(parent).is_some_and(|entry| entry.summary.is_folder),
            _ => true,
        };
        let mut entries = BTreeMap::new();
        for (id, result) in &results {
            let Some(sides) = items.touched.get(*id) else { continue };
            let side = places.get(*id).copied().unwrap_or(Side::Parent);
            let candidates = [on(sides, side), on(sides, side.other()), sides.base.as_deref()];
            let place = candidates.into_iter().flatten().find(|entry| holds(&entry.parent));
            let (parent, rank) = place.map_or_else(|| (None, result.rank.clone()), |entry| (entry.parent.clone(), entry.rank.clone()));
            entries.insert((*id).clone(), ItemEntry { parent, rank, ..ItemEntry::clone(result) });
        }
        let mut outcome = Self { items, entries };
        while let Some(id) = outcome.first_in_itself() {
            outcome.entries.entry(id).and_modify(|entry| entry.parent = None);
        }
        outcome
    }

    /// The first of the items that lie in themselves.
    fn first_in_itself(&self) -> Option<ItemId> {
        let touched = self.entries.iter().map(|(id, entry)| (id, entry.parent.as_ref()));
        let cyclic = cycles::cyclic(self.items.untouched().chain(touched));
        cyclic.into_iter().filter(|id| self.entries.contains_key(*id)).min().cloned()
    }

    /// Whether items lie deeper than they may, and the folders of which that depends on what lies in them: those that lie deeper than on any
    /// side. What neither side changed in them can be that deep, all else was looked at. With each come the folders around it.
    pub fn check_depth(&self, limits: Limits) -> Option<Vec<(ItemEntry, usize)>> {
        let mut sides = [Depths::default(), Depths::default(), Depths::default()];
        let mut depths = Depths::default();
        let mut deeper: Vec<(&ItemEntry, usize)> = Vec::new();
        for (id, entry) in &self.entries {
            let depth = depths.of(entry.parent.as_ref(), |id| self.parent(id));
            if depth + usize::from(entry.summary.is_folder) > limits.depth {
                return None;
            }
            let Some(entries) = self.items.touched.get(id).filter(|_| entry.summary.is_folder) else { continue };
            let mut deepest = None;
            for (side, (depths, sides)) in sides.iter_mut().zip(entries.as_ref().into_array()).enumerate() {
                let Some(entry) = sides else { continue };
                let above = depths.of(entry.parent.as_ref(), |id| self.parent_on(side, id));
                deepest = deepest.max(Some(above));
            }
            if entries.as_ref().into_array().into_iter().flatten().count() == 3 && deepest < Some(depth) {
                deeper.push((entry, depth));
            }
        }
        // What is looked into is looked into with all that lies in it.
        let looked_into: HashSet<&ItemId> = deeper.iter().map(|(entry, _)| &entry.id).collect();
        let found = deeper.iter().filter(|(entry, _)| {
            let mut above = entry.parent.as_ref();
            while let Some(id) = above.filter(|id| !looked_into.contains(*id)) {
                above = self.parent(id);
            }
            above.is_none()
        });
        Some(found.map(|(entry, around)| (ItemEntry::clone(entry), *around)).collect())
    }

    fn parent(&self, id: &ItemId) -> Option<&ItemId> {
        self.entries.get(id).map_or_else(|| self.items.parent_of_untouched(id), |entry| entry.parent.as_ref())
    }

    fn parent_on(&self, side: usize, id: &ItemId) -> Option<&'a ItemId> {
        let Some(entries) = self.items.touched.get(id) else { return self.items.parent_of_untouched(id) };
        entries.as_ref().into_array().get(side).and_then(|entry| entry.as_deref()).and_then(|entry| entry.parent.as_ref())
    }
}

/// How many folders are around what lies in a folder.
#[derive(Default)]
struct Depths<'a>(HashMap<&'a ItemId, usize>);

impl<'a> Depths<'a> {
    fn of(&mut self, parent: Option<&'a ItemId>, parent_of: impl Fn(&ItemId) -> Option<&'a ItemId>) -> usize {
        let (mut way, mut at) = (Vec::new(), parent);
        let mut depth = 0;
        while let Some(id) = at {
            if let Some(known) = self.0.get(id) {
                depth = *known;
                break;
            }
            way.push(id);
            at = parent_of(id);
        }
        for id in way.into_iter().rev() {
            depth += 1;
            self.0.insert(id, depth);
        }
        depth
    }
}
