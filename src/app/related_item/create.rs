//! A new monitor, mock server or integration.

use crate::app::element::record;
use crate::app::error::{Refusal, Result};
use crate::app::model::RelatedItem;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::element::{ElementKind, RelatedItemKind, RelatedItemState};
use crate::domain::text::Name;
use crate::domain::{ElementId, Reason, RelatedItemId, WorkspaceId};
use serde::Serialize;

/// Binds a monitor, mock server or integration to a collection.
#[derive(Debug, Clone, Serialize)]
pub struct CreateRelatedItem {
    /// The collection.
    pub collection: ElementId,
    /// The workspace that it lives in; none: that of the collection.
    pub workspace: Option<WorkspaceId>,
    /// What it is.
    pub kind: RelatedItemKind,
    /// Its name.
    pub name: Name,
}

impl Command for CreateRelatedItem {
    const NAME: &'static str = "createRelatedItem";
    type Outcome = RelatedItemId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RelatedItemId> {
        let created_by = work.actor()?.id();
        let sight = work.access().binding(self.collection, self.workspace).await?;
        if sight.collection.element.kind != ElementKind::Collection {
            let message = "Only a collection has monitors, mock servers and integrations.";
            return Err(Refusal::bad_input("collectionId", Reason::WrongKind, message).into());
        }
        let item = RelatedItem {
            id: work.new_id()?,
            team_id: sight.workspace.workspace.team_id,
            workspace_id: sight.workspace.workspace.id,
            element_id: self.collection,
            kind: self.kind,
            name: self.name.to_string(),
            state: RelatedItemState::Active,
            created_by,
            created_at: work.now(),
            updated_at: work.now(),
        };
        work.tx.insert_related_item(&item).await?;
        record(work, &sight.workspace, Activity::RelatedItemCreated(item.reference()));
        Ok(item.id)
    }
}
