//! Searching the names and addresses of a snapshot's items.

use super::Snapshot;
use crate::app::ports::StoreResult;
use crate::domain::snapshot::ItemEntry;
use crate::domain::snapshot::entry::behind;

/// The most items that one search looks at: whoever wants to know of more goes on where it ended.
pub const SEARCHED_AT_ONCE: u64 = 8192;

/// So many are read at once: they are often enough to find a page of matches.
const STEP: u64 = 1024;

/// Where a search has looked so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchKey(Vec<u8>);

impl SearchKey {
    /// What lies behind this item, in the order in which searches look.
    #[must_use]
    pub fn behind(entry: &ItemEntry) -> Self {
        Self(entry.order_key())
    }

    /// The place of these bytes, which may be any.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The place as bytes, for a cursor.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The items, those of one folder by rank.
    pub entries: Vec<ItemEntry>,
    /// Where to go on; none: that was all. There may be no entries and more to look at.
    pub next: Option<SearchKey>,
}

impl Snapshot<'_> {
    /// Items with this text, which is in lower case, in their name or address.
    ///
    /// # Errors
    /// What broke.
    pub async fn search(&self, text: &str, after: Option<&SearchKey>, limit: usize) -> StoreResult<Found> {
        let mut at = match after {
            None => 0,
            Some(SearchKey(key)) => self.nodes.positions(self.order(), &[behind(key.clone())]).await?.pop().unwrap_or_default(),
        };
        let is_found =
            |entry: &ItemEntry| [&entry.summary.name, &entry.summary.url].iter().any(|shown| shown.to_lowercase().contains(text));
        let (end, mut entries, mut last) = (at.saturating_add(SEARCHED_AT_ONCE).min(self.root.items), Vec::new(), after.cloned());
        while at < end && entries.len() < limit {
            for entry in self.entries(at..end.min(at.saturating_add(STEP))).await? {
                at += 1;
                last = Some(SearchKey::behind(&entry));
                if is_found(&entry) {
                    entries.push(entry);
                    if entries.len() >= limit {
                        break;
                    }
                }
            }
        }
        Ok(Found { entries, next: last.filter(|_| at < self.root.items) })
    }
}
