//! A document that was read: checked, taken apart into nodes, and not stored yet.

use super::Source;
use super::spool::Spool;
use crate::app::DocumentLimits;
use crate::app::element::document::shown;
use crate::domain::document::collection::{ItemId, ReadCollection, ReadItem, Summary, Unsettled, read_collection, settle_ids};
use crate::domain::document::definition::{Definition, detect};
use crate::domain::document::detect::{DocumentKind, detect_kind};
use crate::domain::document::environment::Environment;
use crate::domain::document::{DocumentError, ErrorKind};
use crate::domain::document::{Limits, ReadError};
use crate::domain::snapshot::{Arrival, NodeHash};
use std::io::{self, Read};

/// The beginning of a document, by which it is recognised, in bytes.
const BEGINNING: u64 = 64 * 1024;

/// A document that was read.
#[derive(Debug)]
pub enum Draft {
    /// A collection.
    Collection(Box<CollectionDraft>),
    /// An environment, or globals. Its secret values are as they came.
    Environment(Environment),
    /// An API definition, and what it is.
    Definition(Vec<u8>, Definition),
}

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

impl Draft {
    /// Reads a document of whatever kind it turns out to be.
    ///
    /// # Errors
    /// What is wrong with the document, or with the disk.
    pub fn read(source: &Source, largest: DocumentLimits) -> Result<Self, ReadError<io::Error>> {
        match kind_of(source, largest)? {
            DocumentKind::Collection => {
                let limits = limits(source, largest.collection)?;
                let draft = CollectionDraft::read(source.open().map_err(ReadError::Input)?, &limits)?;
                Ok(Self::Collection(Box::new(draft)))
            }
            DocumentKind::Environment => {
                let limits = limits(source, largest.environment)?;
                Ok(Self::Environment(Environment::parse(&source.bytes().map_err(ReadError::Input)?, &limits)?))
            }
            DocumentKind::Definition => {
                let limits = limits(source, largest.definition)?;
                let bytes = source.bytes().map_err(ReadError::Input)?;
                let definition = detect(&bytes, &limits)?;
                Ok(Self::Definition(bytes, definition))
            }
            DocumentKind::Archive => {
                let message = "a workspace archive is sent to POST /workspaces/{id}/import";
                Err(DocumentError::new(ErrorKind::Unrecognized, message).into())
            }
        }
    }
}

/// The limits for a document of which no more than so many bytes are taken in.
fn limits(source: &Source, bytes: u64) -> Result<Limits, DocumentError> {
    if source.length() > bytes {
        return Err(DocumentError::new(ErrorKind::TooLarge, format!("no more than {bytes} bytes are taken in")));
    }
    Ok(Limits { bytes, ..Limits::default() })
}

/// What a document is. Its beginning tells that of most; others are looked at as a whole, as long as only a collection may be larger.
fn kind_of(source: &Source, largest: DocumentLimits) -> Result<DocumentKind, ReadError<io::Error>> {
    let mut beginning = Vec::new();
    source.open().map_err(ReadError::Input)?.take(BEGINNING).read_to_end(&mut beginning).map_err(ReadError::Input)?;
    if let Some(kind) = detect_kind(&beginning, &Limits::default()) {
        return Ok(kind);
    }
    if source.length() > largest.environment.max(largest.definition) {
        return Ok(DocumentKind::Collection);
    }
    // Whoever knows most of what there can be says what is wrong with what is none of it.
    let whole = source.bytes().map_err(ReadError::Input)?;
    Ok(detect_kind(&whole, &Limits::default()).unwrap_or(DocumentKind::Definition))
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
