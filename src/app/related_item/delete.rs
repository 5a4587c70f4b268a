//! The end of a monitor, mock server or integration.

use crate::app::element::record;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::RelatedItemId;
use crate::domain::activity::Activity;
use crate::domain::policy::Action;
use serde::Serialize;

/// Deletes a related item for good.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteRelatedItem {
    /// Which.
    pub item: RelatedItemId,
}

impl Command for DeleteRelatedItem {
    const NAME: &'static str = "deleteRelatedItem";
    type Outcome = RelatedItemId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RelatedItemId> {
        work.actor()?;
        let sight = work.access().related_item(self.item, Action::CreateElement).await?;
        work.tx.delete_related_item(&sight).await?;
        record(work, &sight.workspace, Activity::RelatedItemDeleted(sight.item.reference()));
        Ok(self.item)
    }
}
