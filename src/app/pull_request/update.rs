//! The author of a pull request changes it.

use super::{news, reviewers};
use crate::app::access::PullRequestSight;
use crate::app::error::{Refusal, Result};
use crate::app::model::{PullRequest, Reviewer};
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::policy::Action;
use crate::domain::pull_request::ReviewState;
use crate::domain::text::{Description, Name};
use crate::domain::{PullRequestId, UserId};
use serde::Serialize;
use std::collections::BTreeSet;

/// Changes title, description and reviewers of a pull request of one's own. Whoever has reviewed it stays among the reviewers.
#[derive(Debug, Clone, Serialize)]
pub struct UpdatePullRequest {
    /// Which.
    pub pull_request: PullRequestId,
    /// The new title.
    pub title: Option<Name>,
    /// The new description.
    pub description: Option<Description>,
    /// Who is asked to review it from now on.
    pub reviewers: Option<BTreeSet<UserId>>,
    /// The version that the change was made against.
    pub expected_version: Option<i32>,
}

impl Command for UpdatePullRequest {
    const NAME: &'static str = "updatePullRequest";
    type Outcome = PullRequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestId> {
        let author = work.actor()?.id();
        let sight = work.access().own_pull_request(self.pull_request, Action::OpenPullRequest).await?;
        self.check_version(&sight)?;
        let (asked, released) = self.changed_reviewers(work, author).await?;
        let told = reviewers::ask(work, author, &sight.parent, sight.request.organization_id, &asked).await?;
        let before = &sight.request;
        let request = PullRequest {
            title: self.title.as_ref().map_or_else(|| before.title.clone(), Name::to_string),
            description: self.description.as_ref().map_or(before.description.as_str(), Description::as_str).to_owned(),
            ..before.clone()
        };
        if *before == request && asked.is_empty() && released.is_empty() {
            return Ok(self.pull_request);
        }
        work.tx.set_pull_request_text(&sight, &request.title, &request.description, work.now()).await?;
        work.tx.set_reviewers(&sight, &asked, &released).await?;
        news::record_at_parent(work, &sight.parent, &request, request.organization_id, Activity::PullRequestUpdated);
        news::ask(work, &request, &sight.parent, told);
        Ok(self.pull_request)
    }
}

impl UpdatePullRequest {
    fn check_version(&self, sight: &PullRequestSight) -> Result<()> {
        let current = sight.request.version;
        if self.expected_version.is_none_or(|expected| expected == current) {
            return Ok(());
        }
        Err(Refusal::stale("expectedVersion", "pull request", current).into())
    }

    /// Who is asked now and was not before, and who is not asked any more.
    async fn changed_reviewers(&self, work: &Work<'_>, author: UserId) -> Result<(Vec<UserId>, Vec<UserId>)> {
        let Some(wanted) = &self.reviewers else { return Ok((Vec::new(), Vec::new())) };
        reviewers::check(wanted, author)?;
        let before = work.tx.list_reviewers(&[self.pull_request]).await?;
        let is_released = |reviewer: &&Reviewer| reviewer.state == ReviewState::Pending && !wanted.contains(&reviewer.user_id);
        let released = before.iter().filter(is_released).map(|reviewer| reviewer.user_id).collect();
        let known: BTreeSet<UserId> = before.iter().map(|reviewer| reviewer.user_id).collect();
        Ok((wanted.difference(&known).copied().collect(), released))
    }
}
