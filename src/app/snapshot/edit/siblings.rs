//! The rank that puts an item at a position among its siblings.

use super::super::apply::Changes;
use super::super::read::ITEMS_AT_ONCE;
use super::{EditError, EditResult, Editor};
use crate::domain::snapshot::entry::equals_bounds;
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

    /// The position of the first of the others from this one on; an empty one if there is none.
    fn behind(&self, position: u64) -> Range<u64> {
        let position = position.saturating_add(u64::from(self.at == Some(position)));
        if position < self.range.end { position..position.saturating_add(1) } else { 0..0 }
    }

    /// The position of the last of the others before this one; an empty one if there is none.
    fn before(&self, position: u64) -> Range<u64> {
        let position = position.saturating_sub(u64::from(position.checked_sub(1).is_some_and(|before| self.at == Some(before))));
        if position > self.range.start { position.saturating_sub(1)..position } else { 0..0 }
    }
}

impl Editor<'_> {
    /// The rank for an item at this position among the children of a folder; none: at the end. Where there is no room, others get
    /// new ranks too: those of the same rank, or all if that does not help.
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
        let mut between = Rank::between(rank(0), rank(1));
        if let (None, Some(before), Some(after)) = (&between, rank(0), rank(1))
            && before == after
        {
            between = self.rank_among_equals(parent, &among, before, changes).await?;
        }
        match between {
            Some(rank) => Ok(rank),
            None => self.rank_anew(&among, changes).await,
        }
    }

    /// Makes room between siblings of the same rank, as merging leaves them where two people added something at the same place: those before
    /// or those behind the item get new ranks, whichever are fewer, and nobody else. None: there is no room around them.
    async fn rank_among_equals(
        &self,
        parent: Option<&ItemId>,
        among: &Among,
        rank: &Rank,
        changes: &mut Changes,
    ) -> EditResult<Option<Rank>> {
        let run = self.now.ranges(vec![equals_bounds(parent, rank)]).await?.pop().unwrap_or_default();
        let at = among.other(among.position).start;
        let (before, behind) = (run.start..at, at..run.end);
        let goes_behind = behind.end.saturating_sub(behind.start) <= before.end.saturating_sub(before.start);
        let part = if goes_behind { behind } else { before };
        let mut entries = Vec::new();
        let mut next = part.start;
        while next < part.end {
            let end = part.end.min(next.saturating_add(ITEMS_AT_ONCE));
            let read = self.now.entries(next..end).await?;
            entries.extend((next..end).zip(read).filter(|(at, _)| among.at != Some(*at)).map(|(_, entry)| entry));
            next = end;
        }
        let beyond = if goes_behind { among.behind(run.end) } else { among.before(run.start) };
        let beyond = self.now.entries(beyond).await?.pop().map(|entry| entry.rank);
        let count = entries.len().saturating_add(1);
        let filled =
            if goes_behind { Rank::fill(Some(rank), beyond.as_ref(), count) } else { Rank::fill(beyond.as_ref(), Some(rank), count) };
        let Some(mut ranks) = filled else { return Ok(None) };
        let of_item = if goes_behind && !ranks.is_empty() { Some(ranks.remove(0)) } else { ranks.pop() };
        for (entry, rank) in entries.iter().zip(ranks) {
            changes.replace(entry, &ItemEntry { rank, ..entry.clone() });
        }
        Ok(of_item)
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
