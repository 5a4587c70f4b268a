//! GraphQL SDL and protobuf: recognised by their first word, and checked as far as strings, comments and brackets go.

use super::{Definition, DefinitionKind, Guess, Syntax, not_well_formed};
use crate::domain::document::{DocumentError, Place};

const GRAPHQL: [&str; 9] = ["schema", "type", "interface", "union", "enum", "input", "scalar", "directive", "extend"];
const PROTOBUF: [&str; 9] = ["syntax", "edition", "package", "message", "service", "import", "option", "enum", "extend"];

/// Which of the two a text is by its first word, if it is one of them.
pub(super) fn guess(text: &str) -> Option<Guess<'_>> {
    let mut words = Words { text, at: 0, language: Language::Either };
    let word = loop {
        match words.next_word().ok()?? {
            Word::Text(_) => {}
            Word::Name(name) => break name,
            Word::Mark(_) => return None,
        }
    };
    let next = words.next_word().ok()?;
    if matches!(next, None | Some(Word::Mark(':'))) {
        return None;
    }
    let (graphql, protobuf) = (GRAPHQL.contains(&word), PROTOBUF.contains(&word));
    match (graphql, protobuf) {
        // Both have `enum` and `extend`, and only statements of protobuf end with a semicolon.
        (true, true) if semicolon(text) => Some(Guess::Protobuf),
        (true, _) => Some(Guess::GraphqlSdl),
        (false, true) => Some(Guess::Protobuf),
        (false, false) => None,
    }
}

fn semicolon(text: &str) -> bool {
    let mut words = Words { text, at: 0, language: Language::Protobuf };
    while let Ok(Some(word)) = words.next_word() {
        if word == Word::Mark(';') {
            return true;
        }
    }
    false
}

/// Checks GraphQL SDL.
pub(super) fn graphql(text: &str) -> Result<Definition, DocumentError> {
    check(text, Language::Graphql, "!$&().:=@[]{|}-+")?;
    Ok(Definition { kind: DefinitionKind::GraphqlSdl, syntax: Syntax::Text, version: String::new(), title: None })
}

/// Checks protobuf.
pub(super) fn protobuf(text: &str) -> Result<Definition, DocumentError> {
    let words = check(text, Language::Protobuf, "().:;=,[]{}<>-+/")?;
    let version = match words.as_slice() {
        [Word::Name("syntax" | "edition"), Word::Mark('='), Word::Text(version), ..] => version,
        _ => "proto2",
    };
    let package = words.windows(2).find(|pair| pair[0] == Word::Name("package"));
    let title = package.and_then(|pair| if let Word::Name(name) = pair[1] { Some(name.to_owned()) } else { None });
    Ok(Definition { kind: DefinitionKind::Protobuf, syntax: Syntax::Text, version: version.to_owned(), title })
}

/// Checks a text, and answers its first words that are in no bracket.
fn check<'a>(text: &'a str, language: Language, marks: &str) -> Result<Vec<Word<'a>>, DocumentError> {
    const KEPT: usize = 100;
    let mut words = Words { text, at: 0, language };
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut kept = Vec::new();
    while let Some(word) = words.next_word()? {
        if let Word::Mark(mark) = word {
            // Marks are of one byte, all that are allowed.
            let at = words.at.saturating_sub(1);
            if !marks.contains(mark) {
                let at = words.at - mark.len_utf8();
                return Err(not_well_formed(format!("unexpected \"{}\"", mark.escape_default())).placed(Some(Place::of(text, at))));
            }
            match mark {
                '(' => open.push((')', at)),
                '[' => open.push((']', at)),
                '{' => open.push(('}', at)),
                ')' | ']' | '}' if open.pop().is_none_or(|(closing, _)| closing != mark) => {
                    return Err(not_well_formed(format!("this \"{mark}\" closes nothing")).placed(Some(Place::of(text, at))));
                }
                _ => {}
            }
        }
        if open.is_empty() && kept.len() < KEPT {
            kept.push(word);
        }
    }
    match open.last() {
        None => Ok(kept),
        Some((closing, at)) => {
            Err(not_well_formed(format!("a \"{closing}\" is missing for this bracket")).placed(Some(Place::of(text, *at))))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Graphql,
    Protobuf,
    /// Not known yet: comments of both are skipped.
    Either,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word<'a> {
    /// A name, number or dotted path.
    Name(&'a str),
    /// A string, without its quotes.
    Text(&'a str),
    /// Any other character.
    Mark(char),
}

struct Words<'a> {
    text: &'a str,
    at: usize,
    language: Language,
}

impl<'a> Words<'a> {
    fn next_word(&mut self) -> Result<Option<Word<'a>>, DocumentError> {
        self.skip_space()?;
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(None) };
        if first == '"' || (first == '\'' && self.language == Language::Protobuf) {
            return self.string(first).map(Some);
        }
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
        if length > 0 {
            self.at += length;
            return Ok(Some(Word::Name(&rest[..length])));
        }
        self.at += first.len_utf8();
        Ok(Some(Word::Mark(first)))
    }

    fn skip_space(&mut self) -> Result<(), DocumentError> {
        loop {
            let rest = &self.text[self.at..];
            // Commas mean nothing in GraphQL.
            let space = |character: char| character.is_ascii_whitespace() || (character == ',' && self.language == Language::Graphql);
            let skipped = rest.len() - rest.trim_start_matches(space).len();
            let rest = &rest[skipped..];
            self.at += skipped;
            let is_line = (rest.starts_with('#') && self.language != Language::Protobuf)
                || (rest.starts_with("//") && self.language != Language::Graphql);
            if is_line {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if rest.starts_with("/*") && self.language != Language::Graphql {
                self.at += rest.find("*/").ok_or_else(|| self.endless("comment"))? + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn string(&mut self, quote: char) -> Result<Word<'a>, DocumentError> {
        let rest = &self.text[self.at..];
        if rest.starts_with("\"\"\"") && self.language != Language::Protobuf {
            return self.block_string();
        }
        let mut escaped = false;
        for (at, character) in rest.char_indices().skip(1) {
            if matches!(character, '\n' | '\r') {
                break;
            }
            if character == quote && !escaped {
                self.at += at + 1;
                return Ok(Word::Text(&rest[1..at]));
            }
            escaped = character == '\\' && !escaped;
        }
        Err(self.endless("string"))
    }

    fn block_string(&mut self) -> Result<Word<'a>, DocumentError> {
        let inner = &self.text[self.at + 3..];
        let mut from = 0;
        while let Some(length) = inner[from..].find("\"\"\"") {
            let end = from + length;
            if !inner[..end].ends_with('\\') {
                self.at += 3 + end + 3;
                return Ok(Word::Text(&inner[..end]));
            }
            from = end + 3;
        }
        Err(self.endless("string"))
    }

    fn endless(&self, what: &str) -> DocumentError {
        not_well_formed(format!("this {what} does not end")).placed(Some(Place::of(self.text, self.at)))
    }
}
