//! A new API.

use super::Checked;
use crate::app::element::create::{NewElement, create};
use crate::app::error::Result;
use crate::app::{Actor, App, Command, Work};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::text::{Description, Name};
use crate::domain::{ElementId, WorkspaceId};
use serde::Serialize;

/// An API that somebody wants.
#[derive(Debug, Clone)]
pub struct NewApi {
    /// Where.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Description>,
    /// Its definition.
    pub definition: String,
}

/// Makes an API whose definition was checked.
#[derive(Debug, Serialize)]
struct CreateApi {
    workspace: WorkspaceId,
    name: Name,
    description: Option<Description>,
    definition: Checked,
}

impl Command for CreateApi {
    const NAME: &'static str = "createApi";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        let workspace = work.access().workspace(self.workspace).may(Action::CreateElement).await?;
        let (id, stored) = (work.new_id()?, self.definition.0.clone());
        let description = self.description.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default();
        let (kind, format, name) = (ElementKind::Api, ElementFormat::Definition, self.name.to_string());
        create(work, &workspace, NewElement { id, kind, format, name, description, stored }).await?;
        Ok(id)
    }
}

/// Makes an API.
///
/// # Errors
/// Not found, or forbidden, as the policy says; what is wrong with the definition and where; what broke.
pub async fn create_api(app: &App, actor: &Actor, key: Option<&str>, new: NewApi) -> Result<ElementId> {
    let NewApi { workspace, name, description, definition } = new;
    app.access(Some(actor)).workspace(workspace).may(Action::CreateElement).await?;
    let definition = Checked::of(app, definition).await?;
    app.execute(Some(actor), key, &CreateApi { workspace, name, description, definition }).await
}
