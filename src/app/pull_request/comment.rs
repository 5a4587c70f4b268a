//! What people say about pull requests.

use super::news;
use crate::app::element::organization_of;
use crate::app::error::Result;
use crate::app::model::PullRequestComment;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::text::CommentBody;
use crate::domain::{PullRequestCommentId, PullRequestId};
use serde::Serialize;

/// Comments on a pull request, decided or not. Author and reviewers are told of it.
#[derive(Debug, Clone, Serialize)]
pub struct AddPullRequestComment {
    /// The pull request.
    pub pull_request: PullRequestId,
    /// What is said.
    pub body: CommentBody,
}

/// Changes what a comment of one's own says.
#[derive(Debug, Clone, Serialize)]
pub struct EditPullRequestComment {
    /// Which.
    pub comment: PullRequestCommentId,
    /// What it says from now on.
    pub body: CommentBody,
}

/// Deletes a comment: one's own, or anybody's by who may moderate.
#[derive(Debug, Clone, Serialize)]
pub struct DeletePullRequestComment {
    /// Which.
    pub comment: PullRequestCommentId,
}

impl Command for AddPullRequestComment {
    const NAME: &'static str = "addPullRequestComment";
    type Outcome = PullRequestCommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestCommentId> {
        let author_id = work.actor()?.id();
        let sight = work.access().commenting(self.pull_request).await?;
        let comment = PullRequestComment {
            id: work.new_id()?,
            pull_request_id: self.pull_request,
            author_id,
            organization_id: organization_of(&sight.parent.workspace),
            body: self.body.to_string(),
            created_at: work.now(),
            edited_at: None,
        };
        work.tx.insert_pull_request_comment(&sight, &comment).await?;
        let audience = comment.audience(&sight.request);
        news::record_at_parent(work, &sight.parent, &sight.request, audience, Activity::PullRequestCommentAdded);
        news::tell_of_comment(work, &sight, audience).await?;
        Ok(comment.id)
    }
}

impl Command for EditPullRequestComment {
    const NAME: &'static str = "editPullRequestComment";
    type Outcome = PullRequestCommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestCommentId> {
        work.actor()?;
        let sight = work.access().own_pull_request_comment(self.comment).await?;
        if sight.comment.body != self.body.as_str() {
            work.tx.set_pull_request_comment_body(&sight, self.body.as_str(), work.now()).await?;
            let audience = sight.comment.audience(&sight.on.request);
            news::record_at_parent(work, &sight.on.parent, &sight.on.request, audience, Activity::PullRequestCommentEdited);
        }
        Ok(self.comment)
    }
}

impl Command for DeletePullRequestComment {
    const NAME: &'static str = "deletePullRequestComment";
    type Outcome = PullRequestCommentId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestCommentId> {
        work.actor()?;
        let sight = work.access().pull_request_comment_to_delete(self.comment).await?;
        work.tx.delete_pull_request_comment(&sight).await?;
        let audience = sight.comment.audience(&sight.on.request);
        news::record_at_parent(work, &sight.on.parent, &sight.on.request, audience, Activity::PullRequestCommentDeleted);
        Ok(self.comment)
    }
}
