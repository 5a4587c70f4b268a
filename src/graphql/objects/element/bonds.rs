//! What belongs together: an API and its collections, a collection and what is bound to it.

use super::{Api, Collection, Element};
use crate::app::access::ElementSight;
use crate::app::error::AppError;
use crate::app::model::{self, ElementRow};
use crate::graphql::context::ContextExt;
use crate::graphql::objects::RelatedItem;
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use std::sync::Arc;

/// What belongs to an API.
pub struct ApiBonds(pub Arc<ElementSight>);

#[Object]
impl ApiBonds {
    /// The collections that belong to it, and go along when it moves, oldest first.
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, Collection>> {
        let (api, workspace) = (self.0.element.id, &self.0.workspace);
        let scope = format!("api-collections:{api}");
        let page = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let found = ctx.app().queries().list_api_collections(workspace.standing.user, api, page).await.map_err(AppError::from)?;
        let node = |row| Collection::new(Arc::new(ElementSight::of(row, workspace.clone())));
        Ok(connection(&scope, found, |row: &ElementRow| row.element.id.uuid(), node))
    }
}

/// What a collection belongs to, and what is bound to it.
pub struct CollectionBonds(pub Arc<ElementSight>);

#[Object]
impl CollectionBonds {
    /// The API that it belongs to. Null: to none.
    async fn api(&self, ctx: &Context<'_>) -> Result<Option<Api>> {
        let Some(api) = self.0.element.api_id else { return Ok(None) };
        Ok(ctx.loaders().element(api).await?.and_then(|sight| Element::new(sight).into_api()))
    }

    /// Monitors, mock servers and integrations that are bound to it and live in workspaces that you may open, oldest first.
    async fn related_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, RelatedItem>> {
        let collection = self.0.element.id;
        let scope = format!("collection-related-items:{collection}");
        let page = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let reader = self.0.workspace.standing.user;
        let found = ctx.app().queries().list_bound_items(reader, collection, page, ctx.now()).await.map_err(AppError::from)?;
        Ok(connection(&scope, found, |item: &model::RelatedItem| item.id.uuid(), RelatedItem))
    }
}
