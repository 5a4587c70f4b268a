//! Reading a snapshot.

use super::nodes::{Nodes, Tree};
use super::walk::Walk;
use super::{NodeSource, broken};
use crate::app::paging::Direction;
use crate::app::ports::StoreResult;
use crate::domain::snapshot::entry::{behind, children_end, children_start, order_key, place_key, read_id};
use crate::domain::snapshot::node::{MapKind, Record};
use crate::domain::snapshot::{ItemEntry, ItemId, Malformed, NodeHash, Place, Root, SiblingKey};
use std::collections::HashMap;
use std::ops::Range;

/// The nodes that a reader keeps: some 25,000 items, in fewer than ten megabytes.
pub(super) const KEPT: usize = 512;

/// So many items are read at once where all are.
pub(super) const ITEMS_AT_ONCE: u64 = 4096;

/// Which children of a folder are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siblings {
    /// Only those beyond this place.
    pub after: Option<SiblingKey>,
    /// Only those before this place.
    pub before: Option<SiblingKey>,
    /// The most of them.
    pub limit: u64,
    /// From which end. Counted backward, they come backward.
    pub direction: Direction,
}

impl Siblings {
    /// The first so many.
    #[must_use]
    pub const fn first(limit: u64) -> Self {
        Self { after: None, before: None, limit, direction: Direction::Forward }
    }
}

/// A collection as it was at one revision. What is read of it is kept, so reading near by is cheap.
pub struct Snapshot<'a> {
    pub(super) nodes: Nodes<'a>,
    pub(super) root: Root,
    hash: NodeHash,
}

impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("hash", &self.hash).field("root", &self.root).finish_non_exhaustive()
    }
}

impl<'a> Snapshot<'a> {
    /// The snapshot that a revision names.
    ///
    /// # Errors
    /// What broke.
    pub async fn open(source: &'a dyn NodeSource, hash: NodeHash) -> StoreResult<Self> {
        Self::keeping(source, hash, KEPT).await
    }

    /// The snapshot that a revision names, of which so many nodes are kept.
    pub(super) async fn keeping(source: &'a dyn NodeSource, hash: NodeHash, kept: usize) -> StoreResult<Self> {
        let nodes = Nodes::new(source, kept);
        let bytes = nodes.contents(&[hash]).await?;
        let bytes = bytes.first().ok_or_else(|| broken(Malformed("no root")))?;
        Ok(Self { nodes, root: Root::decode(bytes).map_err(broken)?, hash })
    }

    /// What the revision names.
    #[must_use]
    pub const fn hash(&self) -> NodeHash {
        self.hash
    }

    /// How many items there are, how large they are, and where the collection's own content is.
    #[must_use]
    pub const fn root(&self) -> &Root {
        &self.root
    }

    /// The bytes of contents, in one call: of items, or of the collection itself.
    ///
    /// # Errors
    /// What broke.
    pub async fn contents(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        self.nodes.contents(hashes).await
    }

    /// The item with this id.
    ///
    /// # Errors
    /// What broke.
    pub async fn find(&self, id: &ItemId) -> StoreResult<Option<ItemEntry>> {
        Ok(self.find_many(std::slice::from_ref(id)).await?.pop().flatten())
    }

    /// The items with these ids, in this order.
    ///
    /// # Errors
    /// What broke.
    pub async fn find_many(&self, ids: &[ItemId]) -> StoreResult<Vec<Option<ItemEntry>>> {
        let places = self.find_places(ids).await?;
        let key = |(id, place): (_, &Option<Place>)| place.as_ref().map(|place| order_key(place.parent.as_ref(), &place.rank, id));
        let keys: Vec<Vec<u8>> = ids.iter().zip(&places).filter_map(key).collect();
        let mut records = self.nodes.get(self.order(), &keys).await?.into_iter();
        let mut entry =
            || records.next().flatten().ok_or(Malformed("an item has no entry")).and_then(|record| ItemEntry::from_record(&record));
        places.iter().map(|place| place.as_ref().map(|_| entry().map_err(broken)).transpose()).collect()
    }

    /// Where the items with these ids are.
    pub(super) async fn find_places(&self, ids: &[ItemId]) -> StoreResult<Vec<Option<Place>>> {
        let keys: Vec<Vec<u8>> = ids.iter().map(place_key).collect();
        let records = self.nodes.get(self.place(), &keys).await?;
        records.iter().map(|record| record.as_ref().map(|record| Place::from_record(record).map_err(broken)).transpose()).collect()
    }

    /// Where every item is.
    pub(super) async fn places(&self) -> StoreResult<HashMap<ItemId, Place>> {
        let mut places = HashMap::new();
        let mut next = 0;
        while next < self.root.items {
            let slices = self.nodes.slices(self.place(), std::slice::from_ref(&(next..next.saturating_add(ITEMS_AT_ONCE)))).await?;
            for record in slices.iter().flatten() {
                places.insert(read_id(&record.key).map_err(broken)?, Place::from_record(record).map_err(broken)?);
            }
            next = next.saturating_add(ITEMS_AT_ONCE);
        }
        Ok(places)
    }

