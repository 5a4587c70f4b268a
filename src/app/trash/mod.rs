//! The end of elements, and the trash, from which collections come back (domain.md, section 3.6).

mod delete;
mod expire;
mod purge;
mod restore;
mod workspace;

pub use delete::{DeleteElement, Deleted};
pub use expire::PurgeTrash;
pub use purge::PurgeElement;
pub use restore::RestoreElement;
pub(super) use workspace::empty_workspace;

use super::Work;
use super::element::tell_creators;
use super::error::Result;
use super::model::{Recipient, RelatedItem, WorkspaceSight};
use crate::domain::activity::{Activity, RelatedItemRef};
use crate::domain::{ElementId, Side, WorkspaceId, WorkspaceRole};

/// On which side of the team the reader of a workspace is.
fn side_in(workspace: &WorkspaceSight) -> Side {
    if workspace.standing.team_roles.is_team_member() { Side::Team } else { Side::Partner }
}

/// Who is told of what becomes of an element in a workspace: its watchers, as far as they may open the workspace, and the Admins of that.
async fn readers(work: &Work<'_>, element: ElementId, workspace: WorkspaceId) -> Result<Vec<Recipient>> {
    let mut readers = work.tx.list_watchers(&[element], workspace, work.now()).await?;
    readers.extend(work.tx.list_member_recipients(workspace, Some(WorkspaceRole::Admin), work.now()).await?);
    Ok(readers)
}

/// Pauses the monitors of what was put into the trash in a workspace, wherever they live, and tells those who made them.
async fn pause_monitors(work: &mut Work<'_>, workspace: WorkspaceId) -> Result<()> {
    let paused = work.tx.pause_trashed_monitors(workspace, work.now()).await?;
    tell_paused(work, &paused).await
}

async fn tell_paused(work: &mut Work<'_>, paused: &[RelatedItem]) -> Result<()> {
    record_items(work, paused, Activity::RelatedItemPaused);
    let ids: Vec<_> = paused.iter().map(|item| item.id).collect();
    tell_creators(work, &ids).await
}

/// Records what ends together with elements that are deleted for good, where it lives.
async fn end_items(work: &mut Work<'_>, elements: &[ElementId]) -> Result<()> {
    if !elements.is_empty() {
        let ending = work.tx.list_ending_items(elements).await?;
        record_items(work, &ending, Activity::RelatedItemDeleted);
    }
    Ok(())
}

fn record_items(work: &mut Work<'_>, items: &[RelatedItem], activity: fn(RelatedItemRef) -> Activity) {
    for item in items {
        let reference = RelatedItemRef { related_item_id: item.id, kind: item.kind, name: item.name.clone() };
        work.record_by_system(item.workspace_id, activity(reference));
    }
}
