//! Random operations, compared with a model; what they leave, compared with what is built at once.

use super::model::{Model, Operation, entries, id, item, operations};
use super::source::Memory;
use crate::app::snapshot::merge::merge;
use crate::app::snapshot::{Change, Diff, DiffCursor, EditError, Editor, Siblings, Snapshot, replaced};
use crate::domain::merge::{Decisions, Side, Sides};
use crate::domain::snapshot::chunk::ends_node;
use crate::domain::snapshot::{Arrival, ItemEntry, ItemId, Limits, NewNode, NodeHash, Rank, Salt};
use futures_util::FutureExt as _;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Nothing here waits for anything.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

async fn all(memory: &Memory, root: NodeHash) -> Vec<ItemEntry> {
    let snapshot = Snapshot::open(memory, root).await.unwrap();
    let mut walk = snapshot.walk();
    walk.next_batch(usize::MAX).await.unwrap().into_iter().map(|walked| walked.entry).collect()
}

/// Runs operations, so many in each revision. Answers the roots of all.
async fn run(memory: &mut Memory, model: &mut Model, first: NodeHash, operations: Vec<Operation>, each: usize) -> Vec<NodeHash> {
    let mut roots = vec![first];
    for some in operations.chunks(each) {
        let before = *roots.last().unwrap();
        let mut editor = Editor::open(memory, before, model.limits).await.unwrap();
        for operation in some {
            model.run(&mut editor, operation.clone()).await;
        }
        model.assert_is(editor.now()).await;
        let edited = editor.finish().unwrap();
        assert_eq!((edited.items, edited.size), (model.items.len() as u64, model.size()));
        let old: HashSet<NodeHash> = memory.reachable(before);
        let maps: Vec<NodeHash> = edited.nodes.iter().filter(|node| node.bytes.first() == Some(&1)).map(|node| node.hash).collect();
        assert!(maps.iter().all(|hash| !old.contains(hash)), "a node is said to be new that is not");
        let new: Vec<NodeHash> = edited.nodes.iter().map(|node| node.hash).collect();
        let root = memory.keep(edited);
        let reachable = memory.reachable(root);
        assert!(new.iter().all(|hash| reachable.contains(hash)), "a node is made that nothing needs");
        roots.push(root);
    }
    roots
}

async fn diff(memory: &Memory, before: NodeHash, after: NodeHash, page: usize) -> BTreeMap<ItemId, Change> {
    let (mut found, mut cursor) = (BTreeMap::new(), None);
    loop {
        // Each page on its own, as somebody does who comes back with a cursor.
        let mut diff = Diff::open(memory, before, after, cursor.as_ref()).await.unwrap();
        let changes = diff.next_page(page).await.unwrap();
        assert!(changes.len() <= page);
        let Some(last) = changes.last() else { return found };
        cursor = DiffCursor::from_bytes(&last.cursor().to_bytes());
        for change in changes {
            assert!(found.insert(change.id.clone(), change).is_none(), "a change comes twice");
        }
    }
}

