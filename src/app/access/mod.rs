//! The only way to a row: name what you want to do with it.
//!
//! ```text
//! let workspace = access.workspace(id).may(Action::EditDetails).await?;
//! ```
//!
//! answers a [`Granted`] row, or refuses: [`Code::NotFound`](crate::domain::Code::NotFound) where the caller may not
//! know of it, [`Code::Forbidden`](crate::domain::Code::Forbidden) where they see it and may not. Writes of the store
//! take the granted row, so forgetting the check does not compile.

mod answer;
mod audit;
mod beside;
mod comment;
mod element;
mod element_grant;
mod fork;
mod invitation;
mod mail;
mod member;
mod moving;
mod partnership;
mod pull_request;
mod sight;
mod trash;

pub use answer::already_decided;
pub use audit::AuditLog;
pub use beside::{BindingSight, RelatedItemSight};
pub use comment::CommentSight;
pub use element::ElementSight;
pub use element_grant::ElementGrantSight;
pub use fork::{ForkingSight, MergeSight, PullSight};
pub use invitation::InvitationSight;
pub use mail::UndeliveredMails;
pub use member::{Manage, MemberSight};
pub use moving::MoveSight;
pub use partnership::PartnerSight;
pub(in crate::app) use pull_request::fork_gone;
pub use pull_request::{ForkSide, ProposalSight, PullRequestCommentSight, PullRequestMergeSight, PullRequestSight};
pub use sight::FORMER_PARTNER_TERM;
pub use trash::{Home, RestoreSight, TrashSight};

use crate::app::error::{Refusal, Result};
use crate::app::model::{ActivityEntry, Request, TeamSight, WorkspaceSight};
use crate::app::ports::{Queries, StoreError, Tx};
use crate::domain::policy::team::TeamAction;
use crate::domain::policy::{self, Action, Decision, Facts, RequestFacts, Subject};
use crate::domain::{ActivityId, Reason, RequestId, TeamId, Timestamp, UserId, WorkspaceId};
use answer::{hide, settle};
use std::collections::BTreeSet;
use std::ops::Deref;

/// A row that somebody may do something with. Made in this module only.
#[derive(Debug, Clone)]
pub struct Granted<T>(T);

impl<T> Granted<T> {
    /// The row.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Granted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A request, and what the reader is in its team.
#[derive(Debug, Clone)]
pub struct RequestSight {
    /// The request.
    pub request: Request,
    /// The team.
    pub team: TeamSight,
}

/// Access as one caller, at one moment.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    queries: &'a dyn Queries,
    /// Set inside a transaction: what is granted is held still until the end of it.
    locks: Option<&'a dyn Tx>,
    caller: Option<UserId>,
    now: Timestamp,
}

impl<'a> Access<'a> {
    /// Access for reading.
    #[must_use]
    pub const fn reading(queries: &'a dyn Queries, caller: Option<UserId>, now: Timestamp) -> Self {
        Self { queries, locks: None, caller, now }
    }

    /// Access for writing: rows are locked before they are judged.
    #[must_use]
    pub fn writing(tx: &'a dyn Tx, caller: Option<UserId>, now: Timestamp) -> Self {
        Self { queries: tx.queries(), locks: Some(tx), caller, now }
    }

