//! What a document is that somebody hands in without saying.

use super::{
    Limits,
    definition::looks_like_definition,
    text::beginning,
    tokens::{Build, Container, Tokens},
};
use struson::reader::ValueType;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// A collection, of whichever version.
    Collection,
    /// An environment or globals.
    Environment,
    /// The definition of an API.
    Definition,
    /// A workspace in a zip archive.
    Archive,
}

/// How many bytes are looked at for whether a document is JSON.
const FIRST: usize = 4 * 1024;

/// What a document seems to be, told from its bytes or from the first of them.
///
/// Only what tells kinds apart is looked at. Whether the document is a good one is for the reader of that kind to say.
#[must_use]
pub fn detect_kind(bytes: &[u8], limits: &Limits) -> Option<DocumentKind> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(DocumentKind::Archive);
    }
    match beginning(&bytes[..bytes.len().min(FIRST)], limits).trim_start().bytes().next() {
        Some(b'[') => Some(DocumentKind::Environment),
        Some(b'{') => kind_of_object(bytes, limits),
        _ => looks_like_definition(&beginning(bytes, limits)).then_some(DocumentKind::Definition),
    }
}

fn kind_of_object(bytes: &[u8], limits: &Limits) -> Option<DocumentKind> {
    let mut tokens = Tokens::new(bytes, limits);
    tokens.open(Container::Object).ok()?;
    while tokens.has_next().ok()? {
        let kind = match tokens.name().ok()? {
            "item" | "requests" | "folders" => Some(DocumentKind::Collection),
            "values" | "_postman_variable_scope" => Some(DocumentKind::Environment),
            "openapi" | "swagger" => Some(DocumentKind::Definition),
            "info" => {
                if info_is_of_collection(&mut tokens)? {
                    return Some(DocumentKind::Collection);
                }
                continue;
            }
            _ => None,
        };
        if kind.is_some() {
            return kind;
        }
        tokens.value(&mut Nothing).ok()?;
    }
    None
}

/// Both collections and `OpenAPI` have an `info`, and only a collection names a schema in it.
fn info_is_of_collection(tokens: &mut Tokens<&[u8]>) -> Option<bool> {
    if tokens.peek().ok()? != ValueType::Object {
        tokens.value(&mut Nothing).ok()?;
        return Some(false);
    }
    tokens.open(Container::Object).ok()?;
    while tokens.has_next().ok()? {
        if matches!(tokens.name().ok()?, "schema" | "_postman_id") {
            return Some(true);
        }
        tokens.value(&mut Nothing).ok()?;
    }
    tokens.close(Container::Object).ok()?;
    Some(false)
}

/// Makes nothing: skips the value.
struct Nothing;

impl Build for Nothing {
    fn open(&mut self, _: Container) {}
    fn name(&mut self, _: &str) {}
    fn text(&mut self, _: &str) {}
    fn number(&mut self, _: &str) {}
    fn literal(&mut self, _: Option<bool>) {}
    fn close(&mut self, _: Container) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Option<DocumentKind> {
        detect_kind(bytes, &Limits::default())
    }

    #[test]
    fn kinds_are_told_apart_by_what_comes_first() {
        use DocumentKind::{Archive, Collection, Definition, Environment};
        for (text, kind) in [
            (r#"{"info":{"name":"a","schema":"#, Some(Collection)),
            (r#"{"info":{"name":"a"},"item":"#, Some(Collection)),
            (r#"{"id":"a","order":[],"requests":"#, Some(Collection)),
            (r#"{"variables":[1.0,{"a":null}],"info":{"_postman_id":""}}"#, Some(Collection)),
            (r#"{"id":"a","values":[]}"#, Some(Environment)),
            (r#"{"_postman_variable_scope":"globals"}"#, Some(Environment)),
            ("\u{feff} [", Some(Environment)),
            (r#"{"info":{"title":"a","version":"b"},"openapi":"#, Some(Definition)),
            (r#"{"info":7,"swagger":"#, Some(Definition)),
            ("info:\n  title: a\nopenapi: 3", Some(Definition)),
            ("type Query {", Some(Definition)),
            ("<definitions", Some(Definition)),
            ("#%RAML 1.0", Some(Definition)),
            ("PK\u{3}\u{4}anything", Some(Archive)),
            ("PK\u{5}\u{6}", Some(Archive)),
            (r#"{"info":{"title":"a"}}"#, None),
            ("{}", None),
            ("", None),
            ("hello", None),
            ("7", None),
            ("a: 1\nb: openapi", None),
        ] {
            assert_eq!(of(text.as_bytes()), kind, "{text}");
        }
        let utf16: Vec<u8> = "\u{feff}{\"values\":".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(of(&utf16), Some(Environment));
        assert_eq!(of(b"openapi: 3.0.0\n# \xff"), Some(Definition));
    }
}
