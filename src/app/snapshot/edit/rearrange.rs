//! Many changes at once, to places that are known.

use super::super::apply::Changes;
use super::super::diff::Change;
use super::{EditError, EditResult, Editor};
use crate::domain::snapshot::{ItemEntry, ItemId, NewNode};
use std::collections::{BTreeMap, HashMap};

/// The children of so many folders are counted at once.
const FOLDERS_AT_ONCE: usize = 256;

impl Editor<'_> {
    /// Makes items what they are after these changes, which must leave a tree, and tell of everything that is in what goes. The contents
    /// are those that are to be stored. How deep items come to lie is the caller's to check.
    pub(in super::super) async fn rearrange(&mut self, list: &[Change], contents: BTreeMap<ItemId, NewNode>) -> EditResult<()> {
        let (came, went) = (sum(list, |change| change.after.as_ref(), |_| 1), sum(list, |change| change.before.as_ref(), |_| 1));
        let items = self.now.root.items.saturating_add(came).saturating_sub(went);
        if items > self.limits.items {
            return Err(EditError::TooManyItems);
        }
        let (commas_after, commas_before) = self.commas(list).await?;
        let size = |entry: &ItemEntry| u64::from(entry.size);
        let (grown, shrunk) = (sum(list, |change| change.after.as_ref(), size), sum(list, |change| change.before.as_ref(), size));
        let mut changes = Changes::default();
        for change in list {
            match (&change.before, &change.after) {
                (None, Some(after)) => changes.put(after),
                (Some(before), Some(after)) => changes.replace(before, after),
                (Some(before), None) => changes.remove(before),
                (None, None) => {}
            }
        }
        self.write(changes).await?;
        self.contents.extend(contents);
        let root = &mut self.now.root;
        root.items = items;
        root.size = root.size.saturating_add(grown).saturating_add(commas_after).saturating_sub(shrunk).saturating_sub(commas_before);
        Ok(())
    }

    /// How many commas stand between the children of folders that get more or fewer of them: after these changes, and before.
    async fn commas(&self, list: &[Change]) -> EditResult<(u64, u64)> {
        let mut joined: HashMap<Option<&ItemId>, (u64, u64)> = HashMap::new();
        for change in list {
            if let Some(entry) = &change.after {
                joined.entry(entry.parent.as_ref()).or_default().0 += 1;
            }
            if let Some(entry) = &change.before {
                joined.entry(entry.parent.as_ref()).or_default().1 += 1;
            }
        }
        joined.retain(|_, (joined, left)| joined != left);
        let folders: Vec<Option<&ItemId>> = joined.keys().copied().collect();
        let (mut after, mut before) = (0_u64, 0_u64);
        for some in folders.chunks(FOLDERS_AT_ONCE) {
            for (folder, count) in some.iter().zip(self.now.count_children_of(some).await?) {
                let (joined, left) = joined.get(folder).copied().unwrap_or_default();
                before = before.saturating_add(count.saturating_sub(1));
                after = after.saturating_add(count.saturating_add(joined).saturating_sub(left).saturating_sub(1));
            }
        }
        Ok((after, before))
    }
}

fn sum<'a>(list: &'a [Change], of: impl Fn(&'a Change) -> Option<&'a ItemEntry>, what: impl Fn(&ItemEntry) -> u64) -> u64 {
    list.iter().filter_map(of).map(what).fold(0, u64::saturating_add)
}
