//! What becomes of the elements of a workspace that is deleted (domain.md, section 3.7).

use super::{end_items, side_in, tell_paused};
use crate::app::Work;
use crate::app::access::Granted;
use crate::app::error::Result;
use crate::app::model::{NewTrashEntry, WorkspaceSight};
use crate::domain::element::{ElementKind, TRASH_TERM, goes_to_trash};
use crate::domain::{ElementId, Side, TrashEntryId, UserId};
use std::collections::BTreeMap;

/// Puts the collections of a workspace that is about to be deleted into the trash, as far as they go there; everything else goes with the
/// workspace. Answers how many went. However many there are, it takes as many statements.
pub(in crate::app) async fn empty_workspace(work: &mut Work<'_>, sight: &Granted<WorkspaceSight>) -> Result<usize> {
    let (workspace, now, actor) = (sight.workspace.id, work.now(), work.actor()?.id());
    let collections = work.tx.list_leaving_collections(workspace).await?;
    let (kept, lost): (Vec<_>, Vec<_>) =
        collections.into_iter().partition(|collection| goes_to_trash(ElementKind::Collection, collection.size_bytes));
    let lost: Vec<ElementId> = lost.iter().map(|collection| collection.element_id).collect();
    end_items(work, &lost).await?;

    let sides: BTreeMap<UserId, Side> = work.tx.list_creator_sides(workspace, None, now).await?.into_iter().collect();
    // Ids of one moment are in no order of their own, and the trash is listed by id.
    let mut ids = kept.iter().map(|_| work.new_id()).collect::<Result<Vec<TrashEntryId>>>()?;
    ids.sort_unstable();
    let entries = ids.into_iter().zip(&kept).map(|(id, collection)| NewTrashEntry {
        id,
        element_id: collection.element_id,
        deleted_by: actor,
        deleted_side: side_in(sight),
        creator_side: sides.get(&collection.created_by).copied(),
        deleted_at: now,
        expires_at: now + TRASH_TERM,
    });
    work.tx.trash_collections(sight, &entries.collect::<Vec<_>>(), now).await?;
    let mut paused = work.tx.pause_trashed_monitors(workspace, now).await?;
    // What lives here goes with the workspace: nobody is told that it waits.
    paused.retain(|item| item.workspace_id != workspace);
    tell_paused(work, &paused).await?;
    Ok(kept.len())
}
