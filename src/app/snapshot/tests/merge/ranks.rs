//! Siblings of the same rank, as merging leaves them.

use super::world::{World, id};
use crate::app::snapshot::tests::edits::now;
use crate::domain::merge::{Decisions, Side, Sides};
use crate::domain::snapshot::{ItemEntry, ItemId, NodeHash, Rank};
use std::collections::{BTreeMap, HashSet};

/// `f`, `g`, `h` and `p` of the same rank among others.
async fn equals() -> (World, NodeHash) {
    let (mut world, empty) = World::new();
    let base = world.edit(empty, &["add a", "add b", "add y", "add z"]).await;
    let mut root = base;
    for name in ["f", "g", "h", "p"] {
        let other = world.edit(base, &[&format!("add {name} 2")]).await;
        root = world.merge(Sides { base, parent: root, fork: other }, Side::Parent, &mut Decisions::default()).await.1;
    }
    let entries = world.entries(root).await;
    let ranks: HashSet<&Rank> = ["f", "g", "h", "p"].map(|name| &entries[&id(name)].rank).into();
    assert_eq!((world.shown(root).await.as_str(), ranks.len()), ("a,b,f,g,h,p,y,z", 1));
    (world, root)
}

fn differing(before: &BTreeMap<ItemId, ItemEntry>, after: &BTreeMap<ItemId, ItemEntry>) -> Vec<String> {
    let all = after.iter().filter(|(id, entry)| before.get(*id) != Some(*entry));
    all.map(|(id, _)| id.to_string()).collect()
}

#[test]
fn room_among_equals_is_made_by_the_fewer_of_them() {
    now(async {
        let (mut world, root) = equals().await;
        let before = world.entries(root).await;
        for (line, shown, changed) in [
            ("add n 3", "a,b,f,n,g,h,p,y,z", "f,n"),
            ("add n 4", "a,b,f,g,n,h,p,y,z", "h,n,p"),
            ("add n 5", "a,b,f,g,h,n,p,y,z", "n,p"),
            ("add n 2", "a,b,n,f,g,h,p,y,z", "n"),
            ("add n 6", "a,b,f,g,h,p,n,y,z", "n"),
            ("move a / 3", "b,f,g,a,h,p,y,z", "a,h,p"),
            ("move z / 3", "a,b,f,z,g,h,p,y", "f,z"),
            ("move f / 4", "a,b,g,h,f,p,y,z", "f,p"),
            ("move p / 3", "a,b,f,p,g,h,y,z", "f,p"),
            ("move g / 4", "a,b,f,h,g,p,y,z", "g,p"),
            ("move g / 2", "a,b,g,f,h,p,y,z", "g"),
        ] {
            let edited = world.edit(root, &[line]).await;
            assert_eq!(world.shown(edited).await, shown, "{line}");
            assert_eq!(differing(&before, &world.assert_whole(edited).await).join(","), changed, "{line}");
        }
    });
}

#[test]
fn equals_at_the_ends_have_room_beyond_them() {
    now(async {
        let (mut world, empty) = World::new();
        let mut root = empty;
        for name in ["a", "b", "c"] {
            let other = world.edit(empty, &[&format!("add {name}")]).await;
            root = world.merge(Sides { base: empty, parent: root, fork: other }, Side::Parent, &mut Decisions::default()).await.1;
        }
        for (line, shown) in [("add n 1", "a,n,b,c"), ("add n 2", "a,b,n,c"), ("move a / 1", "b,a,c"), ("move c / 1", "a,c,b")] {
            let edited = world.edit(root, &[line]).await;
            assert_eq!(world.shown(edited).await, shown, "{line}");
            world.assert_whole(edited).await;
        }
    });
}

#[test]
fn room_that_one_side_made_is_no_move() {
    now(async {
        let (mut world, base) = equals().await;
        // Both make room among the same siblings, and one moves some of these away or removes them.
        let parent = world.edit(base, &["add n 4"]).await;
        for (lines, shown) in [
            (&["move h / 0"][..], "h,a,b,f,g,n,p,y,z"),
            (&["remove p"], "a,b,f,g,n,h,y,z"),
            (&["move p / 0", "remove h"], "p,a,b,f,g,n,y,z"),
            // Of two that both put among the same siblings it is only certain that they are there.
            (&["add m 5"], "a,b,f,g,m,n,h,p,y,z"),
        ] {
            let fork = world.edit(base, lines).await;
            let roots = Sides { base, parent, fork };
            let (merged, root) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
            assert_eq!(merged.conflicts, [], "{lines:?}");
            assert_eq!(world.shown(root).await, shown, "{lines:?}");
        }
        // A real move is one all the same.
        let parent = world.edit(base, &["move g / 5"]).await;
        let fork = world.edit(base, &["move g / 0"]).await;
        let (merged, _) = world.merge(Sides { base, parent, fork }, Side::Fork, &mut Decisions::default()).await;
        assert_eq!(merged.conflicts.len(), 1);
    });
}
