//! Documents as they come in: what is wrong with one, said to whoever sent it, and what an element needs to know of one.

use crate::app::error::{AppError, Refusal, Result};
use crate::app::ports::{Queries, StoreError};
use crate::app::snapshot::Snapshot;
use crate::domain::Reason;
use crate::domain::document::collection::{ReadCollection, ReadItem, Version, read_collection};
use crate::domain::document::{DocumentError, ErrorKind, Limits, ReadError};
use crate::domain::element::ElementFormat;
use crate::domain::snapshot::NodeHash;
use serde_json::json;
use std::convert::Infallible;

/// The most characters of a name that lists show; the document keeps all of it.
const LONGEST_NAME: usize = 255;

/// The most bytes of a description that an element shows; the document keeps all of it.
const LONGEST_DESCRIPTION: usize = 64 * 1024;

/// The refusal of a document, that says where it is wrong.
pub(in crate::app) fn refused(argument: &'static str, error: &DocumentError) -> Refusal {
    let reason = match error.kind {
        ErrorKind::NotText | ErrorKind::NotJson | ErrorKind::NotWellFormed => Reason::MalformedDocument,
        ErrorKind::WrongShape => Reason::InvalidDocument,
        ErrorKind::Unrecognized | ErrorKind::UnsupportedVersion => Reason::UnsupportedFormat,
        ErrorKind::TooLarge => Reason::TooLarge,
        ErrorKind::TooDeep => Reason::TooDeep,
        ErrorKind::TooMany => Reason::TooMany,
    };
    let mut details = json!({ "pointer": error.pointer });
    if let Some(place) = error.place {
        details["line"] = json!(place.line);
        details["column"] = json!(place.column);
    }
    Refusal::bad_input(argument, reason, format!("This cannot be taken in: {error}.")).with_details(details)
}

/// The format of a collection of this version.
pub(in crate::app) const fn format_of(version: Version) -> ElementFormat {
    match version {
        Version::V2_0 => ElementFormat::CollectionV20,
        Version::V2_1 => ElementFormat::CollectionV21,
    }
}

/// The version of a collection that is kept in this format; none: it is no collection.
pub(in crate::app) const fn version_of(format: ElementFormat) -> Option<Version> {
    match format {
        ElementFormat::CollectionV20 => Some(Version::V2_0),
        ElementFormat::CollectionV21 => Some(Version::V2_1),
        ElementFormat::Environment | ElementFormat::Globals | ElementFormat::Definition => None,
    }
}

/// A name as lists show it: one that somebody can read, whatever the document says. It is one that [`Name`] takes as it is.
///
/// [`Name`]: crate::domain::text::Name
pub(in crate::app) fn shown_name(name: &str, otherwise: &str) -> String {
    let name: String = name.chars().filter(|character| !character.is_control()).collect();
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    let name = name.trim_end();
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

/// A description as an element shows it.
pub(in crate::app) fn shown_description(description: Option<&str>) -> String {
    let text = description.unwrap_or_default().replace('\0', "");
    text[..text.floor_char_boundary(LONGEST_DESCRIPTION)].to_owned()
}

/// What an element shows of a collection.
pub(in crate::app) fn shown(read: &ReadCollection) -> (String, String) {
    (shown_name(&read.name, "Untitled collection"), shown_description(read.description.as_deref()))
}

/// What the collection that begins with this node says of itself, without its items.
pub(in crate::app) async fn head_at(queries: &dyn Queries, root: [u8; 32]) -> Result<ReadCollection> {
    let snapshot = Snapshot::open(queries, NodeHash::new(root)).await?;
    let head = snapshot.contents(&[snapshot.root().head]).await?.pop().unwrap_or_default();
    let ignore = &mut |_: ReadItem| Ok::<(), Infallible>(());
    read_collection(&head[..], &Limits::default(), ignore).map_err(|error| match error {
        ReadError::Document(error) => AppError::from(StoreError::Broken(error.into())),
        ReadError::Input(error) => StoreError::Broken(error.into()).into(),
        ReadError::Sink(never) => match never {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Name;

    #[test]
    fn a_name_that_cannot_be_read_is_replaced() {
        assert_eq!(shown_name("  Pets\n", "Untitled"), "Pets");
        assert_eq!(shown_name("\u{7}", "Untitled"), "Untitled");
        assert_eq!(shown_name(&"é".repeat(300), "Untitled").chars().count(), LONGEST_NAME);
        let cut = format!("{} and more", "é".repeat(LONGEST_NAME - 1));
        for name in [" Pets\n", "\u{7} Pets \u{7}", "\u{7}", "", &cut, &"é".repeat(300), &" x".repeat(200)] {
            let shown = shown_name(name, "Untitled");
            assert_eq!(Name::parse(&shown).map(|name| name.to_string()), Ok(shown), "{name:?}");
        }
    }

    #[test]
    fn a_refusal_says_where() {
        let error = DocumentError::new(ErrorKind::WrongShape, "an item is an object").at("/item/3");
        let refusal = refused("content", &error);
        assert_eq!((refusal.reason, refusal.argument), (Reason::InvalidDocument, Some("content")));
        assert_eq!(refusal.details, Some(json!({ "pointer": "/item/3" })));
    }
}
