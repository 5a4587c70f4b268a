//! A snapshot of a whole list of items, from the bottom up.
//!
//! ```
//! use portico::domain::snapshot::{Build, Head, Limits, Salt, Step, hash_of};
//!
//! let head = Head { salt: Salt::default(), content: hash_of(b"{\"item\":[]}"), size: 11 };
//! let mut build = Build::new(head, Vec::new(), Limits::default())?;
//! let built = loop {
//!     match build.next(256) {
//!         Step::Nodes(nodes) => assert!(!nodes.is_empty(), "to be stored"),
//!         Step::Done(built) => break built,
//!     }
//! };
//! assert_eq!((built.items, built.size), (0, 11));
//! # Ok::<(), portico::domain::snapshot::BuildError>(())
//! ```

use super::chunk::TreeBuilder;
use super::entry::shortened;
use super::node::MapKind;
use super::{ItemEntry, ItemId, NewNode, NodeHash, Root, Salt};

/// How large a collection may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most items.
    pub items: u64,
    /// The most folders in each other, whether or not there is something in the innermost.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { items: 500_000, depth: 256 }
    }
}

/// What is wrong with a list of items.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Two items have the same id.
    #[error("two items have the id {0}")]
    DuplicateId(ItemId),
    /// An item is in a folder that is not in the list.
    #[error("there is no folder {0}")]
    UnknownParent(ItemId),
    /// An item is in something that is no folder.
    #[error("{0} is no folder")]
    NotAFolder(ItemId),
    /// There are too many folders around an item, or folders around each other.
    #[error("{0} lies too deep")]
    TooDeep(ItemId),
    /// There are more items than a collection may have.
    #[error("too many items")]
    TooManyItems,
}

/// What a snapshot is of, beside its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// What decides with the keys where nodes end: that of the snapshot which this one replaces, or fresh random bytes.
    pub salt: Salt,
    /// The node of the collection's own content.
    pub content: NodeHash,
    /// The bytes of that content in v2.1 form.
    pub size: u64,
}

/// A snapshot that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// What a revision names.
    pub root: NodeHash,
    /// How many items there are.
    pub items: u64,
    /// The bytes of the head and all items in v2.1 form, put together.
    pub size: u64,
}

/// What comes next of a snapshot that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// More nodes to store.
    Nodes(Vec<NewNode>),
    /// Those were all.
    Done(Built),
}

/// A snapshot that is being made. It holds the items, and no more nodes than were asked for at once.
#[derive(Debug)]
pub struct Build {
    entries: Vec<ItemEntry>,
    root: Root,
    stage: Stage,
    made: Vec<NewNode>,
}

#[derive(Debug)]
enum Stage {
    Order(Feed),
    Place(Feed),
    Done(Built),
}

#[derive(Debug)]
struct Feed {
    builder: TreeBuilder,
    next: usize,
}

/// How many commas stand between these items: one less than there are siblings, in each folder and at the top.
#[must_use]
pub fn commas(by_parent: &[ItemEntry]) -> u64 {
    by_parent.windows(2).filter(|pair| matches!(pair, [one, next] if one.parent == next.parent)).count() as u64
}

impl Build {
    /// A snapshot of these items, in any order.
    ///
    /// # Errors
    /// They do not make a tree, or too large a one.
    pub fn new(head: Head, mut entries: Vec<ItemEntry>, limits: Limits) -> Result<Self, BuildError> {
        if entries.len() as u64 > limits.items {
            return Err(BuildError::TooManyItems);
        }
        for entry in &mut entries {
            entry.summary = shortened(std::mem::take(&mut entry.summary));
        }
        entries.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        check(&entries, limits)?;
        let size = entries.iter().map(|entry| u64::from(entry.size)).fold(head.size, u64::saturating_add);
        entries.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
        let items = entries.len() as u64;
        let size = size.saturating_add(commas(&entries));
        let root = Root { salt: head.salt, head: head.content, head_size: head.size, order: None, place: None, items, size };
        let stage = Stage::Order(Feed::new(MapKind::Order, head.salt));
        Ok(Self { entries, root, stage, made: Vec::new() })
    }

