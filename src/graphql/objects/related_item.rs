//! Monitors, mock servers and integrations.

use super::{Collection, DateTime, Element, User, Workspace};
use crate::app::model;
use crate::domain::RelatedItemId;
use crate::domain::policy::Action;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{RelatedItemKind, RelatedItemState};
use crate::graphql::errors::unless_hidden;
use async_graphql::{Context, Description, ID, Object, Result};

/// A monitor, mock server or integration: bound to a collection, living in a workspace that need not be the collection's.
#[derive(Description)]
pub struct RelatedItem(pub model::RelatedItem);

/// The related item with this id, if who asks may open the workspace that it lives in.
pub async fn load_related_item(ctx: &Context<'_>, id: RelatedItemId) -> Result<Option<RelatedItem>> {
    let found = unless_hidden(ctx.access().related_item(id, Action::ViewWorkspace).await)?;
    Ok(found.map(|sight| RelatedItem(sight.into_inner().item)))
}

#[Object(use_type_description)]
impl RelatedItem {
    /// The id of this related item.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it is.
    async fn kind(&self) -> RelatedItemKind {
        self.0.kind.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it does its work.
    async fn state(&self) -> RelatedItemState {
        self.0.state.into()
    }

    /// The workspace that it lives in. Null where you may not open it any more.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        Ok(ctx.loaders().workspace(self.0.workspace_id).await?.map(|sight| Workspace { sight }))
    }

    /// The collection that it is bound to. Null where that is in the trash, or in a workspace that you may not open.
    async fn collection(&self, ctx: &Context<'_>) -> Result<Option<Collection>> {
        Ok(ctx.loaders().element(self.0.element_id).await?.and_then(|sight| Element::new(sight).into_collection()))
    }

    /// Who made it. Null: somebody whom you may not know.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.created_by).await?.map(User))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
