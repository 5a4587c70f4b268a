//! The laws of merging.

use super::*;
use crate::domain::document::arbitrary;
use crate::domain::merge::url::Writing;
use proptest::{prelude::*, sample::select};

const TEXTS: &[&str] =
    &["", "a", "b", "raw", "secret", "basic", "{{host}}/a?a=b", "one\ntwo\nthree\nfour\nfive", "{\n\"one\":1,\n\"two\":2,\n\"five\":5\n}"];
const KEYS: &[&str] = &["name", "type", "key", "value", "raw", "query", "path", "auth", "body", "mode", "exec", "header", "a/~"];

/// A value that is merged in one of the ways there are.
fn value() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        4 => select(TEXTS).prop_map(Json::from),
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::Bool),
        1 => Just(Json::Number("1.0".into())),
    ];
    scalar.prop_recursive(3, 30, 5, |inner| {
        let element = (object(inner.clone(), 0..4), select(&["a", "b", "c", "d", "a~2"])).prop_map(|(mut element, key)| {
            element.set("key", key.into());
            element
        });
        prop_oneof![
            3 => object(inner.clone(), 0..5),
            2 => prop::collection::vec(element, 0..5).prop_map(Json::Array),
            1 => prop::collection::vec(inner, 0..4).prop_map(Json::Array),
            1 => (url(), script()).prop_map(|(url, script)| Json::Object(vec![("url".into(), url), ("exec".into(), script)])),
        ]
    })
}

fn object(values: impl Strategy<Value = Json>, size: std::ops::Range<usize>) -> impl Strategy<Value = Json> {
    let members = prop::collection::btree_map(select(KEYS), values, size);
    let members =
        members.prop_map(|members| members.into_iter().map(|(key, value)| (key.into(), value)).collect::<Vec<_>>()).prop_shuffle();
    (members, 0_u8..10).prop_map(|(mut members, twice)| {
        members.extend((twice == 0).then(|| members.first().cloned()).flatten());
        Json::Object(members)
    })
}

fn script() -> impl Strategy<Value = Json> {
    let lines = &["one", "two", "two\nthree", "four", "five", "\\n", ""];
    prop::sample::subsequence(lines, 0..7).prop_map(|lines| Json::Array(lines.into_iter().map(Json::from).collect()))
}

