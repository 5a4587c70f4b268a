//! Somebody changes what they wrote.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::CommentId;
use crate::domain::activity::Activity;
use crate::domain::text::CommentBody;
use serde::Serialize;

/// Changes what a comment of one's own says. Whom it mentions stays as it was.
#[derive(Debug, Clone, Serialize)]
pub struct EditComment {
    /// Which.
    pub comment: CommentId,
    /// What it says from now on.
    pub body: CommentBody,
}

impl Command for EditComment {
    const NAME: &'static str = "editComment";
    type Outcome = CommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<CommentId> {
        work.actor()?;
        let sight = work.access().own_comment(self.comment).await?;
        if sight.comment.body != self.body.as_str() {
            work.tx.set_comment_body(&sight, self.body.as_str(), work.now()).await?;
            sight.record(work, Activity::CommentEdited);
        }
        Ok(self.comment)
    }
}
