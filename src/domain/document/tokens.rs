//! Reading JSON value by value, with errors that a person can act on.

use super::{
    DocumentError, ErrorKind, Limits, Place, ReadError,
    error::push_step,
    text::{Decoded, failure},
};
use std::io::Read;
use struson::reader::{
    JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, SyntaxErrorKind, ValueType, json_path::JsonPathPiece,
};

/// The longest number that is read. Longer ones are no numbers that anybody meant.
const LONGEST_NUMBER: usize = 1_000;

/// Array or object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Array,
    Object,
}

/// What is made of a value while it is read.
pub(super) trait Build {
    fn open(&mut self, container: Container);
    fn name(&mut self, name: &str);
    fn text(&mut self, text: &str);
    fn number(&mut self, number: &str);
    fn literal(&mut self, literal: Option<bool>);
    fn close(&mut self, container: Container);
}

/// The JSON of a reader.
pub(super) struct Tokens<R: Read> {
    reader: JsonStreamReader<Decoded<R>>,
    nesting: usize,
    values: u32,
}

type Result<T> = std::result::Result<T, ReadError>;

impl<R: Read> Tokens<R> {
    pub(super) fn new(reader: R, limits: &Limits) -> Self {
        let settings =
            ReaderSettings { max_nesting_depth: None, restrict_number_values: false, track_path: true, ..ReaderSettings::default() };
        let reader = JsonStreamReader::new_custom(Decoded::new(reader, limits), settings);
        Self { reader, nesting: usize::try_from(limits.nesting).unwrap_or(usize::MAX), values: limits.values }
    }

    pub(super) fn peek(&mut self) -> Result<ValueType> {
        self.reader.peek().map_err(fault)
    }

    pub(super) fn has_next(&mut self) -> Result<bool> {
        self.reader.has_next().map_err(fault)
    }

    pub(super) fn name(&mut self) -> Result<&str> {
        self.reader.next_name().map_err(fault)
    }

    pub(super) fn open(&mut self, container: Container) -> Result<()> {
        match container {
            Container::Array => self.reader.begin_array(),
            Container::Object => self.reader.begin_object(),
        }
        .map_err(fault)
    }

    pub(super) fn close(&mut self, container: Container) -> Result<()> {
        match container {
            Container::Array => self.reader.end_array(),
            Container::Object => self.reader.end_object(),
        }
        .map_err(fault)
    }

    /// Reads the next value, whatever it is.
    pub(super) fn value(&mut self, build: &mut impl Build) -> Result<()> {
        let (mut open, mut left) = (Vec::new(), self.values);
        loop {
            let too_many = || self.refuse(ErrorKind::TooMany, format!("there are more than {} values here", self.values));
            left = left.checked_sub(1).ok_or_else(too_many)?;
            match self.reader.peek().map_err(fault)? {
                ValueType::Array => self.enter(Container::Array, &mut open, build)?,
                ValueType::Object => self.enter(Container::Object, &mut open, build)?,
                ValueType::String => build.text(self.reader.next_str().map_err(fault)?),
                ValueType::Number => self.number(build)?,
                ValueType::Boolean => build.literal(Some(self.reader.next_bool().map_err(fault)?)),
                ValueType::Null => {
                    self.reader.next_null().map_err(fault)?;
                    build.literal(None);
                }
            }
            loop {
                let Some(&container) = open.last() else { return Ok(()) };
                if self.has_next()? {
                    if container == Container::Object {
                        build.name(self.reader.next_name().map_err(fault)?);
                    }
                    break;
                }
                self.close(container)?;
                build.close(container);
                open.pop();
            }
        }
    }

    fn enter(&mut self, container: Container, open: &mut Vec<Container>, build: &mut impl Build) -> Result<()> {
        if open.len() >= self.nesting {
            let message = format!("the value is nested deeper than {} levels", self.nesting);
            return Err(self.refuse(ErrorKind::TooDeep, message));
        }
        self.open(container)?;
        open.push(container);
        build.open(container);
        Ok(())
    }

