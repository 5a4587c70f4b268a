//! Parsing, with errors that a client can read.

use async_graphql::{
    Pos,
    parser::{self, parse_query, types::ExecutableDocument},
};

use super::Rejection;

const LONGEST_QUOTE: usize = 40;

/// Parses a document that the scan has let through.
pub(super) fn parse(document: &str) -> Result<ExecutableDocument, Rejection> {
    parse_query(document).map_err(|error| {
        let location = error.positions().next();
        let message = match (&error, location) {
            // The parser's own text is a drawing of several lines that names its grammar rules.
            (parser::Error::Syntax { .. }, Some(location)) => unexpected(document, location),
            (parser::Error::MultipleOperations { .. }, _) => "an operation without a name must be the only one".to_owned(),
            (parser::Error::OperationDuplicated { operation, .. }, _) => {
                format!("operation \"{}\" is defined twice", shorten(operation))
            }
            (parser::Error::FragmentDuplicated { fragment, .. }, _) => {
                format!("fragment \"{}\" is defined twice", shorten(fragment))
            }
            (parser::Error::MissingOperation, _) => "the document has no operation".to_owned(),
            _ => "the document cannot be read".to_owned(),
        };
        Rejection::Syntax { message, location }
    })
}

fn unexpected(document: &str, location: Pos) -> String {
    let line = document.split('\n').nth(location.line.saturating_sub(1));
    let rest = line
        .unwrap_or_default()
        .char_indices()
        .nth(location.column.saturating_sub(1))
        .map(|(at, _)| line.unwrap_or_default().split_at(at).1);
    let Some(rest) = rest else {
        return "unexpected end of document".to_owned();
    };
    let word: String = rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').take(LONGEST_QUOTE).collect();
    if word.is_empty() {
        let character: String = rest.chars().take(1).flat_map(char::escape_default).collect();
        format!("unexpected \"{character}\"")
    } else {
        format!("unexpected \"{word}\"")
    }
}

/// Cuts a text of the client to a length that can be quoted in a message.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(LONGEST_QUOTE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(document: &str) -> (String, Option<(usize, usize)>) {
        let rejection = parse(document).unwrap_err();
        let location = rejection.location().map(|pos| (pos.line, pos.column));
        (rejection.to_string(), location)
    }

    #[test]
    fn the_unexpected_word_is_quoted_with_its_place() {
        let (text, location) = message("{\n  user(id: ) { name }\n}");
        assert_eq!(text, "Syntax error: unexpected \")\".");
        assert_eq!(location, Some((2, 12)));
        let (text, _) = message("qury { a }");
        assert_eq!(text, "Syntax error: unexpected \"qury\".");
    }

    #[test]
    fn a_document_that_stops_early_says_so() {
        assert_eq!(message("{").0, "Syntax error: unexpected end of document.");
        assert_eq!(message("").0, "Syntax error: unexpected end of document.");
    }

    #[test]
    fn an_absurd_number_is_a_syntax_error_without_parser_text() {
        let text = message("{a(b: 1e99999)}").0;
        assert_eq!(text, "Syntax error: unexpected \"1e99999\".");
    }

    #[test]
    fn definitions_given_twice_are_named() {
        let text = message("query a {b} query a {b}").0;
        assert_eq!(text, "Syntax error: operation \"a\" is defined twice.");
        let text = message("{b} query a {b}").0;
        assert_eq!(text, "Syntax error: an operation without a name must be the only one.");
    }
}
