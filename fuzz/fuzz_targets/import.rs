//! Feeds bytes to every reader of documents. Whatever is read must be written and read again with the same result.

#![no_main]

use libfuzzer_sys::fuzz_target;
use portico::domain::document::{
    Json, Limits,
    collection::{CollectionWriter, Node, ReadCollection, ReadItem, Unsettled, Version, convert, read_collection, settle_ids},
    definition,
    detect::detect_kind,
    environment::Environment,
};
use std::{collections::HashSet, convert::Infallible};

/// Small enough for the limits to be met with.
fn limits() -> Limits {
    Limits { bytes: 64 * 1024, depth: 20, items: 200, nesting: 100, variables: 50, values: 40_000 }
}

/// Large enough for what was written within the limits.
fn wide() -> Limits {
    Limits { bytes: u64::MAX, nesting: 400, ..limits() }
}

fuzz_target!(|bytes: &[u8]| {
    let _kind = detect_kind(bytes, &limits());
    let _definition = definition::detect(bytes, &limits());
    json(bytes);
    environment(bytes);
    collection(bytes);
});

fn json(bytes: &[u8]) {
    if let Ok(json) = Json::parse(bytes, &limits()) {
        let canonical = json.to_bytes();
        assert_eq!(Json::parse(&canonical, &wide()).as_ref(), Ok(&json));
        let _most_programs = json.to_value();
    }
}

fn environment(bytes: &[u8]) {
    if let Ok(environment) = Environment::parse(bytes, &limits()) {
        assert_eq!(Environment::parse(&environment.to_bytes(), &wide()).as_ref(), Ok(&environment));
        assert!(detect_kind(&environment.to_bytes(), &wide()).is_some());
        let count = environment.variables().count();
        let without = environment.without_secrets();
        assert_eq!(without.variables().count(), count);
        assert!(
            without
                .variables()
                .filter(|variable| variable.secret)
                .all(|variable| variable.value.is_none_or(|value| value.as_str() == Some("")))
        );
    }
}

fn read(bytes: &[u8], limits: &Limits) -> Option<(ReadCollection, Vec<ReadItem>)> {
    let mut items = Vec::new();
    let collection = read_collection(bytes, limits, &mut |item: ReadItem| {
        items.push(item);
        Ok::<(), Infallible>(())
    });
    items.sort_by_key(|item| item.handle);
    Some((collection.ok()?, items))
}

fn write(collection: &ReadCollection, items: &[ReadItem], to: Version) -> Vec<u8> {
    let mut writer = CollectionWriter::new(Vec::new(), collection.version, to);
    writer.begin(&collection.head).unwrap();
    let mut open = Vec::new();
    for item in items {
        while open.last().copied() != item.parent {
            writer.end_folder().unwrap();
            open.pop();
        }
        if item.summary.is_folder {
            writer.begin_folder(&item.content).unwrap();
            open.push(item.handle);
        } else {
            writer.item(&item.content).unwrap();
        }
    }
    for _ in open {
        writer.end_folder().unwrap();
    }
    writer.finish().unwrap()
}

fn collection(bytes: &[u8]) {
    let Some((collection, items)) = read(bytes, &limits()) else { return };
    assert_eq!(usize::try_from(collection.items).unwrap(), items.len());

    let written = write(&collection, &items, collection.version);
    assert_eq!(written, Json::parse(bytes, &wide()).unwrap().to_bytes());
    assert_eq!(read(&written, &wide()), Some((collection.clone(), items.clone())));

    for to in [Version::V2_0, Version::V2_1] {
        let (converted, their_items) = read(&write(&collection, &items, to), &wide()).unwrap();
        assert_eq!(converted.version, to);
        assert!(items.iter().zip(&their_items).all(|(ours, theirs)| (ours.handle, ours.parent, &ours.id, &ours.summary)
            == (theirs.handle, theirs.parent, &theirs.id, &theirs.summary)));
    }
    for item in &items {
        let new = convert(&item.content, Node::Item, Version::V2_1);
        assert_eq!(u64::try_from(new.len()).unwrap(), item.size);
        let old = convert(&new, Node::Item, Version::V2_0).into_owned();
        let again = convert(&old, Node::Item, Version::V2_1).into_owned();
        assert_eq!(convert(&again, Node::Item, Version::V2_0), old);
        assert!(Json::parse(&old, &wide()).is_ok() && Json::parse(&again, &wide()).is_ok());
    }

    let unsettled: Vec<_> =
        items.iter().map(|item| Unsettled { parent: item.parent, id: item.id.clone(), name: item.summary.name.clone() }).collect();
    let ids = settle_ids(collection.postman_id.as_deref().unwrap_or_default(), &unsettled);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), items.len());
}
