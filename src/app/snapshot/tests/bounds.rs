//! What edits and reads take, in collections of 20,000 and 200,000 items.

use super::edits::now;
use super::model::{entries, id, item};
use super::source::{Asked, Memory};
use crate::app::snapshot::{Diff, Editor, Siblings, Snapshot};
use crate::domain::snapshot::{Limits, NodeHash};

/// One edit of the collection with this root. Answers what it read, the nodes and bytes that it wrote, and the new root.
async fn edit(memory: &mut Memory, root: NodeHash, operation: &str, number: usize, parent: Option<usize>) -> (Asked, Asked, NodeHash) {
    memory.asked();
    let mut editor = Editor::open(memory, root, Limits::default()).await.unwrap();
    let parent = parent.map(id);
    match operation {
        "add in the middle" => drop(editor.add(parent.as_ref(), Some(1), item(1_000_000, 0, false)).await.unwrap()),
        "add at the end" => drop(editor.add(parent.as_ref(), None, item(1_000_001, 0, false)).await.unwrap()),
        "update" => drop(editor.update(item(number, 7, false)).await.unwrap()),
        "move" => drop(editor.move_to(&id(number), parent.as_ref(), Some(0)).await.unwrap()),
        _ => drop(editor.remove(&id(number), 9).await.unwrap()),
    }
    let edited = editor.finish().unwrap();
    let written = Asked { calls: 1, nodes: edited.nodes.len(), bytes: edited.nodes.iter().map(|node| node.bytes.len()).sum() };
    let read = memory.asked();
    (read, written, memory.keep(edited))
}

#[test]
fn an_edit_reads_and_writes_few_nodes_however_large_the_collection_is() {
    now(async {
        for (count, fan) in [(20_000, None), (20_000, Some(10)), (200_000, None), (200_000, Some(10))] {
            let mut memory = Memory::default();
            let first = memory.build(entries(count, fan)).0;
            for operation in ["add in the middle", "add at the end", "update", "move", "remove"] {
                let parent = fan.map(|_| count / 20);
                let (read, written, root) = edit(&mut memory, first, operation, count - 5, parent).await;
                memory.asked();
                let mut diff = Diff::open(&memory, first, root, None).await.unwrap();
                assert_eq!(diff.next_page(10).await.unwrap().len(), 1);
                let compared = memory.asked();
                println!(
                    "{count} {} {operation}: read {read:?}, wrote {} nodes of {} bytes, compared {compared:?}",
                    fan.map_or("flat", |_| "nested"),
                    written.nodes,
                    written.bytes
                );
                assert!(read.calls <= 24 && read.nodes <= 26 && read.bytes <= 200_000, "{read:?}");
                assert!(written.nodes <= 16 && written.bytes <= 160_000, "{written:?}");
                assert!(compared.calls <= 16 && compared.nodes <= 40, "{compared:?}");
            }
        }
    });
}

#[test]
fn reading_takes_few_calls() {
    now(async {
        for (count, fan) in [(20_000, None), (20_000, Some(10)), (200_000, Some(10))] {
            let mut memory = Memory::default();
            let (root, nodes) = memory.build(entries(count, fan));
            let snapshot = Snapshot::open(&memory, root).await.unwrap();
            memory.asked();
            snapshot.find(&id(count / 2)).await.unwrap().unwrap();
            let found = memory.asked();
            let page = snapshot.children(fan.map(|_| id(77)).as_ref(), &Siblings::first(100)).await.unwrap();
            let listed = memory.asked();
            assert_eq!(page.len(), fan.unwrap_or(100));
            let snapshot = Snapshot::open(&memory, root).await.unwrap();
            memory.asked();
            let mut walk = snapshot.walk();
            let mut walked = 0;
            while let some @ 1.. = walk.next_batch(100).await.unwrap().len() {
                walked += some;
            }
            let all = memory.asked();
            println!(
                "{count} {} of {} nodes: find {found:?}, list {listed:?}, walk {all:?}",
                fan.map_or("flat", |_| "nested"),
                nodes.len()
            );
            assert_eq!(walked, count);
            assert!(found.calls <= 8 && found.nodes <= 8, "{found:?}");
            assert!(listed.calls <= 6 && listed.nodes <= 8, "{listed:?}");
            assert!(all.calls <= count / 100, "{all:?}");
        }
    });
}

#[test]
fn many_edits_and_the_removal_of_a_large_folder_stay_small_in_calls() {
    now(async {
        let mut memory = Memory::default();
        let root = memory.build(entries(20_000, Some(10))).0;
        memory.asked();
        let mut editor = Editor::open(&memory, root, Limits::default()).await.unwrap();
        let removed = editor.remove(&id(0), 5).await.unwrap();
        let asked = memory.asked();
        println!("removed {} with {asked:?}", removed.count);
        assert_eq!((removed.count, removed.ids.len()), (10_001, 5));
        assert!(asked.calls <= 60, "{asked:?}");
        for number in 0..100 {
            editor.add(Some(&id(1)), None, item(500_000 + number, 0, false)).await.unwrap();
        }
        let asked = memory.asked();
        println!("added 100 with {asked:?}");
        assert!(asked.calls <= 120, "{asked:?}");
        assert_eq!(editor.finish().unwrap().items, 20_000 - 10_001 + 100);
    });
}
