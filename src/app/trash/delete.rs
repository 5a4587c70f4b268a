//! An element is deleted.

use super::{end_items, pause_monitors, readers, side_in};
use crate::app::access::{ElementSight, Granted};
use crate::app::error::Result;
use crate::app::model::NewTrashEntry;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, CollectionApi, ElementEnd};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::element::{ElementKind, TRASH_TERM, goes_to_trash};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::Action;
use crate::domain::{ElementId, TrashEntryId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Deletes an element: a collection under the limit goes to the trash, with everything that is about it; anything else is gone for good.
///
/// What is bound to a collection in the trash stays where it is, with its monitors paused. The collections of an API stay, and belong to none any more.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteElement {
    /// Which.
    pub element: ElementId,
}

/// What became of an element that was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Deleted {
    /// The element.
    pub element: ElementId,
    /// Where it can be brought back from; none: it is gone for good.
    pub trash_entry: Option<TrashEntryId>,
}

impl Command for DeleteElement {
    const NAME: &'static str = "deleteElement";
    type Outcome = Deleted;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Deleted> {
        let actor = work.actor()?.user.name.clone();
        let sight = work.access().element(self.element).may(Action::DeleteElement).await?;
        let (element, workspace) = (&sight.element, &sight.workspace.workspace);
        // Taken before the rows go.
        let readers = readers(work, element.id, workspace.id).await?;
        let trash_entry = if goes_to_trash(element.kind, element.size_bytes) {
            Some(throw_away(work, &sight).await?)
        } else {
            delete_for_good(work, &sight).await?;
            None
        };

        let (id, kind, name) = (element.id, element.kind, element.name.clone());
        let message = match trash_entry {
            Some(_) => format!("{actor} moved the {} {name} in {} to the trash.", kind.noun(), workspace.name),
            None => format!("{actor} deleted the {} {name} in {} for good.", kind.noun(), workspace.name),
        };
        work.notify(readers, Notice::new(NotificationKind::ElementDeleted, message, Some(NotificationSubject::Element(id))));
        let event = AuditEvent::new(element.team_id, AuditKind::ElementDeleted).in_workspace(workspace.id, workspace.visibility).about(id);
        let after = trash_entry.map(|entry| json!({ "trashEntryId": entry.to_string() }));
        let event = event.before(json!({ "kind": kind, "name": name, "sizeBytes": element.size_bytes }));
        work.audit(AuditEvent { after, ..event });
        sight.record(work, Activity::ElementDeleted(ElementEnd { element_id: id, kind, name, trash_entry_id: trash_entry }));
        Ok(Deleted { element: id, trash_entry })
    }
}

async fn throw_away(work: &mut Work<'_>, sight: &Granted<ElementSight>) -> Result<TrashEntryId> {
    let (workspace, now) = (sight.workspace.workspace.id, work.now());
    let creators = work.tx.list_creator_sides(workspace, Some(sight.element.created_by), now).await?;
    let entry = NewTrashEntry {
        id: work.new_id()?,
        element_id: sight.element.id,
        deleted_by: work.actor()?.id(),
        deleted_side: side_in(&sight.workspace),
        creator_side: creators.first().map(|(_, side)| *side),
        deleted_at: now,
        expires_at: now + TRASH_TERM,
    };
    work.tx.trash_element(sight, &entry).await?;
    pause_monitors(work, workspace).await?;
    Ok(entry.id)
}

async fn delete_for_good(work: &mut Work<'_>, sight: &Granted<ElementSight>) -> Result<()> {
    let element = &sight.element;
    if element.kind == ElementKind::Api {
        for collection in work.tx.list_collections_with_roles(None, element.id).await? {
            let collection = collection.element;
            let detached = CollectionApi { element_id: collection.id, name: collection.name, api_id: None };
            sight.record(work, Activity::CollectionApiChanged(detached));
        }
    }
    end_items(work, &[element.id]).await?;
    Ok(work.tx.delete_element(sight, work.now()).await?)
}