    /// The folders around an item, the nearest first; none: there is no such item.
    ///
    /// # Errors
    /// What broke.
    pub async fn ancestors(&self, id: &ItemId) -> StoreResult<Option<Vec<ItemId>>> {
        let Some(place) = self.find_places(std::slice::from_ref(id)).await?.pop().flatten() else { return Ok(None) };
        let (mut found, mut next) = (Vec::new(), place.parent);
        while let Some(id) = next {
            let place = self.find_places(std::slice::from_ref(&id)).await?.pop().flatten();
            next = place.ok_or_else(|| broken(Malformed("a folder is missing")))?.parent;
            found.push(id);
            if found.len() as u64 > self.root.items {
                return Err(broken(Malformed("folders lie in each other")));
            }
        }
        Ok(Some(found))
    }

    /// Some children of a folder, by rank; none: of those at the top. Those of something that is not there are none.
    ///
    /// # Errors
    /// What broke.
    pub async fn children(&self, parent: Option<&ItemId>, asked: &Siblings) -> StoreResult<Vec<ItemEntry>> {
        let key = |sibling: &SiblingKey| order_key(parent, &sibling.rank, &sibling.id);
        let start = asked.after.as_ref().map_or_else(|| children_start(parent), |after| behind(key(after)));
        let end = asked.before.as_ref().map_or_else(|| children_end(parent), key);
        let range = self.ranges(vec![(start, end)]).await?.pop().unwrap_or_default();
        match asked.direction {
            Direction::Forward => self.entries(range.start..range.end.min(range.start.saturating_add(asked.limit))).await,
            Direction::Backward => {
                let mut entries = self.entries(range.start.max(range.end.saturating_sub(asked.limit))..range.end).await?;
                entries.reverse();
                Ok(entries)
            }
        }
    }

    /// How many children a folder has; none: how many there are at the top.
    ///
    /// # Errors
    /// What broke.
    pub async fn count_children(&self, parent: Option<&ItemId>) -> StoreResult<u64> {
        Ok(self.count_children_of(&[parent]).await?.pop().unwrap_or_default())
    }

    /// How many children each of these folders has.
    ///
    /// # Errors
    /// What broke.
    pub async fn count_children_of(&self, parents: &[Option<&ItemId>]) -> StoreResult<Vec<u64>> {
        Ok(self.ranges_of(parents).await?.into_iter().map(|range| range.end - range.start).collect())
    }

    /// The child of this index, counted from zero.
    ///
    /// # Errors
    /// What broke.
    pub async fn child_at(&self, parent: Option<&ItemId>, index: u64) -> StoreResult<Option<ItemEntry>> {
        let range = self.range_of(parent).await?;
        let position = range.start.saturating_add(index);
        if position < range.end { Ok(self.entries(position..position + 1).await?.pop()) } else { Ok(None) }
    }

    /// The index of an item among its siblings, counted from zero.
    ///
    /// # Errors
    /// What broke.
    pub async fn index_of(&self, entry: &ItemEntry) -> StoreResult<u64> {
        let range = self.ranges(vec![(children_start(entry.parent.as_ref()), entry.order_key())]).await?.pop().unwrap_or_default();
        Ok(range.end - range.start)
    }

    /// All items in document order: a folder before what lies in it, siblings by rank.
    pub fn walk(&self) -> Walk<'_, 'a> {
        Walk::all(self)
    }

    /// An item, and everything that lies in it, in document order. Nothing: there is no such item.
    ///
    /// # Errors
    /// What broke.
    pub async fn subtree(&self, id: &ItemId) -> StoreResult<Walk<'_, 'a>> {
        Ok(Walk::from(self, self.find(id).await?))
    }

    pub(super) const fn order(&self) -> Tree {
        Tree { kind: MapKind::Order, root: self.root.order }
    }

    pub(super) const fn place(&self) -> Tree {
        Tree { kind: MapKind::Place, root: self.root.place }
    }

    /// The entries of these positions in the order map.
    pub(super) async fn entries(&self, range: Range<u64>) -> StoreResult<Vec<ItemEntry>> {
        Ok(self.entries_of(&[range]).await?.pop().unwrap_or_default())
    }

    pub(super) async fn entries_of(&self, ranges: &[Range<u64>]) -> StoreResult<Vec<Vec<ItemEntry>>> {
        let read = |records: Vec<Record>| records.iter().map(ItemEntry::from_record).collect::<Result<_, _>>();
        self.nodes.slices(self.order(), ranges).await?.into_iter().map(read).collect::<Result<_, _>>().map_err(broken)
    }

    /// The positions of a folder's children in the order map.
    pub(super) async fn range_of(&self, parent: Option<&ItemId>) -> StoreResult<Range<u64>> {
        Ok(self.ranges_of(&[parent]).await?.pop().unwrap_or_default())
    }

    pub(super) async fn ranges_of(&self, parents: &[Option<&ItemId>]) -> StoreResult<Vec<Range<u64>>> {
        self.ranges(parents.iter().map(|parent| (children_start(*parent), children_end(*parent))).collect()).await
    }

    /// The positions in the order map of what lies between these keys, the second of each left out.
    pub(super) async fn ranges(&self, bounds: Vec<(Vec<u8>, Vec<u8>)>) -> StoreResult<Vec<Range<u64>>> {
        let (starts, ends): (Vec<_>, Vec<_>) = bounds.into_iter().unzip();
        let count = starts.len();
        let positions = self.nodes.positions(self.order(), &[starts, ends].concat()).await?;
        let (starts, ends) = positions.split_at(count.min(positions.len()));
        Ok(starts.iter().zip(ends).map(|(start, end)| *start..*end.max(start)).collect())
    }
}
