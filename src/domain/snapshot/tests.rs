//! The bytes of nodes, the keys of maps, and maps that are built.

use super::chunk::{MAX_RECORDS, TreeBuilder, ends_node};
use super::entry::{behind, children_end, children_start, shortened};
use super::node::{MapKind, Node, Payload, Record};
use super::*;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use std::collections::HashMap;

fn ids() -> impl Strategy<Value = ItemId> {
    prop_oneof!["[a-c ~\u{ff}ä]{1,4}", "[0-9a-f]{8}"].prop_map(|text: String| ItemId::parse(&text).expect("short"))
}

fn ranks() -> impl Strategy<Value = Rank> {
    (vec(1..=255_u8, 0..3), 2..=255_u8).prop_map(|(mut digits, last)| {
        digits.push(last);
        Rank::from_bytes(&digits).expect("a rank")
    })
}

prop_compose! {
    fn entries()(
        parent in proptest::option::of(ids()), rank in ranks(), id in ids(), content in any::<[u8; 32]>(), size in any::<u32>(),
        name in ".{0,8}", url in proptest::option::of(".{1,8}"), method in proptest::option::of("GET|POST"), is_folder in any::<bool>(),
    ) -> ItemEntry {
        let summary = Summary { name, url, method, is_folder };
        ItemEntry { parent, rank, id, content: NodeHash::new(content), size, summary }
    }
}

fn nodes() -> impl Strategy<Value = Node> {
    let kind = prop_oneof![Just(MapKind::Order), Just(MapKind::Place)];
    let leaf = (kind.clone(), btree_map(vec(any::<u8>(), 1..6), vec(any::<u8>(), 0..20), 1..40)).prop_map(|(kind, values)| {
        let records = values.into_iter().map(|(key, value)| Record { key: key.into(), payload: Payload::Value(value.into()) });
        Node::new(kind, 0, records.collect())
    });
    let inner = (kind, 1..=255_u8, btree_map(vec(any::<u8>(), 1..6), any::<([u8; 32], u64)>(), 1..40)).prop_map(|(kind, level, links)| {
        let link = |(child, count)| Payload::Link { child: NodeHash::new(child), count };
        Node::new(kind, level, links.into_iter().map(|(key, value)| Record { key: key.into(), payload: link(value) }).collect())
    });
    prop_oneof![leaf, inner]
}

fn roots() -> impl Strategy<Value = Root> {
    any::<([u8; 16], [u8; 32], u64, Option<([u8; 32], [u8; 32])>, u64, u64)>().prop_map(|(salt, head, head_size, maps, items, size)| Root {
        salt: Salt::new(salt),
        head: NodeHash::new(head),
        head_size,
        order: maps.map(|(order, _)| NodeHash::new(order)),
        place: maps.map(|(_, place)| NodeHash::new(place)),
        items: if maps.is_some() { items.max(1) } else { 0 },
        size,
    })
}

proptest! {
    #[test]
    fn nodes_and_roots_survive_their_bytes(node in nodes(), root in roots()) {
        prop_assert_eq!(Node::decode(&node.encode()), Ok(node));
        prop_assert_eq!(Root::decode(&root.encode()), Ok(root));
    }

    #[test]
    fn bytes_that_are_cut_lengthened_or_changed_never_panic_and_never_mean_the_same(
        node in nodes(), root in roots(), at in any::<prop::sample::Index>(), flip in 1..=255_u8,
    ) {
        for bytes in [node.encode(), root.encode()] {
            prop_assert!(references(&bytes[..at.index(bytes.len())]).is_err());
            prop_assert!(references(&[&bytes[..], &[flip]].concat()).is_err());
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= flip;
            prop_assert_ne!(Node::decode(&changed), Ok(node.clone()));
            prop_assert_ne!(Root::decode(&changed), Ok(root.clone()));
            let _ = references(&changed);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..200), kind in 0..8_u8, level in 0..3_u8) {
        let bytes = [&[1, kind, level][..], &bytes].concat();
        let _ = references(&bytes);
        if let Ok(node) = Node::decode(&bytes) {
            prop_assert_eq!(node.encode(), bytes);
            for record in node.records() {
                let _ = (ItemEntry::from_record(record), Place::from_record(record));
            }
        }
    }

    #[test]
    fn an_item_survives_both_maps(entry in entries()) {
        prop_assert_eq!(ItemEntry::from_record(&entry.to_record()), Ok(entry.clone()));
        let place = Place { parent: entry.parent.clone(), rank: entry.rank.clone() };
        prop_assert_eq!(Place::from_record(&entry.to_place_record()), Ok(place));
    }

    #[test]
    fn keys_are_ordered_as_what_they_stand_for(one in entries(), other in entries()) {
        prop_assert_eq!(one.order().cmp(&other.order()), one.order_key().cmp(&other.order_key()));
        for (entry, inside) in [(&one, true), (&other, other.parent == one.parent)] {
            let key = entry.order_key();
            let range = children_start(one.parent.as_ref())..children_end(one.parent.as_ref());
            prop_assert_eq!(range.contains(&key), inside);
            prop_assert!(key < behind(key.clone()));
        }
    }

    #[test]
    fn a_list_that_replaces_another_keeps_its_order_and_the_ranks_of_what_stays(
        old in btree_set(0..60_u32, 0..40), new in Just((0..60_u32).collect::<Vec<_>>()).prop_shuffle(), length in 0..60_usize, is_shuffled in any::<bool>(),
    ) {
        let id = |number: &u32| ItemId::parse(&number.to_string()).expect("short");
        let old: HashMap<ItemId, Place> = old.iter().map(id).zip(Rank::spread(old.len()).map(|rank| Place { parent: None, rank })).collect();
        let mut new = new[..length].to_vec();
        if !is_shuffled {
            new.sort_unstable();
        }
        let arrivals = new.iter().map(|number| Arrival { id: id(number), parent: None, content: hash_of(b""), size: 0, summary: Summary::default() });
        let entries = ranked(&old, arrivals.collect());
        prop_assert_eq!(entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>(), new.iter().map(id).collect::<Vec<_>>());
        prop_assert!(entries.is_sorted_by(|one, next| one.rank < next.rank));
        if !is_shuffled {
            let kept = |entry: &&ItemEntry| old.get(&entry.id).is_none_or(|place| place.rank == entry.rank);
            prop_assert_eq!(entries.iter().filter(kept).count(), entries.len());
        }
    }
}

