//! A snapshot in document order.

use super::read::KEPT;
use super::{Snapshot, broken};
use crate::app::ports::StoreResult;
use crate::domain::snapshot::entry::children_start;
use crate::domain::snapshot::{ItemEntry, ItemId, Malformed};
use std::collections::VecDeque;
use std::ops::Range;

/// A map of no more leaves than this is read at once, and kept while it is walked.
const READ_AT_ONCE: usize = KEPT / 8 * 7;

/// So many siblings are read at once at the top; fewer below, since those above still wait.
const BATCH: usize = 512;
const LEAST_BATCH: usize = 16;

/// Where the children of so many folders lie is read ahead.
const FOLDERS_AHEAD: usize = 128;

/// An item on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// The item.
    pub entry: ItemEntry,
    /// How many folders are around it, of those that are walked. Where it is not more than before, a folder has ended.
    pub depth: usize,
}

/// The way through a snapshot, or through an item and what lies in it: a folder before its children, siblings by rank.
#[derive(Debug)]
pub struct Walk<'s, 'a> {
    snapshot: &'s Snapshot<'a>,
    first: Option<ItemEntry>,
    /// How many folders are around those that are read as children.
    around: usize,
    folders: Vec<Folder>,
    is_to_preload: bool,
    walked: u64,
}

/// The children of a folder that were read, and the positions of those that were not.
#[derive(Debug)]
struct Folder {
    id: Option<ItemId>,
    ready: VecDeque<ItemEntry>,
    /// None: nobody has asked for them so far.
    rest: Option<Range<u64>>,
}

impl Folder {
    const fn new(id: Option<ItemId>) -> Self {
        Self { id, ready: VecDeque::new(), rest: None }
    }
}

impl<'s, 'a> Walk<'s, 'a> {
    pub(super) fn all(snapshot: &'s Snapshot<'a>) -> Self {
        Self { snapshot, first: None, around: 0, folders: vec![Folder::new(None)], is_to_preload: true, walked: 0 }
    }

    pub(super) const fn from(snapshot: &'s Snapshot<'a>, first: Option<ItemEntry>) -> Self {
        Self { snapshot, first, around: 1, folders: Vec::new(), is_to_preload: false, walked: 0 }
    }

    /// The next item; none: that was all.
    ///
    /// # Errors
    /// What broke.
    pub async fn next(&mut self) -> StoreResult<Option<Walked>> {
        if std::mem::take(&mut self.is_to_preload) {
            self.snapshot.nodes.preload(self.snapshot.order(), READ_AT_ONCE).await?;
        }
        if let Some(entry) = self.first.take() {
            return self.pass(entry, 0).map(Some);
        }
        while let Some(folder) = self.folders.last_mut() {
            if let Some(entry) = folder.ready.pop_front() {
                let depth = self.folders.len() - 1 + self.around;
                return self.pass(entry, depth).map(Some);
            }
            let rest = match folder.rest.clone() {
                Some(rest) => rest,
                None => self.snapshot.range_of(folder.id.as_ref()).await?,
            };
            if rest.is_empty() {
                self.folders.pop();
            } else {
                self.read_on(rest).await?;
            }
        }
        Ok(None)
    }

    /// The next items, up to so many, so that their contents can be read at once; nothing: that was all.
    ///
    /// # Errors
    /// What broke.
    pub async fn next_batch(&mut self, most: usize) -> StoreResult<Vec<Walked>> {
        let mut batch = Vec::new();
        while batch.len() < most {
            let Some(walked) = self.next().await? else { break };
            batch.push(walked);
        }
        Ok(batch)
    }

    fn pass(&mut self, entry: ItemEntry, depth: usize) -> StoreResult<Walked> {
        self.walked += 1;
        if self.walked > self.snapshot.root.items {
            return Err(broken(Malformed("folders lie in each other")));
        }
        if entry.summary.is_folder {
            self.folders.push(Folder::new(Some(entry.id.clone())));
        }
        Ok(Walked { entry, depth })
    }

    /// Reads the next children of the innermost folder, and the leaves in which the children of folders among them begin.
    async fn read_on(&mut self, mut rest: Range<u64>) -> StoreResult<()> {
        let batch = (BATCH / self.folders.len().max(1)).max(LEAST_BATCH) as u64;
        let mut entries = self.snapshot.entries(rest.start..rest.end.min(rest.start.saturating_add(batch))).await?;
        if entries.is_empty() {
            return Err(broken(Malformed("fewer items than were counted")));
        }
        let folder_at =
            entries.iter().enumerate().filter(|(_, entry)| entry.summary.is_folder).map(|(index, _)| index).nth(FOLDERS_AHEAD - 1);
        entries.truncate(folder_at.map_or(entries.len(), |last| last + 1));
        rest.start = rest.start.saturating_add(entries.len() as u64);
        let starts = entries.iter().filter(|entry| entry.summary.is_folder).map(|entry| children_start(Some(&entry.id)));
        self.snapshot.nodes.descend(self.snapshot.order(), &starts.collect::<Vec<_>>()).await?;
        if let Some(folder) = self.folders.last_mut() {
            (folder.ready, folder.rest) = (entries.into(), Some(rest));
        }
        Ok(())
    }
}
