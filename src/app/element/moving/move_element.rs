//! An element moves to another workspace.

use super::news;
use crate::app::access::{Granted, MoveSight};
use crate::app::element::record;
use crate::app::error::Result;
use crate::app::ports::EndedGrant;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, CollectionApi, ElementRef, ElementRole, RelatedItemRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::{ElementId, RelatedItemId, Side, Visibility, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Moves an element to another workspace of its team. It keeps its id, its history, its forks, its comments and its watchers.
///
/// With an API go the collections that belong to it. A collection that goes without its API belongs to it no more. What is bound to it
/// stays where it is: monitors are paused, mock servers and integrations run on. Roles on it that nobody could use there end.
#[derive(Debug, Clone, Serialize)]
pub struct MoveElement {
    /// Which.
    pub element: ElementId,
    /// Where to.
    pub workspace: WorkspaceId,
}

/// What was moved, and what was not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Moved {
    /// The element.
    pub element: ElementId,
    /// What is bound to it or to what went along, and stayed where it was, as far as who moves it may know.
    pub left_behind: Vec<RelatedItemId>,
}

impl Command for MoveElement {
    const NAME: &'static str = "moveElement";
    type Outcome = Moved;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Moved> {
        let actor = work.actor()?.id();
        let sight = work.access().moving(self.element, self.workspace).await?;
        for ended in work.tx.delete_stranded_grants(&sight, work.now()).await? {
            record_ended(work, &sight, &ended);
        }
        work.tx.set_workspace(&sight).await?;
        record_move(work, &sight);
        let paused = work.tx.pause_monitors(&sight, work.now()).await?;
        for item in &paused {
            let monitor = RelatedItemRef { related_item_id: item.id, kind: item.kind, name: item.name.clone() };
            work.record_by_system(item.workspace_id, Activity::RelatedItemPaused(monitor));
        }
        let paused: Vec<_> = paused.iter().map(|item| item.id).collect();
        news::tell_creators(work, &paused).await?;
        news::tell_of_move(work, &sight).await?;
        let left_behind = work.tx.list_all_bound_items(actor, &sight.ids(), work.now()).await?;
        Ok(Moved { element: self.element, left_behind: left_behind.into_iter().map(|item| item.id).collect() })
    }
}

/// Both workspaces record it; neither names the other, since who reads the one may not know of the other.
fn record_move(work: &mut Work<'_>, sight: &Granted<MoveSight>) {
    let (source, target) = (&sight.element.workspace, &sight.target);
    let moved = &sight.element.element;
    if moved.api_id.is_some() {
        let detached = CollectionApi { element_id: moved.id, name: moved.name.clone(), api_id: None };
        record(work, source, Activity::CollectionApiChanged(detached));
    }
    for element in sight.elements() {
        let reference = ElementRef { element_id: element.id, kind: element.kind, name: element.name.clone() };
        record(work, source, Activity::ElementMovedOut(reference.clone()));
        record(work, target, Activity::ElementMovedIn(reference));
        let (from, to) = (&source.workspace, &target.workspace);
        let event = AuditEvent::new(element.team_id, AuditKind::ElementMoved).in_workspace(from.id, from.visibility).about(element.id);
        let event = if to.visibility == Visibility::Partner { event.of_partners() } else { event };
        let place = |workspace: WorkspaceId| json!({ "workspaceId": workspace.to_string(), "name": element.name });
        work.audit(event.before(place(from.id)).after(place(to.id)));
    }
}

/// A role on the element that ended since whoever held it cannot open the target: recorded where they held it.
fn record_ended(work: &mut Work<'_>, sight: &Granted<MoveSight>, ended: &EndedGrant) {
    let source = &sight.element.workspace.workspace;
    let name = sight.elements().find(|element| element.id == ended.element_id).map(|element| element.name.clone()).unwrap_or_default();
    let role = ElementRole {
        element_id: ended.element_id,
        name,
        grant_id: ended.id,
        subject: ended.subject,
        subject_name: ended.subject_name.clone(),
        role: ended.role,
    };
    let organization = (ended.side == Side::Partner).then_some(ended.organization_id).flatten();
    let event = AuditEvent::new(source.team_id, AuditKind::ElementRoleRevoked).in_workspace(source.id, source.visibility);
    work.audit(event.about(ended.id).of_side(ended.side).before(&role));
    work.record_of(source.id, organization, Activity::ElementRoleRevoked(role));
}
