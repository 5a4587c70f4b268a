//! How different two texts are, told before they are compared.

use std::collections::HashMap;

/// A number of lines that is not exceeded by those that one has and the other has not.
///
/// Lines that come once in both, in the same order, are the same; and so are those before and behind them as far as they are alike. That is
/// found in a time that does not depend on how different the texts are.
pub(super) fn differing(one: &[&str], other: &[&str]) -> usize {
    let mut common = 0;
    let (mut from, mut other_from) = (0, 0);
    for (to, other_to) in anchors(one, other).into_iter().chain([(one.len(), other.len())]) {
        let gap = one.get(from..to).unwrap_or_default();
        let other_gap = other.get(other_from..other_to).unwrap_or_default();
        let before = gap.iter().zip(other_gap).take_while(|(line, other)| line == other).count();
        let left = gap.len().min(other_gap.len()) - before;
        let behind = gap.iter().rev().zip(other_gap.iter().rev()).take(left).take_while(|(line, other)| line == other).count();
        common += before + behind + usize::from(to < one.len());
        (from, other_from) = (to + 1, other_to + 1);
    }
    one.len() + other.len() - 2 * common
}

/// The places of lines that come once in both texts, as many as stand in the same order in both.
fn anchors(one: &[&str], other: &[&str]) -> Vec<(usize, usize)> {
    let places = once(other);
    let alone = once(one);
    let pairs = one.iter().enumerate().filter(|(_, line)| alone.get(*line).is_some_and(Option::is_some));
    let pairs: Vec<_> = pairs.filter_map(|(at, line)| Some((at, (*places.get(line)?)?))).collect();
    longest_rising(&pairs)
}

/// Where each line is that comes once. None for those that come more than once.
fn once<'a>(lines: &[&'a str]) -> HashMap<&'a str, Option<usize>> {
    let mut places = HashMap::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        places.entry(*line).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}

/// As many of these pairs as possible of which both numbers rise; the first one does.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The ends of the best runs of each length, by their places in `pairs`, and what comes before each in its run.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before = Vec::with_capacity(pairs.len());
    for (at, (_, place)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|(end, _)| end < place);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).map(|(_, at)| *at));
        match ends.get_mut(length) {
            Some(end) => *end = (*place, at),
            None => ends.push((*place, at)),
        }
    }
    let last = ends.last().map(|(_, at)| *at);
    let mut run: Vec<_> = std::iter::successors(last, |at| before.get(*at).copied().flatten()).collect();
    run.reverse();
    run.into_iter().filter_map(|at| pairs.get(at).copied()).collect()
}
