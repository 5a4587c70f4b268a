//! Looking into canonical bytes without building a value of them.
//!
//! Canonical bytes have no white space, and the same text is always escaped in the same way: the members of an object are found by
//! skipping over their values, and names are compared as bytes. Memory does not grow with the number of values. Bytes that are not
//! canonical give nonsense, and no panic.

use std::{borrow::Cow, ops::Range};

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// The name as it is escaped, without its quotes.
    pub name: &'a [u8],
    /// The name with its quotes.
    pub quoted: &'a [u8],
    /// The value.
    pub value: &'a [u8],
    /// Where the value lies in the object.
    pub at: Range<usize>,
}

/// The members of an object, in order. Of anything else there are none.
pub(super) fn members(object: &[u8]) -> impl Iterator<Item = Member<'_>> {
    let mut at = if object.first() == Some(&b'{') { 1 } else { object.len() };
    std::iter::from_fn(move || {
        if object.get(at) != Some(&b'"') {
            return None;
        }
        let colon = end_of_text(object, at);
        let start = (colon + 1).min(object.len());
        let end = end_of_value(object, start);
        let quoted = &object[at..colon];
        let name = &quoted[1..(quoted.len() - 1).max(1)];
        at = end + 1;
        Some(Member { name, quoted, value: &object[start..end], at: start..end })
    })
}

/// The elements of an array and where they lie in it, in order. Of anything else there are none.
pub(super) fn elements(array: &[u8]) -> impl Iterator<Item = (&[u8], Range<usize>)> {
    let mut at = if array.first() == Some(&b'[') { 1 } else { array.len() };
    std::iter::from_fn(move || {
        if matches!(array.get(at), None | Some(b']')) {
            return None;
        }
        let range = at..end_of_value(array, at);
        at = range.end + 1;
        Some((&array[range.clone()], range))
    })
}

/// The last value of that name, as parsers have it.
pub(super) fn get<'a>(object: &'a [u8], name: &str) -> Option<&'a [u8]> {
    members(object).filter(|member| member.name == name.as_bytes()).last().map(|member| member.value)
}

/// The text of a string. Of anything else there is none.
pub(super) fn text(value: &[u8]) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', inner).is_none() {
        std::str::from_utf8(inner).ok().map(Cow::Borrowed)
    } else {
        serde_json::from_slice(value).ok().map(Cow::Owned)
    }
}

fn end_of_value(bytes: &[u8], from: usize) -> usize {
    match bytes.get(from) {
        Some(b'"') => end_of_text(bytes, from),
        Some(b'{' | b'[') => end_of_container(bytes, from),
        _ => bytes[from..].iter().position(|byte| matches!(byte, b',' | b'}' | b']')).map_or(bytes.len(), |length| from + length),
    }
}

fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(length) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += length;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

fn end_of_container(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut open = 0_usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_text(bytes, at);
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' => {
                open -= 1;
                if open == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn members_and_elements_are_found_by_skipping() {
        let object = br#"{"a":[1,{"x":"]}"}],"b\"":"c\\","":null,"d":{},"a":-1.5e3}"#;
        let found: Vec<_> = members(object).map(|member| (member.name, member.value)).collect();
        let expected: [(&[u8], &[u8]); 5] =
            [(b"a", br#"[1,{"x":"]}"}]"#), (br#"b\""#, br#""c\\""#), (b"", b"null"), (b"d", b"{}"), (b"a", b"-1.5e3")];
        assert_eq!(found, expected);
        assert!(members(object).all(|member| &object[member.at] == member.value));
        assert_eq!(get(object, "a"), Some(&b"-1.5e3"[..]));
        let array = br#"["a,",[],{"b":[2]},true]"#;
        let found: Vec<_> = elements(array).map(|(element, _)| element).collect();
        assert_eq!(found, [&br#""a,""#[..], b"[]", br#"{"b":[2]}"#, b"true"]);
        assert_eq!(elements(b"[]").count() + elements(b"{}").count() + members(b"{}").count() + members(b"[]").count(), 0);
    }

    #[test]
    fn only_strings_have_a_text() {
        assert_eq!(text(br#""a\nb""#).as_deref(), Some("a\nb"));
        assert_eq!(text("\"é\"".as_bytes()).as_deref(), Some("é"));
        assert_eq!(text(b"1"), None);
        assert_eq!(text(b"\""), None);
    }

    proptest! {
        #[test]
        fn bytes_that_are_not_canonical_do_no_harm(bytes in "[\\[\\]{}\",:\\\\a1 ]{0,40}") {
            for member in members(bytes.as_bytes()) {
                let _looked = (text(member.value), elements(member.value).count(), members(member.value).count());
            }
            for (element, _) in elements(bytes.as_bytes()) {
                let _looked = (text(element), members(element).count());
            }
        }
    }
}
