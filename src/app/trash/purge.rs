//! A collection leaves the trash for good.

use super::end_items;
use crate::app::access::Home;
use crate::app::element::record;
use crate::app::error::{Refusal, Result};
use crate::app::model::TrashEntry;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::{ElementId, TrashEntryId, Visibility};
use serde::Serialize;
use serde_json::json;

/// Ends the time of a collection in the trash: it is gone for good, with everything that is about it.
#[derive(Debug, Clone, Serialize)]
pub struct PurgeElement {
    /// Which.
    pub entry: TrashEntryId,
}

impl Command for PurgeElement {
    const NAME: &'static str = "purgeElement";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        work.actor()?;
        let sight = work.access().purging(self.entry).await?;
        let element = sight.entry.element.id;
        end_items(work, &[element]).await?;
        if !work.tx.purge_element(&sight, work.now()).await? {
            return Err(Refusal::not_found().into());
        }
        let visibility = match &sight.home {
            Home::Workspace(workspace) => {
                record(work, workspace, Activity::ElementPurged(reference(&sight.entry)));
                Some(workspace.workspace.visibility)
            }
            Home::Gone(_) => None,
        };
        work.audit(audited(&sight.entry, visibility));
        Ok(element)
    }
}

/// What is left of it in the records.
pub(super) fn reference(entry: &TrashEntry) -> ElementRef {
    let element = &entry.element;
    ElementRef { element_id: element.id, kind: element.kind, name: element.name.clone() }
}

/// The end of it, for the audit log. `visibility`: that of the workspace that it came from, if that is still there.
pub(super) fn audited(entry: &TrashEntry, visibility: Option<Visibility>) -> AuditEvent {
    let event = AuditEvent::new(entry.team_id, AuditKind::ElementPurged).about(entry.element.id).of_side(entry.deleted_side);
    let event = match visibility {
        Some(visibility) => event.in_workspace(entry.workspace_id, visibility),
        None => AuditEvent { workspace: Some(entry.workspace_id), ..event },
    };
    let element = &entry.element;
    event.before(json!({ "kind": element.kind, "name": element.name, "sizeBytes": element.size_bytes }))
}
