//! What lies around an item, and below it.

use super::{EditError, EditResult, Editor};
use crate::app::ports::StoreResult;
use crate::domain::snapshot::{ItemEntry, ItemId};

/// The children of so many folders are looked for at once.
const FOLDERS_AT_ONCE: usize = 256;

impl Editor<'_> {
    /// The folders that would be around an item in this one, the nearest first; none: at the top.
    pub(super) async fn enclosing(&self, parent: Option<&ItemId>) -> EditResult<Vec<ItemId>> {
        let Some(parent) = parent else { return Ok(Vec::new()) };
        match self.now.find(parent).await? {
            None => return Err(EditError::UnknownParent(parent.clone())),
            Some(entry) if !entry.summary.is_folder => return Err(EditError::NotAFolder(parent.clone())),
            Some(_) => {}
        }
        let above = self.now.ancestors(parent).await?.unwrap_or_default();
        Ok([parent.clone()].into_iter().chain(above).collect())
    }

    /// Whether an item may have so many folders around it, and what lies in it accordingly more. That takes a look at the latter only
    /// where a folder comes to lie deeper than it did.
    pub(super) async fn check_depth(&self, entry: &ItemEntry, around: usize) -> EditResult<()> {
        if entry.summary.is_folder && self.now.ancestors(&entry.id).await?.is_some_and(|above| around <= above.len()) {
            return Ok(());
        }
        self.check_height(entry, around).await
    }

    /// Whether an item may have so many folders around it, and what lies in it accordingly more, looking at all of that.
    pub(in super::super) async fn check_height(&self, entry: &ItemEntry, mut around: usize) -> EditResult<()> {
        let mut level = vec![entry.clone()];
        while !level.is_empty() {
            if around + usize::from(level.iter().any(|entry| entry.summary.is_folder)) > self.limits.depth {
                return Err(EditError::TooDeep);
            }
            level = self.below(&level).await?;
            around += 1;
        }
        Ok(())
    }

    /// What lies directly in these items.
    pub(super) async fn below(&self, level: &[ItemEntry]) -> StoreResult<Vec<ItemEntry>> {
        let folders: Vec<Option<&ItemId>> = level.iter().filter(|entry| entry.summary.is_folder).map(|entry| Some(&entry.id)).collect();
        let mut below = Vec::new();
        for some in folders.chunks(FOLDERS_AT_ONCE) {
            let ranges = self.now.ranges_of(some).await?;
            below.extend(self.now.entries_of(&ranges).await?.into_iter().flatten());
        }
        Ok(below)
    }
}