    fn number(&mut self, build: &mut impl Build) -> Result<()> {
        let number = self.reader.next_number_as_str().map_err(fault)?;
        if number.len() > LONGEST_NUMBER {
            return Err(self.refuse(ErrorKind::TooLarge, format!("a number has more than {LONGEST_NUMBER} characters")));
        }
        build.number(number);
        Ok(())
    }

    /// Makes sure that nothing follows.
    pub(super) fn finish(self) -> Result<()> {
        self.reader.consume_trailing_whitespace().map_err(fault)
    }

    /// An error about the value that is read now.
    pub(super) fn refuse(&self, kind: ErrorKind, message: impl Into<String>) -> ReadError {
        ReadError::Document(located(DocumentError::new(kind, message), &self.reader.current_position(true)))
    }

    /// Where the value that is read now lies in the text.
    pub(super) fn place(&self) -> Option<Place> {
        place(&self.reader.current_position(false))
    }
}

fn fault(error: ReaderError) -> ReadError {
    match error {
        ReaderError::IoError { error, .. } => failure(error),
        ReaderError::SyntaxError(error) => {
            ReadError::Document(located(DocumentError::new(ErrorKind::NotJson, sentence(error.kind)), &error.location))
        }
        ReaderError::UnexpectedValueType { location, .. }
        | ReaderError::UnexpectedStructure { location, .. }
        | ReaderError::MaxNestingDepthExceeded { location, .. }
        | ReaderError::UnsupportedNumberValue { location, .. } => {
            ReadError::Document(located(DocumentError::new(ErrorKind::WrongShape, "something else is expected here"), &location))
        }
        error => ReadError::Document(DocumentError::new(ErrorKind::NotJson, error.to_string())),
    }
}

fn sentence(kind: SyntaxErrorKind) -> &'static str {
    match kind {
        SyntaxErrorKind::CommentsNotEnabled => "JSON has no comments",
        SyntaxErrorKind::InvalidLiteral | SyntaxErrorKind::MalformedJson => "a JSON value is expected here",
        SyntaxErrorKind::UnexpectedClosingBracket => "this bracket closes nothing",
        SyntaxErrorKind::UnexpectedComma | SyntaxErrorKind::TrailingCommaNotEnabled => "this comma separates nothing",
        SyntaxErrorKind::MissingComma => "a comma is missing here",
        SyntaxErrorKind::MissingColon => "a colon is missing here",
        SyntaxErrorKind::MalformedNumber | SyntaxErrorKind::TrailingDataAfterNumber => "this is not a number of JSON",
        SyntaxErrorKind::ExpectingMemberNameOrObjectEnd => "a name in double quotes is expected here",
        SyntaxErrorKind::NotEscapedControlCharacter => "a control character must be escaped in a string",
        SyntaxErrorKind::UnknownEscapeSequence | SyntaxErrorKind::MalformedEscapeSequence => "this escape sequence is not of JSON",
        SyntaxErrorKind::UnpairedSurrogatePairEscapeSequence => "half of a surrogate pair is no character",
        SyntaxErrorKind::IncompleteDocument => "the document ends too early",
        SyntaxErrorKind::TrailingData => "something follows the end of the document",
        _ => "this is not JSON",
    }
}

fn located(error: DocumentError, position: &JsonReaderPosition) -> DocumentError {
    let mut pointer = String::new();
    for piece in position.path.as_deref().unwrap_or_default() {
        let fits = match piece {
            JsonPathPiece::ArrayItem(index) => push_step(&mut pointer, &index.to_string()),
            // The reader's own word for a member whose name is not read yet.
            JsonPathPiece::ObjectMember(name) if name == "<?>" => false,
            JsonPathPiece::ObjectMember(name) => push_step(&mut pointer, name),
        };
        if !fits {
            break;
        }
    }
    error.at(pointer).placed(place(position))
}

fn place(position: &JsonReaderPosition) -> Option<Place> {
    position.line_pos.map(|place| Place { line: place.line + 1, column: place.column + 1 })
}
