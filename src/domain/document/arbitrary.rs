//! Documents such as nobody would write by hand, for tests.

use super::Json;
use proptest::prelude::*;

/// Any text, with what is hard to write more often than by chance.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>(),
        1 => Just(String::new()),
        1 => Just("{{base_url}}/\u{1f600}\u{0}\u{7f}\u{2028}\"\\/\r\n".to_owned()),
    ]
}

/// A key, often one that means something, so that duplicates come up.
pub fn key() -> impl Strategy<Value = Box<str>> {
    let known: &[&str] =
        &["", "name", "id", "_postman_id", "request", "url", "raw", "auth", "type", "key", "value", "event", "script", "exec", "a/b~"];
    prop_oneof![3 => prop::sample::select(known).prop_map(Box::from), 1 => text().prop_map(Into::into)]
}

/// A number, written in one of the ways there are.
pub fn number() -> impl Strategy<Value = Json> {
    let odd: &[&str] = &["-0", "1.0", "1e5", "1E-5", "-0.0e+00", "12345678901234567890123", "1e999", "0.1000"];
    let text = prop_oneof![prop::sample::select(odd).prop_map(str::to_owned), any::<i64>().prop_map(|number| number.to_string())];
    text.prop_map(|text| Json::Number(text.into()))
}

/// What holds no other value.
pub fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![Just(Json::Null), any::<bool>().prop_map(Json::Bool), number(), text().prop_map(Json::String)]
}

/// Any value of so many levels.
pub fn json(depth: u32) -> impl Strategy<Value = Json> {
    scalar().prop_recursive(depth, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            prop::collection::vec((key(), inner), 0..6).prop_map(Json::Object),
        ]
    })
}

/// The value as somebody may write it who likes space and escapes everything.
pub fn pretty(json: &Json) -> String {
    match json {
        Json::String(text) => quoted(text),
        Json::Array(elements) => format!("[ {}\n]", elements.iter().map(pretty).collect::<Vec<_>>().join(" ,\t")),
        Json::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| format!("{} :\r\n{}", quoted(key), pretty(value))).collect();
            format!("{{\n{} }}", members.join(",\n"))
        }
        _ => String::from_utf8(json.to_bytes()).unwrap(),
    }
}

fn quoted(text: &str) -> String {
    let escaped: Vec<_> = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    format!("\"{}\"", escaped.concat())
}
