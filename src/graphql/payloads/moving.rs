//! What mutations answer that put elements elsewhere.

use super::element::collection_payload;
use crate::app::element::Moved;
use crate::app::error::AppError;
use crate::domain::ElementId;
use crate::graphql::context::ContextExt;
use crate::graphql::objects::{Collection, Element, RelatedItem, load_element};
use async_graphql::{Context, Description, Object, Result};

/// What moveElement answers.
#[derive(Description)]
pub struct MoveElementPayload(pub Moved);

#[Object(use_type_description)]
impl MoveElementPayload {
    /// The element where it is now. Null where you may not see it any more.
    async fn element(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
        load_element(ctx, self.0.element).await
    }

    /// What is bound to it, or to a collection that went along, and stayed in its workspace, as far as you may open that, oldest first. Monitors are paused.
    async fn left_behind(&self, ctx: &Context<'_>) -> Result<Vec<RelatedItem>> {
        let (queries, reader) = (ctx.app().queries(), ctx.reader()?);
        let items = queries.list_related_items_by_id(Some(reader), &self.0.left_behind, ctx.now()).await.map_err(AppError::from)?;
        Ok(items.into_iter().map(RelatedItem).collect())
    }
}

collection_payload! {
    /// What attachCollection answers.
    AttachCollectionPayload;
    /// What detachCollection answers.
    DetachCollectionPayload;
}
