//! What holds whatever two people do.

use super::world::{Deed, World, deeds, run};
use crate::app::snapshot::tests::edits::now;
use crate::domain::merge::{Conflict, Decisions, Side, Sides};
use crate::domain::snapshot::{ItemEntry, ItemId, NodeHash};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn all(side: Side) -> Decisions {
    Decisions::new(Some(side), []).unwrap()
}

/// A base, and what two people make of it.
async fn sides(before: &[Deed], parent: &[Deed], fork: &[Deed]) -> (World, Sides<NodeHash>) {
    let (mut world, empty) = World::new();
    let base = run(&mut world, empty, before).await;
    let parent = run(&mut world, base, parent).await;
    let fork = run(&mut world, base, fork).await;
    (world, Sides { base, parent, fork })
}

/// What both sides did to the same items may be merged in more ways than one; of all else this says what is to come out.
fn assert_holds(sides: &Sides<BTreeMap<ItemId, ItemEntry>>, merged: &BTreeMap<ItemId, ItemEntry>) {
    let ids: BTreeSet<&ItemId> = sides.as_ref().into_array().into_iter().flat_map(BTreeMap::keys).collect();
    for id in ids {
        let entries = sides.as_ref().map(|side| side.get(id));
        let merged = merged.get(id);
        if let Some(content) = entries.map(|entry| entry.map(|entry| entry.content)).agreed() {
            assert_eq!(merged.map(|entry| entry.content), content, "{id}");
        }
        let place = |entry: Option<&ItemEntry>| entry.map(|entry| (entry.parent.clone(), entry.rank.clone()));
        if let Some(place_of) = entries.map(place).agreed() {
            assert_eq!(place(merged), place_of, "{id}");
        }
    }
}

/// Whether both sides did something to different items, and nothing that the other one's needs.
fn are_disjoint(sides: &Sides<BTreeMap<ItemId, ItemEntry>>) -> bool {
    let is_touched = |side: Side, id: &ItemId| sides.as_ref().of(side).get(id) != sides.base.get(id);
    let ids: BTreeSet<&ItemId> = sides.as_ref().into_array().into_iter().flat_map(BTreeMap::keys).collect();
    if ids.iter().any(|id| is_touched(Side::Parent, id) && is_touched(Side::Fork, id)) {
        return false;
    }
    let moved_folders = [Side::Parent, Side::Fork].map(|side| {
        let moved = |(id, entry): (&ItemId, &ItemEntry)| sides.base.get(id).is_some_and(|base| base.parent != entry.parent);
        sides.as_ref().of(side).iter().any(|(id, entry)| entry.summary.is_folder && moved((id, entry)))
    });
    let rests_on_what_stays = |side: Side| {
        let (here, there) = (sides.as_ref().of(side), sides.as_ref().of(side.other()));
        here.iter().filter(|(id, _)| is_touched(side, id)).all(|(_, entry)| {
            let around = std::iter::successors(entry.parent.as_ref(), |id| here[*id].parent.as_ref());
            let stays = |id: &ItemId| there.get(id).is_some_and(|entry| entry.summary.is_folder);
            around.into_iter().all(|id| stays(id) || !sides.base.contains_key(id))
        })
    };
    moved_folders != [true, true] && rests_on_what_stays(Side::Parent) && rests_on_what_stays(Side::Fork)
}

