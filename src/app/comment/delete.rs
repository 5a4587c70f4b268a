//! A comment is deleted.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::CommentId;
use crate::domain::activity::Activity;
use serde::Serialize;

/// Deletes a comment: one's own, or anybody's by who may moderate.
///
/// Nobody takes away what others wrote: the first comment of a thread that has replies loses what it says and keeps its place. It goes with
/// the last reply.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteComment {
    /// Which.
    pub comment: CommentId,
}

impl Command for DeleteComment {
    const NAME: &'static str = "deleteComment";
    type Outcome = CommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<CommentId> {
        work.actor()?;
        let sight = work.access().comment_to_delete(self.comment).await?;
        work.tx.delete_comment(&sight, work.now()).await?;
        sight.record(work, Activity::CommentDeleted);
        Ok(self.comment)
    }
}
