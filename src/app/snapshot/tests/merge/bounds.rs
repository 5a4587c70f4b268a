//! What merging takes, in a collection of 100,000 items.

use super::world::{HEAD, World, id};
use crate::app::snapshot::merge::{MOST_CHANGES, merge};
use crate::app::snapshot::tests::edits::now;
use crate::app::snapshot::tests::model::entries;
use crate::app::snapshot::{EditError, Snapshot};
use crate::domain::merge::{Decisions, Side, Sides};
use crate::domain::snapshot::{Build, Head, ItemEntry, Limits, NewNode, NodeHash, Rank, Salt, Summary, hash_of};

/// Many requests in folders of a hundred.
pub(super) fn build(world: &mut World, folders: usize) -> NodeHash {
    let ranks: Vec<Rank> = Rank::spread(folders.max(100)).collect();
    let mut entries = Vec::new();
    for number in 0..folders {
        for child in 0..100 {
            let is_folder = child == 0;
            let name = if is_folder { format!("f{number}") } else { format!("r{number}-{child}") };
            let kind = if is_folder { ",\"item\":[]" } else { "" };
            let node = NewNode::of(format!(r#"{{"id":"{name}","name":"{name}"{kind}}}"#).into_bytes());
            let parent = (!is_folder).then(|| id(&format!("f{number}")));
            let rank = ranks[if is_folder { number } else { child }].clone();
            let size = u32::try_from(node.bytes.len()).unwrap();
            let summary = Summary { name: name.clone(), is_folder, ..Summary::default() };
            entries.push(ItemEntry { parent, rank, id: id(&name), content: node.hash, size, summary });
            world.memory.put(node);
        }
    }
    let head = Head { salt: Salt::default(), content: hash_of(HEAD.as_bytes()), size: HEAD.len() as u64 };
    let (built, nodes) = Build::new(head, entries, Limits::default()).unwrap().to_end();
    for node in nodes {
        world.memory.put(node);
    }
    built.root
}

#[test]
fn a_merge_reads_and_writes_in_proportion_to_what_differs() {
    now(async {
        let (mut world, _) = World::new();
        let base = build(&mut world, 1_000);
        let parent = [
            "set r7-1 x 1",
            "set r100-2 name Cat",
            "move r200-3 f300 5",
            "remove r400-4",
            "add f500/n1",
            "move f600 f601",
            "set f700 x 1",
            "remove f800",
            "move r900-5 f900 0",
            "head name Cats",
        ];
        let fork = [
            "set r7-1 y 1",
            "set r107-2 name Dog",
            "move r207-3 f300 5",
            "remove r407-4",
            "add f500/n2",
            "move f607 f608",
            "set f707 x 1",
            "remove f807",
            "move r907-5 f907 0",
            "head description Dogs",
        ];
        let (parent, fork) = (world.edit(base, &parent).await, world.edit(base, &fork).await);
        let roots = Sides { base, parent, fork };
        world.memory.asked();
        let merged = merge(&world.memory, roots, Side::Fork, &mut Decisions::default(), Limits::default()).await.unwrap();
        let asked = world.memory.asked();
        let edited = merged.edited.unwrap();
        println!("merged with {asked:?}, wrote {}", edited.nodes.len());
        assert_eq!((merged.conflicts.len(), edited.items), (0, 100_000 - 202 + 2));
        assert!(asked.calls <= 80 && asked.nodes <= 400, "{asked:?}");
        assert!(edited.nodes.len() <= 120, "{}", edited.nodes.len());
        let root = world.memory.keep(edited);
        let snapshot = Snapshot::open(&world.memory, root).await.unwrap();
        assert_eq!(snapshot.root().items, 100_000 - 200);
    });
}

#[test]
fn too_many_changes_are_refused() {
    now(async {
        let (mut world, base) = World::new();
        let many = world.memory.build(entries(MOST_CHANGES + 1, None)).0;
        let some = world.edit(base, &["add n"]).await;
        for (parent, fork) in [(many, some), (base, many)] {
            let roots = Sides { base, parent, fork };
            let merged = merge(&world.memory, roots, Side::Parent, &mut Decisions::default(), Limits::default()).await;
            assert!(matches!(merged, Err(EditError::TooManyChanges)));
        }
    });
}