    /// The next nodes, about so many at once.
    pub fn next(&mut self, size: usize) -> Step {
        while self.made.len() < size {
            match &mut self.stage {
                Stage::Order(feed) => {
                    if feed.take(&self.entries, ItemEntry::to_record, &mut self.made) {
                        let place = Stage::Place(Feed::new(MapKind::Place, self.root.salt));
                        if let Stage::Order(feed) = std::mem::replace(&mut self.stage, place) {
                            self.root.order = feed.finish(&mut self.made);
                        }
                        self.entries.sort_unstable_by(|one, other| one.id.cmp(&other.id));
                    }
                }
                Stage::Place(feed) => {
                    if feed.take(&self.entries, ItemEntry::to_place_record, &mut self.made) {
                        self.end();
                    }
                }
                Stage::Done(built) if self.made.is_empty() => return Step::Done(*built),
                Stage::Done(_) => break,
            }
        }
        Step::Nodes(std::mem::take(&mut self.made))
    }

    /// Everything that is left, at once.
    #[must_use]
    pub fn to_end(mut self) -> (Built, Vec<NewNode>) {
        let mut all = Vec::new();
        loop {
            match self.next(usize::MAX) {
                Step::Nodes(nodes) => all.extend(nodes),
                Step::Done(built) => return (built, all),
            }
        }
    }

    fn end(&mut self) {
        let unset = Built { root: self.root.head, items: self.root.items, size: self.root.size };
        if let Stage::Place(feed) = std::mem::replace(&mut self.stage, Stage::Done(unset)) {
            self.root.place = feed.finish(&mut self.made);
        }
        let node = NewNode::of(self.root.encode());
        self.stage = Stage::Done(Built { root: node.hash, ..unset });
        self.made.push(node);
        self.entries = Vec::new();
    }
}

impl Feed {
    const fn new(kind: MapKind, salt: Salt) -> Self {
        Self { builder: TreeBuilder::new(kind, salt), next: 0 }
    }

    /// Gives the next item to the builder. True: there was none.
    fn take(&mut self, entries: &[ItemEntry], record: fn(&ItemEntry) -> super::node::Record, made: &mut Vec<NewNode>) -> bool {
        let Some(entry) = entries.get(self.next) else { return true };
        self.builder.push(record(entry));
        self.next += 1;
        made.append(&mut self.builder.take_made());
        false
    }

    fn finish(self, made: &mut Vec<NewNode>) -> Option<NodeHash> {
        let (root, mut rest) = self.builder.finish();
        made.append(&mut rest);
        root
    }
}

/// Whether items, sorted by id, make a tree within the limits.
fn check(entries: &[ItemEntry], limits: Limits) -> Result<(), BuildError> {
    if let Some(pair) = entries.array_windows().find(|[one, next]| one.id == next.id) {
        return Err(BuildError::DuplicateId(pair[0].id.clone()));
    }
    let mut parents = Vec::with_capacity(entries.len());
    for entry in entries {
        parents.push(match &entry.parent {
            None => None,
            Some(parent) => match entries.binary_search_by(|other| other.id.cmp(parent)) {
                Ok(index) if entries[index].summary.is_folder => Some(index),
                Ok(_) => return Err(BuildError::NotAFolder(parent.clone())),
                Err(_) => return Err(BuildError::UnknownParent(parent.clone())),
            },
        });
    }
    let mut depths: Vec<Option<usize>> = vec![None; entries.len()];
    for (start, entry) in entries.iter().enumerate() {
        let (mut way, mut at) = (Vec::new(), Some(start));
        while let Some(index) = at.filter(|index| depths[*index].is_none()) {
            way.push(index);
            if way.len() > limits.depth + 1 {
                return Err(BuildError::TooDeep(entry.id.clone()));
            }
            at = parents[index];
        }
        let first = at.and_then(|index| depths[index]).map_or(0, |above| above + 1);
        for (depth, index) in (first..).zip(way.into_iter().rev()) {
            if depth + usize::from(entries[index].summary.is_folder) > limits.depth {
                return Err(BuildError::TooDeep(entries[index].id.clone()));
            }
            depths[index] = Some(depth);
        }
    }
    Ok(())
}
