//! Collections of requests and folders that are really JSON, and what two people do to them.

use crate::app::snapshot::merge::{TreeMerge, item_by_item, merge};
use crate::app::snapshot::tests::source::Memory;
use crate::app::snapshot::{EditResult, Editor, NewItem, Snapshot};
use crate::domain::document::collection::{ItemId, Node, Version, convert, summarize};
use crate::domain::document::{Json, Limits as JsonLimits};
use crate::domain::merge::{Decisions, Side, Sides};
use crate::domain::snapshot::{Build, Head, ItemEntry, Limits, NewNode, NodeHash, Salt, hash_of};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeMap;

/// A collection without items.
pub const HEAD: &str =
    r#"{"info":{"name":"Pets","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[]}"#;

pub fn id(name: &str) -> ItemId {
    ItemId::parse(name).unwrap()
}

pub fn json(text: &str) -> Json {
    Json::parse(text.as_bytes(), &JsonLimits::default()).unwrap()
}

/// An item with this content.
pub fn new_item(name: &str, content: &Json) -> NewItem {
    let content = content.to_bytes();
    let size = u32::try_from(convert(&content, Node::Item, Version::V2_1).len()).unwrap();
    NewItem { id: id(name), size, summary: summarize(&content).0, content }
}

pub fn request(name: &str) -> NewItem {
    new_item(name, &json(&format!(r#"{{"id":"{name}","name":"{name}","request":{{"method":"GET"}}}}"#)))
}

pub fn folder(name: &str) -> NewItem {
    new_item(name, &json(&format!(r#"{{"id":"{name}","name":"{name}","item":[]}}"#)))
}

/// Nodes in memory, and what is edited in them.
pub struct World {
    pub memory: Memory,
    pub limits: Limits,
}

impl World {
    /// Nothing, and an empty collection.
    pub fn new() -> (Self, NodeHash) {
        let mut memory = Memory::default();
        memory.put(NewNode::of(HEAD.as_bytes().to_vec()));
        let head = Head { salt: Salt::default(), content: hash_of(HEAD.as_bytes()), size: HEAD.len() as u64 };
        let (built, nodes) = Build::new(head, Vec::new(), Limits::default()).unwrap().to_end();
        for node in nodes {
            memory.put(node);
        }
        (Self { memory, limits: Limits::default() }, built.root)
    }

    /// Edits a collection by lines such as `add folder/x`, `folder folder/y 0`, `set x name Cat`, `move x folder 0`, `move x / 1`, `remove x`, `head name Cats`.
    pub async fn edit(&mut self, root: NodeHash, lines: &[&str]) -> NodeHash {
        let mut editor = Editor::open(&self.memory, root, self.limits).await.unwrap();
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let position = |at: usize| words.get(at).map(|word| word.parse().unwrap());
            match (words[0], words[1]) {
                (kind @ ("add" | "folder"), path) => {
                    let (parent, name) = path.rsplit_once('/').map_or((None, path), |(parent, name)| (Some(id(parent)), name));
                    let item = if kind == "add" { request(name) } else { folder(name) };
                    editor.add(parent.as_ref(), position(2), item).await.unwrap();
                }
                ("set", name) => set(&mut editor, name, words[2], Some(&words[3..].join(" "))).await,
                ("unset", name) => set(&mut editor, name, words[2], None).await,
                ("move", name) => {
                    let parent = Some(words[2]).filter(|word| *word != "/").map(id);
                    editor.move_to(&id(name), parent.as_ref(), position(3)).await.unwrap();
                }
                ("remove", name) => drop(editor.remove(&id(name), 0).await.unwrap()),
                ("head", key) => {
                    let mut head = Json::parse(&editor.head().await.unwrap(), &JsonLimits::default()).unwrap();
                    head.get_mut("info").unwrap().set(key, Json::from(&*words[2..].join(" ")));
                    let content = head.to_bytes();
                    let size = convert(&content, Node::Head, Version::V2_1).len() as u64;
                    editor.set_head(content, size);
                }
                _ => panic!("{line}"),
            }
        }
        let edited = editor.finish().unwrap();
        self.memory.keep(edited)
    }

    /// Merges, asserts that what comes out is as it should be, and stores it.
    pub async fn merge(&mut self, roots: Sides<NodeHash>, into: Side, decisions: &mut Decisions) -> (TreeMerge, NodeHash) {
        let merged = merge(&self.memory, roots, into, decisions, self.limits).await.unwrap();
        self.checked(roots, into, merged).await
    }

    /// The same, without a look at whether only one side changed anything.
    pub async fn merge_items(&mut self, roots: Sides<NodeHash>, into: Side, decisions: &mut Decisions) -> (TreeMerge, NodeHash) {
        let merged = item_by_item(&self.memory, roots, into, decisions, self.limits).await.unwrap();
        self.checked(roots, into, merged).await
    }

    async fn checked(&mut self, roots: Sides<NodeHash>, into: Side, merged: TreeMerge) -> (TreeMerge, NodeHash) {
        let target = roots.of(into);
        assert!(merged.conflicts.is_empty() || (merged.edited.is_none() && merged.changes.is_empty()));
        let Some(edited) = merged.edited.clone() else { return (merged, target) };
        assert_ne!(edited.root, target);
        let told = (edited.items, edited.size);
        let root = self.memory.keep(edited);
        self.memory.reachable(root);
        let after = self.assert_whole(root).await;
        let snapshot = Snapshot::open(&self.memory, root).await.unwrap();
        assert_eq!(told, (snapshot.root().items, snapshot.root().size));
        let mut now = self.entries(target).await;
        for change in &merged.changes {
            assert_eq!(now.get(&change.id), change.before.as_ref());
            assert!(change.kinds().next().is_some());
            match change.after.clone() {
                Some(after) => now.insert(change.id.clone(), after),
                None => now.remove(&change.id),
            };
        }
        assert_eq!(now, after, "the changes tell what becomes of the target");
        (merged, root)
    }

    pub async fn entries(&self, root: NodeHash) -> BTreeMap<ItemId, ItemEntry> {
        let snapshot = Snapshot::open(&self.memory, root).await.unwrap();
        let walked = snapshot.walk().next_batch(usize::MAX).await.unwrap();
        walked.into_iter().map(|walked| (walked.entry.id.clone(), walked.entry)).collect()
    }

    /// Asserts that a root is what would be built of its items at once, and that each is what its content says.
    pub async fn assert_whole(&self, root: NodeHash) -> BTreeMap<ItemId, ItemEntry> {
        let entries = self.entries(root).await;
        let snapshot = Snapshot::open(&self.memory, root).await.unwrap();
        for entry in entries.values() {
            let content = snapshot.contents(&[entry.content]).await.unwrap().pop().unwrap();
            assert_eq!(entry.summary, summarize(&content).0);
            assert_eq!(entry.size as usize, convert(&content, Node::Item, Version::V2_1).len());
            assert_eq!(Json::parse(&content, &JsonLimits::default()).unwrap().to_bytes(), content);
        }
        let now = snapshot.root();
        let head = Head { salt: now.salt, content: now.head, size: now.head_size };
        let built = Build::new(head, entries.values().cloned().collect(), self.limits).unwrap().to_end().0;
        assert_eq!((built.root, built.items, built.size), (root, now.items, now.size));
        assert_eq!(entries.len() as u64, now.items, "everything can be reached");
        entries
    }

    /// The ids in document order with their folders: `a(b,c(d)),e`.
    pub async fn shown(&self, root: NodeHash) -> String {
        let snapshot = Snapshot::open(&self.memory, root).await.unwrap();
        let (mut text, mut depth, mut was_folder) = (String::new(), 0, false);
        for walked in snapshot.walk().next_batch(usize::MAX).await.unwrap() {
            if walked.depth > depth {
                text.push('(');
            } else if !text.is_empty() {
                text.push_str(if was_folder { "()" } else { "" });
                text.push_str(&")".repeat(depth - walked.depth));
                text.push(',');
            }
            text.push_str(walked.entry.id.as_str());
            (depth, was_folder) = (walked.depth, walked.entry.summary.is_folder);
        }
        text.push_str(if was_folder { "()" } else { "" });
        text + &")".repeat(depth)
    }

    /// The value of a key of an item.
    pub async fn value(&self, root: NodeHash, name: &str, key: &str) -> Option<String> {
        let snapshot = Snapshot::open(&self.memory, root).await.unwrap();
        let entry = snapshot.find(&id(name)).await.unwrap().unwrap();
        let content = snapshot.contents(&[entry.content]).await.unwrap().pop().unwrap();
        let json = Json::parse(&content, &JsonLimits::default()).unwrap();
        json.get(key).map(|value| value.as_str().map_or_else(|| String::from_utf8(value.to_bytes()).unwrap(), str::to_owned))
    }
}

/// Sets a key of an item: to JSON if it is some, else to text.
async fn set(editor: &mut Editor<'_>, name: &str, key: &str, value: Option<&str>) {
    let entry = editor.now().find(&id(name)).await.unwrap().unwrap();
    let mut content = Json::parse(&editor.content(&entry).await.unwrap(), &JsonLimits::default()).unwrap();
    match value {
        Some(value) => {
            content.set(key, Json::parse(value.as_bytes(), &JsonLimits::default()).unwrap_or_else(|_| Json::from(value)));
        }
        None => drop(content.remove(key)),
    }
    editor.update(new_item(name, &content)).await.unwrap();
}

/// Something that somebody does, to an item that is picked among those that are there.
#[derive(Debug, Clone)]
pub enum Deed {
    Add { parent: Index, position: Option<Index>, name: u8, is_folder: bool },
    Set { item: Index, key: u8, value: u8 },
    Move { item: Index, parent: Index, position: Option<Index> },
    Remove { item: Index },
    Kind { item: Index },
    Head { key: u8, value: u8 },
}

pub fn deeds() -> impl Strategy<Value = Deed> {
    let position = || proptest::option::of(any::<Index>());
    prop_oneof![
        5 => (any::<Index>(), position(), 0..60_u8, any::<bool>())
            .prop_map(|(parent, position, name, is_folder)| Deed::Add { parent, position, name, is_folder }),
        4 => (any::<Index>(), 0..3_u8, 0..3_u8).prop_map(|(item, key, value)| Deed::Set { item, key, value }),
        6 => (any::<Index>(), any::<Index>(), position()).prop_map(|(item, parent, position)| Deed::Move { item, parent, position }),
        2 => any::<Index>().prop_map(|item| Deed::Remove { item }),
        1 => any::<Index>().prop_map(|item| Deed::Kind { item }),
        1 => (0..2_u8, 0..3_u8).prop_map(|(key, value)| Deed::Head { key, value }),
    ]
}

/// Does something. What cannot be is left out.
pub async fn run(world: &mut World, root: NodeHash, deeds: &[Deed]) -> NodeHash {
    let mut editor = Editor::open(&world.memory, root, world.limits).await.unwrap();
    for deed in deeds {
        let walked = editor.now().walk().next_batch(usize::MAX).await.unwrap();
        let pick = |index: &Index| walked.get(index.index(walked.len().max(1))).map(|walked| walked.entry.clone());
        let folders: Vec<Option<ItemId>> = [None]
            .into_iter()
            .chain(walked.iter().filter(|walked| walked.entry.summary.is_folder).map(|walked| Some(walked.entry.id.clone())))
            .collect();
        let pick_folder = |index: &Index| folders[index.index(folders.len())].clone();
        let place = |parent: &Option<ItemId>, position: &Option<Index>| {
            let count = walked.iter().filter(|walked| walked.entry.parent == *parent).count();
            position.as_ref().map(|index| index.index(count + 1) as u64)
        };
        let _: EditResult<()> = async {
            match deed {
                Deed::Add { parent, position, name, is_folder } => {
                    let name = format!("i{name}");
                    let parent = pick_folder(parent);
                    let item = if *is_folder { folder(&name) } else { request(&name) };
                    editor.add(parent.as_ref(), place(&parent, position), item).await?;
                }
                Deed::Set { item, key, value } => {
                    let Some(entry) = pick(item) else { return Ok(()) };
                    let key = ["name", "description", "x"][usize::from(*key)];
                    set(&mut editor, entry.id.as_str(), key, (*value > 0).then(|| value.to_string()).as_deref()).await;
                }
                Deed::Move { item, parent, position } => {
                    let Some(entry) = pick(item) else { return Ok(()) };
                    let parent = pick_folder(parent);
                    editor.move_to(&entry.id, parent.as_ref(), place(&parent, position)).await?;
                }
                Deed::Remove { item } => {
                    let Some(entry) = pick(item) else { return Ok(()) };
                    editor.remove(&entry.id, 0).await?;
                }
                Deed::Kind { item } => {
                    let Some(entry) = pick(item) else { return Ok(()) };
                    let is_empty = editor.now().count_children(Some(&entry.id)).await? == 0;
                    if is_empty {
                        let value = (!entry.summary.is_folder).then_some("[]");
                        set(&mut editor, entry.id.as_str(), "item", value).await;
                    }
                }
                Deed::Head { key, value } => {
                    let mut head = Json::parse(&editor.head().await?, &JsonLimits::default()).unwrap();
                    head.get_mut("info").unwrap().set(["name", "x"][usize::from(*key)], Json::from(&*value.to_string()));
                    let content = head.to_bytes();
                    let size = content.len() as u64;
                    editor.set_head(content, size);
                }
            }
            Ok(())
        }
        .await;
    }
    let edited = editor.finish().unwrap();
    world.memory.keep(edited)
}
