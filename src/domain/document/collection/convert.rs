//! What differs between versions 2.0.0 and 2.1.0 of the format: the parameters of `auth`, and `info.schema`.
//!
//! In 2.0 the parameters of an authorization are the members of an object, in 2.1 attributes in an array:
//!
//! ```text
//! 2.0  {"type": "basic", "basic": {"username": "ada"}}
//! 2.1  {"type": "basic", "basic": [{"key": "username", "value": "ada", "type": "string"}]}
//! ```
//!
//! `auth` stands in a collection, a folder, a request and the original request of a saved response. All else is of one form in both
//! versions (an address or a description may be text or object in either) and is left alone, as is an authorization of a form that
//! neither version knows.
//!
//! From 2.0 to 2.1 and back nothing is lost. From 2.1 to 2.0 an attribute keeps its key and value; its `type` comes back as the kind of
//! the value, and members that the format does not know are dropped, since 2.0 has no place for them. Attributes with the same key become
//! members with the same key. An array of which an element is no attribute with a key stays an array.

use crate::domain::document::raw;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, ops::Range};
use strum::{Display, EnumString};

/// A version of the collection format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, Serialize, Deserialize)]
pub enum Version {
    /// 2.0.0
    #[strum(to_string = "2.0.0")]
    #[serde(rename = "2.0.0")]
    V2_0,
    /// 2.1.0
    #[strum(to_string = "2.1.0")]
    #[serde(rename = "2.1.0")]
    V2_1,
}

impl Version {
    /// The address of the version's schema, as it stands in the `info.schema` of new collections.
    #[must_use]
    pub fn schema(self) -> &'static str {
        match self {
            Self::V2_0 => "https://schema.getpostman.com/json/collection/v2.0.0/collection.json",
            Self::V2_1 => "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        }
    }

    /// The version that the address of a schema names. There are several addresses for each, and copies of them elsewhere.
    #[must_use]
    pub fn of_schema(schema: &str) -> Option<Self> {
        schema.rsplit('/').find_map(Self::of_segment)
    }

    /// The address of the same schema for this version.
    fn in_schema(self, schema: &str) -> String {
        let mut segments: Vec<&str> = schema.split('/').collect();
        if let Some(segment) = segments.iter_mut().rfind(|segment| Self::of_segment(segment).is_some()) {
            *segment = match (self, segment.len()) {
                (Self::V2_0, 4) => "v2.0",
                (Self::V2_0, _) => "v2.0.0",
                (Self::V2_1, 4) => "v2.1",
                (Self::V2_1, _) => "v2.1.0",
            };
        }
        segments.join("/")
    }

    fn of_segment(segment: &str) -> Option<Self> {
        match segment {
            "v2.0.0" | "v2.0" => Some(Self::V2_0),
            "v2.1.0" | "v2.1" => Some(Self::V2_1),
            _ => None,
        }
    }
}

/// What a node of a collection is the content of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The collection itself.
    Head,
    /// A folder or a request.
    Item,
}

/// The canonical bytes of a node in that version. Borrowed if they are the same.
#[must_use]
pub fn convert(content: &[u8], node: Node, to: Version) -> Cow<'_, [u8]> {
    let mut edits = Edits { to, list: Vec::new() };
    match node {
        Node::Head => edits.head(content),
        Node::Item => edits.item(content),
    }
    edits.apply(content)
}

/// What is to be written in place of what, in order.
struct Edits {
    to: Version,
    list: Vec<(Range<usize>, Vec<u8>)>,
}

impl Edits {
    fn head(&mut self, content: &[u8]) {
        for member in raw::members(content) {
            match member.name {
                b"auth" => self.auth(member.value, member.at.start),
                b"info" => self.info(member.value, member.at.start),
                _ => {}
            }
        }
    }

    fn item(&mut self, content: &[u8]) {
        for member in raw::members(content) {
            match member.name {
                b"auth" => self.auth(member.value, member.at.start),
                b"request" => self.request(member.value, member.at.start),
                b"response" => self.responses(member.value, member.at.start),
                _ => {}
            }
        }
    }

