//! A new environment, or globals.

use super::check::{check, check_size, limits, unfit};
use super::seal;
use crate::app::element::create::{NewElement, create};
use crate::app::element::import::Stored;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::document::environment::{Environment, Scope, Setting};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::policy::Action;
use crate::domain::text::Name;
use crate::domain::{ElementId, WorkspaceId};
use serde::Serialize;

/// Makes an environment with these variables.
#[derive(Debug, Clone, Serialize)]
pub struct CreateEnvironment {
    /// Where.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: Name,
    /// What its variables are there for.
    pub scope: Scope,
    /// Its variables.
    pub values: Vec<Setting>,
}

impl Command for CreateEnvironment {
    const NAME: &'static str = "createEnvironment";
    const HOLDS_SECRETS: bool = true;
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<ElementId> {
        let workspace = work.access().workspace(self.workspace).may(Action::CreateElement).await?;
        let id: ElementId = work.new_id()?;
        let mut environment = Environment::new(&id.uuid().to_string(), self.name.as_str(), self.scope);
        check("values", &self.values, &environment)?;
        environment.replace_variables(&self.values, &limits()).map_err(|error| unfit("values", &error))?;
        let size = check_size(app, "values", &environment)?;
        seal(work, app, &mut environment, None).await?;
        let format = match self.scope {
            Scope::Environment => ElementFormat::Environment,
            Scope::Globals => ElementFormat::Globals,
        };
        let (kind, name, description) = (ElementKind::Environment, self.name.to_string(), String::new());
        let stored = Stored { size, ..Stored::single(environment.to_bytes()) };
        create(work, &workspace, NewElement { id, kind, format, name, description, stored }).await?;
        Ok(id)
    }
}
