//! What differs between two snapshots.

mod maps;

use super::nodes::{Nodes, Tree};
use super::read::KEPT;
use super::{NodeSource, broken};
use crate::app::ports::StoreResult;
use crate::domain::snapshot::entry::{order_key, read_id};
use crate::domain::snapshot::node::{MapKind, Payload, Record};
use crate::domain::snapshot::{ItemEntry, ItemId, Malformed, NodeHash, Place, Root};
use maps::{Difference, Maps};
use std::collections::VecDeque;

/// An item that is not in both snapshots the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub id: ItemId,
    /// What it was; none: it was added.
    pub before: Option<ItemEntry>,
    /// What it is; none: it was removed.
    pub after: Option<ItemEntry>,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// It lies in another folder, or elsewhere among its siblings.
    Moved,
    /// It has another content.
    Changed,
}

impl Change {
    /// What became of the item: one thing, or two where it was moved and changed.
    pub fn kinds(&self) -> impl Iterator<Item = ChangeKind> {
        let whole = match (&self.before, &self.after) {
            (None, Some(_)) => Some(ChangeKind::Added),
            (Some(_), None) => Some(ChangeKind::Removed),
            _ => None,
        };
        let moved = self.is_moved().then_some(ChangeKind::Moved);
        whole.into_iter().chain(moved).chain(self.is_changed().then_some(ChangeKind::Changed))
    }

    /// Whether the item is in another place than it was: in another folder, or elsewhere among its siblings.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        let place = |entry: &Option<ItemEntry>| entry.as_ref().map(|entry| (entry.parent.clone(), entry.rank.clone()));
        self.before.is_some() && self.after.is_some() && place(&self.before) != place(&self.after)
    }

    /// Whether the item has another content than it had.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        matches!((&self.before, &self.after), (Some(before), Some(after)) if before.content != after.content)
    }

    /// Where to go on behind this change.
    #[must_use]
    pub fn cursor(&self) -> DiffCursor {
        match (&self.before, &self.after) {
            (Some(before), Some(_)) if !self.is_moved() => DiffCursor { is_in_place: true, key: before.order_key() },
            _ => DiffCursor { is_in_place: false, key: self.id.as_str().as_bytes().to_vec() },
        }
    }
}

/// Whether two snapshots of a collection differ at all. That takes no look at them: a root is named by everything in it, and the same items make
/// the same nodes whatever their history.
#[must_use]
pub fn differ(one: NodeHash, other: NodeHash) -> bool {
    one != other
}

/// How far changes were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffCursor {
    is_in_place: bool,
    key: Vec<u8>,
}

impl DiffCursor {
    /// The place as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&[u8::from(self.is_in_place)][..], &self.key].concat()
    }

    /// The place of these bytes. None: they are of none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [kind @ 0..=1, key @ ..] => Some(Self { is_in_place: *kind == 1, key: key.to_vec() }),
            _ => None,
        }
    }
}

/// What differs between two snapshots, read in proportion to it: first items that came, went or moved, in the order of
/// their ids; then those that changed where they are, in the order of the order map.
pub struct Diff<'a> {
    nodes: Nodes<'a>,
    roots: [Root; 2],
    /// What differs in place maps, and then in order maps.
    stages: VecDeque<(MapKind, Maps)>,
}

impl<'a> Diff<'a> {
    /// What differs between two snapshots, behind a place if one is given.
    ///
    /// # Errors
    /// What broke.
    pub async fn open(source: &'a dyn NodeSource, before: NodeHash, after: NodeHash, cursor: Option<&DiffCursor>) -> StoreResult<Self> {
        let nodes = Nodes::new(source, KEPT);
        let bytes = nodes.contents(&[before, after]).await?;
        let [Ok(before), Ok(after)] =
            [0, 1].map(|index| bytes.get(index).ok_or(Malformed("no root")).and_then(|bytes| Root::decode(bytes)))
        else {
            return Err(broken(Malformed("no root")));
        };
        let roots = [before, after];
        let mut stages = VecDeque::new();
        for kind in [MapKind::Place, MapKind::Order] {
            let is_in_place = kind == MapKind::Order;
            match cursor {
                Some(cursor) if cursor.is_in_place && !is_in_place => {}
                _ => {
                    let passed = cursor.filter(|cursor| cursor.is_in_place == is_in_place).map(|cursor| cursor.key.clone());
                    stages.push_back((kind, Maps::open(&nodes, kind, roots.each_ref().map(|root| tree(root, kind).root), passed).await?));
                }
            }
        }
        Ok(Self { nodes, roots, stages })
    }

    /// The next changes, up to so many; nothing: those were all.
    ///
    /// # Errors
    /// What broke.
    pub async fn next_page(&mut self, most: usize) -> StoreResult<Vec<Change>> {
        let mut changes = Vec::new();
        while let Some((kind, maps)) = self.stages.front_mut()
            && changes.len() < most
        {
            let differences = maps.next(&self.nodes, most - changes.len()).await?;
            if differences.is_empty() {
                self.stages.pop_front();
            } else if *kind == MapKind::Place {
                changes.append(&mut self.moved(differences).await?);
            } else {
                for difference in differences {
                    changes.extend(changed(difference)?);
                }
            }
        }
        Ok(changes)
    }

    /// The changes of items whose places differ.
    async fn moved(&self, differences: Vec<Difference>) -> StoreResult<Vec<Change>> {
        let mut sides = Vec::with_capacity(2);
        for (side, root) in self.roots.iter().enumerate() {
            let mut keys = Vec::with_capacity(differences.len());
            for Difference { key, payloads } in &differences {
                if let Some(payload) = payloads.get(side).cloned().flatten() {
                    let place = Place::from_record(&Record { key: key.clone(), payload }).map_err(broken)?;
                    keys.push(order_key(place.parent.as_ref(), &place.rank, &read_id(key).map_err(broken)?));
                }
            }
            let records = self.nodes.get(tree(root, MapKind::Order), &keys).await?;
            sides.push(records.into_iter().map(|record| record.ok_or(Malformed("an item has no entry"))));
        }
        let [before, after] = sides.as_mut_slice() else { return Ok(Vec::new()) };
        let mut changes = Vec::with_capacity(differences.len());
        for Difference { key, payloads } in &differences {
            let entry = |has: &Option<Payload>, records: &mut dyn Iterator<Item = Result<Record, Malformed>>| {
                let record = if has.is_some() { records.next().transpose()? } else { None };
                record.as_ref().map(ItemEntry::from_record).transpose()
            };
            let before = entry(&payloads[0], before).map_err(broken)?;
            let after = entry(&payloads[1], after).map_err(broken)?;
            changes.push(Change { id: read_id(key).map_err(broken)?, before, after });
        }
        Ok(changes)
    }
}

const fn tree(root: &Root, kind: MapKind) -> Tree {
    let root = match kind {
        MapKind::Order => root.order,
        MapKind::Place => root.place,
    };
    Tree { kind, root }
}

/// The change of an item that is where it was. None: it is not in both maps at this place, so its places differ.
fn changed(difference: Difference) -> StoreResult<Option<Change>> {
    let Difference { key, payloads: [Some(before), Some(after)] } = difference else { return Ok(None) };
    let entry = |payload| ItemEntry::from_record(&Record { key: key.clone(), payload }).map_err(broken);
    let (before, after) = (entry(before)?, entry(after)?);
    Ok(Some(Change { id: before.id.clone(), before: Some(before), after: Some(after) }))
}
