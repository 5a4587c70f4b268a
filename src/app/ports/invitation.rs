//! What the application asks of the store about invitations.

use super::StoreResult;
use crate::app::model::Invitation;
use crate::app::paging::{Page, PageRequest};
use crate::domain::invitation::InvitationStatus;
use crate::domain::{InvitationId, OrganizationId, Side, TeamId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Whose invitations a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationFilter {
    /// Those to a workspace: all, or what a Lead may manage (condition C10).
    Workspace(WorkspaceId, Option<LeadsInvitations>),
    /// All of a team (condition C9), or only those to partners.
    Team {
        /// The team.
        team: TeamId,
        /// Only those to partners.
        only_partners: bool,
    },
    /// Those to this address, given by its key (lower case).
    To(String),
}

/// The invitations that a Lead may manage: to partners, sent by them or to their own organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadsInvitations {
    /// The Lead.
    pub lead: UserId,
    /// Their organization.
    pub organization: Option<OrganizationId>,
}

/// An invitation that lost its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedInvitation {
    /// Which.
    pub id: InvitationId,
    /// The invited address.
    pub email: String,
    /// The organization of a partner.
    pub organization_id: Option<OrganizationId>,
}

/// Reading invitations.
#[async_trait]
pub trait InvitationQueries: Send + Sync {
    /// An invitation, and the hash of its link's secret.
    async fn find_invitation(&self, id: InvitationId) -> StoreResult<Option<(Invitation, [u8; 32])>>;
    /// The pending invitation of this address to a workspace, or to the team itself.
    async fn find_pending_invitation(
        &self,
        team: TeamId,
        workspace: Option<WorkspaceId>,
        email_key: &str,
    ) -> StoreResult<Option<Invitation>>;
    /// The invitations of a list in this state at the moment, oldest first.
    async fn list_invitations(
        &self,
        filter: &InvitationFilter,
        status: Option<InvitationStatus>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Invitation>>;
    /// Pending invitations whose term has ended, up to a number.
    async fn list_overdue_invitations(&self, now: Timestamp, limit: u64) -> StoreResult<Vec<Invitation>>;
}

/// Writing invitations.
#[async_trait]
pub trait InvitationWrites: Send + Sync {
    /// Adds an invitation, of whose secret only the hash is kept. False: one of this address is pending already, and nothing was written.
    async fn insert_invitation(&self, invitation: &Invitation, email_key: &str, secret_hash: [u8; 32]) -> StoreResult<bool>;
    /// Ends a pending invitation. False: it has ended already.
    async fn set_invitation_status(&self, id: InvitationId, status: InvitationStatus, at: Timestamp) -> StoreResult<bool>;
    /// Gives a pending invitation another secret and term. False: it has ended already.
    async fn renew_invitation(&self, id: InvitationId, secret_hash: [u8; 32], expires_at: Timestamp) -> StoreResult<bool>;
    /// Ends the open invitations to a workspace, all or those to one side. Answers those that were still good.
    async fn revoke_invitations(&self, workspace: WorkspaceId, side: Option<Side>, at: Timestamp) -> StoreResult<Vec<RevokedInvitation>>;
}
