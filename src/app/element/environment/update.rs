//! Editing an environment: the whole list of its variables, or some of them.
//!
//! Without an expected version, what different people do to different variables holds, whoever comes first: variables are found by their
//! keys when the edit is done, one edit after the other.

use super::check::{check, check_once, check_size, limits, unfit};
use super::told::Changes;
use super::{Earlier, seal};
use crate::app::access::{ElementSight, Granted};
use crate::app::element::import::Stored;
use crate::app::element::{NewRevision, expect_kind, expect_version, revise};
use crate::app::error::{Refusal, Result};
use crate::app::ports::ElementContent;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::document::environment::{Environment, Setting};
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::text::{Name, Note};
use crate::domain::{ElementId, Reason};
use serde::Serialize;

/// Edits an environment. What is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateEnvironment {
    /// Which.
    pub environment: ElementId,
    /// The version that the caller has read; none: whatever it is.
    pub expected_version: Option<i32>,
    /// What the caller says about the edit.
    pub message: Option<Note>,
    /// Its name.
    pub name: Option<Name>,
    /// All its variables, in place of those that it has.
    pub values: Option<Vec<Setting>>,
    /// Variables that are set. The others stay.
    pub set: Vec<Setting>,
    /// The keys of variables that go.
    pub remove: Vec<String>,
}

impl Command for UpdateEnvironment {
    const NAME: &'static str = "updateEnvironment";
    const HOLDS_SECRETS: bool = true;
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<ElementId> {
        work.actor()?;
        let sight = work.access().element(self.environment).may(Action::EditElement).await?;
        expect_kind(&sight, ElementKind::Environment, "environmentId")?;
        expect_version(work, &sight, self.expected_version).await?;
        let earlier = Earlier::read(app, work.tx.queries(), sight.element.root).await?;
        let (mut environment, name) = (self.edited(&earlier.plain)?, self.name(&sight.element.name));
        if environment == earlier.plain && name == sight.element.name {
            return Ok(self.environment);
        }
        let size = check_size(app, self.argument(), &environment)?;
        let plain = environment.clone();
        seal(work, app, &mut environment, Some(&earlier)).await?;
        let stored = Stored { size, ..Stored::single(environment.to_bytes()) };
        self.write(work, &sight, &stored, name, &Changes::between(&earlier.plain, &plain)).await?;
        Ok(self.environment)
    }
}

impl UpdateEnvironment {
    /// Which argument is to blame for what becomes of the variables.
    fn argument(&self) -> &'static str {
        match (&self.values, self.set.is_empty()) {
            (Some(_), _) => "values",
            (None, false) => "setValues",
            (None, true) => "name",
        }
    }

    fn name(&self, now: &str) -> String {
        self.name.as_ref().map_or_else(|| now.to_owned(), ToString::to_string)
    }

    /// The environment after the edit.
    fn edited(&self, now: &Environment) -> Result<Environment> {
        if self.values.is_some() && !(self.set.is_empty() && self.remove.is_empty()) {
            let message = "Give all values, or those that are set and removed, not both.";
            return Err(Refusal::bad_input("values", Reason::ContradictoryArguments, message).into());
        }
        check_once(&self.set, &self.remove)?;
        let (argument, mut edited) = (self.argument(), now.clone());
        let settings = self.values.as_ref().unwrap_or(&self.set);
        check(argument, settings, now)?;
        edited.remove_variables(&self.remove.iter().map(String::as_str).collect());
        let done = match &self.values {
            Some(values) => edited.replace_variables(values, &limits()),
            None => edited.set_variables(&self.set, &limits()),
        };
        done.map_err(|error| unfit(argument, &error))?;
        if let Some(name) = &self.name {
            // A bare array has no place for a name: then only the element has it.
            edited.set_name(name.as_str());
        }
        Ok(edited)
    }

    async fn write(
        &self,
        work: &mut Work<'_>,
        sight: &Granted<ElementSight>,
        stored: &Stored,
        name: String,
        changes: &Changes<'_>,
    ) -> Result<()> {
        let element = &sight.element;
        stored.insert(work).await?;
        let content = ElementContent { name: name.clone(), description: element.description.clone(), format: element.format };
        let (root, size, message) = (stored.root, stored.size, self.message.as_ref());
        let brief = changes.brief(self, name != element.name);
        let version = revise(work, sight, &content, NewRevision { root, size, message, restored_version: None, changes: brief }).await?;
        sight.record(work, Activity::EnvironmentUpdated(changes.told(self, name, version)));
        Ok(())
    }
}
