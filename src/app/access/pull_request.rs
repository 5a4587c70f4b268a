//! The way to pull requests (conditions C22 to C24). They live where the parent is: whoever may open that reads them.

use super::answer::hide;
use super::fork::{ForkSight, out_of_reach};
use super::{Access, ElementSight, Granted, MergeSight};
use crate::app::error::{Refusal, Result};
use crate::app::model::{PullRequest, PullRequestComment, Reviewer};
use crate::domain::policy::{Action, ElementFacts};
use crate::domain::pull_request::PullRequestStatus;
use crate::domain::{ElementId, PullRequestCommentId, PullRequestId, Reason, Timestamp, WorkspaceId};
use serde_json::json;
use std::collections::BTreeSet;

/// A fork whose changes are to be proposed to its parent.
#[derive(Debug, Clone)]
pub struct ProposalSight {
    /// The fork.
    pub fork: ElementSight,
    /// What it was taken from.
    pub parent: ElementSight,
}

/// A pull request, and what it is proposed to.
#[derive(Debug, Clone)]
pub struct PullRequestSight {
    /// The pull request.
    pub request: PullRequest,
    /// What the changes are proposed to.
    pub parent: ElementSight,
    /// What the reader was asked to say of it, or has said; none: they are no reviewer.
    pub review: Option<Reviewer>,
}

/// The fork of a pull request. Whoever reads the pull request may read what it proposes, and yet not know where the fork lives.
#[derive(Debug, Clone)]
pub struct ForkSide {
    /// The fork.
    pub element: ElementSight,
    /// Whether the reader may open its workspace.
    pub in_sight: bool,
}

/// A pull request that is to be merged.
#[derive(Debug)]
pub struct PullRequestMergeSight {
    /// The pull request.
    pub pull_request: Granted<PullRequestSight>,
    /// Both sides.
    pub merge: MergeSight,
}

/// A comment on a pull request.
#[derive(Debug, Clone)]
pub struct PullRequestCommentSight {
    /// The comment.
    pub comment: PullRequestComment,
    /// The pull request.
    pub on: PullRequestSight,
}

impl PullRequestSight {
    /// Whether the reader is an Editor of the parent.
    #[must_use]
    pub fn edits_parent(&self, now: Timestamp) -> bool {
        self.parent.check(Action::EditElement, now).is_ok()
    }

    /// Whether the reader opened it.
    #[must_use]
    pub fn is_author(&self) -> bool {
        self.parent.workspace.standing.user == Some(self.request.author_id)
    }

    /// What is true of it, for the matrix.
    #[must_use]
    pub fn facts(&self, now: Timestamp) -> ElementFacts {
        ElementFacts {
            edits_parent: self.edits_parent(now),
            is_reviewer: self.review.is_some(),
            is_author: self.is_author(),
            is_approved: self.request.status == PullRequestStatus::Approved,
            ..ElementFacts::default()
        }
    }

    /// Which of the things that are done to pull requests the reader may do to this one now.
    #[must_use]
    pub fn viewer_can(&self, now: Timestamp) -> Vec<Action> {
        let is_open = !self.request.status.is_final();
        let may = |action| self.parent.check_with(action, Some(self.facts(now)), now).is_ok();
        let possible = [
            (Action::OpenPullRequest, is_open && self.is_author()),
            (Action::ReviewPullRequest, is_open),
            (Action::MergePullRequest, is_open && self.request.fork_version.is_some()),
            (Action::Comment, true),
        ];
        possible.into_iter().filter(|(action, now_possible)| *now_possible && may(*action)).map(|(action, _)| action).collect()
    }

    /// Refuses one that is decided, and names the decision.
    fn expect_undecided(&self) -> Result<()> {
        let status = self.request.status;
        if !status.is_final() {
            return Ok(());
        }
        let message = format!("This pull request is {} already.", status.to_string().to_lowercase());
        Err(Refusal::conflict(Reason::AlreadyDecided, message).with_details(json!({ "status": status })).into())
    }
}

