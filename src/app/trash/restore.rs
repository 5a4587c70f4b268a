//! A collection comes back.

use super::readers;
use crate::app::element::record;
use crate::app::element_grant::end_lost;
use crate::app::error::{Refusal, Result};
use crate::app::ports::LostGrants;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, ElementRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{ElementId, TrashEntryId, WorkspaceId};
use serde::Serialize;
use serde_json::json;

/// Brings a collection back from the trash, as it was: with its id, its version, its history, its comments and the roles on it, as far as
/// their people can open the workspace. It goes to the workspace that it came from or, if that is gone, to the one that is named. What is paused stays paused.
#[derive(Debug, Clone, Serialize)]
pub struct RestoreElement {
    /// Which.
    pub entry: TrashEntryId,
    /// Where to, if its workspace is gone.
    pub workspace: Option<WorkspaceId>,
}

impl Command for RestoreElement {
    const NAME: &'static str = "restoreElement";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        let actor = work.actor()?.user.name.clone();
        let sight = work.access().restoring(self.entry, self.workspace).await?;
        if !work.tx.restore_element(&sight).await? {
            return Err(Refusal::not_found().into());
        }
        // Meanwhile people may have lost the access that their roles on it add to, or it comes back to another place.
        end_lost(work, LostGrants::On(sight.entry.element.id)).await?;
        let (element, target) = (&sight.entry.element, &sight.target.workspace);
        let readers = readers(work, element.id, target.id).await?;
        let message = format!("{actor} restored the {} {} in {}.", element.kind.noun(), element.name, target.name);
        work.notify(readers, Notice::new(NotificationKind::ElementRestored, message, Some(NotificationSubject::Element(element.id))));
        let event = AuditEvent::new(element.team_id, AuditKind::ElementRestored).in_workspace(target.id, target.visibility);
        work.audit(event.about(element.id).after(json!({ "kind": element.kind, "name": element.name })));
        let reference = ElementRef { element_id: element.id, kind: element.kind, name: element.name.clone() };
        record(work, &sight.target, Activity::ElementRestored(reference));
        Ok(element.id)
    }
}
