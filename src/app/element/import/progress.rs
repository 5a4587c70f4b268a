//! How far a long import has come, for whoever follows the workspace.

use crate::app::element::record;
use crate::app::error::Result;
use crate::app::{Actor, App, Command, Work};
use crate::domain::activity::{Activity, ImportProgress};
use crate::domain::policy::Action;
use crate::domain::snapshot::NewNode;
use crate::domain::{ElementId, WorkspaceId};
use serde::Serialize;

/// After so many bytes that were stored, progress is told.
const STEP: u64 = 8 * 1024 * 1024;

/// What a document is brought into.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum Target {
    /// A workspace, as a new element.
    Workspace(WorkspaceId),
    /// An element, in place of its document.
    Element(ElementId),
}

/// The progress of one import.
pub struct Progress<'a> {
    actor: &'a Actor,
    target: Target,
    import: String,
    bytes: u64,
    items: u64,
    told: u64,
}

/// Tells how far an import has come, or that it came to nothing.
#[derive(Debug, Serialize)]
struct Tell {
    target: Target,
    import: String,
    bytes: u64,
    items: u64,
    has_failed: bool,
}

impl Command for Tell {
    const NAME: &'static str = "import";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        // What the import itself asks for: whoever edits an element by a role on it alone may import nothing else.
        let workspace = match self.target {
            Target::Workspace(id) => work.access().workspace(id).may(Action::ImportElement).await?.into_inner(),
            Target::Element(id) => work.access().element(id).may(Action::EditElement).await?.into_inner().workspace,
        };
        let progress = ImportProgress { import_id: self.import.clone(), bytes: self.bytes, items: self.items };
        record(work, &workspace, if self.has_failed { Activity::ImportFailed(progress) } else { Activity::ImportProgressed(progress) });
        Ok(())
    }
}

impl<'a> Progress<'a> {
    /// An import that has not begun. Its name is any text that tells it from others.
    pub const fn new(actor: &'a Actor, target: Target, import: String) -> Self {
        Self { actor, target, import, bytes: 0, items: 0, told: 0 }
    }

    /// These nodes were taken on.
    pub fn passed(&mut self, nodes: &[NewNode]) {
        self.items += nodes.len() as u64;
        self.bytes += nodes.iter().map(|node| node.bytes.len() as u64).sum::<u64>();
    }

    /// A document without items was taken on.
    pub const fn passed_document(&mut self, bytes: u64) {
        self.bytes += bytes;
    }

    /// Tells how far it has come, if that is worth telling. Whoever lost the right to it meanwhile is stopped here.
    pub async fn tell(&mut self, app: &App) -> Result<()> {
        if self.bytes < self.told + STEP {
            return Ok(());
        }
        self.told = self.bytes;
        self.say(app, false).await
    }

    /// Tells that it came to nothing, if it was ever heard of.
    pub async fn fail(&self, app: &App) {
        if self.told > 0
            && let Err(error) = self.say(app, true).await
        {
            tracing::info!(?error, "nobody could be told that an import came to nothing");
        }
    }

    async fn say(&self, app: &App, has_failed: bool) -> Result<()> {
        let Self { target, import, bytes, items, .. } = self;
        let tell = Tell { target: *target, import: import.clone(), bytes: *bytes, items: *items, has_failed };
        app.execute(Some(self.actor), None, &tell).await
    }
}
