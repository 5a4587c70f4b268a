//! What somebody watches.

use super::Element;
use crate::app::access::ElementSight;
use crate::app::error::AppError;
use crate::app::model::{ElementRow, WorkspaceSight};
use crate::app::paging::Page;
use crate::domain::UserId;
use crate::graphql::context::ContextExt;
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use futures_util::future::try_join_all;
use std::sync::Arc;

/// What the viewer watches.
pub struct ViewerWatches(pub UserId);

#[Object]
impl ViewerWatches {
    /// The elements that you watch and may still open, oldest first.
    async fn watched(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, Element>> {
        let page = PageArguments { first, after, ..PageArguments::default() }.within("watched")?;
        let found = ctx.app().queries().list_watched(self.0, page, ctx.now()).await.map_err(AppError::from)?;
        // The policy has the last word of what may be opened.
        let Page { items, has_next, has_previous } = found;
        let seen = try_join_all(items.into_iter().map(|row| seen(ctx, row))).await?;
        let found = Page { items: seen.into_iter().flatten().collect(), has_next, has_previous };
        Ok(connection("watched", found, |sight: &ElementSight| sight.element.id.uuid(), |sight| Element::new(Arc::new(sight))))
    }
}

async fn seen(ctx: &Context<'_>, row: ElementRow) -> Result<Option<ElementSight>> {
    let Some(workspace) = row.element.workspace_id else { return Ok(None) };
    let workspace = ctx.loaders().workspace(workspace).await?;
    Ok(workspace.map(|workspace| ElementSight::of(row, WorkspaceSight::clone(&workspace))))
}
