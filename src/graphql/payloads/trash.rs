//! What mutations about the end of elements answer.

use crate::app::trash::Deleted;
use crate::domain::ElementId;
use crate::graphql::objects::{Element, TrashEntry, load_element, load_trash_entry};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

/// What deleteElement answers.
#[derive(Description)]
pub struct DeleteElementPayload(pub Deleted);

#[Object(use_type_description)]
impl DeleteElementPayload {
    /// The element that was deleted.
    async fn deleted_element_id(&self) -> ID {
        self.0.element.to_string().into()
    }

    /// Where it can be restored from. Null where it is gone for good, or where you may not look into the trash of its workspace.
    async fn trash_entry(&self, ctx: &Context<'_>) -> Result<Option<TrashEntry>> {
        match self.0.trash_entry {
            Some(entry) => load_trash_entry(ctx, entry).await,
            None => Ok(None),
        }
    }

    /// Whether it is gone for good: an API, an environment, or a collection of 30 MiB or more. Else it is in the trash for 90 days.
    async fn gone_for_good(&self) -> bool {
        self.0.trash_entry.is_none()
    }
}

/// What restoreElement answers.
#[derive(Description)]
pub struct RestoreElementPayload(pub ElementId);

#[Object(use_type_description)]
impl RestoreElementPayload {
    /// The element as it is now: as it was. Null where you may not see it any more.
    async fn element(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
        load_element(ctx, self.0).await
    }
}

/// What purgeElement answers.
#[derive(SimpleObject)]
pub struct PurgeElementPayload {
    /// The element that is gone for good.
    pub purged_element_id: ID,
}
