mod disjoint;
mod documents;
mod properties;
mod values;

use super::*;
use crate::domain::document::Limits;

/// The value that a text holds.
fn read(text: &str) -> Json {
    Json::parse(text.as_bytes(), &Limits::default()).expect(text)
}

/// What comes out where each side has the value that is written there, and what is in conflict, as text.
fn merged(base: &str, parent: &str, fork: &str) -> (String, Vec<String>) {
    let sides = Sides { base, parent, fork }.map(|text| (!text.is_empty()).then(|| read(text)));
    let merged = merge_json(sides.as_ref().map(Option::as_ref), "", &mut Decisions::default());
    let paths = merged.conflicts.into_iter().map(|conflict| conflict.path).collect();
    (merged.value.as_ref().map(text).unwrap_or_default(), paths)
}

/// A value as it is written.
fn text(value: &Json) -> String {
    String::from_utf8(value.to_bytes()).expect("text")
}
