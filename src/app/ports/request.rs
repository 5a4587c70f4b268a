//! Approval requests.

use super::StoreResult;
use crate::app::model::Request;
use crate::app::paging::{Page, PageRequest};
use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::{RequestId, TeamId, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Whose requests a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFilter {
    /// Those that the reader may decide, of one team or of all.
    ToReview {
        /// Only of this team.
        team: Option<TeamId>,
    },
    /// Those that the reader made.
    Own,
}

/// Reading approval requests.
#[async_trait]
pub trait RequestQueries: Send + Sync {
    /// A request.
    async fn find_request(&self, id: RequestId) -> StoreResult<Option<Request>>;
    /// The pending requests of several workspaces.
    async fn list_pending_requests(&self, workspaces: &[WorkspaceId]) -> StoreResult<Vec<Request>>;
    /// The requests of a list, oldest first.
    async fn list_requests(
        &self,
        reader: UserId,
        filter: RequestFilter,
        status: Option<RequestStatus>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<Request>>;
    /// Pending requests whose term has ended, up to a number.
    async fn list_overdue_requests(&self, now: Timestamp, limit: u64) -> StoreResult<Vec<Request>>;
    /// The pending requests that a user made in a team.
    async fn list_pending_requests_of(&self, team: TeamId, user: UserId) -> StoreResult<Vec<Request>>;
}

/// Writing approval requests.
#[async_trait]
pub trait RequestWrites: Send + Sync {
    /// Adds a request. False: one is pending for the workspace already, and nothing was written.
    async fn insert_request(&self, request: &Request) -> StoreResult<bool>;
    /// Ends a pending request. False: somebody else was first.
    async fn set_request_status(
        &self,
        request: RequestId,
        status: RequestStatus,
        reviewer: Option<UserId>,
        comment: Option<&str>,
        at: Timestamp,
    ) -> StoreResult<bool>;
}

/// A request's kinds that roles of a team decide, for the store's own use.
#[must_use]
pub fn reviewer_roles(kind: RequestKind) -> TeamRoles {
    let role = if kind.is_about_partners() { TeamRole::PartnerManager } else { TeamRole::CommunityManager };
    TeamRoles::NONE.with(TeamRole::SuperAdmin).with(role)
}
