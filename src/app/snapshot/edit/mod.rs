//! Editing a snapshot: operations in sequence, and then the nodes that are new.

mod below;
mod rearrange;
mod siblings;

use super::apply::Changes;
use super::{NodeSource, Snapshot};
use crate::app::ports::{StoreError, StoreResult};
use crate::domain::snapshot::entry::shortened;
use crate::domain::snapshot::{ItemEntry, ItemId, Limits, NewNode, NodeHash, Summary, commas};
use std::collections::BTreeMap;

/// The nodes that an editor keeps beside those that it makes.
const KEPT: usize = 2048;

/// Why an operation cannot be. Nothing was changed by it then.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such item.
    #[error("there is no item {0}")]
    UnknownItem(ItemId),
    /// There is no such folder.
    #[error("there is no folder {0}")]
    UnknownParent(ItemId),
    /// The parent is no folder.
    #[error("{0} is no folder")]
    NotAFolder(ItemId),
    /// The folder would lie in itself.
    #[error("{0} cannot lie in itself")]
    UnderItself(ItemId),
    /// There are fewer siblings.
    #[error("there is no position {position} among {len}")]
    PositionOutOfRange {
        /// What was asked for.
        position: u64,
        /// How many siblings there are, without the item itself: the last position that can be.
        len: u64,
    },
    /// There is an item with this id.
    #[error("there is an item {0} already")]
    DuplicateId(ItemId),
    /// More folders would lie around an item than may.
    #[error("too many folders in each other")]
    TooDeep,
    /// There would be more items than may be.
    #[error("too many items")]
    TooManyItems,
    /// More items differ than are merged at once.
    #[error("too many changes")]
    TooManyChanges,
    /// A folder with items in it would be none any more.
    #[error("items lie in {0}")]
    NotEmpty(ItemId),
    /// What broke.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an operation answers.
pub type EditResult<T> = Result<T, EditError>;

/// An item as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// Its id.
    pub id: ItemId,
    /// Its content, as it is kept.
    pub content: Vec<u8>,
    /// The bytes of its content in v2.1 form.
    pub size: u32,
    /// What lists show of it.
    pub summary: Summary,
}

/// What was removed: an item, and everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// How many items.
    pub count: u64,
    /// The first of them, up to so many as were asked for; a folder before what lay in it.
    pub ids: Vec<ItemId>,
}

/// What an editor has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// What the new revision names.
    pub root: NodeHash,
    /// The nodes that the snapshot before did not have. A content may be among them that it had elsewhere.
    pub nodes: Vec<NewNode>,
    /// How many items there are.
    pub items: u64,
    /// The bytes of the head and all items in v2.1 form.
    pub size: u64,
}

/// A snapshot that is edited. Nothing is stored: [`finish`](Self::finish) answers what is to be.
pub struct Editor<'a> {
    now: Snapshot<'a>,
    limits: Limits,
    /// The contents of items that came or changed.
    contents: BTreeMap<ItemId, NewNode>,
    head: Option<NewNode>,
}

impl<'a> Editor<'a> {
    /// Begins to edit the snapshot that a revision names.
    ///
    /// # Errors
    /// What broke.
    pub async fn open(source: &'a dyn NodeSource, root: NodeHash, limits: Limits) -> StoreResult<Self> {
        Ok(Self { now: Snapshot::keeping(source, root, KEPT).await?, limits, contents: BTreeMap::new(), head: None })
    }

