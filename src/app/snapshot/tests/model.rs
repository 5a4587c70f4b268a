//! A collection as lists of children, and random operations on it.

use crate::app::snapshot::{EditError, EditResult, Editor, NewItem, Snapshot};
use crate::domain::snapshot::{ItemEntry, ItemId, Limits, NodeHash, Rank, Summary, hash_of};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::HashMap;

pub fn id(number: usize) -> ItemId {
    ItemId::parse(&format!("item-{number}")).unwrap()
}

/// An item with this number and this version of its content.
pub fn item(number: usize, version: u16, is_folder: bool) -> NewItem {
    let content = format!("content {version} of {number}").into_bytes();
    let summary = Summary { name: format!("Name {number}"), url: Some(format!("/{version}")), method: Some("GET".to_owned()), is_folder };
    NewItem { id: id(number), size: u32::try_from(content.len()).unwrap(), content, summary }
}

/// Many items: `fan` in each folder, or all at the top.
pub fn entries(count: usize, fan: Option<usize>) -> Vec<ItemEntry> {
    let siblings = fan.unwrap_or(count).max(1);
    let ranks: Vec<Rank> = Rank::spread(siblings).collect();
    let entry = |number: usize| {
        let parent = fan.and_then(|fan| (number / fan).checked_sub(1)).map(id);
        let is_folder = fan.is_some_and(|fan| (number + 1) * fan < count);
        let NewItem { id, content, size, summary } = item(number, 0, is_folder);
        ItemEntry { parent, rank: ranks[number % siblings].clone(), id, content: hash_of(&content), size, summary }
    };
    (0..count).map(entry).collect()
}

/// An operation, on items that are picked among those that are there and some that are not.
#[derive(Debug, Clone)]
pub enum Operation {
    Add { parent: Index, position: Option<Index>, number: usize, is_folder: bool },
    Update { item: Index, version: u16 },
    Move { item: Index, parent: Index, position: Option<Index> },
    Remove { item: Index },
    SetHead { version: u16 },
}

pub fn operations() -> impl Strategy<Value = Operation> {
    let position = || proptest::option::of(any::<Index>());
    prop_oneof![
        6 => (any::<Index>(), position(), 0..400_usize, any::<bool>())
            .prop_map(|(parent, position, number, is_folder)| Operation::Add { parent, position, number, is_folder }),
        2 => (any::<Index>(), any::<u16>()).prop_map(|(item, version)| Operation::Update { item, version }),
        3 => (any::<Index>(), any::<Index>(), position()).prop_map(|(item, parent, position)| Operation::Move { item, parent, position }),
        1 => any::<Index>().prop_map(|item| Operation::Remove { item }),
        1 => any::<u16>().prop_map(|version| Operation::SetHead { version }),
    ]
}

#[derive(Debug, Clone)]
pub struct Model {
    pub items: HashMap<ItemId, (Option<ItemId>, NewItem)>,
    pub children: HashMap<Option<ItemId>, Vec<ItemId>>,
    pub head: Vec<u8>,
    pub limits: Limits,
}

impl Model {
    pub fn new(limits: Limits) -> Self {
        Self { items: HashMap::new(), children: HashMap::new(), head: super::source::HEAD.to_vec(), limits }
    }

    /// Everything in document order, with the depth of each.
    pub fn walk(&self, parent: Option<&ItemId>, depth: usize) -> Vec<(ItemId, usize)> {
        let children = self.children.get(&parent.cloned()).into_iter().flatten();
        children.flat_map(|id| [(id.clone(), depth)].into_iter().chain(self.walk(Some(id), depth + 1))).collect()
    }

    pub fn size(&self) -> u64 {
        let commas = self.children.values().map(|children| children.len().saturating_sub(1) as u64).sum::<u64>();
        self.head.len() as u64 + self.items.values().map(|(_, item)| u64::from(item.size)).sum::<u64>() + commas
    }

    fn around(&self, parent: Option<&ItemId>) -> Vec<ItemId> {
        std::iter::successors(parent.cloned(), |id| self.items[id].0.clone()).collect()
    }

