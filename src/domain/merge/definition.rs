//! Merging API definitions, which are kept byte for byte.

use super::{
    Decisions, Merged, Sides,
    json::Merger,
    lines::{Bounds, merge_text},
    path::Path,
    text::stays_json,
};
use crate::domain::document::{Json, Limits, definition::detect, text::decode};

/// The path of a conflict about a definition.
pub const DEFINITION: &str = "/definition";

/// A merge is about one definition only, so there is time for a large one.
const BOUNDS: Bounds = Bounds { lines: 100_000, bytes: 8 * 1024 * 1024, steps: 16 };

/// Merges an API definition line by line.
///
/// What comes out is a definition of the kind that the sides agree on. Where the lines do not give that, where both changed the same lines
/// differently, or where there are too many of them (100,000, or 8 MiB), the whole is in conflict, at [`DEFINITION`]. The values of a conflict are
/// texts.
pub fn merge_definition(sides: Sides<&[u8]>, decisions: &mut Decisions, limits: &Limits) -> Merged<Vec<u8>> {
    let undisputed = sides.agreed().map(<[u8]>::to_vec).or_else(|| by_lines(sides, limits));
    let mut merger = Merger { decisions, conflicts: Vec::new() };
    let shown = |bytes: &[u8]| Some(Json::String(decode(bytes, limits).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())));
    let value = undisputed.unwrap_or_else(|| sides.of(merger.decide(&Path::new(DEFINITION), || sides.map(shown))).to_vec());
    Merged { value, conflicts: merger.conflicts }
}

fn by_lines(sides: Sides<&[u8]>, limits: &Limits) -> Option<Vec<u8>> {
    let text = |bytes| str::from_utf8(bytes).ok();
    let texts = Sides { base: text(sides.base)?, parent: text(sides.parent)?, fork: text(sides.fork)? };
    let kind = |bytes| detect(bytes, limits).ok().map(|definition| (definition.kind, definition.syntax));
    let expected = sides.map(kind).agreed()??;
    let merged = merge_text(texts, &BOUNDS)?;
    let is_sound = kind(merged.as_bytes()) == Some(expected) && stays_json(texts, &merged);
    is_sound.then(|| merged.into_bytes())
}