    /// The collection as it is after the operations so far. Its [`hash`](Snapshot::hash) is the one from before, and contents that came or changed are
    /// read by [`content`](Self::content) alone.
    #[must_use]
    pub const fn now(&self) -> &Snapshot<'a> {
        &self.now
    }

    /// The content of an item, after the operations so far.
    ///
    /// # Errors
    /// What broke.
    pub async fn content(&self, entry: &ItemEntry) -> StoreResult<Vec<u8>> {
        match self.contents.get(&entry.id).filter(|node| node.hash == entry.content) {
            Some(node) => Ok(node.bytes.clone()),
            None => Ok(self.now.contents(&[entry.content]).await?.pop().unwrap_or_default()),
        }
    }

    /// The collection's own content, after the operations so far.
    ///
    /// # Errors
    /// What broke.
    pub async fn head(&self) -> StoreResult<Vec<u8>> {
        match &self.head {
            Some(node) => Ok(node.bytes.clone()),
            None => Ok(self.now.contents(&[self.now.root.head]).await?.pop().unwrap_or_default()),
        }
    }

    /// Changes the collection's own content.
    pub fn set_head(&mut self, content: Vec<u8>, size: u64) {
        let node = NewNode::of(content);
        let root = &mut self.now.root;
        root.size = root.size.saturating_sub(root.head_size).saturating_add(size);
        root.head_size = size;
        if root.head != node.hash {
            root.head = node.hash;
            self.head = Some(node);
        }
    }

    /// Adds an item to a folder, or at the top, at this position; none: at the end.
    ///
    /// # Errors
    /// Why that cannot be.
    pub async fn add(&mut self, parent: Option<&ItemId>, position: Option<u64>, item: NewItem) -> EditResult<ItemEntry> {
        let ids: Vec<ItemId> = [&item.id].into_iter().chain(parent).cloned().collect();
        if let [Some(_), ..] = self.now.find_places(&ids).await?.as_slice() {
            return Err(EditError::DuplicateId(item.id));
        }
        if self.now.root.items >= self.limits.items {
            return Err(EditError::TooManyItems);
        }
        if self.enclosing(parent).await?.len() + usize::from(item.summary.is_folder) > self.limits.depth {
            return Err(EditError::TooDeep);
        }
        let mut changes = Changes::default();
        let rank = self.rank_at(parent, position, None, &mut changes).await?;
        let comma = u64::from(self.now.count_children(parent).await? > 0);
        let content = NewNode::of(item.content);
        let entry = ItemEntry {
            parent: parent.cloned(),
            rank,
            id: item.id,
            content: content.hash,
            size: item.size,
            summary: shortened(item.summary),
        };
        changes.put(&entry);
        self.write(changes).await?;
        self.contents.insert(entry.id.clone(), content);
        self.now.root.items += 1;
        self.now.root.size = self.now.root.size.saturating_add(u64::from(entry.size) + comma);
        Ok(entry)
    }

    /// Gives an item another content.
    ///
    /// # Errors
    /// Why that cannot be.
    pub async fn update(&mut self, item: NewItem) -> EditResult<ItemEntry> {
        let old = self.item(&item.id).await?;
        if old.summary.is_folder && !item.summary.is_folder && self.now.count_children(Some(&item.id)).await? > 0 {
            return Err(EditError::NotEmpty(item.id));
        }
        let content = NewNode::of(item.content);
        let entry = ItemEntry { content: content.hash, size: item.size, summary: shortened(item.summary), ..old.clone() };
        if entry != old {
            let mut changes = Changes::default();
            changes.replace(&old, &entry);
            self.write(changes).await?;
            let root = &mut self.now.root;
            root.size = root.size.saturating_sub(u64::from(old.size)).saturating_add(u64::from(entry.size));
        }
        if entry.content != old.content {
            self.contents.insert(entry.id.clone(), content);
        }
        Ok(entry)
    }

    /// Moves an item, with everything in it, into a folder or to the top, at this position among those that are there without it; none: at the end.
    ///
    /// # Errors
    /// Why that cannot be.
    pub async fn move_to(&mut self, id: &ItemId, parent: Option<&ItemId>, position: Option<u64>) -> EditResult<ItemEntry> {
        let old = self.item(id).await?;
        let around = self.enclosing(parent).await?;
        if around.contains(id) {
            return Err(EditError::UnderItself(id.clone()));
        }
        self.check_depth(&old, around.len()).await?;
        let mut changes = Changes::default();
        let rank = self.rank_at(parent, position, Some(&old), &mut changes).await?;
        let entry = ItemEntry { parent: parent.cloned(), rank, ..old.clone() };
        if entry.parent != old.parent {
            let counts = self.now.count_children_of(&[old.parent.as_ref(), parent]).await?;
            let (left, joined) = (counts.first().is_some_and(|count| *count > 1), counts.get(1).is_some_and(|count| *count > 0));
            let root = &mut self.now.root;
            root.size = root.size.saturating_add(u64::from(joined)).saturating_sub(u64::from(left));
        }
        if entry != old {
            changes.replace(&old, &entry);
            self.write(changes).await?;
        }
        Ok(entry)
    }

    /// Removes an item with everything in it. Answers up to so many of the ids.
    ///
    /// # Errors
    /// Why that cannot be.
    pub async fn remove(&mut self, id: &ItemId, answered: usize) -> EditResult<Removed> {
        let mut level = vec![self.item(id).await?];
        let siblings = self.now.count_children(level.first().and_then(|entry| entry.parent.as_ref())).await?;
        let (mut changes, mut ids, mut size) = (Changes::default(), Vec::new(), u64::from(siblings > 1));
        while !level.is_empty() {
            // What lies in one folder lies together here.
            size = size.saturating_add(commas(&level));
            for entry in &level {
                changes.remove(entry);
                ids.push(entry.id.clone());
                size = size.saturating_add(u64::from(entry.size));
            }
            level = self.below(&level).await?;
        }
        self.write(changes).await?;
        for id in &ids {
            self.contents.remove(id);
        }
        let count = ids.len() as u64;
        ids.truncate(answered);
        self.now.root.items = self.now.root.items.saturating_sub(count);
        self.now.root.size = self.now.root.size.saturating_sub(size);
        Ok(Removed { count, ids })
    }

    /// Ends editing.
    ///
    /// # Errors
    /// What broke.
    pub fn finish(self) -> StoreResult<Edited> {
        let root = &self.now.root;
        let mut nodes = BTreeMap::new();
        for map in [root.order, root.place] {
            nodes.extend(self.now.nodes.made_below(map)?.into_iter().map(|node| (node.hash, node)));
        }
        let contents = self.contents.into_values().chain(self.head.filter(|head| head.hash == root.head));
        nodes.extend(contents.map(|node| (node.hash, node)));
        let node = NewNode::of(root.encode());
        let (items, size, root) = (root.items, root.size, node.hash);
        if root != self.now.hash() {
            nodes.insert(root, node);
        }
        Ok(Edited { root, nodes: nodes.into_values().collect(), items, size })
    }

    async fn item(&self, id: &ItemId) -> EditResult<ItemEntry> {
        self.now.find(id).await?.ok_or_else(|| EditError::UnknownItem(id.clone()))
    }

    async fn write(&mut self, changes: Changes) -> StoreResult<()> {
        let (order, place) = (self.now.order(), self.now.place());
        let roots = changes.apply(&self.now.nodes, self.now.root.salt, order, place).await?;
        (self.now.root.order, self.now.root.place) = roots;
        Ok(())
    }
}
