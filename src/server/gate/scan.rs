//! One pass over the bytes of a document, before any parser that recurses may see it.
//!
//! The pass must never see fewer brackets than the parser does, or a bomb could hide from it.
//! Brackets are skipped only inside strings and comments, and a string that does not end is
//! refused here: the parser would read `"""x" [[[[` as two strings followed by open brackets.

use async_graphql::Pos;

use super::{Excess, Limits, Rejection};

/// Checks size, tokens and bracket depth.
pub(super) fn scan(document: &str, limits: &Limits) -> Result<(), Rejection> {
    if document.len() > limits.max_document_bytes {
        return Err(Rejection::DocumentTooLarge { bytes: document.len(), limit: limits.max_document_bytes });
    }
    let bytes = document.as_bytes();
    let mut at = 0;
    let mut depth = 0_usize;
    let mut tokens = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        let next = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of_line(bytes, at);
                continue;
            }
            b'"' => end_of_string(bytes, at)
                .ok_or_else(|| Rejection::Syntax { message: "unterminated string".to_owned(), location: Some(position(document, at)) })?,
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > limits.max_brackets_depth {
                    return Err(too_much(Excess::Depth, limits.max_brackets_depth));
                }
                at + 1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            _ if is_word(byte) => {
                let length = bytes[at..].iter().take_while(|byte| is_word(**byte));
                at + length.count()
            }
            _ => at + 1,
        };
        tokens += 1;
        if tokens > limits.max_tokens {
            return Err(too_much(Excess::Tokens, limits.max_tokens));
        }
        at = next;
    }
    Ok(())
}

fn too_much(excess: Excess, limit: usize) -> Rejection {
    Rejection::TooMuch { excess, limit: limit as u64 }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+')
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| from + length)
}

fn end_of_string(bytes: &[u8], from: usize) -> Option<usize> {
    if bytes[from..].starts_with(b"\"\"\"") {
        return end_of_block_string(bytes, from + 3);
    }
    let mut at = from + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn end_of_block_string(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        }
        at += if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
    }
    None
}

fn position(document: &str, at: usize) -> Pos {
    let before = document.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Pos { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(document: &str) -> Option<&'static str> {
        let limits = Limits { max_brackets_depth: 3, max_tokens: 20, max_document_bytes: 200, ..Limits::default() };
        scan(document, &limits).err().map(|rejection| rejection.reason())
    }

    #[test]
    fn brackets_of_every_kind_count_together() {
        assert_eq!(reason("{a(b:[1])}"), None);
        assert_eq!(reason("{a(b:[[1]])}"), Some("TOO_DEEP"));
        assert_eq!(reason("{a(b:[{c:1}])}"), Some("TOO_DEEP"));
    }

    #[test]
    fn closed_brackets_do_not_count() {
        assert_eq!(reason("{a(b:[]c:[]d:[])}"), None);
        assert_eq!(reason("}}}}{{{"), None);
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        assert_eq!(reason(r#"{a(b:"[[[[\"[[[[")}"#), None);
        assert_eq!(reason(r#"{a(b:"""[[[["[[[[\"""[[[[""")}"#), None);
        assert_eq!(reason("{a #[[[[[[\n}"), None);
        assert_eq!(reason("{a #\"\n b(c:[[1]])}"), Some("TOO_DEEP"));
    }

    #[test]
    fn an_escaped_backslash_does_not_escape_the_closing_quote() {
        assert_eq!(reason(r#"{a(b:"\\" c:[[1]])}"#), Some("TOO_DEEP"));
    }

    #[test]
    fn a_string_that_does_not_end_is_refused_before_it_can_hide_brackets() {
        assert_eq!(reason(r#"{a(b:["""x" [[[["#), Some("SYNTAX_ERROR"));
        assert_eq!(reason("{a(b:\"x\n\")}"), Some("SYNTAX_ERROR"));
        assert_eq!(reason("\"\\"), Some("SYNTAX_ERROR"));
        let limits = Limits::default();
        let location = scan("{\n  é \"x", &limits).unwrap_err().location();
        assert_eq!(location, Some(Pos { line: 2, column: 5 }));
    }

    #[test]
    fn tokens_and_bytes_are_bounded() {
        assert_eq!(reason(&"a ".repeat(20)), None);
        assert_eq!(reason(&"a ".repeat(21)), Some("TOO_MANY_TOKENS"));
        assert_eq!(reason(&" ".repeat(201)), Some("DOCUMENT_TOO_LARGE"));
    }
}