impl Access<'_> {
    /// A fork, for proposing its changes to its parent. Both workspaces are held still.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where it is no fork, where they may not edit it, and where its parent is gone or out of
    /// their reach.
    pub async fn proposing(self, fork: ElementId) -> Result<Granted<ProposalSight>> {
        self.caller()?;
        let ForkSight { element: fork, parent, .. } = self.held_pair(fork).await?;
        fork.check(Action::EditElement, self.now)?;
        let parent = parent.ok_or_else(out_of_reach)?;
        parent.check(Action::OpenPullRequest, self.now)?;
        Ok(Granted(ProposalSight { fork, parent }))
    }

    /// A pull request, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn pull_request(self, id: PullRequestId) -> Result<Granted<PullRequestSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_pull_request(id).await?.ok_or_else(Refusal::not_found)?);
        let mut request = find().await?;
        let parent = self.element(request.parent_id).may(Action::ViewWorkspace).await.map_err(hide)?.into_inner();
        if self.locks.is_some() {
            // Again, now that it is held still.
            request = find().await?;
        }
        if !request.is_shown_to(parent.workspace.only_organization(self.now)) {
            return Err(Refusal::not_found().into());
        }
        let reviewers = self.queries.list_reviewers(&[id]).await?;
        let review = reviewers.into_iter().find(|reviewer| Some(reviewer.user_id) == self.caller);
        Ok(Granted(PullRequestSight { request, parent, review }))
    }

    /// A pull request of the caller's own that is not decided, for changing it or taking it back.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where somebody else opened it, and where it is decided.
    pub async fn own_pull_request(self, id: PullRequestId, action: Action) -> Result<Granted<PullRequestSight>> {
        self.caller()?;
        let sight = self.pull_request(id).await?;
        if !sight.is_author() {
            let message = "Somebody else opened this pull request: only its author changes it, or takes it back.";
            return Err(Refusal::forbidden(Some(action), Reason::NotYours, message).into());
        }
        sight.parent.check_with(action, Some(sight.facts(self.now)), self.now)?;
        sight.expect_undecided()?;
        Ok(sight)
    }

    /// A pull request that is not decided, for saying yes or no to it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they are neither a reviewer nor an Editor of the parent, where it is their own, and
    /// where it is decided.
    pub async fn reviewing(self, id: PullRequestId) -> Result<Granted<PullRequestSight>> {
        self.caller()?;
        let sight = self.pull_request(id).await?;
        sight.parent.check_with(Action::ReviewPullRequest, Some(sight.facts(self.now)), self.now)?;
        if sight.is_author() {
            let message = "Nobody reviews their own pull request: its author may withdraw it.";
            return Err(Refusal::forbidden(Some(Action::ReviewPullRequest), Reason::TargetNotAllowed, message).into());
        }
        sight.expect_undecided()?;
        Ok(sight)
    }

    /// A pull request that is not decided, for merging it; or, without an approval, for seeing what that would do. The workspace of the parent is held
    /// still, and that of the fork where the caller may open it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they are no Editor of the parent, where it is decided or not approved, and where the
    /// fork is gone.
    pub async fn merging_pull_request(self, id: PullRequestId, is_trial: bool) -> Result<PullRequestMergeSight> {
        self.caller()?;
        let (sight, fork) = self.held_sides(id).await?;
        let facts = sight.facts(self.now);
        // Whether it can be merged at all is told to whoever may merge; that it was decided goes before whether it is approved.
        let about = ElementFacts { is_approved: facts.is_approved || is_trial || sight.request.status.is_final(), ..facts };
        sight.parent.check_with(Action::MergePullRequest, Some(about), self.now)?;
        sight.expect_undecided()?;
        let ForkSide { element, in_sight } = fork.ok_or_else(fork_gone)?;
        let base = self.queries.list_forks(&[element.element.id]).await?.pop().ok_or_else(fork_gone)?;
        let merge = MergeSight { fork: base, element, parent: Granted(sight.parent.clone()), in_sight };
        Ok(PullRequestMergeSight { pull_request: sight, merge })
    }

    /// The fork of a pull request that the caller reads. None: it is gone, or in the trash.
    ///
    /// # Errors
    /// Something broke.
    pub async fn fork_side(self, of: &PullRequest) -> Result<Option<ForkSide>> {
        let Some(fork) = of.fork_id else { return Ok(None) };
        let Some(row) = self.queries.find_element(self.caller, fork).await? else { return Ok(None) };
        let Some(home) = row.element.workspace_id else { return Ok(None) };
        let Some(workspace) = self.queries.find_workspace(self.caller, home, self.now).await? else { return Ok(None) };
        let element = ElementSight::of(row, workspace);
        let in_sight = element.check(Action::ViewWorkspace, self.now).is_ok();
        Ok(Some(ForkSide { element, in_sight }))
    }

    /// A pull request and its fork, held still.
    async fn held_sides(self, id: PullRequestId) -> Result<(Granted<PullRequestSight>, Option<ForkSide>)> {
        let look = |free: Self| async move {
            let sight = free.pull_request(id).await?;
            let fork = free.fork_side(&sight.request).await?;
            Ok((sight, fork))
        };
        // A workspace that the caller may not open is not waited for: nothing is done to the fork there.
        let homes = |(sight, fork): &(Granted<PullRequestSight>, Option<ForkSide>)| -> BTreeSet<WorkspaceId> {
            let fork = fork.as_ref().filter(|fork| fork.in_sight).map(|fork| &fork.element);
            std::iter::once(&sight.parent).chain(fork).map(|element| element.workspace.workspace.id).collect()
        };
        self.held(look, homes).await
    }

    /// A pull request, for commenting on it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not comment.
    pub async fn commenting(self, id: PullRequestId) -> Result<Granted<PullRequestSight>> {
        let sight = self.pull_request(id).await?;
        sight.parent.check(Action::Comment, self.now)?;
        Ok(sight)
    }

    /// A comment on a pull request, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn pull_request_comment(self, id: PullRequestCommentId) -> Result<Granted<PullRequestCommentSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_pull_request_comment(id).await?.ok_or_else(Refusal::not_found)?);
        let mut comment = find().await?;
        let on = self.commenting(comment.pull_request_id).await.map_err(hide)?.into_inner();
        if self.locks.is_some() {
            comment = find().await?;
        }
        if !comment.is_shown_to(on.parent.workspace.only_organization(self.now)) {
            return Err(Refusal::not_found().into());
        }
        Ok(Granted(PullRequestCommentSight { comment, on }))
    }

    /// A comment of the caller's own, for changing it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where somebody else wrote it.
    pub async fn own_pull_request_comment(self, id: PullRequestCommentId) -> Result<Granted<PullRequestCommentSight>> {
        let sight = self.pull_request_comment(id).await?;
        if self.caller != Some(sight.comment.author_id) {
            let message = "Somebody else wrote this: people change only what they wrote themselves.";
            return Err(Refusal::forbidden(Some(Action::Comment), Reason::NotYours, message).into());
        }
        Ok(sight)
    }

    /// A comment, for deleting it: one's own, or anybody's for who may moderate.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where they may not delete it.
    pub async fn pull_request_comment_to_delete(self, id: PullRequestCommentId) -> Result<Granted<PullRequestCommentSight>> {
        let sight = self.pull_request_comment(id).await?;
        if self.caller != Some(sight.comment.author_id) {
            sight.on.parent.check(Action::ModerateComment, self.now)?;
        }
        Ok(sight)
    }
}

/// The refusal of what needs the fork.
pub(in crate::app) fn fork_gone() -> Refusal {
    Refusal::precondition(Reason::ForkGone, "The fork is gone, or in the trash.")
}
