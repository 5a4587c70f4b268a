//! The places of siblings: between two ranks there is always another.
//!
//! A rank is a number between zero and one in base 255, its digits written as the bytes 1 to 255, without lowest digits at
//! the end. So ranks are ordered as bytes are, an item is moved by giving it another rank, and its siblings keep theirs.

use std::cmp::Ordering;
use std::fmt;

/// The digit that counts nothing.
const LOWEST: u8 = 1;
/// The digit after which comes a carry.
const HIGHEST: u8 = 255;
/// How many digits count: [`LOWEST`] to [`HIGHEST`].
const BASE: u8 = 255;
/// So many digits are counted on when something comes first or last, before a longer rank is taken.
const COUNTED: usize = 4;

/// Where an item stands among its siblings. Items of the same rank are ordered by their ids.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(Box<[u8]>);

impl Rank {
    /// The most bytes of a rank.
    pub const MAX_LEN: usize = 48;

    /// A rank between these two; none on a side: first or last of all.
    ///
    /// None: there is none within [`MAX_LEN`](Self::MAX_LEN), or these two are not in order. Then it is time to give all siblings new ranks,
    /// by [`spread`](Self::spread).
    #[must_use]
    pub fn between(before: Option<&Self>, after: Option<&Self>) -> Option<Self> {
        let digits = match (before, after) {
            (None, None) => vec![LOWEST + BASE / 2],
            (Some(before), None) => following(&before.0),
            (None, Some(after)) => preceding(&after.0),
            (Some(before), Some(after)) if before < after => middle(&before.0, &after.0),
            (Some(_), Some(_)) => return None,
        };
        Self::from_bytes(&digits)
    }

    /// Ranks for so many siblings, short and evenly spaced.
    pub fn spread(count: usize) -> impl Iterator<Item = Self> {
        let base = u128::from(BASE);
        let parts = count as u128 + 1;
        let (mut width, mut whole) = (1, base);
        while whole < parts * 2 {
            width += 1;
            whole *= base;
        }
        let gap = whole / parts;
        (1..parts).map(move |part| {
            // A gap is two at least, so the step away from a lowest digit at the end meets nobody.
            let mut rest = part * gap + u128::from((part * gap).is_multiple_of(base));
            let mut digits = vec![LOWEST; width];
            for digit in digits.iter_mut().rev() {
                *digit += u8::try_from(rest % base).unwrap_or_default();
                rest /= base;
            }
            Self(digits.into())
        })
    }

    /// So many ranks in order between these two, for siblings that come together. None: as for [`between`](Self::between).
    #[must_use]
    pub fn fill(before: Option<&Self>, after: Option<&Self>, count: usize) -> Option<Vec<Self>> {
        let mut ranks: Vec<Self> = Vec::with_capacity(count);
        match (before, after) {
            (None, None) => ranks.extend(Self::spread(count)),
            (Some(_), None) => {
                for _ in 0..count {
                    ranks.push(Self::between(ranks.last().or(before), None)?);
                }
            }
            (None, Some(_)) => {
                for _ in 0..count {
                    ranks.push(Self::between(None, ranks.last().or(after))?);
                }
                ranks.reverse();
            }
            (Some(before), Some(after)) => {
                if count > 0 {
                    let half = Self::between(Some(before), Some(after))?;
                    let left = Self::fill(Some(before), Some(&half), count / 2)?;
                    let right = Self::fill(Some(&half), Some(after), count - 1 - count / 2)?;
                    ranks.extend(left);
                    ranks.push(half);
                    ranks.extend(right);
                }
            }
        }
        Some(ranks)
    }

    /// The rank that was kept as these bytes. None: they are none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let is_rank = bytes.len() <= Self::MAX_LEN && bytes.last().is_some_and(|last| *last != LOWEST) && !bytes.contains(&0);
        is_rank.then(|| Self(bytes.into()))
    }

    /// The rank as bytes, which are ordered as ranks are and contain no zero.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The next number of so many digits; if there is none, the first of twice as many.
fn following(before: &[u8]) -> Vec<u8> {
    let full = before.iter().take_while(|digit| **digit == HIGHEST).count();
    let mut digits = before[..before.len().min(full + COUNTED)].to_vec();
    let Some(place) = digits.iter().rposition(|digit| *digit < HIGHEST) else {
        digits.resize(before.len() * 2, LOWEST);
        return off_the_lowest(digits);
    };
    digits[place] += 1;
    digits[place + 1..].fill(LOWEST);
    off_the_lowest(digits)
}

fn off_the_lowest(mut digits: Vec<u8>) -> Vec<u8> {
    if let Some(last) = digits.last_mut().filter(|last| **last == LOWEST) {
        *last += 1;
    }
    digits
}

/// The previous number of so many digits; if there is none, the last of twice as many.
fn preceding(after: &[u8]) -> Vec<u8> {
    let empty = after.iter().take_while(|digit| **digit == LOWEST).count();
    let mut digits = after[..after.len().min(empty + COUNTED)].to_vec();
    while let Some(place) = digits.iter().rposition(|digit| *digit > LOWEST) {
        digits[place] -= 1;
        digits[place + 1..].fill(HIGHEST);
        if digits.last().is_some_and(|last| *last > LOWEST) {
            return digits;
        }
    }
    digits.resize(digits.len() * 2, HIGHEST);
    digits
}

