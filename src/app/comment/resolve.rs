//! A thread is settled, and opened again.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::CommentId;
use crate::domain::activity::Activity;
use serde::Serialize;

/// Settles the thread of a comment. One that is settled already stays so; replies do not open it again.
#[derive(Debug, Clone, Serialize)]
pub struct ResolveThread {
    /// A comment of the thread.
    pub comment: CommentId,
}

/// Opens a thread that was settled again.
#[derive(Debug, Clone, Serialize)]
pub struct ReopenThread {
    /// A comment of the thread.
    pub comment: CommentId,
}

impl Command for ResolveThread {
    const NAME: &'static str = "resolveCommentThread";
    /// The comment that begins the thread.
    type Outcome = CommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<CommentId> {
        let actor = work.actor()?.id();
        let sight = work.access().comment(self.comment).await?;
        if sight.comment.resolved_at.is_none() {
            work.tx.set_thread_resolved(&sight, Some((actor, work.now()))).await?;
            sight.record(work, Activity::CommentThreadResolved);
        }
        Ok(sight.comment.thread_id)
    }
}

impl Command for ReopenThread {
    const NAME: &'static str = "reopenCommentThread";
    /// The comment that begins the thread.
    type Outcome = CommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<CommentId> {
        work.actor()?;
        let sight = work.access().comment(self.comment).await?;
        if sight.comment.resolved_at.is_some() {
            work.tx.set_thread_resolved(&sight, None).await?;
            sight.record(work, Activity::CommentThreadReopened);
        }
        Ok(sight.comment.thread_id)
    }
}
