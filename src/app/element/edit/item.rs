//! Items as an edit brings them in or changes them: checked like those of an import.

use super::unreadable;
use crate::app::Work;
use crate::app::error::{Refusal, Result};
use crate::app::snapshot::NewItem;
use crate::domain::document::collection::{ItemId, ReadItem, Unsettled, Version, read_collection, settle_ids};
use crate::domain::document::json::Member;
use crate::domain::document::{Json, Limits, ReadError};
use crate::domain::{ElementId, Reason};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::convert::Infallible;

/// Keys of an item that say what it is and not what is in it.
const FIXED: [&str; 3] = ["id", "_postman_id", "item"];

/// An item of those that arrive, and the folder among them that it is in.
pub(super) struct ArrivingItem {
    pub parent: Option<ItemId>,
    pub new: NewItem,
}

/// An item with everything in it.
pub(super) struct Arriving {
    /// In document order: each folder before what is in it.
    pub items: Vec<ArrivingItem>,
    /// The same as one JSON value, each item with its id.
    pub json: Value,
}

/// The collection's own content, and its size.
pub(super) struct Head {
    pub content: Vec<u8>,
    pub size: u64,
}

impl Arriving {
    /// Reads an item that somebody adds. What has no id of its own gets a fresh one.
    pub fn read(work: &Work<'_>, item: &Value, version: Version) -> Result<Self> {
        let mut json = item.clone();
        give_ids(work, &mut json)?;
        let mut read = read_items(json.to_string().as_bytes(), version)?;
        read.sort_unstable_by_key(|item| item.handle);
        let unsettled: Vec<Unsettled> =
            read.iter().map(|item| Unsettled { parent: item.parent, id: item.id.clone(), name: item.summary.name.clone() }).collect();
        let ids = settle_ids("", &unsettled);
        if let Some(twice) = read.iter().zip(&ids).find(|(item, id)| item.id.as_ref() != Some(*id)) {
            let message = format!("Two items have the id {}.", twice.0.id.as_ref().unwrap_or(twice.1));
            return Err(Refusal::bad_input("operations", Reason::DuplicateItem, message).into());
        }
        let parent = |item: &ReadItem| item.parent.and_then(|handle| ids.get(usize::try_from(handle).ok()?).cloned());
        let items = read.iter().zip(&ids).map(|(item, id)| ArrivingItem { parent: parent(item), new: new_item(id.clone(), item.clone()) });
        Ok(Self { items: items.collect(), json })
    }
}

fn new_item(id: ItemId, read: ReadItem) -> NewItem {
    NewItem { id, content: read.content, size: u32::try_from(read.size).unwrap_or(u32::MAX), summary: read.summary }
}

/// The items of a collection that has only this one at its top.
fn read_items(item: &[u8], version: Version) -> Result<Vec<ReadItem>> {
    let info = json!({ "name": "", "schema": version.schema() });
    let collection = [format!("{{\"info\":{info},\"item\":[").as_bytes(), item, b"]}"].concat();
    let mut items = Vec::new();
    let sink = &mut |item: ReadItem| {
        items.push(item);
        Ok::<(), Infallible>(())
    };
    match read_collection(&collection[..], &Limits::default(), sink) {
        Ok(_) => Ok(items),
        Err(ReadError::Document(mut error)) => {
            // The pointer begins at the item, which is all that the caller knows of.
            let within = error.pointer.strip_prefix("/item/0").unwrap_or_default().to_owned();
            error.pointer = within;
            error.place = None;
            Err(unreadable(ReadError::Document(error)))
        }
        Err(error) => Err(unreadable(error)),
    }
}

/// Writes a fresh id into each item that has none, from the outside in. How deep it goes is bounded by how deep JSON is read.
fn give_ids(work: &Work<'_>, item: &mut Value) -> Result<()> {
    let Value::Object(fields) = item else { return Ok(()) };
    let has_id =
        ["id", "_postman_id"].iter().any(|key| fields.get(*key).and_then(Value::as_str).is_some_and(|id| ItemId::parse(id).is_ok()));
    if !has_id {
        let fresh: ElementId = work.new_id()?;
        fields.insert("id".to_owned(), json!(fresh.uuid().to_string()));
    }
    if let Some(Value::Array(children)) = fields.get_mut("item") {
        children.iter_mut().try_for_each(|child| give_ids(work, child))?;
    }
    Ok(())
}