    /// The folders in each other that it is and has.
    fn height(&self, id: &ItemId) -> usize {
        let children = self.children.get(&Some(id.clone())).into_iter().flatten();
        let below = children.map(|child| self.height(child)).max().unwrap_or(0);
        below + usize::from(self.items[id].1.summary.is_folder)
    }

    fn check(&self, parent: Option<&ItemId>) -> EditResult<()> {
        match parent.map(|id| (id, self.items.get(id))) {
            Some((id, None)) => Err(EditError::UnknownParent(id.clone())),
            Some((id, Some((_, item)))) if !item.summary.is_folder => Err(EditError::NotAFolder(id.clone())),
            None | Some(_) => Ok(()),
        }
    }

    fn place(&self, parent: Option<&ItemId>, position: Option<u64>, without: Option<&ItemId>) -> EditResult<usize> {
        let siblings = self.children.get(&parent.cloned()).into_iter().flatten();
        let len = siblings.filter(|id| Some(*id) != without).count() as u64;
        let position = position.unwrap_or(len);
        if position > len { Err(EditError::PositionOutOfRange { position, len }) } else { Ok(usize::try_from(position).unwrap()) }
    }

    pub fn add(&mut self, parent: Option<&ItemId>, position: Option<u64>, item: NewItem) -> EditResult<()> {
        if self.items.contains_key(&item.id) {
            return Err(EditError::DuplicateId(item.id));
        }
        if self.items.len() as u64 >= self.limits.items {
            return Err(EditError::TooManyItems);
        }
        self.check(parent)?;
        if self.around(parent).len() + usize::from(item.summary.is_folder) > self.limits.depth {
            return Err(EditError::TooDeep);
        }
        let place = self.place(parent, position, None)?;
        self.children.entry(parent.cloned()).or_default().insert(place, item.id.clone());
        self.items.insert(item.id.clone(), (parent.cloned(), item));
        Ok(())
    }

    pub fn update(&mut self, item: NewItem) -> EditResult<()> {
        let has_children = self.children.get(&Some(item.id.clone())).is_some_and(|children| !children.is_empty());
        let Some((_, old)) = self.items.get_mut(&item.id) else { return Err(EditError::UnknownItem(item.id)) };
        if has_children && !item.summary.is_folder {
            return Err(EditError::NotEmpty(item.id));
        }
        *old = item;
        Ok(())
    }

    pub fn move_to(&mut self, id: &ItemId, parent: Option<&ItemId>, position: Option<u64>) -> EditResult<()> {
        let Some((old, _)) = self.items.get(id).cloned() else { return Err(EditError::UnknownItem(id.clone())) };
        self.check(parent)?;
        let around = self.around(parent);
        if around.contains(id) {
            return Err(EditError::UnderItself(id.clone()));
        }
        if around.len() + self.height(id) > self.limits.depth {
            return Err(EditError::TooDeep);
        }
        let place = self.place(parent, position, Some(id))?;
        self.children.get_mut(&old).unwrap().retain(|child| child != id);
        self.children.entry(parent.cloned()).or_default().insert(place, id.clone());
        self.items.get_mut(id).unwrap().0 = parent.cloned();
        Ok(())
    }

    pub fn remove(&mut self, id: &ItemId) -> EditResult<Vec<ItemId>> {
        let Some((parent, _)) = self.items.get(id).cloned() else { return Err(EditError::UnknownItem(id.clone())) };
        let below: Vec<ItemId> = [id.clone()].into_iter().chain(self.walk(Some(id), 0).into_iter().map(|(id, _)| id)).collect();
        self.children.get_mut(&parent).unwrap().retain(|child| child != id);
        for id in &below {
            self.items.remove(id);
            self.children.remove(&Some(id.clone()));
        }
        Ok(below)
    }

    /// An item that is there, or one that is not.
    fn pick(&self, index: Index) -> ItemId {
        let mut all: Vec<&ItemId> = self.items.keys().collect();
        all.sort();
        let at = index.index(all.len() + 1);
        all.get(at).map_or_else(|| id(1_000), |id| (*id).clone())
    }