async fn naive_diff(memory: &Memory, before: NodeHash, after: NodeHash) -> BTreeMap<ItemId, Change> {
    let sides = [all(memory, before).await, all(memory, after).await];
    let [before, after] = sides.map(|entries| entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect::<BTreeMap<_, _>>());
    let ids: BTreeSet<&ItemId> = before.keys().chain(after.keys()).collect();
    let change = |id: &ItemId| Change { id: id.clone(), before: before.get(id).cloned(), after: after.get(id).cloned() };
    ids.into_iter().map(|id| (id.clone(), change(id))).filter(|(_, change)| change.before != change.after).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn editing_does_what_it_says_and_leaves_what_is_built_at_once(operations in vec(operations(), 1..160), each in 1..40_usize, page in 1..50_usize) {
        now(async {
            let mut memory = Memory::default();
            let (first, _) = memory.build(Vec::new());
            let mut model = Model::new(Limits { items: 60, depth: 4 });
            let roots = run(&mut memory, &mut model, first, operations, each).await;
            let last = *roots.last().unwrap();
            let snapshot = Snapshot::open(&memory, last).await.unwrap();
            let entries = model.assert_is(&snapshot).await;
            assert_eq!(model.root_of(entries), last, "the same items make the same root");
            for before in [first, roots[roots.len() / 2]] {
                assert_eq!(diff(&memory, before, last, page).await, naive_diff(&memory, before, last).await);
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_tree_of_many_nodes_is_cut_the_same_whatever_its_history(operations in vec(operations(), 1..60), each in 1..20_usize, fan in prop_oneof![Just(None), Just(Some(5)), Just(Some(70))]) {
        now(async {
            let mut memory = Memory::default();
            let many = entries(2_000, fan);
            let mut model = Model::new(Limits { items: 2_020, depth: 6 });
            for entry in &many {
                let number = entry.id.as_str()[5..].parse().unwrap();
                let new = item(number, 0, entry.summary.is_folder);
                memory.put(NewNode::of(new.content.clone()));
                model.children.entry(entry.parent.clone()).or_default().push(entry.id.clone());
                model.items.insert(entry.id.clone(), (entry.parent.clone(), new));
            }
            let (first, _) = memory.build(many);
            let roots = run(&mut memory, &mut model, first, operations, each).await;
            let last = *roots.last().unwrap();
            let snapshot = Snapshot::open(&memory, last).await.unwrap();
            let entries = model.assert_is(&snapshot).await;
            assert_eq!(model.root_of(entries), last, "the same items make the same root");
            assert_eq!(diff(&memory, first, last, 37).await, naive_diff(&memory, first, last).await);
            assert_eq!(diff(&memory, last, first, 1_000).await, naive_diff(&memory, last, first).await);
        });
    }

    #[test]
    fn taking_items_out_and_putting_them_back_in_any_order_leaves_nothing_behind(
        taken in proptest::collection::btree_set(0..1_500_usize, 1..200), shuffled in any::<u64>(),
    ) {
        now(async {
            let mut memory = Memory::default();
            let (first, _) = memory.build(entries(1_500, None));
            let mut editor = Editor::open(&memory, first, Limits::default()).await.unwrap();
            for number in &taken {
                editor.remove(&id(*number), 0).await.unwrap();
            }
            // One at a time where it was, which gives it another rank: so the snapshot differs, but only in these.
            let mut order: Vec<usize> = taken.iter().copied().collect();
            order.sort_by_key(|number| (*number as u64).wrapping_mul(shuffled | 1));
            for (index, number) in order.iter().enumerate() {
                let missing = order[index + 1..].iter().filter(|other| *other < number).count();
                editor.add(None, Some((number - missing) as u64), item(*number, 0, false)).await.unwrap();
            }
            let root = memory.keep(editor.finish().unwrap());
            let ids: Vec<ItemId> = all(&memory, root).await.into_iter().map(|entry| entry.id).collect();
            assert_eq!(ids, (0..1_500).map(id).collect::<Vec<_>>());
            assert!(diff(&memory, first, root, 100).await.keys().all(|id| taken.contains(&id.as_str()[5..].parse().unwrap())));
        });
    }
}

#[test]
fn an_edit_that_is_undone_leaves_the_root_and_no_nodes() {
    now(async {
        let mut memory = Memory::default();
        let (first, _) = memory.build(entries(500, Some(7)));
        let mut editor = Editor::open(&memory, first, Limits::default()).await.unwrap();
        editor.add(Some(&id(3)), Some(2), item(900, 0, true)).await.unwrap();
        editor.add(Some(&id(900)), None, item(901, 0, false)).await.unwrap();
        editor.remove(&id(900), 1).await.unwrap();
        let edited = editor.finish().unwrap();
        assert_eq!((edited.root, edited.items), (first, 500));
        assert_eq!(edited.nodes, []);
    });
}

#[test]
fn siblings_get_new_ranks_when_there_is_no_room_between_two() {
    now(async {
        let mut memory = Memory::default();
        let (first, _) = memory.build(entries(50, None));
        let mut editor = Editor::open(&memory, first, Limits::default()).await.unwrap();
        let mut longest = 0;
        for number in 1_000..1_600 {
            let entry = editor.add(None, Some(20), item(number, 0, false)).await.unwrap();
            longest = longest.max(entry.rank.as_bytes().len());
        }
        assert!(longest > 40, "{longest}");
        editor.move_to(&id(7), None, Some(20)).await.unwrap();
        let root = memory.keep(editor.finish().unwrap());
        let ids: Vec<ItemId> = all(&memory, root).await.into_iter().map(|entry| entry.id).collect();
        let expected = (0..7).chain(8..20).chain([1_599, 7]).chain((1_000..1_599).rev()).chain(20..50);
        assert_eq!(ids, expected.map(id).collect::<Vec<_>>());
    });
}

#[test]
fn what_cannot_be_changes_nothing() {
    now(async {
        let mut memory = Memory::default();
        let (first, _) = memory.build(entries(40, Some(3)));
        let mut editor = Editor::open(&memory, first, Limits { items: 40, depth: 3 }).await.unwrap();
        let told = |error: EditError| error.to_string();
        assert_eq!(editor.add(None, None, item(40, 0, false)).await.map_err(told), Err("too many items".to_owned()));
        assert_eq!(editor.add(None, None, item(7, 0, false)).await.map_err(told), Err("there is an item item-7 already".to_owned()));
        assert_eq!(editor.move_to(&id(0), Some(&id(4)), None).await.map_err(told), Err("item-0 cannot lie in itself".to_owned()));
        assert_eq!(editor.move_to(&id(0), Some(&id(0)), None).await.map_err(told), Err("item-0 cannot lie in itself".to_owned()));
        assert_eq!(editor.move_to(&id(0), Some(&id(39)), None).await.map_err(told), Err("item-39 is no folder".to_owned()));
        assert_eq!(editor.move_to(&id(99), None, None).await.map_err(told), Err("there is no item item-99".to_owned()));
        assert_eq!(editor.move_to(&id(9), Some(&id(99)), None).await.map_err(told), Err("there is no folder item-99".to_owned()));
        assert_eq!(editor.move_to(&id(2), None, Some(3)).await.map_err(told), Err("there is no position 3 among 2".to_owned()));
        assert_eq!(editor.move_to(&id(0), Some(&id(10)), None).await.map_err(told), Err("too many folders in each other".to_owned()));
        assert_eq!(editor.update(item(0, 0, false)).await.map_err(told), Err("items lie in item-0".to_owned()));
        assert_eq!(editor.remove(&id(99), 9).await.map_err(told), Err("there is no item item-99".to_owned()));
        assert_eq!(editor.finish().unwrap().root, first);
    });
}

#[test]
fn a_folder_counts_as_a_level_even_without_items() {
    now(async {
        let mut memory = Memory::default();
        let (first, _) = memory.build(entries(40, Some(3)));
        let mut editor = Editor::open(&memory, first, Limits { items: 50, depth: 3 }).await.unwrap();
        // Three folders are around what is in this one.
        let deepest = id(12);
        assert!(matches!(editor.add(Some(&deepest), None, item(41, 0, true)).await, Err(EditError::TooDeep)));
        assert!(editor.add(Some(&deepest), None, item(41, 0, false)).await.is_ok());
        assert!(editor.add(None, None, item(42, 0, true)).await.is_ok());
        assert!(matches!(editor.move_to(&id(42), Some(&deepest), None).await, Err(EditError::TooDeep)));
        assert!(editor.move_to(&id(42), Some(&id(3)), None).await.is_ok());
    });
}

#[test]
fn a_list_that_replaces_a_snapshot_differs_only_in_what_moved() {
    now(async {
        let mut memory = Memory::default();
        let (first, _) = memory.build(entries(300, Some(20)));
        let mut list = all(&memory, first).await;
        let moved = list.remove(299);
        list.insert(5, ItemEntry { parent: list[5].parent.clone(), ..moved });
        let arrival = |entry: ItemEntry| Arrival {
            id: entry.id,
            parent: entry.parent,
            content: entry.content,
            size: entry.size,
            summary: entry.summary,
        };
        let old = Snapshot::open(&memory, first).await.unwrap();
        let fresh = replaced(&old, list.iter().cloned().map(arrival).collect()).await.unwrap();
        let same = replaced(&old, all(&memory, first).await.into_iter().map(arrival).collect()).await.unwrap();
        let (second, _) = memory.build(fresh);
        let changes = diff(&memory, first, second, 10).await;
        assert_eq!(changes.len(), 1);
        assert!(changes.values().all(|change| change.is_moved() && !change.is_changed()));
        assert_eq!(memory.build(same).0, first);
    });
}

#[test]
fn ids_that_never_end_a_node_are_cut_the_same_whatever_their_history() {
    now(async {
        // With 9 records a node ends where one key in sixty-four says so, with 400 where one in eight does; where none does, at its most.
        for records in [9, 400] {
            let may_end = |number: &usize| ends_node(Salt::default(), 0, records, id(*number).as_str().as_bytes());
            let mut numbers: Vec<usize> = (0..).filter(|number| !may_end(number)).take(3_000).collect();
            let later = numbers.split_off(2_500);
            let mut memory = Memory::default();
            let ranks: Vec<Rank> = Rank::spread(numbers.len()).collect();
            let many = entries(1, None).into_iter().cycle().zip(numbers.iter().zip(ranks));
            let many = many.map(|(entry, (number, rank))| ItemEntry { id: id(*number), rank, ..entry }).collect();
            memory.put(NewNode::of(item(0, 0, false).content));
            let (first, _) = memory.build(many);
            let mut editor = Editor::open(&memory, first, Limits::default()).await.unwrap();
            for (number, other) in numbers.iter().step_by(83).zip(later) {
                editor.remove(&id(*number), 0).await.unwrap();
                editor.add(None, Some(other as u64 % 2_000), item(other, 0, false)).await.unwrap();
            }
            let root = memory.keep(editor.finish().unwrap());
            let model = Model::new(Limits::default());
            assert_eq!(model.root_of(all(&memory, root).await), root);
        }
    });
}

#[test]
fn everything_can_be_done_on_any_thread() {
    fn on_any_thread<T: Send>(future: T) -> T {
        future
    }
    now(async {
        let mut memory = Memory::default();
        let root = memory.build(entries(300, Some(10))).0;
        let mut editor = on_any_thread(Editor::open(&memory, root, Limits::default())).await.unwrap();
        on_any_thread(editor.add(Some(&id(1)), Some(0), item(400, 0, false))).await.unwrap();
        on_any_thread(editor.update(item(400, 1, false))).await.unwrap();
        on_any_thread(editor.move_to(&id(400), None, None)).await.unwrap();
        on_any_thread(editor.remove(&id(5), 1)).await.unwrap();
        let snapshot = on_any_thread(editor.now().find(&id(400))).await.unwrap().map(|_| editor.now());
        let mut walk = on_any_thread(snapshot.unwrap().walk());
        on_any_thread(walk.next_batch(10)).await.unwrap();
        on_any_thread(snapshot.unwrap().search("1", None, 3)).await.unwrap();
        on_any_thread(snapshot.unwrap().children(None, &Siblings::first(3))).await.unwrap();
        on_any_thread(replaced(snapshot.unwrap(), Vec::new())).await.unwrap();
        let mut diff = on_any_thread(Diff::open(&memory, root, root, None)).await.unwrap();
        assert_eq!(on_any_thread(diff.next_page(1)).await.unwrap(), []);
        let (roots, mut decisions) = (Sides { base: root, parent: root, fork: root }, Decisions::default());
        on_any_thread(merge(&memory, roots, Side::Fork, &mut decisions, Limits::default())).await.unwrap();
    });
}
