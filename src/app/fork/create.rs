//! A fork is taken: one row, whatever the size, since it begins with the node that its parent has.

use crate::app::access::{ElementSight, ForkingSight, Granted};
use crate::app::element::{Stored, environment, record};
use crate::app::error::Result;
use crate::app::model::{Element, Fork, ForkBase};
use crate::app::{App, Command, Work};
use crate::domain::ElementId;
use crate::domain::activity::{Activity, ElementRef, ForkRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::domain::text::Name;
use crate::domain::{Visibility, WorkspaceId};
use serde::Serialize;
use serde_json::json;

/// Takes a fork of an element into a workspace, of another team too.
///
/// The collections of an API stay with it. Secret values of an environment come along for whoever may read them; else the fork has none of them.
#[derive(Debug, Clone, Serialize)]
pub struct ForkElement {
    /// The element that becomes the parent.
    pub element: ElementId,
    /// Where the fork is to live.
    pub workspace: WorkspaceId,
    /// What it is called among the forks of its parent.
    pub label: Name,
}

impl Command for ForkElement {
    const NAME: &'static str = "forkElement";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        let actor = work.actor()?.id();
        let sight = work.access().forking(self.element, self.workspace).await?;
        let (parent, now) = (&sight.element.element, work.now());
        let (root, size_bytes) = document(work, &sight.element).await?;
        let fork = Element {
            id: work.new_id()?,
            team_id: sight.target.workspace.team_id,
            workspace_id: Some(self.workspace),
            api_id: None,
            version: 1,
            size_bytes,
            root,
            created_at: now,
            created_by: actor,
            updated_at: now,
            updated_by: actor,
            ..parent.clone()
        };
        work.tx.insert_element(&fork, &json!([{ "forked": { "parentVersion": parent.version } }]), None).await?;
        let base = ForkBase { parent_version: parent.version, parent_root: parent.root, root };
        let link = Fork {
            element_id: fork.id,
            parent_id: Some(parent.id),
            label: self.label.to_string(),
            base,
            created_at: now,
            created_by: actor,
        };
        work.tx.insert_fork(&sight, &link).await?;
        self.record(work, &sight, fork.id);
        Ok(fork.id)
    }
}

impl ForkElement {
    /// Both workspaces record it; neither names the other, since who reads the one may not know of the other.
    fn record(&self, work: &mut Work<'_>, sight: &Granted<ForkingSight>, fork: ElementId) {
        let (source, target) = (&sight.element.workspace, &sight.target);
        let Element { id, kind, name, team_id, .. } = sight.element.element.clone();
        if source.workspace.id != target.workspace.id {
            record(work, source, Activity::ElementForked(ElementRef { element_id: id, kind, name: name.clone() }));
        }
        let event =
            AuditEvent::new(team_id, AuditKind::ElementForked).in_workspace(source.workspace.id, source.workspace.visibility).about(id);
        let event = if target.workspace.visibility == Visibility::Partner { event.of_partners() } else { event };
        work.audit(event.after(json!({ "name": name, "withinTeam": target.workspace.team_id == team_id })));
        record(work, target, Activity::ForkCreated(ForkRef { element_id: fork, kind, name, label: self.label.to_string() }));
    }
}

/// What the fork begins with, and its size.
async fn document(work: &Work<'_>, parent: &ElementSight) -> Result<([u8; 32], i64)> {
    let Element { kind, root, size_bytes, .. } = parent.element;
    if kind != ElementKind::Environment || parent.check(Action::EditElement, work.now()).is_ok() {
        return Ok((root, size_bytes));
    }
    let kept = environment::kept(&work.tx.nodes(&[NodeHash::new(root)]).await?.pop().unwrap_or_default())?;
    let stored = Stored::single(environment::emptied(kept).to_bytes());
    stored.insert(work).await?;
    Ok((stored.root, i64::try_from(stored.size).unwrap_or(i64::MAX)))
}
