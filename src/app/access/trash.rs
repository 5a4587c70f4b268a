//! The way to what is in the trash.
//!
//! While the workspace is there that a collection was deleted from, the entry is part of it: whoever may not open the workspace is told that there is
//! none, and whoever may is told what they may do with it by the permission matrix. Once the workspace is gone, a [`Claim`] decides.

use super::answer::{hide, settle};
use super::{Access, Granted};
use crate::app::error::{AppError, Refusal, Result};
use crate::app::model::{TrashEntry, WorkspaceSight};
use crate::domain::policy::{self, Action, Condition, ElementFacts, Facts};
use crate::domain::trash::Claim;
use crate::domain::{Reason, Timestamp, TrashEntryId, UserId, Visibility, WorkspaceId};
use std::sync::Arc;

/// Where what is in the trash belongs, and what the reader is towards that.
#[derive(Debug, Clone)]
pub enum Home {
    /// The workspace that it was deleted from.
    Workspace(Arc<WorkspaceSight>),
    /// That is gone; what the reader is to the entry.
    Gone(Claim),
}

/// What is in the trash, and what the reader is towards it.
#[derive(Debug, Clone)]
pub struct TrashSight {
    /// The entry.
    pub entry: TrashEntry,
    /// Where it belongs.
    pub home: Home,
    reader: Option<UserId>,
}

/// What is in the trash, and the workspace that it goes to.
#[derive(Debug, Clone)]
pub struct RestoreSight {
    /// The entry.
    pub entry: TrashEntry,
    /// The workspace.
    pub target: WorkspaceSight,
}

impl TrashSight {
    /// An entry of a workspace that its reader may look into.
    #[must_use]
    pub fn of_workspace(entry: TrashEntry, workspace: Arc<WorkspaceSight>) -> Self {
        let reader = workspace.standing.user;
        Self { entry, home: Home::Workspace(workspace), reader }
    }

    /// An entry whose workspace is gone.
    #[must_use]
    pub const fn homeless(entry: TrashEntry, claim: Claim, reader: UserId) -> Self {
        Self { entry, home: Home::Gone(claim), reader: Some(reader) }
    }

    /// Whether the reader may bring it back: to its workspace or, where that is gone, to one where they may create elements.
    #[must_use]
    pub fn may_restore(&self, now: Timestamp) -> bool {
        self.check_restoring(now).is_ok()
    }

    /// Whether the reader may end its time in the trash.
    #[must_use]
    pub fn may_purge(&self, now: Timestamp) -> bool {
        self.check_purging(now).is_ok()
    }

    /// Whether the reader may know what is in the trash here.
    fn check_looking(&self, now: Timestamp) -> Result<()> {
        match &self.home {
            // Whoever does not learn what happens here, as the readers of a public workspace, has not heard of it either.
            Home::Workspace(workspace) => workspace
                .check(Action::RestoreElement, now)
                .map_err(|refused| if workspace.check(Action::ViewActivity, now).is_ok() { refused } else { hide(refused) }),
            Home::Gone(claim) if claim.knows() => Ok(()),
            Home::Gone(_) => Err(Refusal::not_found().into()),
        }
    }

    fn check_restoring(&self, now: Timestamp) -> Result<()> {
        self.check_looking(now)?;
        match &self.home {
            Home::Workspace(workspace) => self.check_in(workspace, Action::RestoreElement, true, now),
            Home::Gone(_) if self.entry.is_over(now) => Err(over().into()),
            Home::Gone(claim) => claim.restores().map_err(|reason| refused(Action::RestoreElement, reason, Condition::C28)),
        }
    }

    fn check_purging(&self, now: Timestamp) -> Result<()> {
        self.check_looking(now)?;
        match &self.home {
            Home::Workspace(workspace) => self.check_in(workspace, Action::PurgeElement, true, now),
            Home::Gone(claim) => claim.purges().map_err(|reason| refused(Action::PurgeElement, reason, Condition::C29)),
        }
    }

    /// Whether the reader may do this with the entry in that workspace. `is_theirs`: it was of that workspace, or they made it.
    fn check_in(&self, workspace: &WorkspaceSight, action: Action, is_theirs: bool, now: Timestamp) -> Result<()> {
        let about = ElementFacts {
            is_restorable: self.entry.is_restorable(now),
            deleted_by_caller: self.reader == Some(self.entry.deleted_by),
            was_theirs: is_theirs,
            ..ElementFacts::default()
        };
        let facts = Facts { element: Some(about), ..workspace.facts(now) };
        settle(action, policy::decide(action, &workspace.standing, &facts), self.reader).map_err(|refusal| {
            let is_over = refusal.reason == Reason::WrongState && self.entry.is_over(now);
            if is_over { over().into() } else { refusal.into() }
        })
    }
}