    /// The caller.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn caller(&self) -> Result<UserId> {
        self.caller.ok_or_else(|| Refusal::unauthenticated().into())
    }

    /// What `look` finds, with the workspaces that `homes` names held still inside a transaction. Only who may see them may wait for them, so `look`
    /// has to have asked that, and holds nothing itself.
    async fn held<T, F: Future<Output = Result<T>>>(
        self,
        look: impl Fn(Self) -> F,
        homes: impl Fn(&T) -> BTreeSet<WorkspaceId>,
    ) -> Result<T> {
        let free = Self { locks: None, ..self };
        let found = look(free).await?;
        let Some(tx) = self.locks else { return Ok(found) };
        let held = homes(&found);
        let mut has_waited = false;
        // In the order of their ids, so that two who hold several never hold what the other waits for.
        for home in &held {
            has_waited |= tx.lock_workspace(*home).await?;
        }
        if !has_waited {
            return Ok(found);
        }
        // Again, now that all is held still.
        let found = look(free).await?;
        if !homes(&found).is_subset(&held) {
            return Err(StoreError::Contention("something was moved while it was waited for".into()).into());
        }
        Ok(found)
    }

    /// The way to a workspace.
    pub const fn workspace(self, id: WorkspaceId) -> WorkspaceAccess<'a> {
        WorkspaceAccess { access: self, id, subject: None, ignores_partners: false }
    }

    /// The way to a team.
    pub const fn team(self, id: TeamId) -> TeamAccess<'a> {
        TeamAccess { access: self, id }
    }

    /// An entry of a workspace's activity, for looking at it.
    ///
    /// # Errors
    /// Not found where the caller may not know of it.
    pub async fn activity(self, id: ActivityId) -> Result<ActivityEntry> {
        let entry = self.queries.find_activity(id).await?.ok_or_else(Refusal::not_found)?;
        let workspace = self.workspace(entry.workspace_id).may(Action::ViewActivity).await.map_err(hide)?;
        if workspace.activity_in_sight(self.now).show(&entry) { Ok(entry) } else { Err(Refusal::not_found().into()) }
    }

    /// A request, for looking at it, deciding it or taking it back.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not, or where it is decided already.
    pub async fn request(self, id: RequestId, action: Action) -> Result<Granted<RequestSight>> {
        let find = async || Result::<_>::Ok(self.queries.find_request(id).await?.ok_or_else(Refusal::not_found)?);
        let mut request = find().await?;
        let team = self.team(request.team_id).visible().await?.into_inner();
        if let Some(tx) = self.locks {
            tx.lock_workspace(request.workspace_id).await?;
            request = find().await?;
        }
        let workspace = self.queries.find_workspace(self.caller, request.workspace_id, self.now).await?;
        let standing = workspace.map_or_else(|| team.standing(self.caller), |sight| sight.standing);
        let facts = Facts {
            request: Some(RequestFacts { kind: request.kind, status: request.status, is_own: self.caller == Some(request.requester_id) }),
            ..team.facts()
        };
        match settle(action, policy::decide(action, &standing, &facts), self.caller) {
            Ok(()) => Ok(Granted(RequestSight { request, team })),
            Err(mut refusal) => {
                if refusal.reason == Reason::AlreadyDecided {
                    refusal = already_decided(&request);
                }
                Err(refusal.into())
            }
        }
    }

    /// The workspace of a request that the caller decides: they change it without being able to open it.
    ///
    /// # Errors
    /// The workspace is gone.
    pub async fn workspace_of(self, request: &Granted<RequestSight>) -> Result<Granted<WorkspaceSight>> {
        let found = self.queries.find_workspace(self.caller, request.request.workspace_id, self.now).await?;
        Ok(Granted(found.ok_or_else(Refusal::not_found)?))
    }
}

/// The way to a workspace; ends in [`may`](Self::may).
#[derive(Clone, Copy)]
#[must_use]
pub struct WorkspaceAccess<'a> {
    access: Access<'a>,
    id: WorkspaceId,
    subject: Option<Subject>,
    ignores_partners: bool,
}

