//! Feeds are dense: the numbers of their entries are those from the first that is kept to the last that was given out.

use super::report::MOST;
use super::{FindingKind, Report};
use crate::app::ports::{CheckQueries, FeedExtent, FeedKind, StoreResult};
use strum::IntoEnumIterator;

/// How many feeds are looked at in one statement.
const FEEDS: u64 = 500;

/// The most breaks of one feed that are told.
const BREAKS: u64 = 3;

/// What is wrong with a feed of this extent; nothing: it is dense.
fn faults(extent: &FeedExtent) -> Vec<String> {
    let FeedExtent { forgotten, last_seq, entries, numbers, .. } = *extent;
    let begin = forgotten + 1;
    let (Some(first), Some(last)) = (extent.first, extent.last) else {
        return if last_seq == forgotten { Vec::new() } else { vec![format!("the entries {begin} to {last_seq} are missing")] };
    };
    let mut faults = Vec::new();
    if first != begin {
        faults.push(format!("it begins with {first} in place of {begin}"));
    }
    if last != last_seq {
        faults.push(format!("it ends with {last} in place of {last_seq}"));
    }
    if numbers != last - first + 1 {
        faults.push(format!("of the numbers {first} to {last}, {} are missing", last - first + 1 - numbers));
    }
    if entries != numbers {
        faults.push(format!("{} entries have the number of another one", entries - numbers));
    }
    faults
}

/// Looks at every feed.
pub(super) async fn look(queries: &dyn CheckQueries, report: &mut Report) -> StoreResult<()> {
    for kind in FeedKind::iter() {
        let mut after = None;
        loop {
            let feeds = queries.list_feeds(kind, after, FEEDS).await?;
            let Some(last) = feeds.last() else { break };
            after = Some(last.owner);
            for extent in &feeds {
                report.looked_at("feed entries", extent.entries.unsigned_abs());
                let mut faults = faults(extent);
                if !faults.is_empty() && report.count(FindingKind::FeedNotDense) < MOST as u64 {
                    let breaks = queries.list_breaks(kind, extent.owner, BREAKS).await?;
                    faults.extend(breaks.iter().map(|(before, behind)| format!("after {before} comes {behind}")));
                }
                if !faults.is_empty() {
                    report.add(FindingKind::FeedNotDense, format!("feed of the {kind} {}: {}", extent.owner, faults.join(", ")));
                }
            }
            report.looked_at("feeds", feeds.len() as u64);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn extent(entries: &[i64], forgotten: i64, last_seq: i64) -> FeedExtent {
        let numbers: BTreeSet<i64> = entries.iter().copied().collect();
        FeedExtent {
            owner: Uuid::nil(),
            forgotten,
            last_seq,
            first: numbers.first().copied(),
            last: numbers.last().copied(),
            entries: i64::try_from(entries.len()).expect("few"),
            numbers: i64::try_from(numbers.len()).expect("few"),
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (entries, forgotten, last_seq, said) in [
            (&[1, 2, 3][..], 0, 3, &[][..]),
            (&[], 0, 0, &[]),
            (&[], 4, 4, &[]),
            (&[5, 6], 4, 6, &[]),
            (&[], 4, 6, &["the entries 5 to 6 are missing"]),
            (&[2, 3], 0, 3, &["it begins with 2 in place of 1"]),
            (&[4, 5], 4, 5, &["it begins with 4 in place of 5"]),
            (&[1, 2], 0, 3, &["it ends with 2 in place of 3"]),
            (&[1, 4], 0, 4, &["of the numbers 1 to 4, 2 are missing"]),
            // As many as there should be, and still not the right ones.
            (&[1, 2, 2, 4], 0, 4, &["of the numbers 1 to 4, 1 are missing", "1 entries have the number of another one"]),
        ] {
            assert_eq!(faults(&extent(entries, forgotten, last_seq)), said, "{entries:?}");
        }
    }

    proptest! {
        #[test]
        fn a_feed_is_dense_if_its_entries_are_those_numbers_and_no_others(
            mut entries in proptest::collection::vec(1_i64..7, 0..8),
            forgotten in 0_i64..3,
            kept in 0_i64..5,
            dense in any::<bool>(),
        ) {
            let last_seq = forgotten + kept;
            let should: Vec<i64> = (forgotten + 1..=last_seq).collect();
            if dense {
                entries.clone_from(&should);
            }
            entries.sort_unstable();
            prop_assert_eq!(faults(&extent(&entries, forgotten, last_seq)).is_empty(), entries == should);
        }
    }
}
