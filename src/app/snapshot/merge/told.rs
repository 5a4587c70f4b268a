//! The conflicts that nobody has decided.

use super::contents::{Contents, batches};
use super::items::{Entries, Items, on};
use super::path_of;
use crate::app::ports::StoreResult;
use crate::app::snapshot::Snapshot;
use crate::domain::document::Json;
use crate::domain::merge::{Conflict, Decisions, MOST_CONFLICTS, Side, Sides};
use crate::domain::snapshot::{ItemEntry, ItemId};

/// The most bytes of values that are told.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A conflict of a merge of collections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemConflict {
    /// What it is about.
    pub conflict: Conflict,
    /// The item. None: the collection itself.
    pub item_id: Option<ItemId>,
    /// What the item is called, on the side that is written to if it is there.
    pub item_name: Option<String>,
}

/// The conflicts so far. No more are kept than are told; the rest turn up once these are decided.
#[derive(Debug, Default)]
pub(super) struct Told {
    contents: Vec<(Option<ItemId>, Conflict)>,
    /// Conflicts about whole items, of which the contents are read in the end.
    items: Vec<ItemId>,
    /// Conflicts about places, likewise.
    places: Vec<ItemId>,
    /// How many bytes the values have.
    bytes: usize,
}

impl Told {
    /// Adds conflicts of an item's content, or of the collection's own.
    pub fn add(&mut self, id: Option<&ItemId>, conflicts: Vec<Conflict>) {
        for conflict in conflicts {
            if self.has_room() {
                let values = [&conflict.base, &conflict.parent, &conflict.fork];
                self.bytes += values.into_iter().flatten().map(|value| value.to_bytes().len()).sum::<usize>();
                self.contents.push((id.cloned(), conflict));
            }
        }
    }

    /// Whose version of an item is taken. Where nobody has decided it is the parent's, and a conflict.
    pub fn decide_item(&mut self, id: &ItemId, decisions: &mut Decisions) -> Side {
        decisions.decide(&path_of(id)).unwrap_or_else(|| {
            self.items.extend(self.has_room().then(|| id.clone()));
            Side::Parent
        })
    }

    /// Whose place of an item is taken, likewise.
    pub fn decide_place(&mut self, id: &ItemId, decisions: &mut Decisions) -> Side {
        decisions.decide(&place_of(id)).unwrap_or_else(|| {
            self.places.extend(self.has_room().then(|| id.clone()));
            Side::Parent
        })
    }

    /// Whether everything was decided.
    pub const fn is_empty(&self) -> bool {
        self.contents.is_empty() && self.items.is_empty() && self.places.is_empty()
    }

    /// All of them with their values: first those of the collection itself, then by item.
    ///
    /// # Errors
    /// What broke.
    pub async fn finish(
        mut self,
        items: &Items,
        into: Side,
        contents: &Contents<'_, '_>,
        snapshots: &Sides<Snapshot<'_>>,
    ) -> StoreResult<Vec<ItemConflict>> {
        let mut all = std::mem::take(&mut self.contents);
        for some in batches(self.items.iter().filter_map(|id| items.touched.get_key_value(id))) {
            if self.bytes >= MOST_BYTES {
                break;
            }
            let read = contents.read(&some).await?;
            let sizes = some.iter().flat_map(|(_, entries)| entries.as_ref().into_array()).flatten().map(|entry| entry.size);
            self.bytes = sizes.filter_map(|size| usize::try_from(size).ok()).fold(self.bytes, usize::saturating_add);
            all.extend(some.iter().zip(read).map(|((id, _), values)| (Some((*id).clone()), Conflict::new(path_of(id), values))));
        }
        for (id, entries) in self.places.iter().filter_map(|id| items.touched.get_key_value(id)) {
            let Sides { base, parent, fork } = entries.as_ref().map(Option::as_deref);
            let values = Sides {
                base: place(&snapshots.base, base).await?,
                parent: place(&snapshots.parent, parent).await?,
                fork: place(&snapshots.fork, fork).await?,
            };
            all.push((Some(id.clone()), Conflict::new(place_of(id), values)));
        }
        let name = |entries: &Entries| {
            let some = on(entries, into).or_else(|| on(entries, into.other())).or(entries.base.as_deref());
            some.map(|entry| entry.summary.name.clone())
        };
        let mut told: Vec<ItemConflict> = Vec::with_capacity(all.len());
        for (item_id, conflict) in all {
            let item_name = item_id.as_ref().and_then(|id| items.touched.get(id)).and_then(name);
            told.push(ItemConflict { conflict, item_id, item_name });
        }
        told.sort_by(|one, other| (&one.item_id, &one.conflict.path).cmp(&(&other.item_id, &other.conflict.path)));
        Ok(told)
    }

    fn has_room(&self) -> bool {
        self.bytes < MOST_BYTES && self.contents.len() + self.items.len() + self.places.len() < MOST_CONFLICTS
    }
}

fn place_of(id: &ItemId) -> String {
    path_of(id) + "/~place"
}

/// Where an item is, as a value.
async fn place(snapshot: &Snapshot<'_>, entry: Option<&ItemEntry>) -> StoreResult<Option<Json>> {
    let Some(entry) = entry else { return Ok(None) };
    let parent = entry.parent.as_ref().map_or(Json::Null, |parent| Json::from(parent.as_str()));
    let position = Json::Number(snapshot.index_of(entry).await?.to_string().into());
    Ok(Some(Json::Object(vec![("parentId".into(), parent), ("position".into(), position)])))
}
