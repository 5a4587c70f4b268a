//! Comments, and watching.

use crate::app::comment::{AddComment, DeleteComment, EditComment, ReopenThread, ResolveThread};
use crate::app::error::checked;
use crate::app::parse_id;
use crate::app::watch::{UnwatchElement, WatchElement};
use crate::domain::text::CommentBody;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Comments, and watching, as mutations.
#[derive(Default)]
pub struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Comments on an element or on an item of a collection: begins a thread, or replies in one. Who is mentioned is told so; who watches the element or has
    /// written in the thread is told of it. A reply leaves a settled thread settled. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say.")] input: input::AddCommentInput,
    ) -> Result<Option<payload::AddCommentPayload>> {
        let command = AddComment {
            element: parse_id(&input.element_id, "elementId")?,
            item: input.item_id,
            body: checked("body", CommentBody::parse(&input.body))?,
            reply_to: input.reply_to.map(|id| parse_id(&id, "replyTo")).transpose()?,
            mentions: input.mentions.unwrap_or_default().iter().map(|id| parse_id(id, "mentions")).collect::<Result<_, _>>()?,
        };
        Ok(Some(payload::AddCommentPayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }

    /// Changes what a comment of your own says. Whom it mentions stays. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn edit_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::EditCommentInput,
    ) -> Result<Option<payload::EditCommentPayload>> {
        let command =
            EditComment { comment: parse_id(&input.comment_id, "commentId")?, body: checked("body", CommentBody::parse(&input.body))? };
        Ok(Some(payload::EditCommentPayload(ctx.execute(input.idempotency_key, command).await.blame("commentId")?)))
    }

    /// Deletes a comment. The first of a thread that has replies loses what it says and keeps its place until the last reply is deleted. Requires `COMMENT`; for
    /// what somebody else wrote `MODERATE_COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn delete_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to delete.")] input: input::DeleteCommentInput,
    ) -> Result<Option<payload::DeleteCommentPayload>> {
        let command = DeleteComment { comment: parse_id(&input.comment_id, "commentId")? };
        let comment = ctx.execute(input.idempotency_key, command).await.blame("commentId")?;
        Ok(Some(payload::DeleteCommentPayload { deleted_comment_id: comment.to_string().into() }))
    }

    /// Settles the thread of a comment. One that is settled already stays so. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn resolve_comment_thread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to settle.")] input: input::ResolveCommentThreadInput,
    ) -> Result<Option<payload::ResolveCommentThreadPayload>> {
        let command = ResolveThread { comment: parse_id(&input.comment_id, "commentId")? };
        Ok(Some(payload::ResolveCommentThreadPayload(ctx.execute(input.idempotency_key, command).await.blame("commentId")?)))
    }

    /// Opens a settled thread again. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn reopen_comment_thread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to open.")] input: input::ReopenCommentThreadInput,
    ) -> Result<Option<payload::ReopenCommentThreadPayload>> {
        let command = ReopenThread { comment: parse_id(&input.comment_id, "commentId")? };
        Ok(Some(payload::ReopenCommentThreadPayload(ctx.execute(input.idempotency_key, command).await.blame("commentId")?)))
    }

    /// Has you told of what happens to an element: of comments, and when it is moved, deleted or restored. Requires `WATCH`.
    #[graphql(directive = requires::apply(Action::Watch))]
    async fn watch_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to watch.")] input: input::WatchElementInput,
    ) -> Result<Option<payload::WatchElementPayload>> {
        let command = WatchElement { element: parse_id(&input.element_id, "elementId")? };
        Ok(Some(payload::WatchElementPayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }

    /// Has you told of it no more. Requires `WATCH`.
    #[graphql(directive = requires::apply(Action::Watch))]
    async fn unwatch_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to watch no more.")] input: input::UnwatchElementInput,
    ) -> Result<Option<payload::UnwatchElementPayload>> {
        let command = UnwatchElement { element: parse_id(&input.element_id, "elementId")? };
        Ok(Some(payload::UnwatchElementPayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }
}