    /// The top, or more often something to lie in; sometimes something that is no folder or not there.
    fn pick_parent(&self, index: Index) -> Option<ItemId> {
        let mut folders: Vec<&ItemId> = self.items.iter().filter(|(_, (_, item))| item.summary.is_folder).map(|(id, _)| id).collect();
        folders.sort();
        match index.index(folders.len() + 3) {
            0 => None,
            1 => Some(self.pick(index)),
            2 => Some(id(1_001)),
            at => folders.get(at - 3).map(|id| (*id).clone()),
        }
    }

    fn pick_position(&self, parent: Option<&ItemId>, index: Option<Index>) -> Option<u64> {
        let len = self.children.get(&parent.cloned()).map_or(0, Vec::len);
        index.map(|index| index.index(len + 2) as u64)
    }

    /// Does the same here and with the editor, and compares what is said of it.
    pub async fn run(&mut self, editor: &mut Editor<'_>, operation: Operation) {
        let (answer, expected) = match operation {
            Operation::Add { parent, position, number, is_folder } => {
                let parent = self.pick_parent(parent);
                let position = self.pick_position(parent.as_ref(), position);
                let answer = editor.add(parent.as_ref(), position, item(number, 0, is_folder)).await.map(|_| ());
                (answer, self.add(parent.as_ref(), position, item(number, 0, is_folder)))
            }
            Operation::Update { item: index, version } => {
                let id = self.pick(index);
                let number = id.as_str()[5..].parse().unwrap();
                let was_folder = self.items.get(&id).is_some_and(|(_, item)| item.summary.is_folder);
                let new = item(number, version % 4, was_folder && version % 8 != 0);
                (editor.update(new.clone()).await.map(|_| ()), self.update(new))
            }
            Operation::Move { item, parent, position } => {
                let (id, parent) = (self.pick(item), self.pick_parent(parent));
                let position = self.pick_position(parent.as_ref(), position);
                let answer = editor.move_to(&id, parent.as_ref(), position).await.map(|_| ());
                (answer, self.move_to(&id, parent.as_ref(), position))
            }
            Operation::Remove { item } => {
                let id = self.pick(item);
                let (answer, expected) = (editor.remove(&id, usize::MAX).await, self.remove(&id));
                if let (Ok(removed), Ok(expected)) = (&answer, &expected) {
                    let [mut removed, mut expected] = [removed.ids.clone(), expected.clone()];
                    assert_eq!(removed.first(), expected.first());
                    removed.sort();
                    expected.sort();
                    assert_eq!(removed, expected);
                }
                (answer.map(|_| ()), expected.map(|_| ()))
            }
            Operation::SetHead { version } => {
                self.head = format!("head {version}").into_bytes();
                editor.set_head(self.head.clone(), self.head.len() as u64);
                (Ok(()), Ok(()))
            }
        };
        assert_eq!(format!("{answer:?}"), format!("{expected:?}"));
    }

    /// Asserts that a snapshot is the same as this. Answers its entries.
    pub async fn assert_is(&self, snapshot: &Snapshot<'_>) -> Vec<ItemEntry> {
        let mut walk = snapshot.walk();
        let walked = walk.next_batch(usize::MAX).await.unwrap();
        assert_eq!(walked.iter().map(|walked| (walked.entry.id.clone(), walked.depth)).collect::<Vec<_>>(), self.walk(None, 0));
        for walked in &walked {
            let (parent, item) = &self.items[&walked.entry.id];
            assert_eq!(walked.entry.parent, *parent);
            assert_eq!((&walked.entry.summary, walked.entry.size), (&item.summary, item.size));
            assert_eq!(walked.entry.content, hash_of(&item.content));
        }
        assert_eq!((snapshot.root().items, snapshot.root().size), (self.items.len() as u64, self.size()));
        assert_eq!(snapshot.root().head, hash_of(&self.head));
        walked.into_iter().map(|walked| walked.entry).collect()
    }

    /// The root of these items, built at once.
    pub fn root_of(&self, entries: Vec<ItemEntry>) -> NodeHash {
        let head = crate::domain::snapshot::Head {
            salt: crate::domain::snapshot::Salt::default(),
            content: hash_of(&self.head),
            size: self.head.len() as u64,
        };
        crate::domain::snapshot::Build::new(head, entries, Limits::default()).unwrap().to_end().0.root
    }
}
