//! Merging texts line by line.

use super::{Sides, distance::differing};

/// How large texts may be that are merged by lines.
pub(super) struct Bounds {
    /// The most lines of a side.
    pub lines: usize,
    /// The most bytes of a side.
    pub bytes: usize,
    /// The most steps for each byte that there is: lines times lines that differ.
    ///
    /// So long it takes to compare them, and many texts of short lines would take far longer than their size lets one expect.
    pub steps: usize,
}

/// The bounds of a text within a document, of which there may be many.
pub(super) const WITHIN: Bounds = Bounds { lines: 2_000, bytes: 256 * 1024, steps: 8 };

/// Merges a text line by line. None where both changed the same lines differently, or where the texts are too large to be taken apart: more
/// than 2,000 lines or 256 KiB, or so different that it is not worth the time.
#[must_use]
pub fn merge_lines(sides: Sides<&str>) -> Option<String> {
    merge_text(sides, &WITHIN)
}

/// Merges a text line by line within these bounds.
pub(super) fn merge_text(sides: Sides<&str>, bounds: &Bounds) -> Option<String> {
    if let Some(agreed) = sides.agreed() {
        return Some(agreed.to_owned());
    }
    if sides.into_array().into_iter().any(|text| text.len() > bounds.bytes) {
        return None;
    }
    let lines = sides.map(|text| text.split('\n').collect::<Vec<_>>());
    Some(merge(lines.as_ref().map(Vec::as_slice), bounds)?.join("\n"))
}

/// Merges an array of lines. None where that cannot be told from its lines, as [`merge_lines`].
pub(super) fn merge_array(sides: Sides<&[&str]>) -> Option<Vec<String>> {
    if let Some(agreed) = sides.agreed() {
        return Some(agreed.iter().map(|line| (*line).to_owned()).collect());
    }
    // An element may have several lines itself: it is one, whatever it holds.
    let escaped = sides.map(|lines| lines.iter().map(|line| escape(line)).collect::<Vec<_>>());
    let lines = escaped.as_ref().map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
    let merged = merge(lines.as_ref().map(Vec::as_slice), &WITHIN)?;
    Some(merged.iter().map(|line| unescape(line)).collect())
}

/// Merges lines, none of which has an end of line in it.
fn merge<'a>(sides: Sides<&'a [&'a str]>, bounds: &Bounds) -> Option<Vec<String>> {
    let size = |lines: &[&str]| lines.iter().map(|line| line.len() + 1).sum::<usize>();
    let bytes = sides.map(size).into_array();
    if sides.into_array().into_iter().any(|lines| lines.len() > bounds.lines) || bytes.into_iter().any(|bytes| bytes > bounds.bytes + 1) {
        return None;
    }
    let (begin, sides, end) = trim(sides);
    let steps = |lines: &[&str]| (lines.len() + sides.base.len()).saturating_mul(differing(sides.base, lines));
    if steps(sides.parent).max(steps(sides.fork)) > bounds.steps.saturating_mul(bytes.into_iter().sum()) {
        return None;
    }
    // What comes first makes a difference where several results are as good. So it is always the same one, whoever is called parent.
    let (first, second) = if sides.parent <= sides.fork { (sides.parent, sides.fork) } else { (sides.fork, sides.parent) };
    let [base, first, second] = [sides.base, first, second].map(|lines| lines.iter().flat_map(|line| [*line, "\n"]).collect::<String>());
    let merged = diffy::merge(&base, &first, &second).ok()?;
    let middle = merged.split_terminator('\n');
    Some(begin.iter().copied().chain(middle).chain(end.iter().copied()).map(str::to_owned).collect())
}

/// Lines, taken apart into what all sides begin with, what differs, and what all sides end with.
fn trim<'a>(sides: Sides<&'a [&'a str]>) -> (&'a [&'a str], Sides<&'a [&'a str]>, &'a [&'a str]) {
    let before = alike(sides.map(<[_]>::iter));
    let (begin, _) = sides.base.split_at_checked(before).unwrap_or_default();
    let sides = sides.map(|lines| lines.get(before..).unwrap_or_default());
    let after = alike(sides.map(|lines| lines.iter().rev()));
    let cut = |lines: &'a [&'a str]| lines.split_at_checked(lines.len().saturating_sub(after)).unwrap_or_default();
    (begin, sides.map(|lines| cut(lines).0), cut(sides.base).1)
}

/// How many lines all sides begin with.
fn alike<'a>(sides: Sides<impl Iterator<Item = &'a &'a str>>) -> usize {
    let all = sides.base.zip(sides.parent).zip(sides.fork);
    all.take_while(|((base, parent), fork)| base == parent && base == fork).count()
}

fn escape(line: &str) -> String {
    line.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(next) = rest.next() {
        text.push(match next {
            '\\' => rest.next().map_or('\\', |escaped| if escaped == 'n' { '\n' } else { escaped }),
            other => other,
        });
    }
    text
}