impl WorkspaceAccess<'_> {
    /// The person or group that the action is aimed at.
    pub const fn about(self, subject: Subject) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// As if no partner were left: for a change that removes them first.
    pub const fn without_partners(self) -> Self {
        Self { ignores_partners: true, ..self }
    }

    /// The workspace, for this action.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not do this, or not now.
    pub async fn may(self, action: Action) -> Result<Granted<WorkspaceSight>> {
        let (sight, decision) = self.decide(action).await?;
        settle(action, decision, self.access.caller)?;
        Ok(Granted(sight))
    }

    /// The workspace, and whether the action needs an approval first.
    ///
    /// # Errors
    /// As [`may`](Self::may), but for the approval.
    pub async fn may_or_ask(self, action: Action) -> Result<(Granted<WorkspaceSight>, bool)> {
        let (sight, decision) = self.decide(action).await?;
        let asks = matches!(decision, Decision::NeedsApproval);
        if !asks {
            settle(action, decision, self.access.caller)?;
        }
        Ok((Granted(sight), asks))
    }

    async fn decide(&self, action: Action) -> Result<(WorkspaceSight, Decision)> {
        let sight = self.look().await?;
        let decision = self.judge(action, &sight);
        Ok((sight, decision))
    }

    /// The workspace as the caller sees it. Inside a transaction it is held still, and refused to whoever may not open it.
    async fn look(&self) -> Result<WorkspaceSight> {
        let Access { queries, locks, caller, now } = self.access;
        let find = async || Result::<_>::Ok(queries.find_workspace(caller, self.id, now).await?.ok_or_else(Refusal::not_found)?);
        let sight = find().await?;
        let Some(tx) = locks else { return Ok(sight) };
        // Only who may see it may wait for it: else a hidden workspace would be felt by the time that it takes.
        sight.check(Action::ViewWorkspace, now)?;
        if tx.lock_workspace(self.id).await? { find().await } else { Ok(sight) }
    }

    fn judge(&self, action: Action, sight: &WorkspaceSight) -> Decision {
        let facts = sight.facts(self.access.now);
        let facts = Facts { subject: self.subject, partners_remain: facts.partners_remain && !self.ignores_partners, ..facts };
        policy::decide(action, &sight.standing, &facts)
    }
}

/// The way to a team; ends in [`may`](Self::may) or [`may_or_ask`](Self::may_or_ask).
#[derive(Clone, Copy)]
#[must_use]
pub struct TeamAccess<'a> {
    access: Access<'a>,
    id: TeamId,
}

impl TeamAccess<'_> {
    /// The team, for something that the team's own roles decide.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; forbidden where they may not do this.
    pub async fn may(self, action: TeamAction) -> Result<Granted<TeamSight>> {
        let team = self.held().await?;
        team.check(action)?;
        Ok(team)
    }

    /// The team, for an action of the matrix that is about the team as a whole, and whether it needs an approval.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not do this.
    pub async fn may_or_ask(self, action: Action) -> Result<(Granted<TeamSight>, bool)> {
        let sight = self.find().await?;
        let caller = self.access.caller;
        let may_create_by_policy = sight.lets_create(caller) || self.is_in_named_group(&sight).await?;
        let facts = Facts { may_create_by_policy, ..sight.facts() };
        let decision = policy::decide(action, &sight.standing(caller), &facts);
        let asks = matches!(decision, Decision::NeedsApproval);
        if !asks {
            settle(action, decision, caller)?;
        }
        Ok((Granted(sight), asks))
    }

    /// The team, for an action of the matrix that is about the team as a whole and needs no approval.
    ///
    /// # Errors
    /// Not found where the caller may not know of it; refused where they may not do this.
    pub async fn may_act(self, action: Action) -> Result<Granted<TeamSight>> {
        let team = self.find().await?;
        team.check_action(action, self.access.caller)?;
        Ok(Granted(team))
    }

    /// The team, for whoever is in it, partners included.
    ///
    /// # Errors
    /// Not found where the caller is not in it.
    pub async fn visible(self) -> Result<Granted<TeamSight>> {
        let sight = self.find().await?;
        if sight.roles.is_empty() { Err(Refusal::not_found().into()) } else { Ok(Granted(sight)) }
    }

    /// The same, with its people held still until the transaction ends. Only who is in it may wait for it.
    ///
    /// # Errors
    /// As [`visible`](Self::visible).
    pub async fn held(self) -> Result<Granted<TeamSight>> {
        let team = self.visible().await?;
        let Some(tx) = self.access.locks else { return Ok(team) };
        tx.lock_team(self.id).await?;
        self.visible().await
    }

    /// Whether the caller is in a group that the policy `whoMayCreateWorkspaces` names.
    async fn is_in_named_group(&self, sight: &TeamSight) -> Result<bool> {
        match (&sight.team.policies.who_may_create_workspaces, self.access.caller) {
            (Some(named), Some(caller)) => Ok(self.access.queries.is_in_any_group(caller, &named.group_ids).await?),
            _ => Ok(false),
        }
    }

    async fn find(&self) -> Result<TeamSight> {
        Ok(self.access.queries.find_team(self.access.caller, self.id).await?.ok_or_else(Refusal::not_found)?)
    }
}
