//! The rank that puts an item at a position among its siblings.

use super::super::apply::Changes;
use super::super::read::ITEMS_AT_ONCE;
use super::{EditError, EditResult, Editor};
use crate::domain::snapshot::{ItemEntry, ItemId, Rank};
use std::ops::Range;

/// The siblings that an item comes among.
struct Among {
    /// Their positions in the order map.
    range: Range<u64>,
    /// That of the item itself, if it is one of them already.
    at: Option<u64>,
    /// Where it is to be among the others.
    position: u64,
    /// How many others there are.
    len: u64,
}

impl Among {
    /// The position in the order map of one of the others.
    fn other(&self, index: u64) -> Range<u64> {
        let position = self.range.start.saturating_add(index);
        let position = position.saturating_add(u64::from(self.at.is_some_and(|at| at <= position)));
        position..position.saturating_add(1)
    }
}

impl Editor<'_> {
    /// The rank for an item at this position among the children of a folder; none: at the end. Where there is no room, the others get
    /// new ranks too.
    pub(super) async fn rank_at(
        &self,
        parent: Option<&ItemId>,
        position: Option<u64>,
        moved: Option<&ItemEntry>,
        changes: &mut Changes,
    ) -> EditResult<Rank> {
        let range = self.now.range_of(parent).await?;
        let within = moved.filter(|moved| moved.parent.as_ref() == parent);
        let at = match within {
            Some(moved) => Some(range.start.saturating_add(self.now.index_of(moved).await?)),
            None => None,
        };
        let len = (range.end - range.start).saturating_sub(u64::from(at.is_some()));
        let position = position.unwrap_or(len);
        if position > len {
            return Err(EditError::PositionOutOfRange { position, len });
        }
        if let Some(stays) = within.filter(|_| at == Some(range.start.saturating_add(position))) {
            return Ok(stays.rank.clone());
        }
        let among = Among { range, at, position, len };
        let before = position.checked_sub(1).map_or(0..0, |index| among.other(index));
        let after = if position < len { among.other(position) } else { 0..0 };
        let neighbours = self.now.entries_of(&[before, after]).await?;
        let rank = |index: usize| neighbours.get(index).and_then(|entries| entries.first()).map(|entry| &entry.rank);
        match Rank::between(rank(0), rank(1)) {
            Some(rank) => Ok(rank),
            None => self.rank_anew(&among, changes).await,
        }
    }

    /// Gives all siblings new ranks. Answers the one that is left for the item that comes among them.
    async fn rank_anew(&self, among: &Among, changes: &mut Changes) -> EditResult<Rank> {
        let count = usize::try_from(among.len).map_err(|_| EditError::TooManyItems)?.saturating_add(1);
        let mut ranks = Rank::spread(count);
        let (mut rank, mut index, mut next) = (None, 0, among.range.start);
        while next < among.range.end {
            for entry in self.now.entries(next..among.range.end.min(next.saturating_add(ITEMS_AT_ONCE))).await? {
                let is_itself = among.at == Some(next);
                next += 1;
                if is_itself {
                    continue;
                }
                if index == among.position {
                    rank = ranks.next();
                }
                index += 1;
                let fresh = ranks.next().ok_or(EditError::TooManyItems)?;
                changes.replace(&entry, &ItemEntry { rank: fresh, ..entry.clone() });
            }
        }
        rank.or_else(|| ranks.next()).ok_or(EditError::TooManyItems)
    }
}
