//! What is read of a snapshot, compared with lists.

use super::edits::now;
use super::model::{entries, id};
use super::source::Memory;
use crate::app::paging::Direction;
use crate::app::snapshot::{SearchKey, Siblings, Snapshot};
use crate::domain::snapshot::chunk::TreeBuilder;
use crate::domain::snapshot::node::MapKind;
use crate::domain::snapshot::{ItemEntry, ItemId, NewNode, Root, Salt, hash_of};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_children_are_cut_out_of_their_list(
        count in 0..400_usize, fan in proptest::option::of(2..30_usize), parent in proptest::option::of(0..30_usize),
        after in proptest::option::of(0..400_usize), before in proptest::option::of(0..400_usize), limit in 0..50_usize, is_backward in any::<bool>(),
    ) {
        now(async {
            let mut memory = Memory::default();
            let all = entries(count, fan);
            let root = memory.build(all.clone()).0;
            let snapshot = Snapshot::open(&memory, root).await.unwrap();
            let parent = parent.map(id);
            let mut siblings: Vec<ItemEntry> = all.iter().filter(|entry| entry.parent == parent).cloned().collect();
            siblings.sort_by_key(ItemEntry::sibling_key);
            assert_eq!(snapshot.count_children(parent.as_ref()).await.unwrap(), siblings.len() as u64);
            let [after, before] = [after, before].map(|place| place.and_then(|index| all.get(index)).map(ItemEntry::sibling_key));
            let direction = if is_backward { Direction::Backward } else { Direction::Forward };
            let page = Siblings { after: after.clone(), before: before.clone(), limit: limit as u64, direction };
            let within = |entry: &&ItemEntry| {
                let key = entry.sibling_key();
                after.as_ref().is_none_or(|after| key > *after) && before.as_ref().is_none_or(|before| key < *before)
            };
            let mut expected: Vec<ItemEntry> = siblings.iter().filter(within).cloned().collect();
            if is_backward {
                expected.reverse();
            }
            expected.truncate(limit);
            assert_eq!(snapshot.children(parent.as_ref(), &page).await.unwrap(), expected);
            for (index, entry) in siblings.iter().enumerate().step_by(7) {
                assert_eq!(snapshot.child_at(parent.as_ref(), index as u64).await.unwrap().as_ref(), Some(entry));
                assert_eq!(snapshot.index_of(entry).await.unwrap(), index as u64);
            }
            assert_eq!(snapshot.child_at(parent.as_ref(), siblings.len() as u64).await.unwrap(), None);
            let ids: Vec<ItemId> = all.iter().map(|entry| entry.id.clone()).chain([id(9_999)]).collect();
            let expected: Vec<Option<ItemEntry>> = all.iter().cloned().map(Some).chain([None]).collect();
            assert_eq!(snapshot.find_many(&ids).await.unwrap(), expected);
        });
    }
}

#[test]
fn a_subtree_is_an_item_with_everything_in_it() {
    now(async {
        let mut memory = Memory::default();
        let root = memory.build(entries(100, Some(3))).0;
        let snapshot = Snapshot::open(&memory, root).await.unwrap();
        let mut walk = snapshot.subtree(&id(10)).await.unwrap();
        let walked = walk.next_batch(99).await.unwrap();
        let walked: Vec<(ItemId, usize)> = walked.into_iter().map(|walked| (walked.entry.id, walked.depth)).collect();
        let expected = [(10, 0), (33, 1), (34, 1), (35, 1)].map(|(number, depth)| (id(number), depth));
        assert_eq!(walked[0], expected[0]);
        assert_eq!(walked.iter().filter(|(_, depth)| *depth == 1).cloned().collect::<Vec<_>>(), expected[1..]);
        assert_eq!(snapshot.ancestors(&id(34)).await.unwrap(), Some(vec![id(10), id(2)]));
        assert_eq!(snapshot.ancestors(&id(999)).await.unwrap(), None);
        assert!(snapshot.subtree(&id(999)).await.unwrap().next().await.unwrap().is_none());
    });
}

#[test]
fn a_search_finds_everything_a_page_at_a_time() {
    now(async {
        let mut memory = Memory::default();
        let root = memory.build(entries(20_000, Some(40))).0;
        let snapshot = Snapshot::open(&memory, root).await.unwrap();
        for (text, limit, expected) in [("name 199", 10, 111), ("nowhere", 10, 0), ("/0", 3_000, 20_000), ("name 7777", 1, 1)] {
            let (mut found, mut next, mut calls) = (Vec::new(), None::<SearchKey>, 0);
            loop {
                let page = snapshot.search(text, next.as_ref(), limit).await.unwrap();
                assert!(page.entries.len() <= limit);
                found.extend(page.entries.into_iter().map(|entry| entry.id));
                calls += 1;
                next = page.next.map(|key| SearchKey::from_bytes(key.as_bytes().to_vec()));
                if next.is_none() {
                    break;
                }
            }
            found.sort();
            found.dedup();
            assert_eq!(found.len(), expected, "{text} in {calls} calls");
        }
    });
}

#[test]
fn what_is_stored_wrongly_is_an_error_and_no_endless_way() {
    now(async {
        let mut memory = Memory::default();
        // Two folders in each other: nobody builds that, so it is put together by hand.
        let folder = |number: usize, parent: usize| ItemEntry { parent: Some(id(parent)), ..entries(20, Some(1))[number].clone() };
        let looped = [folder(1, 2), folder(2, 1)];
        let mut roots = [
            (MapKind::Order, looped.each_ref().map(ItemEntry::to_record)),
            (MapKind::Place, looped.each_ref().map(ItemEntry::to_place_record)),
        ]
        .into_iter()
        .map(|(kind, mut records)| {
            records.sort_by(|one, other| one.key.cmp(&other.key));
            let mut builder = TreeBuilder::new(kind, Salt::default());
            for record in records {
                builder.push(record);
            }
            let (root, nodes) = builder.finish();
            for node in nodes {
                memory.put(node);
            }
            root
        });
        let (order, place) = (roots.next().unwrap(), roots.next().unwrap());
        drop(roots);
        let right = Root { salt: Salt::default(), head: hash_of(b""), head_size: 0, order, place, items: 2, size: 0 };
        let crossed = Root { order: place, place: order, ..right.clone() };
        let missing = Root { order: Some(hash_of(b"nowhere")), ..right.clone() };
        let [right, crossed, missing] = [right, crossed, missing].map(|root| {
            let node = NewNode::of(root.encode());
            memory.put(node.clone());
            node.hash
        });
        let snapshot = Snapshot::open(&memory, right).await.unwrap();
        assert!(snapshot.ancestors(&id(1)).await.is_err());
        let mut walk = snapshot.subtree(&id(1)).await.unwrap();
        assert!(walk.next_batch(99).await.is_err());
        for wrong in [crossed, missing] {
            let snapshot = Snapshot::open(&memory, wrong).await.unwrap();
            assert!(snapshot.walk().next().await.is_err());
            assert!(snapshot.find(&id(1)).await.is_err());
        }
        assert!(Snapshot::open(&memory, hash_of(b"nowhere")).await.is_err());
        assert!(Snapshot::open(&memory, order.unwrap()).await.is_err());
    });
}
