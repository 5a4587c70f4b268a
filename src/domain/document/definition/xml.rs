//! WSDL. The XML is read tag by tag: nothing is kept of it, and no entity is expanded.

use super::{Definition, DefinitionKind, Syntax, not_well_formed, unrecognized};
use crate::domain::document::{DocumentError, ErrorKind, Limits, Place};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// The root, the namespace and the version of each WSDL.
const ROOTS: [(&str, &str, &str); 2] =
    [("definitions", "http://schemas.xmlsoap.org/wsdl/", "1.1"), ("description", "http://www.w3.org/ns/wsdl", "2.0")];

/// Recognises WSDL by its root, and checks that tags are balanced.
pub(super) fn wsdl(text: &str, limits: &Limits) -> Result<Definition, DocumentError> {
    let mut reader = Reader::from_str(text);
    let mut definition = None;
    let mut depth = 0_u32;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let here = |error: DocumentError| error.placed(Some(Place::of(text, at)));
        match reader.read_event() {
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                return Err(not_well_formed(error.to_string()).placed(Some(Place::of(text, at))));
            }
            Ok(Event::Start(tag)) => {
                begin(&tag, depth, &mut definition).map_err(here)?;
                depth += 1;
                if depth > limits.nesting {
                    let message = format!("the definition is nested deeper than {} levels", limits.nesting);
                    return Err(here(DocumentError::new(ErrorKind::TooDeep, message)));
                }
            }
            Ok(Event::Empty(tag)) => begin(&tag, depth, &mut definition).map_err(here)?,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) if depth > 0 => return Err(here(not_well_formed("the document ends before its last element does"))),
            Ok(Event::Eof) => return definition.ok_or_else(unrecognized),
            Ok(_) => {}
        }
    }
}

fn begin(tag: &BytesStart<'_>, depth: u32, definition: &mut Option<Definition>) -> Result<(), DocumentError> {
    if depth > 0 {
        return Ok(());
    }
    if definition.is_some() {
        return Err(not_well_formed("a document has one root element"));
    }
    *definition = Some(root(tag)?);
    Ok(())
}

fn root(tag: &BytesStart<'_>) -> Result<Definition, DocumentError> {
    let local = tag.local_name();
    let (_, namespace, version) = ROOTS.iter().find(|(name, ..)| local.as_ref() == *name).ok_or_else(unrecognized)?;
    let mut title = None;
    let mut is_wsdl = false;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| not_well_formed(error.to_string()))?;
        is_wsdl |= attribute.value == *namespace;
        if attribute.key.as_ref() == "name" {
            title = Some(attribute.value.into_owned());
        }
    }
    let definition = Definition { kind: DefinitionKind::Wsdl, syntax: Syntax::Xml, version: (*version).to_owned(), title };
    is_wsdl.then_some(definition).ok_or_else(unrecognized)
}
