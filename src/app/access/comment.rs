//! The way to comments. Whoever may comment reads them.

use super::answer::hide;
use super::{Access, ElementSight, Granted};
use crate::app::error::{Refusal, Result};
use crate::app::model::Comment;
use crate::app::ports::{Queries, StoreResult};
use crate::domain::policy::Action;
use crate::domain::{CommentId, Reason, Timestamp};

/// A comment, and the element that it is about.
#[derive(Debug, Clone)]
pub struct CommentSight {
    /// The comment.
    pub comment: Comment,
    /// The element.
    pub element: ElementSight,
}

impl ElementSight {
    /// Whether the reader knows of a comment on it, once they may comment.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn shows_comment(&self, queries: &dyn Queries, comment: &Comment, now: Timestamp) -> StoreResult<bool> {
        let only = self.workspace.only_organization(now);
        Ok(comment.is_shown_to(only) && (comment.deleted_at.is_none() || queries.has_reply(comment.thread_id, only).await?))
    }
}

impl Access<'_> {
    /// A comment, for looking at it, for replying, for settling its thread.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn comment(self, id: CommentId) -> Result<Granted<CommentSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_comment(id).await?.ok_or_else(Refusal::not_found)?);
        let mut comment = find().await?;
        let element = self.element(comment.element_id).may(Action::Comment).await.map_err(hide)?.into_inner();
        if self.locks.is_some() {
            // Again, now that it is held still.
            comment = find().await?;
        }
        if !element.shows_comment(self.queries, &comment, self.now).await? {
            return Err(Refusal::not_found().into());
        }
        Ok(Granted(CommentSight { comment, element }))
    }

    /// A comment of the caller's own, for changing it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where somebody else wrote it; refused where it was deleted.
    pub async fn own_comment(self, id: CommentId) -> Result<Granted<CommentSight>> {
        let sight = self.undeleted_comment(id).await?;
        if self.caller != Some(sight.comment.author_id) {
            let message = "Somebody else wrote this: people change only what they wrote themselves.";
            return Err(Refusal::forbidden(Some(Action::Comment), Reason::NotYours, message).into());
        }
        Ok(sight)
    }

    /// A comment, for deleting it: one's own, or anybody's for who may moderate.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where they may not delete it; refused where it was deleted.
    pub async fn comment_to_delete(self, id: CommentId) -> Result<Granted<CommentSight>> {
        let sight = self.undeleted_comment(id).await?;
        if self.caller != Some(sight.comment.author_id) {
            sight.element.check(Action::ModerateComment, self.now)?;
        }
        Ok(sight)
    }

    async fn undeleted_comment(self, id: CommentId) -> Result<Granted<CommentSight>> {
        let sight = self.comment(id).await?;
        if sight.comment.deleted_at.is_some() {
            return Err(Refusal::precondition(Reason::WrongState, "This comment was deleted.").into());
        }
        Ok(sight)
    }
}
