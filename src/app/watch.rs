//! Watching elements: being told of what happens to them. Whoever loses access is told of nothing, and watches on once they get in again.

use super::error::Result;
use super::{App, Command, Work};
use crate::domain::ElementId;
use crate::domain::policy::Action;
use serde::Serialize;

/// Has the caller watch an element. Whoever does so already goes on.
#[derive(Debug, Clone, Serialize)]
pub struct WatchElement {
    /// Which.
    pub element: ElementId,
}

/// Has the caller watch an element no more.
#[derive(Debug, Clone, Serialize)]
pub struct UnwatchElement {
    /// Which.
    pub element: ElementId,
}

impl Command for WatchElement {
    const NAME: &'static str = "watchElement";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        let actor = work.actor()?.id();
        let element = work.access().element(self.element).may(Action::Watch).await?;
        work.tx.insert_watch(&element, actor, work.now()).await?;
        Ok(self.element)
    }
}

impl Command for UnwatchElement {
    const NAME: &'static str = "unwatchElement";
    type Outcome = ElementId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementId> {
        let actor = work.actor()?.id();
        let element = work.access().element(self.element).may(Action::Watch).await?;
        work.tx.delete_watch(&element, actor).await?;
        Ok(self.element)
    }
}