/// The number in the middle, to the first digit that tells it from both.
fn middle(before: &[u8], after: &[u8]) -> Vec<u8> {
    let mut digits = Vec::with_capacity(before.len() + 1);
    let mut is_bounded = true;
    loop {
        let place = digits.len();
        let low = u16::from(before.get(place).copied().unwrap_or(LOWEST));
        let high = if is_bounded { u16::from(after.get(place).copied().unwrap_or(LOWEST)) } else { u16::from(HIGHEST) + 1 };
        let half = u8::try_from(low.midpoint(high)).unwrap_or(HIGHEST);
        digits.push(half);
        match high.saturating_sub(low).cmp(&1) {
            Ordering::Greater => return digits,
            Ordering::Equal => is_bounded = false,
            Ordering::Less => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranks() -> impl Strategy<Value = Rank> {
        let few = prop_oneof![Just(1_u8), Just(2), Just(128), Just(254), Just(255), 1..=255_u8];
        (proptest::collection::vec(few, 0..8), 2..=255_u8).prop_map(|(mut digits, last)| {
            digits.push(last);
            Rank(digits.into())
        })
    }

    proptest! {
        #[test]
        fn between_two_ranks_there_is_always_another(one in ranks(), other in ranks()) {
            prop_assume!(one != other);
            let (low, high) = if one < other { (one, other) } else { (other, one) };
            let between = Rank::between(Some(&low), Some(&high)).expect("room");
            prop_assert!(low < between && between < high, "{low:?} {between:?} {high:?}");
            let first = Rank::between(None, Some(&low)).expect("room");
            prop_assert!(first < low, "{first:?} {low:?}");
            let last = Rank::between(Some(&high), None).expect("room");
            prop_assert!(high < last, "{high:?} {last:?}");
            prop_assert_eq!(Rank::between(Some(&high), Some(&low)), None);
            prop_assert_eq!(Rank::between(Some(&low), Some(&low)), None);
        }

        #[test]
        fn a_list_that_is_edited_anywhere_stays_in_order(places in proptest::collection::vec(any::<prop::sample::Index>(), 1..200)) {
            let mut list: Vec<Rank> = Vec::new();
            for place in places {
                let place = place.index(list.len() + 1);
                let before = place.checked_sub(1).and_then(|index| list.get(index));
                let rank = Rank::between(before, list.get(place)).expect("room");
                prop_assert_eq!(Rank::from_bytes(rank.as_bytes()), Some(rank.clone()));
                list.insert(place, rank);
            }
            prop_assert!(list.is_sorted_by(|one, next| one < next));
        }

        #[test]
        fn what_is_filled_in_lies_between_in_order(one in ranks(), other in ranks(), count in 0..300_usize) {
            prop_assume!(one != other);
            let (low, high) = if one < other { (one, other) } else { (other, one) };
            for (before, after) in [(None, None), (Some(&low), None), (None, Some(&high)), (Some(&low), Some(&high))] {
                let filled = Rank::fill(before, after, count).expect("room");
                prop_assert_eq!(filled.len(), count);
                let all: Vec<&Rank> = before.into_iter().chain(&filled).chain(after).collect();
                prop_assert!(all.is_sorted_by(|one, next| one < next));
            }
        }
    }

    #[test]
    fn fresh_lists_have_short_ranks_in_order() {
        for (count, longest) in [(0, 0), (1, 1), (100, 1), (20_000, 2), (500_000, 3)] {
            let ranks: Vec<Rank> = Rank::spread(count).collect();
            assert_eq!(ranks.len(), count);
            assert!(ranks.is_sorted_by(|one, next| one < next), "{count}");
            assert!(ranks.iter().all(|rank| Rank::from_bytes(rank.as_bytes()).is_some()), "{count}");
            assert_eq!(ranks.iter().map(|rank| rank.0.len()).max().unwrap_or(0), longest, "{count}");
        }
    }

    #[test]
    fn a_hundred_thousand_appended_or_prepended_stay_short() {
        for at_the_end in [true, false] {
            let mut rank = Rank::between(None, None).expect("room");
            for _ in 0..100_000 {
                rank = if at_the_end { Rank::between(Some(&rank), None) } else { Rank::between(None, Some(&rank)) }.expect("room");
            }
            assert!(rank.0.len() <= 8, "{rank:?}");
        }
    }

    #[test]
    fn one_gap_takes_hundreds_before_ranks_are_too_long() {
        let (low, mut high) = (Rank(vec![2].into()), Rank(vec![3].into()));
        let mut taken = 0;
        while let Some(rank) = Rank::between(Some(&low), Some(&high)) {
            (high, taken) = (rank, taken + 1);
        }
        assert!(taken > 300, "{taken}");
    }

    #[test]
    fn bytes_that_are_no_rank_are_refused() {
        for bytes in [&[][..], &[1], &[7, 1], &[0, 7], &[7, 0, 7], &[7; 49]] {
            assert_eq!(Rank::from_bytes(bytes), None, "{bytes:?}");
        }
    }
}
