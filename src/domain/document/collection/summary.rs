//! What a list of items shows.

use super::ids::ItemId;
use crate::domain::document::raw;
use serde::{Deserialize, Serialize};

/// What a list of items shows, cut to 256 bytes each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Its name. Empty if it has none.
    pub name: String,
    /// The address of its request.
    pub url: Option<String>,
    /// The method of its request, if one is named.
    pub method: Option<String>,
    /// Whether it holds other items.
    pub is_folder: bool,
}

impl Summary {
    /// The most bytes that it has of each text.
    pub const LONGEST: usize = 256;
}

/// The summary of an item's content, which is in canonical bytes, and its own id if it has one that can be used.
#[must_use]
pub fn summarize(content: &[u8]) -> (Summary, Option<ItemId>) {
    let mut summary = Summary::default();
    let (mut id, mut postman_id) = (None, None);
    for member in raw::members(content) {
        match member.name {
            b"name" => summary.name = short(member.value).unwrap_or_default(),
            b"item" => summary.is_folder = member.value.first() == Some(&b'['),
            b"request" => (summary.url, summary.method) = request(member.value),
            b"id" => id = usable(member.value),
            b"_postman_id" => postman_id = usable(member.value),
            _ => {}
        }
    }
    (summary, id.or(postman_id))
}

fn usable(value: &[u8]) -> Option<ItemId> {
    ItemId::parse(&raw::text(value)?).ok()
}

fn request(request: &[u8]) -> (Option<String>, Option<String>) {
    // A request that is only a text is its address.
    if let Some(address) = short(request) {
        return (Some(address), None);
    }
    (raw::get(request, "url").and_then(url), raw::get(request, "method").and_then(short))
}

fn url(url: &[u8]) -> Option<String> {
    short(url).or_else(|| raw::get(url, "raw").and_then(short)).or_else(|| assembled(url))
}

/// The address that the parts of an object make.
fn assembled(url: &[u8]) -> Option<String> {
    let mut address = String::new();
    if let Some(protocol) = raw::get(url, "protocol").and_then(raw::text) {
        address.push_str(&protocol);
        address.push_str("://");
    }
    address.push_str(&joined(raw::get(url, "host"), "."));
    let path = joined(raw::get(url, "path"), "/");
    if !path.is_empty() && !path.starts_with('/') {
        address.push('/');
    }
    address.push_str(&path);
    (!address.is_empty()).then(|| cut(&address))
}

/// A text, or the texts of an array, of which each may be an object with its text in `value`.
fn joined(value: Option<&[u8]>, separator: &str) -> String {
    let value = value.unwrap_or_default();
    if let Some(text) = raw::text(value) {
        return text.into_owned();
    }
    let parts: Vec<_> = raw::elements(value)
        .filter_map(|(part, _)| raw::text(part).or_else(|| raw::get(part, "value").and_then(raw::text)))
        .take(Summary::LONGEST)
        .collect();
    parts.join(separator)
}

fn short(value: &[u8]) -> Option<String> {
    raw::text(value).map(|text| cut(&text))
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(Summary::LONGEST)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(request: &str) -> Option<String> {
        summarize(format!(r#"{{"name":"a","request":{request}}}"#).as_bytes()).0.url
    }

    #[test]
    fn an_address_is_found_in_every_form() {
        for (request, url) in [
            (r#""https://a.example""#, Some("https://a.example")),
            (r#"{"url":"{{base}}/pets"}"#, Some("{{base}}/pets")),
            (r#"{"url":{"raw":"a\u0007b","host":["x"]}}"#, Some("a\u{7}b")),
            (
                r#"{"url":{"protocol":"https","host":["a","example"],"path":["pets",{"type":"any","value":":id"}]}}"#,
                Some("https://a.example/pets/:id"),
            ),
            (r#"{"url":{"host":"a.example","path":"/pets"}}"#, Some("a.example/pets")),
            (r#"{"url":{}}"#, None),
            (r#"{"url":null}"#, None),
            ("null", None),
            ("[1]", None),
        ] {
            assert_eq!(url_of(request).as_deref(), url, "{request}");
        }
    }

    #[test]
    fn a_summary_is_cut_where_a_character_ends() {
        let content = format!(r#"{{"name":"{}","request":{{"method":"GET"}},"item":[]}}"#, "é€".repeat(100));
        let (summary, id) = summarize(content.as_bytes());
        assert_eq!(summary.name, format!("{}é", "é€".repeat(50)) + "€");
        assert_eq!((summary.method.as_deref(), summary.is_folder, id), (Some("GET"), true, None));
    }

    #[test]
    fn the_own_id_is_one_of_two() {
        for (content, id) in [
            (r#"{"id":"a","_postman_id":"b"}"#, Some("a")),
            (r#"{"_postman_id":"b","id":7}"#, Some("b")),
            (r#"{"id":"","_postman_id":null}"#, None),
            (r#"{"id":"a","id":"c"}"#, Some("c")),
            (r#"{"name":null}"#, None),
        ] {
            assert_eq!(summarize(content.as_bytes()).1.as_ref().map(ItemId::as_str), id, "{content}");
        }
    }
}
