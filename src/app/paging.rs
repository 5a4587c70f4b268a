//! Pages of lists: what may be asked for, and what is answered.

use super::error::{Refusal, Result};
use crate::domain::Reason;
use uuid::Uuid;

/// The most items of one page.
pub const MAX_PAGE_SIZE: usize = 100;

/// The items of a page where the caller names no number.
pub const DEFAULT_PAGE_SIZE: usize = 20;

/// What a list is ordered by: every item has a key of its own, and pages begin after one.
pub trait Key: Clone + Ord + Send + Sync {
    /// The key as bytes, for a cursor.
    fn to_bytes(self) -> Vec<u8>;
    /// The key of these bytes; none: they are no key of this kind.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Key for Uuid {
    fn to_bytes(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

impl Key for i64 {
    fn to_bytes(self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

/// From which end a page is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The first so many.
    Forward,
    /// The last so many.
    Backward,
}

/// A page that somebody asks for; made by [`PageRequest::new`], so within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageRequest<K> {
    /// Only items beyond this one.
    pub after: Option<K>,
    /// Only items before this one.
    pub before: Option<K>,
    /// The most items.
    pub size: usize,
    /// From which end.
    pub direction: Direction,
}

impl<K: Key> PageRequest<K> {
    /// The page that `first`/`after` or `last`/`before` ask for.
    ///
    /// # Errors
    /// A refusal that names the argument: both `first` and `last`, or a size outside 1 to [`MAX_PAGE_SIZE`].
    pub fn new(first: Option<i32>, after: Option<K>, last: Option<i32>, before: Option<K>) -> Result<Self> {
        let (argument, asked, direction) = match (first, last) {
            (Some(_), Some(_)) => {
                let message = "Ask for the first or for the last items, not for both.";
                return Err(Refusal::bad_input("last", Reason::ContradictoryArguments, message).into());
            }
            (None, Some(last)) => ("last", Some(last), Direction::Backward),
            (first, None) => ("first", first, Direction::Forward),
        };
        let size = match asked {
            None => DEFAULT_PAGE_SIZE,
            Some(size) => usize::try_from(size)
                .ok()
                .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
                .ok_or_else(|| Refusal::bad_input(argument, Reason::OutOfRange, format!("A page has 1 to {MAX_PAGE_SIZE} items.")))?,
        };
        Ok(Self { after, before, size, direction })
    }

    /// How many rows to read: one more than the page, to know whether there is another.
    #[must_use]
    pub const fn limit(&self) -> u64 {
        self.size as u64 + 1
    }
}

/// A page of a list, in the list's own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Whether there are more beyond the last of them.
    pub has_next: bool,
    /// Whether there are more before the first of them.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The page of rows that were read from the end that was asked for, up to [`PageRequest::limit`] of them.
    #[must_use]
    pub fn of<K: Key>(request: &PageRequest<K>, mut rows: Vec<T>) -> Self {
        let has_more = rows.len() > request.size;
        rows.truncate(request.size);
        match request.direction {
            Direction::Forward => Self { items: rows, has_next: has_more, has_previous: request.after.is_some() },
            Direction::Backward => {
                rows.reverse();
                Self { items: rows, has_next: request.before.is_some(), has_previous: has_more }
            }
        }
    }

    /// The same page of other things.
    #[must_use]
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(into).collect(), has_next: self.has_next, has_previous: self.has_previous }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::AppError;
    use proptest::prelude::*;

    fn read(keys: &[i64], request: &PageRequest<i64>) -> Page<i64> {
        let within = |key: &&i64| request.after.is_none_or(|after| **key > after) && request.before.is_none_or(|before| **key < before);
        let limit = usize::try_from(request.limit()).expect("small");
        let rows = match request.direction {
            Direction::Forward => keys.iter().filter(within).take(limit).copied().collect(),
            Direction::Backward => keys.iter().rev().filter(within).take(limit).copied().collect(),
        };
        Page::of(request, rows)
    }

    proptest! {
        #[test]
        fn walking_forward_and_backward_meets_every_item_once(keys in proptest::collection::btree_set(any::<i64>(), 0..60), size in 1i32..=100) {
            let keys: Vec<i64> = keys.into_iter().collect();
            let (mut forward, mut cursor) = (Vec::<i64>::new(), None);
            loop {
                let page = read(&keys, &PageRequest::new(Some(size), cursor, None, None).expect("in range"));
                prop_assert!(page.items.len() <= usize::try_from(size).expect("positive"));
                forward.extend(&page.items);
                if !page.has_next { break }
                cursor = page.items.last().copied();
            }
            prop_assert_eq!(&forward, &keys);

            let (mut backward, mut cursor) = (Vec::<i64>::new(), None);
            loop {
                let page = read(&keys, &PageRequest::new(None, None, Some(size), cursor).expect("in range"));
                backward.extend(page.items.iter().rev());
                if !page.has_previous { break }
                cursor = page.items.first().copied();
            }
            backward.reverse();
            prop_assert_eq!(&backward, &keys);
        }

        #[test]
        fn a_key_survives_its_bytes(key in any::<i64>(), id in any::<u128>()) {
            prop_assert_eq!(i64::from_bytes(&key.to_bytes()), Some(key));
            let id = Uuid::from_u128(id);
            prop_assert_eq!(<Uuid as Key>::from_bytes(&Key::to_bytes(id)), Some(id));
        }
    }

    #[test]
    fn sizes_outside_1_to_100_and_both_ends_at_once_are_refused() {
        for (first, last, argument, reason) in [
            (Some(0), None, "first", Reason::OutOfRange),
            (Some(-1), None, "first", Reason::OutOfRange),
            (Some(101), None, "first", Reason::OutOfRange),
            (None, Some(101), "last", Reason::OutOfRange),
            (Some(1), Some(1), "last", Reason::ContradictoryArguments),
        ] {
            let Err(AppError::Refused(refusal)) = PageRequest::<i64>::new(first, None, last, None) else {
                panic!("{first:?} {last:?} passed")
            };
            assert_eq!((refusal.argument, refusal.reason), (Some(argument), reason));
        }
    }
}
