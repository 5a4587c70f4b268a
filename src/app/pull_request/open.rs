//! The changes of a fork are proposed to its parent.

use super::{news, reviewers};
use crate::app::access::{ForkSide, ProposalSight};
use crate::app::element::organization_of;
use crate::app::error::{Refusal, Result};
use crate::app::model::PullRequest;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::pull_request::PullRequestStatus;
use crate::domain::text::{Description, Name};
use crate::domain::{ElementId, PullRequestId, Reason, UserId};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;

/// Proposes the changes of a fork to its parent. A fork has one open pull request at most.
#[derive(Debug, Clone, Serialize)]
pub struct CreatePullRequest {
    /// The fork.
    pub fork: ElementId,
    /// What it is called.
    pub title: Name,
    /// What it is about.
    pub description: Description,
    /// Who is asked to review it.
    pub reviewers: BTreeSet<UserId>,
}

impl Command for CreatePullRequest {
    const NAME: &'static str = "createPullRequest";
    type Outcome = PullRequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<PullRequestId> {
        let (author, now) = (work.actor()?.id(), work.now());
        reviewers::check(&self.reviewers, author)?;
        let sight = work.access().proposing(self.fork).await?;
        if let Some(open) = work.tx.find_open_pull_request(self.fork).await? {
            return Err(already_open(&open, &sight, work).into());
        }
        let ProposalSight { fork, parent } = &*sight;
        let request = PullRequest {
            id: work.new_id()?,
            team_id: parent.element.team_id,
            parent_id: parent.element.id,
            fork_id: Some(self.fork),
            opened_version: fork.element.version,
            fork_version: Some(fork.element.version),
            title: self.title.to_string(),
            description: self.description.as_str().to_owned(),
            status: PullRequestStatus::Open,
            author_id: author,
            organization_id: organization_of(&parent.workspace),
            created_at: now,
            updated_at: now,
            decided_at: None,
            decided_by: None,
            merged_version: None,
            version: 1,
        };
        let asked: Vec<UserId> = self.reviewers.iter().copied().collect();
        let told = reviewers::ask(work, author, parent, request.organization_id, &asked).await?;
        work.tx.insert_pull_request(&sight, &request, &asked).await?;
        let side = ForkSide { element: fork.clone(), in_sight: true };
        news::record_at_both(work, parent, &request, Some(&side), Activity::PullRequestOpened);
        news::ask(work, &request, parent, told);
        Ok(request.id)
    }
}

/// The refusal of a second one. It names the first to whoever may know of it.
fn already_open(open: &PullRequest, sight: &ProposalSight, work: &Work<'_>) -> Refusal {
    let refusal = Refusal::conflict(Reason::RequestPending, "This fork has an open pull request already.").at("forkId");
    if open.is_shown_to(sight.parent.workspace.only_organization(work.now())) {
        return refusal.with_details(json!({ "pullRequestId": open.id.to_string() }));
    }
    refusal
}