#[test]
fn what_a_node_needs_is_told_apart() {
    let entry = ItemEntry {
        parent: None,
        rank: Rank::from_bytes(&[7]).expect("a rank"),
        id: ItemId::parse("a").expect("an id"),
        content: hash_of(b"content"),
        size: 7,
        summary: Summary::default(),
    };
    let (built, nodes) = Build::new(Head { salt: Salt::default(), content: hash_of(b"head"), size: 4 }, vec![entry], Limits::default())
        .expect("a tree")
        .to_end();
    assert_eq!((built.items, built.size, nodes.len()), (1, 11, 3));
    let needs: HashMap<NodeHash, Vec<Reference>> = nodes.iter().map(|node| (node.hash, references(&node.bytes).expect("a node"))).collect();
    let [order, place, root] = [0, 1, 2].map(|index| nodes[index].hash);
    assert_eq!(root, built.root);
    assert_eq!(needs[&root], [Reference::Content(hash_of(b"head")), Reference::Node(order), Reference::Node(place)]);
    assert_eq!(needs[&order], [Reference::Content(hash_of(b"content"))]);
    assert_eq!(needs[&place], []);
}

#[test]
fn a_long_summary_is_cut_between_characters() {
    let summary = shortened(Summary { name: "ä".repeat(2_000), url: Some("x".repeat(Summary::LONGEST)), ..Summary::default() });
    assert_eq!((summary.name.len(), summary.url.map_or(0, |url| url.len())), (256, 256));
    assert_eq!(shortened(Summary { name: "€".repeat(2_000), ..Summary::default() }).name.len(), 255);
}

#[test]
fn keys_that_never_end_a_node_make_none_too_large_and_keys_that_always_do_make_a_low_tree() {
    for always in [false, true] {
        let keys = (0_u32..).map(u32::to_be_bytes).filter(|key| ends_node(Salt::default(), 0, 400, key) == always).take(5_000);
        let mut builder = TreeBuilder::new(MapKind::Place, Salt::default());
        keys.for_each(|key| builder.push(Record { key: key.into(), payload: Payload::Value(Box::default()) }));
        let (root, nodes) = builder.finish();
        let nodes: HashMap<NodeHash, Node> =
            nodes.into_iter().map(|node| (node.hash, Node::decode(&node.bytes).expect("a node"))).collect();
        let root = &nodes[&root.expect("a root")];
        assert_eq!(root.count(), 5_000);
        assert!(root.level() <= 4, "{}", root.level());
        assert!(nodes.values().all(|node| node.records().len() <= MAX_RECORDS));
    }
}

#[test]
fn lists_that_are_no_tree_are_refused() {
    let id = |text: &str| ItemId::parse(text).expect("short");
    let item = |name: &str, parent: Option<&str>, is_folder| ItemEntry {
        parent: parent.map(id),
        rank: Rank::from_bytes(&[7]).expect("a rank"),
        id: id(name),
        content: hash_of(b""),
        size: 0,
        summary: Summary { is_folder, ..Summary::default() },
    };
    let head = Head { salt: Salt::default(), content: hash_of(b""), size: 0 };
    let limits = Limits { items: 3, depth: 1 };
    let refusal = |entries: Vec<ItemEntry>| Build::new(head, entries, limits).err();
    assert_eq!(refusal(vec![item("a", None, true), item("b", Some("a"), false)]), None);
    assert_eq!(refusal(vec![item("a", None, true), item("a", Some("a"), false)]), Some(BuildError::DuplicateId(id("a"))));
    assert_eq!(refusal(vec![item("a", Some("b"), true)]), Some(BuildError::UnknownParent(id("b"))));
    assert_eq!(refusal(vec![item("a", Some("b"), true), item("b", None, false)]), Some(BuildError::NotAFolder(id("b"))));
    assert_eq!(refusal(vec![item("a", Some("b"), true), item("b", Some("a"), true)]), Some(BuildError::TooDeep(id("a"))));
    assert_eq!(refusal(vec![item("a", None, true), item("b", Some("a"), true)]), Some(BuildError::TooDeep(id("b"))), "as it would be read");
    let chain = vec![item("a", None, true), item("b", Some("a"), true), item("c", Some("b"), true)];
    assert_eq!(refusal(chain), Some(BuildError::TooDeep(id("b"))));
    assert_eq!(refusal((0..4).map(|number| item(&number.to_string(), None, false)).collect()), Some(BuildError::TooManyItems));
}
