//! Monitors, mock servers and integrations wait and work again.

use crate::app::access::{Granted, RelatedItemSight};
use crate::app::element::{record, tell_creators};
use crate::app::error::{Refusal, Result};
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::element::{RelatedItemKind, RelatedItemState};
use crate::domain::policy::Action;
use crate::domain::{Reason, RelatedItemId};
use serde::Serialize;

/// Pauses a related item, until somebody resumes it.
#[derive(Debug, Clone, Serialize)]
pub struct PauseRelatedItem {
    /// Which.
    pub item: RelatedItemId,
}

/// Lets a paused related item do its work again: for whoever may read the collection where that is now.
#[derive(Debug, Clone, Serialize)]
pub struct ResumeRelatedItem {
    /// Which.
    pub item: RelatedItemId,
}

impl Command for PauseRelatedItem {
    const NAME: &'static str = "pauseRelatedItem";
    type Outcome = RelatedItemId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RelatedItemId> {
        work.actor()?;
        let sight = work.access().related_item(self.item, Action::CreateElement).await?;
        set_state(work, &sight, RelatedItemState::Paused).await?;
        record(work, &sight.workspace, Activity::RelatedItemPaused(sight.item.reference()));
        if sight.item.kind == RelatedItemKind::Monitor {
            tell_creators(work, &[self.item]).await?;
        }
        Ok(self.item)
    }
}

impl Command for ResumeRelatedItem {
    const NAME: &'static str = "resumeRelatedItem";
    type Outcome = RelatedItemId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RelatedItemId> {
        work.actor()?;
        let sight = work.access().resumable_item(self.item, Action::CreateElement).await?;
        set_state(work, &sight, RelatedItemState::Active).await?;
        record(work, &sight.workspace, Activity::RelatedItemResumed(sight.item.reference()));
        Ok(self.item)
    }
}

async fn set_state(work: &Work<'_>, sight: &Granted<RelatedItemSight>, state: RelatedItemState) -> Result<()> {
    if sight.item.state == state {
        let message = format!("The {} is {} already.", sight.item.kind.noun(), state.to_string().to_lowercase());
        return Err(Refusal::precondition(Reason::WrongState, message).at("relatedItemId").into());
    }
    Ok(work.tx.set_related_item_state(sight, state, work.now()).await?)
}