/// An address whose `raw` is its parts together.
fn url() -> impl Strategy<Value = Json> {
    let parameters = prop::sample::subsequence(&["one", "two", "five", "a&b"], 0..5);
    (parameters, any::<bool>(), select(TEXTS)).prop_map(|(parameters, disabled, value)| {
        let query = parameters.iter().map(|key| {
            let members = [("key", Json::from(*key)), ("value", value.into()), ("disabled", Json::Bool(disabled))];
            Json::Object(members.map(|(key, value)| (key.into(), value)).into())
        });
        let query = query.collect();
        let mut url = read(r#"{"raw":"","host":["one","two"],"path":["two","five"]}"#);
        url.set("query", Json::Array(query));
        with_raw(url)
    })
}

fn with_raw(mut url: Json) -> Json {
    let raw = Writing::Enabled.raw(&url).unwrap_or_default();
    url.set("raw", raw.as_str().into());
    url
}

/// A value with some changes, as these numbers have it.
fn changed(value: &Json, choices: &mut impl Iterator<Item = u8>) -> Json {
    let choice = choices.next().unwrap_or(u8::MAX);
    let swap =
        |length: usize| (length > 1 && choice % 4 == 3).then(|| (usize::from(choice / 4) % length, usize::from(choice / 16) % length));
    match (choice, value) {
        (0..4, _) => Json::from("new"),
        (4..6, _) => Json::Array(vec![Json::from("new")]),
        (6..60, Json::String(text)) => Json::String(text.replacen("two", "2", 1)),
        (60..110, Json::String(text)) => Json::String(text.replacen("five", "5", 1)),
        (_, Json::Array(elements)) => {
            let mut elements: Vec<_> = elements.iter().map(|element| changed(element, choices)).collect();
            elements.extract_if(.., |_| choices.next().is_some_and(|choice| choice < 8)).for_each(drop);
            if let Some((from, to)) = swap(elements.len()) {
                elements.swap(from, to);
            }
            elements.extend((choice % 16 == 5).then(|| read(r#"{"key":"c","name":"n"}"#)));
            Json::Array(elements)
        }
        (_, Json::Object(members)) => {
            let mut members: Vec<_> = members.iter().map(|(key, value)| (key.clone(), changed(value, choices))).collect();
            members.extract_if(.., |_| choices.next().is_some_and(|choice| choice < 8)).for_each(drop);
            if let Some((from, to)) = swap(members.len()) {
                members.swap(from, to);
            }
            members.extend((choice % 16 == 5).then(|| ("added".into(), Json::from(if choice < 128 { "1" } else { "2" }))));
            let follows = Writing::of(Sides { base: Some(value), parent: None, fork: None }).is_some();
            if follows && choice > 60 { with_raw(Json::Object(members)) } else { Json::Object(members) }
        }
        _ => value.clone(),
    }
}

/// A value and two that came of it by a few changes; or three that have nothing to do with one another.
fn sides() -> impl Strategy<Value = Sides<Option<Json>>> {
    let choices = || prop::collection::vec(prop_oneof![any::<u8>(), Just(u8::MAX)], 4..60);
    let kin = (object(value(), 2..6), choices(), choices()).prop_map(|(base, parent, fork)| {
        let [parent, fork] = [parent, fork].map(|choices| changed(&base, &mut choices.into_iter()));
        Sides { base, parent, fork }
    });
    let strangers =
        (arbitrary::json(3), arbitrary::json(3), arbitrary::json(3)).prop_map(|(base, parent, fork)| Sides { base, parent, fork });
    (prop_oneof![4 => kin, 1 => strangers], 0_u8..20).prop_map(|(sides, without)| {
        let Sides { base, parent, fork } = sides.map(Some);
        match without {
            0 => Sides { base: None, parent, fork },
            1 => Sides { base, parent: None, fork },
            2 => Sides { base, parent, fork: None },
            3 => Sides { base: None, parent: None, fork },
            _ => Sides { base, parent, fork },
        }
    })
}

fn merge(sides: &Sides<Option<Json>>, decisions: &mut Decisions) -> Merged<Option<Json>> {
    merge_json(sides.as_ref().map(Option::as_ref), "/items/7", decisions)
}

fn sorted(mut conflicts: Vec<Conflict>) -> Vec<Conflict> {
    conflicts.sort_by(|one, other| one.path.cmp(&other.path));
    conflicts
}

fn swapped(conflict: Conflict) -> Conflict {
    Conflict { parent: conflict.fork, fork: conflict.parent, ..conflict }
}

proptest! {
    #[test]
    fn what_one_side_did_is_what_comes_out(sides in sides()) {
        let Sides { base, parent: one, .. } = sides;
        for sides in [
            Sides { base: base.clone(), parent: base.clone(), fork: one.clone() },
            Sides { base: base.clone(), parent: one.clone(), fork: base },
        ] {
            prop_assert_eq!(merge(&sides, &mut Decisions::default()), Merged { value: one.clone(), conflicts: vec![] });
        }
    }

    #[test]
    fn what_both_did_is_what_comes_out(sides in sides()) {
        let sides = Sides { fork: sides.parent.clone(), ..sides };
        prop_assert_eq!(merge(&sides, &mut Decisions::default()), Merged { value: sides.parent, conflicts: vec![] });
    }

    #[test]
    fn it_does_not_matter_who_is_called_parent(sides in sides()) {
        let one = merge(&sides, &mut Decisions::default());
        let other = merge(&sides.clone().swapped(), &mut Decisions::default());
        if one.conflicts.is_empty() {
            prop_assert_eq!(&one.value, &other.value);
        }
        prop_assert_eq!(sorted(one.conflicts), sorted(other.conflicts.into_iter().map(swapped).collect()));
    }

    #[test]
    fn a_merge_that_is_decided_has_nothing_left_to_merge(sides in sides(), takes in prop::collection::vec(any::<bool>(), 8)) {
        let conflicts = merge(&sides, &mut Decisions::default()).conflicts;
        let mut takes = takes.into_iter().cycle().map(|parent| if parent { Side::Parent } else { Side::Fork });
        let decided: Vec<_> = conflicts.into_iter().map(|conflict| conflict.path).zip(&mut takes).collect();
        let mut decisions = Decisions::new(None, decided.clone()).expect("a path names one conflict");
        let merged = merge(&sides, &mut decisions);
        prop_assert_eq!(&merged.conflicts, &[]);
        prop_assert_eq!(decisions.unmet().count(), 0);

        let mut decisions = Decisions::new(None, decided.into_iter().map(|(path, side)| (path, side.other()))).expect("as before");
        prop_assert_eq!(&merge(&sides.clone().swapped(), &mut decisions).value, &merged.value);

        let again = Sides { base: sides.fork.clone(), parent: merged.value.clone(), fork: sides.fork };
        prop_assert_eq!(merge(&again, &mut Decisions::default()), merged);
    }

    #[test]
    fn one_decision_for_all_decides_all(sides in sides(), parent in any::<bool>()) {
        let side = if parent { Side::Parent } else { Side::Fork };
        let merged = merge(&sides, &mut Decisions::new(Some(side), []).expect("no path"));
        prop_assert_eq!(&merged.conflicts, &[]);
        if let Some(value) = merged.value {
            prop_assert_eq!(Json::parse(&value.to_bytes(), &Limits::default()), Ok(value));
        }
    }

    #[test]
    fn order_keeps_what_nobody_moved(base in Just((0..8).collect::<Vec<u32>>()).prop_shuffle(), drops in any::<(u8, u8)>(), adds in prop::collection::vec((0_usize..8, any::<bool>()), 0..5)) {
        let without = |drops: u8| base.iter().copied().filter(|key| drops & (1 << key) == 0).collect::<Vec<_>>();
        let (mut parent, mut fork) = (without(drops.0), without(drops.1));
        for (key, (at, parents)) in (8..).zip(adds) {
            let side = if parents { &mut parent } else { &mut fork };
            side.insert(at.min(side.len()), key);
        }
        let is_kept = |key: &u32| *key >= 8 || (parent.contains(key) && fork.contains(key));
        let (order, differs) = merge_order(Sides { base: &base[..], parent: &parent, fork: &fork }, is_kept);
        prop_assert!(!differs);
        prop_assert_eq!(order.iter().copied().filter(|key| *key < 8).collect::<Vec<_>>(), without(drops.0 | drops.1));
        for side in [&parent, &fork] {
            let theirs: Vec<_> = side.iter().copied().filter(is_kept).collect();
            prop_assert_eq!(order.iter().copied().filter(|key| side.contains(key)).collect::<Vec<_>>(), theirs);
        }
    }
}
