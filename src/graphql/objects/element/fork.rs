//! What an element is a fork of.

use super::super::{DateTime, User};
use super::Element;
use super::change::{ElementChange, list_changes};
use crate::app::access::ElementSight;
use crate::app::element::Comparison;
use crate::app::model;
use crate::domain::element::ElementKind;
use crate::domain::policy::Action;
use crate::domain::snapshot::NodeHash;
use crate::graphql::context::ContextExt;
use crate::graphql::paging::PageArguments;
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, Object, Result};
use std::sync::Arc;

/// That an element was taken from another one, and how the two stand.
#[derive(Description)]
pub struct Fork {
    /// What is kept of it.
    pub link: model::Fork,
    /// The fork.
    pub element: Arc<ElementSight>,
    /// What it was taken from, if the reader may open that.
    pub parent: Option<Arc<ElementSight>>,
}

/// What this element is a fork of. None: of nothing.
pub(super) async fn load_fork(ctx: &Context<'_>, element: &Arc<ElementSight>) -> Result<Option<Fork>> {
    let Some(link) = ctx.loaders().fork(element.element.id).await? else { return Ok(None) };
    let parent = match link.parent_id {
        Some(parent) => ctx.loaders().element(parent).await?,
        None => None,
    };
    Ok(Some(Fork { link, element: Arc::clone(element), parent }))
}

/// What changed on one side of a fork since the two last met.
pub async fn list_side_changes(
    ctx: &Context<'_>,
    fork: &model::Fork,
    side: &ElementSight,
    arguments: &PageArguments,
) -> Result<Connection<String, ElementChange>> {
    let comparison = Comparison {
        kind: side.element.kind,
        before: NodeHash::new(fork.base.root),
        after: NodeHash::new(side.element.root),
        tells_secrets: side.check(Action::EditElement, ctx.now()).is_ok(),
    };
    // Of a collection only what differs is read.
    let bytes = if side.element.kind == ElementKind::Collection { 0 } else { side.element.size_bytes.saturating_mul(2) };
    list_changes(ctx, &comparison, bytes, arguments).await
}

#[Object(use_type_description)]
impl Fork {
    /// What it is called among the forks of its parent.
    async fn label(&self) -> &str {
        &self.link.label
    }

    /// What it was taken from. Null: that is gone, or out of your reach.
    async fn parent(&self) -> Option<Element> {
        self.parent.clone().map(Element::new)
    }

    /// The version of the parent that it was taken from, or was last brought up to date with. Null where the parent is.
    async fn parent_version(&self) -> Option<i32> {
        self.parent.as_ref().map(|_| self.link.base.parent_version)
    }

    /// Whether the parent has changed since then. False where the parent is out of your reach.
    async fn behind(&self) -> bool {
        self.parent.as_ref().is_some_and(|parent| parent.element.root != self.link.base.parent_root)
    }

    /// What changed in the parent since then and is not in the fork. Nothing where the parent is out of your reach.
    async fn incoming(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, ElementChange>> {
        let Some(parent) = &self.parent else { return Ok(Connection::new(false, false)) };
        list_side_changes(ctx, &self.link, parent, &PageArguments { first, after, ..PageArguments::default() }).await
    }

    /// What changed in the fork since then, and is not in the parent. Nothing where the parent is out of your reach: what it had then is told by it.
    async fn outgoing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, ElementChange>> {
        if self.parent.is_none() {
            return Ok(Connection::new(false, false));
        }
        list_side_changes(ctx, &self.link, &self.element, &PageArguments { first, after, ..PageArguments::default() }).await
    }

    /// When it was taken.
    async fn forked_at(&self) -> DateTime {
        DateTime(self.link.created_at)
    }

    /// Who took it. Null: somebody whom you may not know.
    async fn forked_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.link.created_by).await?.map(User))
    }
}