    fn info(&mut self, info: &[u8], base: usize) {
        for member in raw::members(info).filter(|member| member.name == b"schema") {
            let Some(schema) = raw::text(member.value).filter(|schema| Version::of_schema(schema).is_some_and(|from| from != self.to))
            else {
                continue;
            };
            let schema = serde_json::Value::String(self.to.in_schema(&schema));
            self.list.push((shifted(&member.at, base), schema.to_string().into_bytes()));
        }
    }

    fn request(&mut self, request: &[u8], base: usize) {
        for member in raw::members(request).filter(|member| member.name == b"auth") {
            self.auth(member.value, base + member.at.start);
        }
    }

    fn responses(&mut self, responses: &[u8], base: usize) {
        for (response, at) in raw::elements(responses) {
            for member in raw::members(response).filter(|member| member.name == b"originalRequest") {
                self.request(member.value, base + at.start + member.at.start);
            }
        }
    }

    fn auth(&mut self, auth: &[u8], base: usize) {
        for member in raw::members(auth) {
            // Fields that begin with an underscore are somebody's own, and `noauth` has no parameters.
            if matches!(member.name, b"type" | b"noauth") || member.name.starts_with(b"_") {
                continue;
            }
            let converted = match (self.to, member.value.first()) {
                (Version::V2_1, Some(b'{')) => Some(attributes(member.value)),
                (Version::V2_0, Some(b'[')) => parameters(member.value),
                _ => None,
            };
            self.list.extend(converted.map(|converted| (shifted(&member.at, base), converted)));
        }
    }

    fn apply(self, content: &[u8]) -> Cow<'_, [u8]> {
        if self.list.is_empty() {
            return Cow::Borrowed(content);
        }
        let mut bytes = Vec::with_capacity(content.len());
        let mut done = 0;
        for (range, replacement) in self.list {
            bytes.extend_from_slice(&content[done..range.start]);
            bytes.extend_from_slice(&replacement);
            done = range.end;
        }
        bytes.extend_from_slice(&content[done..]);
        Cow::Owned(bytes)
    }
}

fn shifted(range: &Range<usize>, base: usize) -> Range<usize> {
    base + range.start..base + range.end
}

/// The attributes that parameters become.
fn attributes(parameters: &[u8]) -> Vec<u8> {
    let attributes: Vec<_> = raw::members(parameters)
        .map(|member| {
            let kind: &[u8] = match member.value.first() {
                Some(b'"') => b"string",
                Some(b't' | b'f') => b"boolean",
                Some(b'-' | b'0'..=b'9') => b"number",
                _ => b"any",
            };
            [b"{\"key\":", member.quoted, b",\"value\":", member.value, b",\"type\":\"", kind, b"\"}"].concat()
        })
        .collect();
    enclosed(b'[', &attributes, b']')
}

/// The parameters that attributes become, if all of them can.
fn parameters(attributes: &[u8]) -> Option<Vec<u8>> {
    let parameters: Vec<_> = raw::elements(attributes)
        .map(|(attribute, _)| {
            let key = raw::get(attribute, "key").filter(|key| key.first() == Some(&b'"'))?;
            let value = raw::get(attribute, "value").unwrap_or(b"null");
            Some([key, b":", value].concat())
        })
        .collect::<Option<_>>()?;
    Some(enclosed(b'{', &parameters, b'}'))
}

