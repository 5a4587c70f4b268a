//! The time of what is in the trash ends.

use super::purge::{audited, reference};
use super::record_items;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::{ElementId, TrashEntryId};
use serde::Serialize;
use std::collections::BTreeSet;

/// The most collections that one transaction ends: each takes its history along.
const BATCH: u64 = 50;

/// Ends what has been in the trash for its time, up to a number. Run by a job until nothing is left to do; that nothing of it is restored does not wait
/// for it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PurgeTrash;

impl Command for PurgeTrash {
    const NAME: &'static str = "purgeTrash";
    /// How many ended.
    type Outcome = usize;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<usize> {
        let mut due = work.tx.list_due_trash(work.now(), BATCH).await?;
        let elements: Vec<ElementId> = due.iter().map(|due| due.entry.element.id).collect();
        // Taken before the rows go.
        let mut ending = work.tx.list_ending_items(&elements).await?;
        let ids: Vec<TrashEntryId> = due.iter().map(|due| due.entry.id).collect();
        let gone: BTreeSet<TrashEntryId> = work.tx.delete_due_trash(&ids, work.now()).await?.into_iter().collect();
        // What another server ended is recorded by that one.
        due.retain(|due| gone.contains(&due.entry.id));
        let elements: BTreeSet<ElementId> = due.iter().map(|due| due.entry.element.id).collect();
        ending.retain(|item| elements.contains(&item.element_id));
        record_items(work, &ending, Activity::RelatedItemDeleted);
        for ended in &due {
            if ended.visibility.is_some() {
                work.record_by_system(ended.entry.workspace_id, Activity::ElementPurged(reference(&ended.entry)));
            }
            work.audit(audited(&ended.entry, ended.visibility));
        }
        Ok(due.len())
    }
}
