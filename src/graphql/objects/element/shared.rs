//! What every element has.

use super::{Comment, DateTime, ElementGrant, User, Workspace, list_comments, list_element_grants};
use crate::app::access::ElementSight;
use crate::app::ports::CommentFilter;
use crate::domain::policy::Action as Act;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, ElementKind};
use crate::graphql::loaders::CommentsOf;
use crate::graphql::paging::PageArguments;
use crate::graphql::requires::requires;
use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result};
use std::sync::Arc;

/// The element, and what the reader is towards it.
pub struct ElementFields(pub Arc<ElementSight>);

#[Object]
impl ElementFields {
    /// The id, kept for life.
    pub async fn id(&self) -> ID {
        self.0.element.id.to_string().into()
    }

    /// Its name.
    pub async fn name(&self) -> String {
        self.0.element.name.clone()
    }

    /// What it is.
    pub async fn kind(&self) -> ElementKind {
        self.0.element.kind.into()
    }

    /// What it is for.
    pub async fn description(&self) -> String {
        self.0.element.description.clone()
    }

    /// The workspace that it lives in.
    pub async fn workspace(&self) -> Workspace {
        Workspace { sight: Arc::new(self.0.workspace.clone()) }
    }

    /// Grows by one with each edit: give it back as expectedVersion.
    pub async fn version(&self) -> i32 {
        self.0.element.version
    }

    /// The size of its document in canonical form, in bytes.
    pub async fn size_bytes(&self) -> i32 {
        i32::try_from(self.0.element.size_bytes).unwrap_or(i32::MAX)
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.element.created_at)
    }

    /// Who made it. Null: somebody whom you may not know.
    pub async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.element.created_by).await?.map(User))
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        DateTime(self.0.element.updated_at)
    }

    /// Who changed it last. Null: somebody whom you may not know.
    pub async fn updated_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.element.updated_by).await?.map(User))
    }

    /// Whether you watch it.
    pub async fn viewer_is_watching(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.loaders().watching(self.0.element.id).await?.is_some())
    }

    /// Roles on it that add to what people may do in the workspace, oldest first: those that you may see. Requires `VIEW_MEMBERS`.
    #[graphql(directive = requires::apply(Action::ViewMembers))]
    pub async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, ElementGrant>> {
        // Not by a guard: whoever asks by the interface comes here directly.
        self.0.check(Act::ViewMembers, ctx.now())?;
        list_element_grants(ctx, &self.0, PageArguments { first, after, ..PageArguments::default() }).await
    }

    /// The comments that begin threads on it, oldest first. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    pub async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those on this item.")] item_id: Option<String>,
        #[graphql(desc = "Only those whose thread is settled, or only those whose thread is open.")] resolved: Option<bool>,
    ) -> Result<Connection<String, Comment>> {
        self.0.check(Act::Comment, ctx.now())?;
        let filter = CommentFilter { item: item_id, resolved, ..CommentFilter::default() };
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        list_comments(ctx, &self.0, CommentsOf::Element(self.0.element.id), filter, arguments).await
    }
}