impl Access<'_> {
    /// What is in the trash, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may look into its workspace and not into the trash of that.
    pub async fn trash_entry(self, id: TrashEntryId) -> Result<Granted<TrashSight>> {
        let sight = self.look_into_trash(id).await?;
        sight.check_looking(self.now)?;
        Ok(Granted(sight))
    }

    /// The same, for ending its time there. It is held still with its workspace.
    ///
    /// # Errors
    /// As above; refused where they may not do this.
    pub async fn purging(self, id: TrashEntryId) -> Result<Granted<TrashSight>> {
        self.caller()?;
        let sight = self.look_into_trash(id).await?;
        sight.check_purging(self.now)?;
        Ok(Granted(sight))
    }

    /// The same, for bringing it back: into the workspace that it came from or, where that is gone, into the one that is named.
    ///
    /// # Errors
    /// As above; refused where its time is over, where a workspace has to be named, or where it cannot go into the named one.
    pub async fn restoring(self, id: TrashEntryId, into: Option<WorkspaceId>) -> Result<Granted<RestoreSight>> {
        self.caller()?;
        let sight = self.look_into_trash(id).await?;
        sight.check_restoring(self.now)?;
        let target = match &sight.home {
            Home::Workspace(workspace) if into.is_some_and(|into| into != workspace.workspace.id) => {
                let message = "The workspace that it came from is still there, so it goes back to that: move it afterwards.";
                return Err(Refusal::precondition(Reason::TargetNotAllowed, message).at("workspaceId").into());
            }
            Home::Workspace(workspace) => WorkspaceSight::clone(workspace),
            Home::Gone(claim) => self.new_home(&sight, *claim, into).await?,
        };
        Ok(Granted(RestoreSight { entry: sight.entry, target }))
    }

    /// The workspace that it goes to where its own is gone: as for a move, one of the same team, and never a personal one.
    async fn new_home(&self, sight: &TrashSight, claim: Claim, into: Option<WorkspaceId>) -> Result<WorkspaceSight> {
        let Some(into) = into else {
            let message = "The workspace that it came from is gone: name another one.";
            return Err(Refusal::precondition(Reason::WorkspaceRequired, message).at("workspaceId").into());
        };
        let blame = |error: AppError| match error {
            AppError::Refused(refusal) => refusal.at("workspaceId").into(),
            failed @ AppError::Failed(_) => failed,
        };
        let target = self.workspace(into).look().await.map_err(blame)?;
        sight.check_in(&target, Action::RestoreElement, claim.made_it, self.now).map_err(blame)?;
        let allowed = target.workspace.team_id == sight.entry.team_id && target.workspace.visibility != Visibility::Personal;
        if !allowed {
            let message = "It goes into a workspace of the same team, and never into a personal one.";
            return Err(Refusal::forbidden(Some(Action::RestoreElement), Reason::TargetNotAllowed, message).at("workspaceId").into());
        }
        Ok(target)
    }

    async fn look_into_trash(&self, id: TrashEntryId) -> Result<TrashSight> {
        let find = async || Result::<_>::Ok(self.queries.find_trash_entry(id).await?.ok_or_else(Refusal::not_found)?);
        let entry = find().await?;
        let is_there = async || Result::<_>::Ok(self.queries.find_workspace(self.caller, entry.workspace_id, self.now).await?.is_some());
        if is_there().await? {
            match self.workspace(entry.workspace_id).look().await {
                // Again, now that it is held still: somebody may have been first.
                Ok(workspace) => return Ok(TrashSight::of_workspace(find().await?, Arc::new(workspace))),
                Err(hidden) if is_there().await? => return Err(hidden),
                // It has just been deleted.
                Err(_) => {}
            }
        }
        let reader = self.caller.ok_or_else(Refusal::not_found)?;
        let team = self.team(entry.team_id).held().await?;
        let claim = entry.claim(reader, team.roles);
        Ok(TrashSight::homeless(find().await?, claim, reader))
    }
}

fn over() -> Refusal {
    Refusal::precondition(Reason::Expired, "Its time in the trash is over.")
}

fn refused(action: Action, reason: Reason, rule: Condition) -> AppError {
    Refusal::forbidden(Some(action), reason, format!("You cannot do this. {}", rule.rule())).into()
}
