//! A pull request is approved, declined, or taken back.

use super::news::{self, Told};
use crate::app::access::{Granted, PullRequestSight, fork_gone};
use crate::app::element::organization_of;
use crate::app::error::{Refusal, Result};
use crate::app::model::{self, Ending, PullRequestComment};
use crate::app::{App, Command, Work};
use crate::domain::PullRequestId;
use crate::domain::activity::Activity;
use crate::domain::notification::NotificationKind;
use crate::domain::policy::Action;
use crate::domain::pull_request::{PullRequestStatus, ReviewState};
use crate::domain::text::Note;
use serde::Serialize;

/// What is reviewed, and what the reviewer adds.
#[derive(Debug, Clone, Serialize)]
pub struct Review {
    /// Which pull request.
    pub pull_request: PullRequestId,
    /// What the reviewer adds: it becomes a comment.
    pub comment: Option<Note>,
}

/// Approves what a pull request proposes, as the fork is now. It counts towards merging if an Editor of the parent says it.
#[derive(Debug, Clone, Serialize)]
pub struct ApprovePullRequest {
    /// What is approved.
    pub review: Review,
    /// The version of the fork that the reviewer has read.
    pub fork_version: Option<i32>,
}

/// Declines a pull request, for good.
#[derive(Debug, Clone, Serialize)]
pub struct DeclinePullRequest(pub Review);

/// Takes a pull request of one's own back, for good.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawPullRequest {
    /// Which.
    pub pull_request: PullRequestId,
}

impl Command for ApprovePullRequest {
    const NAME: &'static str = "approvePullRequest";
    type Outcome = PullRequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestId> {
        let sight = work.access().reviewing(self.review.pull_request).await?;
        let fork_version = sight.request.fork_version.ok_or_else(fork_gone)?;
        self.check_version(fork_version)?;
        let counts = sight.edits_parent(work.now());
        let remark = self.review.say(work, &sight).await?;
        let is_said = |review: &model::Reviewer| review.state == ReviewState::Approved && review.counts == counts;
        if sight.review.as_ref().is_some_and(is_said) {
            return Ok(sight.request.id);
        }
        keep(work, &sight, ReviewState::Approved).await?;
        let fork = work.access().fork_side(&sight.request).await?;
        news::record_at_both(work, &sight.parent, &sight.request, fork.as_ref(), Activity::PullRequestApproved);
        news::tell_all(work, &sight, Told { kind: NotificationKind::PullRequestDecided, what: "was approved", remark }).await?;
        Ok(sight.request.id)
    }
}

impl ApprovePullRequest {
    fn check_version(&self, current: i32) -> Result<()> {
        if self.fork_version.is_none_or(|read| read == current) {
            return Ok(());
        }
        Err(Refusal::stale("forkVersion", "fork", current).into())
    }
}

impl Command for DeclinePullRequest {
    const NAME: &'static str = "declinePullRequest";
    type Outcome = PullRequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestId> {
        let sight = work.access().reviewing(self.0.pull_request).await?;
        let remark = self.0.say(work, &sight).await?;
        keep(work, &sight, ReviewState::Declined).await?;
        end(work, &sight, PullRequestStatus::Declined, Activity::PullRequestDeclined).await?;
        news::tell_all(work, &sight, Told { kind: NotificationKind::PullRequestDecided, what: "was declined", remark }).await?;
        Ok(sight.request.id)
    }
}

impl Command for WithdrawPullRequest {
    const NAME: &'static str = "withdrawPullRequest";
    type Outcome = PullRequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestId> {
        let sight = work.access().own_pull_request(self.pull_request, Action::ReviewPullRequest).await?;
        end(work, &sight, PullRequestStatus::Withdrawn, Activity::PullRequestWithdrawn).await?;
        Ok(sight.request.id)
    }
}

impl Review {
    /// Keeps what the reviewer adds as a comment, and answers it. In multi-partner mode a partner's words reach partners of their own organization only,
    /// so they go along with no notice then.
    async fn say(&self, work: &mut Work<'_>, sight: &Granted<PullRequestSight>) -> Result<Option<String>> {
        let Some(words) = self.comment.as_ref().map(Note::as_str).filter(|words| !words.is_empty()) else { return Ok(None) };
        let organization_id = organization_of(&sight.parent.workspace);
        let comment = PullRequestComment {
            id: work.new_id()?,
            pull_request_id: sight.request.id,
            author_id: work.actor()?.id(),
            organization_id,
            body: words.to_owned(),
            created_at: work.now(),
            edited_at: None,
        };
        work.tx.insert_pull_request_comment(sight, &comment).await?;
        let is_for_all = organization_id.is_none() || !sight.parent.workspace.workspace.multi_partner;
        Ok(is_for_all.then(|| words.to_owned()))
    }
}

/// Keeps what whoever acts says of the fork as it is now.
async fn keep(work: &Work<'_>, sight: &Granted<PullRequestSight>, state: ReviewState) -> Result<()> {
    let review = model::Review {
        reviewer: work.actor()?.id(),
        state,
        fork_version: sight.request.fork_version,
        counts: sight.edits_parent(work.now()),
        at: work.now(),
    };
    Ok(work.tx.set_review(sight, &review).await?)
}

/// Brings a pull request to an end that leaves both sides as they are.
async fn end(work: &mut Work<'_>, sight: &Granted<PullRequestSight>, status: PullRequestStatus, kind: news::Kind) -> Result<()> {
    let ending = Ending { status, by: work.actor()?.id(), at: work.now(), merged_version: None };
    work.tx.set_pull_request_ending(sight, &ending).await?;
    let fork = work.access().fork_side(&sight.request).await?;
    news::record_at_both(work, &sight.parent, &sight.request, fork.as_ref(), kind);
    Ok(())
}