fn swapped(mut conflicts: Vec<Conflict>) -> Vec<Conflict> {
    for conflict in &mut conflicts {
        std::mem::swap(&mut conflict.parent, &mut conflict.fork);
    }
    conflicts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn what_only_one_side_changed_comes_out(before in vec(deeds(), 0..40), after in vec(deeds(), 0..20)) {
        now(async {
            let (mut world, roots) = sides(&before, &[], &after).await;
            let Sides { base, fork, .. } = roots;
            for roots in [Sides { base, parent: base, fork }, Sides { base, parent: fork, fork: base }, Sides { base, parent: fork, fork }] {
                for into in [Side::Parent, Side::Fork] {
                    let (merged, root) = world.merge(roots, into, &mut Decisions::default()).await;
                    assert_eq!((merged.conflicts.len(), root), (0, fork));
                    let (slowly, root) = world.merge_items(roots, into, &mut Decisions::default()).await;
                    assert_eq!((slowly.conflicts.len(), root), (0, fork));
                    assert_eq!((slowly.changes, slowly.head), (merged.changes, merged.head));
                }
            }
        });
    }

    #[test]
    fn a_merge_depends_on_nothing_but_what_both_did(before in vec(deeds(), 0..40), parent in vec(deeds(), 1..20), fork in vec(deeds(), 1..20)) {
        now(async {
            let (mut world, roots) = sides(&before, &parent, &fork).await;
            let (merged, root) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
            let (other, other_root) = world.merge(roots.swapped(), Side::Fork, &mut Decisions::default()).await;
            let told = |merged: &crate::app::snapshot::merge::TreeMerge| merged.conflicts.iter().map(|told| told.conflict.clone()).collect::<Vec<_>>();
            assert_eq!(told(&merged), swapped(told(&other)));
            if merged.conflicts.is_empty() {
                assert_eq!(root, other_root);
                let [base, parent, fork] = roots.into_array();
                let entries = Sides { base: world.entries(base).await, parent: world.entries(parent).await, fork: world.entries(fork).await };
                assert_holds(&entries, &world.entries(root).await);
            }
            for side in [Side::Parent, Side::Fork] {
                let (one, root) = world.merge(roots, Side::Fork, &mut all(side)).await;
                assert_eq!(one.conflicts, []);
                assert_eq!(world.merge(roots, Side::Parent, &mut all(side)).await.1, root);
                assert_eq!(world.merge(roots.swapped(), Side::Fork, &mut all(side.other())).await.1, root);
            }
        });
    }

    #[test]
    fn what_has_nothing_to_do_with_each_other_never_conflicts(before in vec(deeds(), 10..60), parent in vec(deeds(), 1..5), fork in vec(deeds(), 1..5)) {
        now(async {
            let fork: Vec<Deed> = fork.into_iter().filter(|deed| !matches!(deed, Deed::Head { .. })).collect();
            let (mut world, roots) = sides(&before, &parent, &fork).await;
            let [base, parent, fork] = roots.into_array();
            let entries = Sides { base: world.entries(base).await, parent: world.entries(parent).await, fork: world.entries(fork).await };
            if are_disjoint(&entries) {
                let (merged, root) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
                assert_eq!(merged.conflicts, []);
                let merged = world.entries(root).await;
                assert_holds(&entries, &merged);
                for id in entries.base.keys().chain(entries.parent.keys()).chain(entries.fork.keys()) {
                    let is_kept = [Side::Parent, Side::Fork].iter().all(|side| {
                        entries.as_ref().of(*side).contains_key(id) || !entries.base.contains_key(id)
                    });
                    assert_eq!(merged.contains_key(id), is_kept, "{id}");
                }
            }
        });
    }

    #[test]
    fn what_is_decided_is_settled(before in vec(deeds(), 0..40), parent in vec(deeds(), 1..20), fork in vec(deeds(), 1..20), sides_taken in vec(any::<bool>(), 40)) {
        now(async {
            let (mut world, roots) = sides(&before, &parent, &fork).await;
            let (merged, _) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
            let side = |take: &bool| if *take { Side::Parent } else { Side::Fork };
            let taken = merged.conflicts.iter().map(|told| told.conflict.path.clone()).zip(sides_taken.iter().cycle().map(side));
            let mut decisions = Decisions::new(None, taken).unwrap();
            let (settled, root) = world.merge(roots, Side::Fork, &mut decisions).await;
            assert_eq!(settled.conflicts, []);
            assert_eq!(decisions.unmet().count(), 0);
            world.assert_whole(root).await;
            // Pulled once more there is nothing, and merged into the parent it is what was made of both.
            let roots = Sides { base: roots.parent, parent: roots.parent, fork: root };
            assert_eq!(world.merge(roots, Side::Fork, &mut Decisions::default()).await.1, root);
            assert_eq!(world.merge(roots, Side::Parent, &mut Decisions::default()).await.1, root);
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn collections_of_many_nodes_merge_as_small_ones_do(parent in vec(deeds(), 1..30), fork in vec(deeds(), 1..30)) {
        now(async {
            let (mut world, _) = World::new();
            let base = super::bounds::build(&mut world, 7);
            let parent = run(&mut world, base, &parent).await;
            let fork = run(&mut world, base, &fork).await;
            let roots = Sides { base, parent, fork };
            let (merged, _) = world.merge(roots, Side::Fork, &mut Decisions::default()).await;
            let paths = merged.conflicts.iter().map(|told| (told.conflict.path.clone(), Side::Fork));
            let (settled, root) = world.merge(roots, Side::Fork, &mut Decisions::new(None, paths).unwrap()).await;
            assert_eq!(settled.conflicts, []);
            assert_eq!(world.merge(roots.swapped(), Side::Parent, &mut all(Side::Parent)).await.1, world.merge(roots, Side::Fork, &mut all(Side::Fork)).await.1);
            assert_eq!(world.merge(roots, Side::Parent, &mut all(Side::Fork)).await.1, root);
        });
    }
}
