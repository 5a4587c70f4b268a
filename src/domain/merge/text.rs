//! Texts within a document, and scripts, which are arrays of lines.

use super::{Sides, lines};
use crate::domain::document::{Json, Limits};
use std::collections::HashSet;

/// Merges what both sides changed by lines, if it is a text that has several, or a script. `key` is the key of an object whose value it is.
///
/// A text that is JSON on every side, such as the body of a request, is JSON in the end too.
pub(super) fn merge(sides: Sides<Option<&Json>>, key: Option<&str>) -> Option<Json> {
    let (Some(base), Some(parent), Some(fork)) = (sides.base, sides.parent, sides.fork) else { return None };
    let sides = Sides { base, parent, fork };
    match sides.map(Json::as_str) {
        Sides { base: Some(base), parent: Some(parent), fork: Some(fork) } => {
            let texts = Sides { base, parent, fork };
            if !texts.into_array().into_iter().any(|text| text.contains('\n')) {
                return None;
            }
            lines::merge_lines(texts).filter(|merged| stays_json(texts, merged)).map(Json::String)
        }
        _ if key == Some("exec") => script(sides),
        _ => None,
    }
}

/// Merges scripts, if they are arrays of lines on every side.
fn script(sides: Sides<&Json>) -> Option<Json> {
    let [base, parent, fork] = [lines_of(sides.base)?, lines_of(sides.parent)?, lines_of(sides.fork)?];
    let merged = lines::merge_array(Sides { base: &base, parent: &parent, fork: &fork })?;
    Some(Json::Array(merged.into_iter().map(Json::String).collect()))
}

fn lines_of(script: &Json) -> Option<Vec<&str>> {
    script.as_array()?.iter().map(Json::as_str).collect()
}

/// Whether a text is sound JSON if it is that on every side.
pub(super) fn stays_json(sides: Sides<&str>, merged: &str) -> bool {
    !sides.into_array().into_iter().all(is_sound_json) || is_sound_json(merged)
}

/// Whether a text is an object or an array of JSON in which no key comes twice.
fn is_sound_json(text: &str) -> bool {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return false;
    }
    let Ok(value) = Json::parse(text.as_bytes(), &Limits::default()) else { return false };
    let mut open = vec![&value];
    while let Some(value) = open.pop() {
        match value {
            Json::Array(elements) => open.extend(elements),
            Json::Object(members) => {
                let mut keys = HashSet::new();
                if !members.iter().all(|(key, _)| keys.insert(key)) {
                    return false;
                }
                open.extend(members.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    true
}
