//! What is in a workspace.

use super::{Element, RelatedItem};
use crate::app::access::ElementSight;
use crate::app::error::AppError;
use crate::app::model::{self, ElementRow, WorkspaceSight};
use crate::app::ports::ElementFilter;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{ElementKind, RelatedItemKind};
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use std::sync::Arc;

/// The contents of a workspace that its reader may open.
pub struct WorkspaceContent(pub Arc<WorkspaceSight>);

#[Object]
impl WorkspaceContent {
    /// The APIs, collections and environments that are here, oldest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filters")]
    async fn elements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those of this kind.")] kind: Option<ElementKind>,
        #[graphql(desc = "Only those with this in their name, whatever its case.")] search: Option<String>,
    ) -> Result<Connection<String, Element>> {
        let workspace = self.0.workspace.id;
        let scope = format!("elements:{workspace}");
        let page = PageArguments { first, after, last, before }.within(&scope)?;
        let filter = ElementFilter { kind: kind.map(Into::into), search: search.filter(|search| !search.is_empty()) };
        let reader = self.0.standing.user;
        let found = ctx.app().queries().list_elements(reader, workspace, &filter, page).await.map_err(AppError::from)?;
        let node = |row| Element::new(Arc::new(ElementSight::of(row, WorkspaceSight::clone(&self.0))));
        Ok(connection(&scope, found, |row: &ElementRow| row.element.id.uuid(), node))
    }

    /// The monitors, mock servers and integrations that live here, oldest first: those of collections that are elsewhere too.
    async fn related_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those of this kind.")] kind: Option<RelatedItemKind>,
    ) -> Result<Connection<String, RelatedItem>> {
        let workspace = self.0.workspace.id;
        let scope = format!("related-items:{workspace}");
        let page = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let found = ctx.app().queries().list_related_items(workspace, kind.map(Into::into), page).await.map_err(AppError::from)?;
        Ok(connection(&scope, found, |item: &model::RelatedItem| item.id.uuid(), RelatedItem))
    }
}
