//! What the application asks of the store about grants that change or end.

use super::StoreResult;
use crate::app::access::{Granted, MemberSight};
use crate::app::model::Member;
use crate::domain::activity::SubjectRef;
use crate::domain::{MemberId, OrganizationId, Side, TeamId, Timestamp, UserId, WorkspaceId, WorkspaceRole};
use async_trait::async_trait;

/// What a grant is from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberValues {
    /// What it lets its subject do.
    pub role: WorkspaceRole,
    /// Whether a partner is a Partner Lead.
    pub partner_lead: bool,
    /// When it ends; none: when it is taken.
    pub expires_at: Option<Timestamp>,
}

/// A grant with a term, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermedMember {
    /// The grant.
    pub member: Member,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The team.
    pub team_id: TeamId,
    /// The name of the workspace.
    pub workspace_name: String,
}

/// Reading grants with a term, and whom grants reach.
#[async_trait]
pub trait MemberQueries: Send + Sync {
    /// Everybody whom a grant of the partner side reaches in the workspace, though its term be over, by id.
    async fn list_partner_people(&self, workspace: WorkspaceId) -> StoreResult<Vec<UserId>>;
    /// Grants whose term is over, the oldest end first, up to a number.
    async fn list_ended_members(&self, now: Timestamp, limit: u64) -> StoreResult<Vec<TermedMember>>;
    /// Grants that end after `now` and not after `until` and whose people have not been told so, the next end first, up to a number.
    async fn list_ending_members(&self, now: Timestamp, until: Timestamp, limit: u64) -> StoreResult<Vec<TermedMember>>;
}

/// Changing and ending grants, and what ends with them.
#[async_trait]
pub trait MemberWrites: Send + Sync {
    /// Changes a grant. With another end, its people are to be told of that one anew. False: it is gone.
    async fn set_member(&self, member: &Granted<MemberSight>, values: MemberValues) -> StoreResult<bool>;
    /// Ends those of these grants whose term is over. One that was renewed meanwhile stays. Answers which have ended.
    async fn delete_ended_members(&self, ids: &[MemberId], now: Timestamp) -> StoreResult<Vec<MemberId>>;
    /// Keeps in mind that the people of these grants were told of the end. Answers for which nobody else had done so.
    async fn set_expiry_told(&self, ids: &[MemberId], at: Timestamp) -> StoreResult<Vec<MemberId>>;
    /// Ends the membership of those of these people who are partners of the team and to whom no live grant in it is left, by themselves
    /// or through a group. Waits for whoever is just giving them one. Answers whose membership ended.
    async fn delete_idle_partners(&self, team: TeamId, users: &[UserId], now: Timestamp) -> StoreResult<Vec<UserId>>;
}

/// A grant that is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Its id.
    pub id: MemberId,
    /// The team.
    pub team_id: TeamId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Whom it is given to.
    pub subject: SubjectRef,
    /// On which side they are.
    pub side: Side,
    /// What it lets them do.
    pub role: WorkspaceRole,
    /// Whether a partner is a Partner Lead.
    pub partner_lead: bool,
    /// The organization of a partner.
    pub organization_id: Option<OrganizationId>,
    /// Who gives it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Timestamp,
    /// When it ends; none: when it is taken.
    pub expires_at: Option<Timestamp>,
}
