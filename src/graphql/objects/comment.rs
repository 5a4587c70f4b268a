//! Comments and their threads.

use super::{DateTime, Element, User};
use crate::app::access::{CommentSight, ElementSight};
use crate::app::error::Refusal;
use crate::app::model;
use crate::app::ports::CommentFilter;
use crate::domain::CommentId;
use crate::graphql::context::ContextExt;
use crate::graphql::errors::unless_hidden;
use crate::graphql::loaders::{CommentsKey, CommentsOf};
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};
use futures_util::future::try_join_all;
use std::sync::Arc;

/// A comment on an element, or on an item of a collection: the first of a thread, or a reply.
#[derive(Description)]
pub struct Comment {
    /// The comment.
    pub comment: Arc<model::Comment>,
    /// The element.
    pub element: Arc<ElementSight>,
}

/// The comment with this id, if who asks may read it.
pub async fn load_comment(ctx: &Context<'_>, id: CommentId) -> Result<Option<Comment>> {
    let found = unless_hidden(ctx.access().comment(id).await)?;
    Ok(found.map(|granted| Comment::new(granted.into_inner())))
}

/// A page of comments on an element, as far as who asks may read them, once they may read any.
pub async fn list_comments(
    ctx: &Context<'_>,
    element: &Arc<ElementSight>,
    of: CommentsOf,
    filter: CommentFilter,
    arguments: PageArguments,
) -> Result<Connection<String, Comment>> {
    let scope = match of {
        CommentsOf::Element(element) => format!("comments:{element}"),
        CommentsOf::Thread(thread) => format!("replies:{thread}"),
    };
    let page = arguments.within(&scope)?;
    let filter = CommentFilter { only_organization: element.workspace.only_organization(ctx.now()), ..filter };
    let found = ctx.loaders().comments(CommentsKey { of, filter, page }).await?.ok_or_else(Refusal::not_found)?;
    let node = |comment| Comment { comment: Arc::new(comment), element: Arc::clone(element) };
    Ok(connection(&scope, found, |comment: &model::Comment| comment.id.uuid(), node))
}

impl Comment {
    /// The comment that somebody sees.
    pub fn new(sight: CommentSight) -> Self {
        Self { comment: Arc::new(sight.comment), element: Arc::new(sight.element) }
    }

    fn is_gone(&self) -> bool {
        self.comment.deleted_at.is_some()
    }
}

#[Object(use_type_description)]
impl Comment {
    /// The id of this comment.
    pub async fn id(&self) -> ID {
        self.comment.id.to_string().into()
    }

    /// The element that it is about.
    async fn element(&self) -> Element {
        Element::new(Arc::clone(&self.element))
    }

    /// The item of the collection that it is about, which may be gone by now. Null: the element itself.
    async fn item_id(&self) -> Option<&str> {
        self.comment.item_id.as_deref()
    }

    /// The id of the comment that begins its thread: its own, for that one.
    async fn thread_id(&self) -> ID {
        self.comment.thread_id.to_string().into()
    }

    /// Who wrote it. Null: it was deleted, or they are somebody whom you may not know.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        if self.is_gone() {
            return Ok(None);
        }
        Ok(ctx.loaders().person(self.comment.author_id).await?.map(User))
    }

    /// What it says, in Markdown. Null: it was deleted.
    async fn body(&self) -> Option<&str> {
        (!self.is_gone()).then_some(&self.comment.body)
    }

    /// Whom it mentions, of those whom you may know.
    async fn mentions(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let mentioned = ctx.loaders().mentions(self.comment.id).await?.unwrap_or_default();
        let people = try_join_all(mentioned.into_iter().map(|id| ctx.loaders().person(id))).await?;
        Ok(people.into_iter().flatten().map(User).collect())
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.comment.created_at)
    }

    /// When it was changed last. Null: never.
    async fn edited_at(&self) -> Option<DateTime> {
        self.comment.edited_at.map(DateTime)
    }

    /// Whether it was deleted: the first of a thread then keeps its place as long as there are replies.
    async fn is_deleted(&self) -> bool {
        self.is_gone()
    }

    /// When its thread was settled. Null: it is open.
    async fn resolved_at(&self) -> Option<DateTime> {
        self.comment.resolved_at.map(DateTime)
    }

    /// Who settled its thread. Null: it is open, or they are somebody whom you may not know.
    async fn resolved_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(by) = self.comment.resolved_by else { return Ok(None) };
        Ok(ctx.loaders().person(by).await?.map(User))
    }

    /// The replies to the first comment of a thread, oldest first; of a reply there are none.
    async fn replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, Self>> {
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        list_comments(ctx, &self.element, CommentsOf::Thread(self.comment.id), CommentFilter::default(), arguments).await
    }
}