/// An item with other values of some of its keys.
pub(super) fn changed_item(id: &ItemId, content: &[u8], set: &Map<String, Value>, unset: &[String], version: Version) -> Result<NewItem> {
    let mut read = read_items(&changed(content, set, unset, &FIXED)?.to_bytes(), version)?;
    match (read.pop(), read.is_empty()) {
        (Some(item), true) => Ok(new_item(id.clone(), item)),
        _ => Err(Refusal::bad_input("operations", Reason::InvalidDocument, "This is no item.").into()),
    }
}

/// The collection's own content with other values of some of its keys.
pub(super) fn changed_head(head: &[u8], set: &Map<String, Value>, unset: &[String], version: Version) -> Result<Head> {
    let content = changed(head, set, unset, &["item"])?.to_bytes();
    let ignore = &mut |_: ReadItem| Ok::<(), Infallible>(());
    let read = read_collection(&content[..], &Limits::default(), ignore).map_err(unreadable)?;
    if read.version != version {
        let message = "The version of a collection stays: export it in the other one, and import that.";
        return Err(Refusal::bad_input("operations", Reason::UnsupportedFormat, message).into());
    }
    Ok(Head { content, size: read.size })
}

fn changed(content: &[u8], set: &Map<String, Value>, unset: &[String], fixed: &[&str]) -> Result<Json> {
    if let Some(key) = set.keys().chain(unset).find(|key| fixed.contains(&key.as_str())) {
        let message = format!("The key {key} cannot be changed: items are added, moved and removed by operations of their own.");
        return Err(Refusal::bad_input("operations", Reason::InvalidDocument, message).into());
    }
    let mut json = Json::parse(content, &Limits::default()).map_err(|error| super::refused("operations", &error))?;
    if let Some(members) = json.as_object_mut() {
        change(members, set, unset);
    }
    Ok(json)
}

/// Changes keys in one pass, however many there are on either side: like [`Json::set`] and [`Json::remove`] of one after the other.
fn change(members: &mut Vec<Member>, set: &Map<String, Value>, unset: &[String]) {
    let gone: HashSet<&str> = unset.iter().map(String::as_str).collect();
    let mut met = HashSet::new();
    members.retain_mut(|(key, value)| {
        if gone.contains(&**key) {
            return false;
        }
        let Some((key, new)) = set.get_key_value(&**key) else { return true };
        let is_first = met.insert(key.as_str());
        if is_first {
            *value = Json::from(new.clone());
        }
        is_first
    });
    let new = set.iter().filter(|(key, _)| !met.contains(key.as_str()) && !gone.contains(key.as_str()));
    members.extend(new.map(|(key, value)| (key.as_str().into(), Json::from(value.clone()))));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed_by(content: &str, set: &Value, unset: &[&str]) -> String {
        let unset: Vec<String> = unset.iter().map(ToString::to_string).collect();
        let changed = changed(content.as_bytes(), set.as_object().unwrap(), &unset, &FIXED).unwrap();
        String::from_utf8(changed.to_bytes()).unwrap()
    }

    #[test]
    fn keys_keep_their_places_and_lose_their_duplicates() {
        let content = r#"{"a":1,"b":2,"a":3,"c":4,"b":5}"#;
        assert_eq!(changed_by(content, &json!({ "d": 6, "a": 0 }), &["b", "x"]), r#"{"a":0,"c":4,"d":6}"#);
        assert_eq!(changed_by(content, &json!({}), &[]), content);
        assert_eq!(changed_by(content, &json!({ "a": 0, "n": 0 }), &["a", "n"]), r#"{"b":2,"c":4,"b":5}"#);
    }
}
