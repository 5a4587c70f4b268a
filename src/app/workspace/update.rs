//! New details for a workspace.

use crate::app::error::{Refusal, Result};
use crate::app::model::Workspace;
use crate::app::ports::{FeedId, WorkspaceChanges};
use crate::app::{App, Command, Work};
use crate::domain::WorkspaceId;
use crate::domain::activity::Activity;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::policy::Action;
use crate::domain::text::{Description, Name, Summary};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Edits name, summary, description or mode; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
    /// The name.
    pub name: Option<Name>,
    /// What it is for, in a line.
    pub summary: Option<Summary>,
    /// What it is for, in Markdown.
    pub description: Option<Description>,
    /// Whether partners see only their own organization.
    pub multi_partner: Option<bool>,
    /// The version that the caller has read; none: whatever it is.
    pub expected_version: Option<i32>,
}

impl Command for UpdateWorkspace {
    const NAME: &'static str = "updateWorkspace";
    type Outcome = WorkspaceId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<WorkspaceId> {
        let actor = work.actor()?.id();
        let workspace = work.access().workspace(self.workspace).may(Action::EditDetails).await?;
        let version = workspace.workspace.version;
        if self.expected_version.is_some_and(|expected| expected != version) {
            return Err(Refusal::stale("expectedVersion", "workspace", version).into());
        }
        let fields = self.fields();
        if fields.is_empty() {
            return Ok(self.workspace);
        }
        let changes = WorkspaceChanges {
            name: self.name.as_ref().map(ToString::to_string),
            summary: self.summary.as_ref().map(ToString::to_string),
            description: self.description.as_ref().map(|description| description.as_str().to_owned()),
            multi_partner: self.multi_partner,
        };
        work.tx.set_workspace_details(&workspace, &changes, actor, work.now()).await?;
        if changes.multi_partner.is_some_and(|mode| mode != workspace.workspace.multi_partner) {
            // Partners read less, or more, of what is open to them.
            work.access_changed(FeedId::Workspace(self.workspace));
        }
        let (before, after) = self.changes(&workspace.workspace);
        if !after.is_empty() {
            let event = AuditEvent::new(workspace.workspace.team_id, AuditKind::WorkspaceChanged);
            work.audit(event.in_workspace(self.workspace, workspace.workspace.visibility).before(before).after(after));
        }
        work.record(self.workspace, Activity::WorkspaceUpdated { version: version + 1, fields });
        Ok(self.workspace)
    }
}

impl UpdateWorkspace {
    /// What changes, as it was and as it will be, for the audit log: of a description only its length.
    fn changes(&self, now: &Workspace) -> (Map<String, Value>, Map<String, Value>) {
        let (mut before, mut after) = (Map::new(), Map::new());
        let mut change = |field: &str, old: Value, new: Value| {
            before.insert(field.to_owned(), old);
            after.insert(field.to_owned(), new);
        };
        if let Some(name) = self.name.as_ref().map(ToString::to_string).filter(|name| *name != now.name) {
            change("name", json!(now.name), json!(name));
        }
        if let Some(summary) = self.summary.as_ref().map(ToString::to_string).filter(|summary| *summary != now.summary) {
            change("summary", json!(now.summary), json!(summary));
        }
        if let Some(description) = self.description.as_ref().map(Description::as_str).filter(|text| *text != now.description) {
            change("descriptionLength", json!(now.description.chars().count()), json!(description.chars().count()));
        }
        if let Some(mode) = self.multi_partner.filter(|mode| *mode != now.multi_partner) {
            change("multiPartner", json!(now.multi_partner), json!(mode));
        }
        (before, after)
    }

    fn fields(&self) -> Vec<&'static str> {
        let given = [
            ("name", self.name.is_some()),
            ("summary", self.summary.is_some()),
            ("description", self.description.is_some()),
            ("multiPartner", self.multi_partner.is_some()),
        ];
        given.into_iter().filter_map(|(field, given)| given.then_some(field)).collect()
    }
}