fn enclosed(open: u8, parts: &[Vec<u8>], close: u8) -> Vec<u8> {
    let mut bytes = vec![open];
    bytes.extend(parts.join(&b','));
    bytes.push(close);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(content: &str, node: Node, to: Version) -> String {
        String::from_utf8(convert(content.as_bytes(), node, to).into_owned()).unwrap()
    }

    #[test]
    fn every_auth_of_an_item_is_converted_and_comes_back() {
        let old = concat!(
            r#"{"name":"a","auth":{"type":"basic","basic":{"username":"ü","n":1.0,"n":null,"show":false,"o":{"auth":[]}}},"#,
            r#""request":{"auth":{"type":"oauth1","oauth1":{}},"url":"x","auth":{"bearer":{"token":"t"}}},"#,
            r#""response":[{"originalRequest":{"auth":{"type":"ntlm","ntlm":{"a":[1]}}}},null,{"originalRequest":null}],"item":[]}"#
        );
        let new = concat!(
            r#"{"name":"a","auth":{"type":"basic","basic":[{"key":"username","value":"ü","type":"string"},{"key":"n","value":1.0,"type":"number"},"#,
            r#"{"key":"n","value":null,"type":"any"},{"key":"show","value":false,"type":"boolean"},{"key":"o","value":{"auth":[]},"type":"any"}]},"#,
            r#""request":{"auth":{"type":"oauth1","oauth1":[]},"url":"x","auth":{"bearer":[{"key":"token","value":"t","type":"string"}]}},"#,
            r#""response":[{"originalRequest":{"auth":{"type":"ntlm","ntlm":[{"key":"a","value":[1],"type":"any"}]}}},null,{"originalRequest":null}],"item":[]}"#
        );
        assert_eq!(converted(old, Node::Item, Version::V2_1), new);
        assert_eq!(converted(new, Node::Item, Version::V2_0), old);
        assert!(matches!(convert(old.as_bytes(), Node::Item, Version::V2_0), Cow::Borrowed(_)));
        assert!(matches!(convert(new.as_bytes(), Node::Item, Version::V2_1), Cow::Borrowed(_)));
    }

    #[test]
    fn an_odd_auth_is_left_alone() {
        for content in [
            r#"{"auth":null}"#,
            r#"{"auth":"basic"}"#,
            r#"{"auth":[{"type":"basic"}]}"#,
            r#"{"auth":{"type":"noauth"}}"#,
            r#"{"auth":{"type":"noauth","noauth":{"a":[{"key":"b"}]}}}"#,
            r#"{"auth":{"type":{"a":1},"basic":null,"_basic":{"a":1},"_b":[{"key":"a"}]}}"#,
            r#"{"auth":{"type":"basic","basic":"text"}}"#,
            r#"{"description":{"auth":1},"url":"x","variable":[{"auth":{"basic":"a"}}]}"#,
            r#"{"request":"https://example.com"}"#,
        ] {
            for to in [Version::V2_0, Version::V2_1] {
                assert_eq!(converted(content, Node::Item, to), content);
            }
        }
        let keyless = r#"{"auth":{"basic":[{"key":"a","value":1},{"value":"b"}]}}"#;
        assert_eq!(converted(keyless, Node::Item, Version::V2_0), keyless);
    }

    #[test]
    fn an_attribute_keeps_key_and_value() {
        let new = r#"{"auth":{"type":"x","x":[{"type":"secret","value":1e5,"key":"a\n"},{"key":"b","more":1},{"key":"b","value":2}]}}"#;
        let old = r#"{"auth":{"type":"x","x":{"a\n":1e5,"b":null,"b":2}}}"#;
        assert_eq!(converted(new, Node::Item, Version::V2_0), old);
    }

    #[test]
    fn the_schema_follows_in_whichever_form_it_is() {
        let mut forms = vec![(Version::V2_0.schema().to_owned(), Version::V2_1.schema().to_owned())];
        for form in
            ["http://schema.getpostman.com/json/draft-07/collection/VERSION/collection.json", "https://x.example/VERSION/", "VERSION"]
        {
            forms.push((form.replace("VERSION", "v2.0.0"), form.replace("VERSION", "v2.1.0")));
            forms.push((form.replace("VERSION", "v2.0"), form.replace("VERSION", "v2.1")));
        }
        for (old, new) in forms {
            assert_eq!((Version::of_schema(&old), Version::of_schema(&new)), (Some(Version::V2_0), Some(Version::V2_1)));
            let head = |schema: &str| format!(r#"{{"auth":{{"type":"basic"}},"info":{{"schema":"{schema}","name":"a"}},"item":[]}}"#);
            assert_eq!(converted(&head(&old), Node::Head, Version::V2_1), head(&new));
            assert_eq!(converted(&head(&new), Node::Head, Version::V2_0), head(&old));
        }
        for unknown in ["", "https://schema.getpostman.com/json/collection/v1.0.0/", "xv2.1.0", "v2.1.0.json", "v2.2.0"] {
            assert_eq!(Version::of_schema(unknown), None);
        }
    }
}
