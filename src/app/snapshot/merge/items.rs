//! The items that either side changed, and the folders around them.

use super::super::{Diff, NodeSource, Snapshot, broken};
use super::MOST_CHANGES;
use crate::app::ports::StoreResult;
use crate::app::snapshot::{EditError, EditResult};
use crate::domain::merge::{Side, Sides};
use crate::domain::snapshot::{ItemEntry, ItemId, Malformed, NodeHash};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// So many changes, or places, are read at once.
const AT_ONCE: usize = 1024;

/// An item as each side has it. None: it is not there.
pub(super) type Entries = Sides<Option<Arc<ItemEntry>>>;

/// What one side has of an item.
pub(super) fn on(entries: &Entries, side: Side) -> Option<&ItemEntry> {
    entries.as_ref().of(side).as_deref()
}

/// Whether an item is at the same place in both: in the same folder, and at the same rank there.
pub(super) fn is_same_place(one: &ItemEntry, other: &ItemEntry) -> bool {
    one.parent == other.parent && one.rank == other.rank
}

/// The items that are not the same on all sides.
pub(super) struct Items {
    pub touched: BTreeMap<ItemId, Entries>,
    /// The parents of folders that are the same on all sides, as far as such lie around what is not.
    around: HashMap<ItemId, Option<ItemId>>,
}

impl Items {
    /// Reads what either side changed.
    ///
    /// # Errors
    /// It is too much; what broke.
    pub async fn read(source: &dyn NodeSource, roots: Sides<NodeHash>, target: &Snapshot<'_>) -> EditResult<Self> {
        let mut items = Self { touched: BTreeMap::new(), around: HashMap::new() };
        for side in [Side::Parent, Side::Fork] {
            for (id, before, after) in changes(source, roots.base, roots.of(side)).await? {
                let entries =
                    items.touched.entry(id).or_insert_with(|| Sides { base: before.clone(), parent: before.clone(), fork: before });
                match side {
                    Side::Parent => entries.parent = after,
                    Side::Fork => entries.fork = after,
                }
            }
        }
        items.read_around(target).await?;
        Ok(items)
    }

    /// Reads where the folders lie that are around the items. Those that neither side changed lie at the same place everywhere.
    async fn read_around(&mut self, snapshot: &Snapshot<'_>) -> StoreResult<()> {
        let parents = self.touched.values().flat_map(|entries| entries.as_ref().into_array()).flatten();
        let mut wanted: BTreeSet<ItemId> = parents.filter_map(|entry| entry.parent.clone()).collect();
        wanted.retain(|id| !self.touched.contains_key(id));
        while !wanted.is_empty() {
            let ids: Vec<ItemId> = std::mem::take(&mut wanted).into_iter().collect();
            for some in ids.chunks(AT_ONCE) {
                for (id, place) in some.iter().zip(snapshot.find_places(some).await?) {
                    let place = place.ok_or_else(|| broken(Malformed("a folder is missing")))?;
                    wanted.extend(place.parent.iter().filter(|parent| !self.touched.contains_key(*parent)).cloned());
                    self.around.insert(id.clone(), place.parent);
                }
            }
            wanted.retain(|id| !self.around.contains_key(id));
        }
        Ok(())
    }

    /// What one side has of an item that either changed.
    pub fn on(&self, id: &ItemId, side: Side) -> Option<&ItemEntry> {
        on(self.touched.get(id)?, side)
    }

    /// The parent of a folder that is the same on all sides. None: it lies at the top, or is none of these.
    pub fn parent_of_untouched(&self, id: &ItemId) -> Option<&ItemId> {
        self.around.get(id)?.as_ref()
    }

    /// The folders that are the same on all sides, with their parents.
    pub fn untouched(&self) -> impl Iterator<Item = (&ItemId, Option<&ItemId>)> {
        self.around.iter().map(|(id, parent)| (id, parent.as_ref()))
    }

    /// The items that both sides have.
    pub fn shared(&self) -> impl Iterator<Item = (&ItemId, &Entries, &ItemEntry, &ItemEntry)> {
        self.touched.iter().filter_map(|(id, entries)| Some((id, entries, entries.parent.as_deref()?, entries.fork.as_deref()?)))
    }

    /// What one side has, before anything is done to it.
    pub fn all_on(&self, side: Side) -> BTreeMap<ItemId, Arc<ItemEntry>> {
        self.touched.iter().filter_map(|(id, entries)| Some((id.clone(), entries.as_ref().of(side).clone()?))).collect()
    }
}

/// An item that differs: what it was, and what it is.
type Changed = (ItemId, Option<Arc<ItemEntry>>, Option<Arc<ItemEntry>>);

/// What differs between two snapshots.
pub(super) async fn changes(source: &dyn NodeSource, before: NodeHash, after: NodeHash) -> EditResult<Vec<Changed>> {
    let mut all = Vec::new();
    let mut diff = Diff::open(source, before, after, None).await?;
    loop {
        let page = diff.next_page(AT_ONCE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page.into_iter().map(|change| (change.id, change.before.map(Arc::new), change.after.map(Arc::new))));
        if all.len() > MOST_CHANGES {
            return Err(EditError::TooManyChanges);
        }
    }
}
