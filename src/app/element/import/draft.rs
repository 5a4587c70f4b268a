//! A document that was read: checked, taken apart into nodes, and not stored yet.

use super::spool::Spool;
use crate::app::element::document::shown;
use crate::domain::document::collection::{ItemId, ReadCollection, ReadItem, Summary, Unsettled, read_collection, settle_ids};
use crate::domain::document::{Limits, ReadError};
use crate::domain::snapshot::{Arrival, NodeHash};
use std::io::{self, Read};

/// A collection that was read.
#[derive(Debug)]
pub struct CollectionDraft {
    /// The collection without its items.
    pub read: ReadCollection,
    /// What an element shows as its name.
    pub name: String,
    /// What an element shows as its description.
    pub description: String,
    /// Its items in document order.
    pub arrivals: Vec<Arrival>,
    /// The contents of its items.
    pub contents: Spool,
    /// What its author should know.
    pub warnings: Vec<String>,
}

/// An item, without its content.
struct Passed {
    handle: u32,
    parent: Option<u32>,
    id: Option<ItemId>,
    summary: Summary,
    size: u64,
    content: NodeHash,
}

impl CollectionDraft {
    /// Reads a collection, of which no more than an item is in memory at a time, beside what lists show of its items.
    ///
    /// # Errors
    /// What is wrong with the document, or with the disk.
    pub fn read(document: impl Read, limits: &Limits) -> Result<Self, ReadError<io::Error>> {
        let (mut contents, mut passed) = (Spool::default(), Vec::new());
        let read = read_collection(document, limits, &mut |item: ReadItem| {
            let content = contents.push(&item.content)?;
            let ReadItem { handle, parent, id, summary, size, .. } = item;
            passed.push(Passed { handle, parent, id, summary, size, content });
            Ok(())
        })?;
        passed.sort_unstable_by_key(|item| item.handle);
        let seed = read.postman_id.as_deref().unwrap_or_default();
        let (arrivals, renamed) = settled(seed, passed);
        let (name, description) = shown(&read);
        let warning = format!(
            "{renamed} items have an id that an earlier item has too: each got another one here. The document keeps what is written in it."
        );
        let warnings = (renamed > 0).then_some(warning).into_iter().collect();
        Ok(Self { read, name, description, arrivals, contents, warnings })
    }
}

/// The items with their ids, and how many have another one than they say.
fn settled(seed: &str, passed: Vec<Passed>) -> (Vec<Arrival>, usize) {
    let unsettled = passed.iter().map(|item| Unsettled { parent: item.parent, id: item.id.clone(), name: item.summary.name.clone() });
    let ids = settle_ids(seed, &unsettled.collect::<Vec<_>>());
    let renamed = passed.iter().zip(&ids).filter(|(item, id)| item.id.as_ref().is_some_and(|own| own != *id)).count();
    let parent = |handle: Option<u32>| handle.and_then(|handle| ids.get(usize::try_from(handle).ok()?).cloned());
    let arrivals = passed.into_iter().zip(&ids).map(|(item, id)| Arrival {
        id: id.clone(),
        parent: parent(item.parent),
        content: item.content,
        size: u32::try_from(item.size).unwrap_or(u32::MAX),
        summary: item.summary,
    });
    (arrivals.collect(), renamed)
}
