//! Editing an API: its name, what it is for, its definition.

use super::Checked;
use crate::app::element::{NewRevision, expect_kind, expect_version, revise};
use crate::app::error::Result;
use crate::app::model::Element;
use crate::app::ports::ElementContent;
use crate::app::{Actor, App, Command, Work};
use crate::domain::ElementId;
use crate::domain::activity::{Activity, ElementVersion};
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::text::{Description, Name, Note};
use serde::Serialize;
use serde_json::json;

/// What an API is to be. What is none stays as it is.
#[derive(Debug, Clone)]
pub struct ApiEdit {
    /// Which.
    pub api: ElementId,
    /// The version that the caller has read; none: whatever it is.
    pub expected_version: Option<i32>,
    /// What the caller says about the edit.
    pub message: Option<Note>,
    /// Its name.
    pub name: Option<Name>,
    /// What it is for.
    pub description: Option<Description>,
    /// Its definition, of whatever kind.
    pub definition: Option<String>,
}

/// Edits an API, with a definition that was checked.
#[derive(Debug, Serialize)]
struct UpdateApi {
    api: ElementId,
    expected_version: Option<i32>,
    message: Option<Note>,
    name: Option<Name>,
    description: Option<Description>,
    definition: Option<Checked>,
}

impl Command for UpdateApi {
    const NAME: &'static str = "updateApi";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        work.actor()?;
        let sight = work.access().element(self.api).may(Action::EditElement).await?;
        expect_kind(&sight, ElementKind::Api, "apiId")?;
        expect_version(work, &sight, self.expected_version).await?;
        let stored = self.definition.as_ref().map(|definition| &definition.0);
        let now = &sight.element;
        let (root, size) = stored.map_or((now.root, now.size_bytes.unsigned_abs()), |stored| (stored.root, stored.size));
        let content = self.content(now);
        let keys = changed(now, &content, root);
        if keys.is_empty() {
            return Ok(self.api);
        }
        if let Some(stored) = stored {
            stored.insert(work).await?;
        }
        let (message, changes) = (self.message.as_ref(), json!([{ "updateApi": { "keys": keys } }]));
        let version = revise(work, &sight, &content, NewRevision { root, size, message, restored_version: None, changes }).await?;
        let (element_id, name) = (self.api, content.name);
        sight.record(work, Activity::ApiUpdated(ElementVersion { element_id, name, version, restored_version: None }));
        Ok(self.api)
    }
}

impl UpdateApi {
    /// What the API shows after the edit.
    fn content(&self, now: &Element) -> ElementContent {
        let name = self.name.as_ref().map_or_else(|| now.name.clone(), ToString::to_string);
        let description = self.description.as_ref().map_or_else(|| now.description.clone(), |text| text.as_str().to_owned());
        ElementContent { name, description, format: now.format }
    }
}

/// What of an API is other than it was.
fn changed(now: &Element, content: &ElementContent, root: [u8; 32]) -> Vec<&'static str> {
    let changed =
        [("name", content.name != now.name), ("description", content.description != now.description), ("definition", root != now.root)];
    changed.into_iter().filter_map(|(key, changed)| changed.then_some(key)).collect()
}

/// Edits an API.
///
/// # Errors
/// Not found, or forbidden, as the policy says; that the API has changed; what is wrong with the definition and where; what broke.
pub async fn update_api(app: &App, actor: &Actor, key: Option<&str>, edit: ApiEdit) -> Result<ElementId> {
    let ApiEdit { api, expected_version, message, name, description, definition } = edit;
    app.access(Some(actor)).element(api).may(Action::EditElement).await?;
    let definition = match definition {
        Some(definition) => Some(Checked::of(app, definition).await?),
        None => None,
    };
    app.execute(Some(actor), key, &UpdateApi { api, expected_version, message, name, description, definition }).await
}
