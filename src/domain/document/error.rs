//! What is wrong with a document, and where.

use std::{convert::Infallible, fmt, io};
use strum::Display;

/// The longest pointer that is answered. A place that lies deeper is named by what it lies in.
const LONGEST_POINTER: usize = 1_000;

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorKind {
    /// The bytes are no text in UTF-8, or in UTF-16 with a byte-order mark.
    NotText,
    /// The text is not JSON.
    NotJson,
    /// The text breaks the syntax of its language.
    NotWellFormed,
    /// Nothing that is known here has this form.
    Unrecognized,
    /// Something that the format demands is missing, or is of another kind.
    WrongShape,
    /// The document is of a version that is not read.
    UnsupportedVersion,
    /// The document has more bytes than allowed.
    TooLarge,
    /// The document is nested deeper than allowed.
    TooDeep,
    /// The document has more items than allowed.
    TooMany,
}

/// A place in a text, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

impl Place {
    /// The place of the byte `at` in `text`.
    #[must_use]
    pub fn of(text: &str, at: usize) -> Self {
        let before = &text[..text.floor_char_boundary(at)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: count(before.matches('\n').count()) + 1, column: count(before[line_start..].chars().count()) + 1 }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Why a document is refused, in a sentence for its author.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DocumentError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where in the document, as a JSON Pointer (RFC 6901). Empty for the document as a whole, and for what is not JSON.
    pub pointer: String,
    /// Where in the text, if that is known.
    pub place: Option<Place>,
    /// What is wrong, as the end of a sentence.
    pub message: String,
}

impl DocumentError {
    /// An error about the document as a whole.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, pointer: String::new(), place: None, message: message.into() }
    }

    /// The error, at this JSON Pointer.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    /// The error, at this place in the text.
    #[must_use]
    pub fn placed(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match (self.pointer.as_str(), self.place) {
            ("", None) => Ok(()),
            ("", Some(place)) => write!(f, " (line {}, column {})", place.line, place.column),
            (pointer, None) => write!(f, " (at {pointer})"),
            (pointer, Some(place)) => write!(f, " (at {pointer}, line {}, column {})", place.line, place.column),
        }
    }
}

/// Why reading ended before the document did.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E = Infallible> {
    /// The document is refused.
    #[error("{0}")]
    Document(DocumentError),
    /// The bytes did not come.
    #[error("the document could not be read")]
    Input(#[source] io::Error),
    /// Whoever was handed the items wants no more.
    #[error("{0}")]
    Sink(E),
}

impl<E> From<DocumentError> for ReadError<E> {
    fn from(error: DocumentError) -> Self {
        Self::Document(error)
    }
}

impl ReadError {
    /// The same for a reader that hands out items.
    pub(super) fn widen<E>(self) -> ReadError<E> {
        match self {
            Self::Document(error) => ReadError::Document(error),
            Self::Input(error) => ReadError::Input(error),
            Self::Sink(never) => match never {},
        }
    }

    /// The same for bytes that are in memory, and therefore always come.
    pub(super) fn in_memory(self) -> DocumentError {
        match self {
            Self::Document(error) => error,
            Self::Input(error) => DocumentError::new(ErrorKind::NotText, error.to_string()),
            Self::Sink(never) => match never {},
        }
    }
}

/// Adds a step to a JSON Pointer. `false` if that would make it too long, and then nothing is added.
pub(super) fn push_step(pointer: &mut String, step: &str) -> bool {
    let fits = pointer.len() + step.len() < LONGEST_POINTER;
    if fits {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_a_pointer_are_escaped_and_bounded() {
        let mut pointer = String::new();
        assert!(push_step(&mut pointer, "a/b~c"));
        assert!(push_step(&mut pointer, ""));
        assert_eq!(pointer, "/a~1b~0c/");
        assert!(!push_step(&mut pointer, &"x".repeat(LONGEST_POINTER)));
        assert_eq!(pointer, "/a~1b~0c/");
    }

    #[test]
    fn an_error_is_a_sentence_with_its_place() {
        let error = DocumentError::new(ErrorKind::WrongShape, "an item is an object");
        assert_eq!(error.to_string(), "an item is an object");
        let error = error.at("/item/3").placed(Some(Place::of("{\n \"é\": 1", 6)));
        assert_eq!(error.to_string(), "an item is an object (at /item/3, line 2, column 4)");
    }
}
