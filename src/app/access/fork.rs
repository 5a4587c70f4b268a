//! The way to forks: taking one, and bringing changes from one side to the other (conditions C19 to C22).

use super::answer::settle;
use super::beside::blame_target;
use super::{Access, ElementSight, Granted};
use crate::app::error::{AppError, Refusal, Result};
use crate::app::model::{Fork, WorkspaceSight};
use crate::domain::fork::MergeStrategy;
use crate::domain::policy::{self, Action, ElementFacts, Facts};
use crate::domain::{ElementId, Reason, Timestamp, WorkspaceId};
use std::collections::BTreeSet;

/// An element that is forked, and the workspace that the fork goes to.
#[derive(Debug, Clone)]
pub struct ForkingSight {
    /// The element.
    pub element: ElementSight,
    /// Where the fork is to live.
    pub target: WorkspaceSight,
}

/// A fork, and what it was taken from.
#[derive(Debug, Clone)]
pub(super) struct ForkSight {
    /// Where the two stand.
    pub fork: Fork,
    /// The fork.
    pub element: ElementSight,
    /// What it was taken from; none: that is gone, in the trash, or out of the reader's reach.
    pub parent: Option<ElementSight>,
}

/// A fork that the changes of its parent are brought into.
#[derive(Debug)]
pub struct PullSight {
    /// Where the two stand.
    pub fork: Fork,
    /// The fork.
    pub element: Granted<ElementSight>,
    /// What it was taken from.
    pub parent: ElementSight,
}

/// A fork whose changes are brought into its parent.
#[derive(Debug)]
pub struct MergeSight {
    /// Where the two stand.
    pub fork: Fork,
    /// The fork.
    pub element: ElementSight,
    /// What it was taken from.
    pub parent: Granted<ElementSight>,
    /// Whether the reader may open the workspace of the fork: a pull request shows what it proposes to people who may not.
    pub in_sight: bool,
}

impl MergeSight {
    /// What the strategy asks of the fork once it is merged. Answers the fork where it is to be brought up to date.
    ///
    /// # Errors
    /// The reader may not edit, or not delete it.
    pub fn becoming(&self, strategy: MergeStrategy, now: Timestamp) -> Result<Option<Granted<ElementSight>>> {
        match strategy {
            MergeStrategy::KeepFork => Ok(None),
            MergeStrategy::UpdateFork | MergeStrategy::DeleteFork if !self.in_sight => {
                let message = "The fork is not yours to change: it can only stay as it is.";
                Err(Refusal::forbidden(None, Reason::RoleRequired, message).at("strategy").into())
            }
            MergeStrategy::UpdateFork => {
                self.element.check_with(Action::PullChanges, Some(pulling(&self.element, true, now)), now)?;
                Ok(Some(Granted(self.element.clone())))
            }
            MergeStrategy::DeleteFork => self.element.check(Action::DeleteElement, now).map(|()| None),
        }
    }
}

impl Access<'_> {
    /// An element, for taking a fork of it to this workspace. Both workspaces are held still.
    ///
    /// # Errors
    /// Not found where the caller may not know of one of them; refused where they may not fork it, or not to there.
    pub async fn forking(self, id: ElementId, target: WorkspaceId) -> Result<Granted<ForkingSight>> {
        self.caller()?;
        let (element, target) = self.beside(id, Some(target)).await?;
        let about = ElementFacts {
            may_create_in_target: target.check(Action::CreateElement, self.now).is_ok(),
            target_in_same_team: target.workspace.team_id == element.element.team_id,
            target_visibility: Some(target.workspace.visibility),
            reads_parent: true,
            ..ElementFacts::default()
        };
        element.check_with(Action::ForkOut, Some(about), self.now)?;
        let facts = Facts { element: Some(about), ..target.facts(self.now) };
        settle(Action::ForkIn, policy::decide(Action::ForkIn, &target.standing, &facts), target.standing.user)
            .map_err(|refusal| blame_target(refusal.into()))?;
        Ok(Granted(ForkingSight { element, target }))
    }

    /// A fork, for bringing the changes of its parent into it. Both workspaces are held still.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where it is no fork, where they may not edit it, and where its parent is gone or out of
    /// their reach, which is told in the same words.
    pub async fn pulling(self, id: ElementId) -> Result<PullSight> {
        self.caller()?;
        let ForkSight { fork, element, parent } = self.held_pair(id).await?;
        element.check_with(Action::PullChanges, Some(pulling(&element, parent.is_some(), self.now)), self.now)?;
        let parent = parent.ok_or_else(out_of_reach)?;
        Ok(PullSight { fork, element: Granted(element), parent })
    }

    /// A fork, for bringing its changes into its parent. Both workspaces are held still.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where it is no fork, where its parent is gone or out of their reach, and where they may not
    /// edit that.
    pub async fn merging(self, id: ElementId) -> Result<MergeSight> {
        self.caller()?;
        let ForkSight { fork, element, parent } = self.held_pair(id).await?;
        let parent = parent.ok_or_else(out_of_reach)?;
        let about = ElementFacts { edits_parent: parent.check(Action::EditElement, self.now).is_ok(), ..ElementFacts::default() };
        parent.check_with(Action::MergeFork, Some(about), self.now)?;
        Ok(MergeSight { fork, element, parent: Granted(parent), in_sight: true })
    }

    /// A fork and its parent, held still.
    pub(super) async fn held_pair(self, id: ElementId) -> Result<ForkSight> {
        let homes = |sight: &ForkSight| -> BTreeSet<WorkspaceId> {
            std::iter::once(&sight.element).chain(&sight.parent).map(|element| element.workspace.workspace.id).collect()
        };
        self.held(|free| free.pair(id), homes).await
    }

    async fn pair(self, id: ElementId) -> Result<ForkSight> {
        let element = self.element(id).may(Action::ViewWorkspace).await?.into_inner();
        let not_a_fork = || Refusal::bad_input("forkId", Reason::NotAFork, "This element is not a fork.");
        let fork = self.queries.list_forks(&[id]).await?.pop().ok_or_else(not_a_fork)?;
        let parent = match fork.parent_id {
            None => None,
            Some(parent) => self.in_reach(parent).await?,
        };
        Ok(ForkSight { fork, element, parent })
    }

    /// An element, if the caller may open its workspace.
    async fn in_reach(self, id: ElementId) -> Result<Option<ElementSight>> {
        match self.element(id).may(Action::ViewWorkspace).await {
            Ok(sight) => Ok(Some(sight.into_inner())),
            Err(AppError::Refused(_)) => Ok(None),
            Err(failed) => Err(failed),
        }
    }
}

/// What is true of a fork that is pulled into (C21).
fn pulling(fork: &ElementSight, reads_parent: bool, now: Timestamp) -> ElementFacts {
    ElementFacts { edits_fork: fork.check(Action::EditElement, now).is_ok(), reads_parent, ..ElementFacts::default() }
}

/// The refusal of what needs the parent, whether that is gone or hidden.
pub(super) fn out_of_reach() -> AppError {
    let message = "What this fork was taken from is gone, or out of your reach.";
    Refusal::precondition(Reason::ParentOutOfReach, message).at("forkId").into()
}
