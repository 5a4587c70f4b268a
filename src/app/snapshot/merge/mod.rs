//! Merging two collections that began as one (domain.md, section 3.5).
//!
//! Items are compared by their ids, each in three parts: whether it is there, where it lies, and what it contains. What only one side
//! changed applies by itself, contents are [merged key by key](crate::domain::merge::merge_json), and what both changed differently is a
//! conflict:
//!
//! * `/items/<id>/…` and `/…`: a part of an item's content, or of the collection's own;
//! * `/items/<id>/~place`: both moved an item, or several of them into each other;
//! * `/items/<id>`: an item that one side removed, with everything in it, and in which the other side changed something.
//!
//! Siblings are ordered by their ranks and ids, so merging ranks merges their order, and what nobody moved stays where it is.
//!
//! Reading is in proportion to what differs. The result depends neither on which of the two is called parent, but for how conflicts are
//! resolved, nor on which of them it is written to.

mod contents;
mod cycles;
mod head;
mod items;
mod moves;
mod outcome;
mod places;
mod removals;
mod told;

pub use told::ItemConflict;

use super::{Change, EditError, EditResult, Edited, Editor, NodeSource, Snapshot};
use crate::domain::merge::{Decisions, Side, Sides, push_step};
use crate::domain::snapshot::{ItemEntry, ItemId, Limits, NodeHash};
use contents::Contents;
use items::{Items, changes};
use moves::Moves;
use outcome::Outcome;
use removals::Removals;
use std::collections::BTreeMap;
use std::sync::Arc;
use told::Told;

/// The most items that one side may have changed, so that all of them can be in memory.
pub const MOST_CHANGES: usize = 100_000;

/// What a merge would do to the collection that it is written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TreeMerge {
    /// What the new revision is. None: everything stays as it is, or there are conflicts.
    ///
    /// Contents that the other side has stored are not among its nodes, and if only the other side changed anything, neither is any node of it:
    /// then its root is taken.
    pub edited: Option<Edited>,
    /// The collection's own content, if that becomes another one.
    pub head: Option<Vec<u8>>,
    /// What happens to items, by their ids.
    pub changes: Vec<Change>,
    /// What nobody has decided yet: first what is about the collection itself, then by item. Nothing is written as long as there is any.
    pub conflicts: Vec<ItemConflict>,
}

/// Merges what parent and fork have changed since both were the base, to be written into one of them.
///
/// # Errors
/// The result would be too deep or too large, or too much was changed; what broke.
pub async fn merge(
    source: &dyn NodeSource,
    roots: Sides<NodeHash>,
    into: Side,
    decisions: &mut Decisions,
    limits: Limits,
) -> EditResult<TreeMerge> {
    let (target, other) = (roots.of(into), roots.of(into.other()));
    if target == other || other == roots.base {
        return Ok(TreeMerge::default());
    }
    if target == roots.base {
        return taken(source, target, other).await;
    }
    item_by_item(source, roots, into, decisions, limits).await
}

/// What comes out of everything that either side has changed.
pub(super) async fn item_by_item(
    source: &dyn NodeSource,
    roots: Sides<NodeHash>,
    into: Side,
    decisions: &mut Decisions,
    limits: Limits,
) -> EditResult<TreeMerge> {
    let snapshots = Sides {
        base: Snapshot::open(source, roots.base).await?,
        parent: Snapshot::open(source, roots.parent).await?,
        fork: Snapshot::open(source, roots.fork).await?,
    };
    let mut items = Items::read(source, roots, snapshots.as_ref().of(into)).await?;
    let before = items.all_on(into);
    let mut told = Told::default();
    let mut contents = Contents::new(&snapshots.parent);
    let head = head::merge(&snapshots, decisions, &mut told).await?;
    if let Some(head) = &head {
        contents.convert(&mut items, head).await?;
    }
    let moves = Moves::read(&items, &snapshots).await?;
    let closed = contents.closed(&items).await?;
    let removals = Removals::decide(&items, &moves, &closed, decisions, &mut told);
    contents.merge(&items, &removals.whole, decisions, &mut told).await?;
    let places = places::settle(&items, moves, &removals.put_in, decisions, &mut told);
    if !told.is_empty() {
        let conflicts = told.finish(&items, into, &contents, &snapshots).await?;
        return Ok(TreeMerge { conflicts, ..TreeMerge::default() });
    }
    let outcome = Outcome::new(&items, &removals, &places, &contents);
    let deeper = outcome.check_depth(limits).ok_or(EditError::TooDeep)?;
    let mut merged = TreeMerge::default();
    let mut entries = outcome.entries;
    for id in items.touched.keys() {
        let (before, after) = (before.get(id).map(|entry| ItemEntry::clone(entry)), entries.remove(id));
        if before != after {
            merged.changes.push(Change { id: id.clone(), before, after });
        }
    }
    let target = roots.of(into);
    let mut editor = Editor::open(source, target, limits).await?;
    let mut nodes = BTreeMap::new();
    for Change { id, before, after } in &merged.changes {
        let after = after.as_ref().filter(|after| before.as_ref().is_none_or(|before| before.content != after.content));
        if let Some(after) = after
            && let Some(node) = contents.new_node(after).await?
        {
            nodes.insert(id.clone(), node);
        }
    }
    editor.rearrange(&merged.changes, nodes).await?;
    for (entry, around) in deeper {
        editor.check_height(&entry, around).await?;
    }
    if let Some(head) = head {
        let is_new = editor.head().await? != head.content;
        merged.head = is_new.then(|| head.content.clone());
        editor.set_head(head.content, head.size);
    }
    merged.edited = Some(editor.finish()?).filter(|edited| edited.root != target);
    Ok(merged)
}

/// What only the other side has changed.
async fn taken(source: &dyn NodeSource, target: NodeHash, other: NodeHash) -> EditResult<TreeMerge> {
    let entry = |entry: Option<Arc<ItemEntry>>| entry.map(Arc::unwrap_or_clone);
    let mut changes: Vec<Change> = changes(source, target, other)
        .await?
        .into_iter()
        .map(|(id, before, after)| Change { id, before: entry(before), after: entry(after) })
        .collect();
    changes.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    let (before, after) = (Snapshot::open(source, target).await?, Snapshot::open(source, other).await?);
    let root = after.root();
    let head = if root.head == before.root().head { None } else { after.contents(&[root.head]).await?.pop() };
    let edited = Edited { root: other, nodes: Vec::new(), items: root.items, size: root.size };
    Ok(TreeMerge { edited: Some(edited), head, changes, conflicts: Vec::new() })
}

/// What the paths of an item's conflicts begin with.
fn path_of(id: &ItemId) -> String {
    let mut path = "/items".to_owned();
    push_step(&mut path, id.as_str());
    path
}
