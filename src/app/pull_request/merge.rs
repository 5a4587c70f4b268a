//! The changes that a pull request proposes are brought into the parent.

use super::news::{self, Told};
use crate::app::access::{ForkSide, PullRequestMergeSight};
use crate::app::error::Result;
use crate::app::fork::{MergeFork, MergeOutcome, Resolutions};
use crate::app::model::Ending;
use crate::app::{App, Command, Work};
use crate::domain::PullRequestId;
use crate::domain::activity::Activity;
use crate::domain::fork::MergeStrategy;
use crate::domain::notification::NotificationKind;
use crate::domain::pull_request::PullRequestStatus;
use serde::{Deserialize, Serialize};

/// Merges a pull request. It stays as it is while conflicts are left.
#[derive(Debug, Clone, Serialize)]
pub struct MergePullRequest {
    /// Which.
    pub pull_request: PullRequestId,
    /// What becomes of the fork.
    pub strategy: MergeStrategy,
    /// How conflicts are resolved.
    pub resolutions: Resolutions,
    /// Only to know what would happen: that needs no approval.
    pub dry_run: bool,
}

/// What came of merging a pull request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PullRequestMerge {
    /// The pull request.
    pub pull_request: PullRequestId,
    /// What happened to the parent.
    pub outcome: MergeOutcome,
}

impl Command for MergePullRequest {
    const NAME: &'static str = "mergePullRequest";
    type Outcome = PullRequestMerge;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<PullRequestMerge> {
        let sight = work.access().merging_pull_request(self.pull_request, self.dry_run).await?;
        let PullRequestMergeSight { pull_request, merge } = sight;
        let fork = ForkSide { element: merge.element.clone(), in_sight: merge.in_sight };
        let Self { strategy, resolutions, dry_run, .. } = self.clone();
        let outcome = MergeFork { fork: fork.element.element.id, strategy, resolutions, dry_run }.merge(work, app, merge).await?;
        if outcome.applied {
            let actor = work.actor()?.id();
            let ending = Ending { status: PullRequestStatus::Merged, by: actor, at: work.now(), merged_version: Some(outcome.version) };
            work.tx.set_pull_request_ending(&pull_request, &ending).await?;
            news::record_at_both(work, &pull_request.parent, &pull_request.request, Some(&fork), Activity::PullRequestMerged);
            let told = Told { kind: NotificationKind::PullRequestMerged, what: "was merged", remark: None };
            news::tell_all(work, &pull_request, told).await?;
        }
        Ok(PullRequestMerge { pull_request: self.pull_request, outcome })
    }
}
