//! What the application asks of the store about pull requests.

use super::StoreResult;
use crate::app::access::{Granted, ProposalSight, PullRequestCommentSight, PullRequestSight};
use crate::app::model::{Ending, PullRequest, PullRequestComment, Review, Reviewer};
use crate::app::paging::{Page, PageRequest};
use crate::domain::pull_request::PullRequestStatus;
use crate::domain::{ElementId, OrganizationId, PullRequestCommentId, PullRequestId, Timestamp, UserId};
use async_trait::async_trait;
use uuid::Uuid;

/// Which pull requests a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PullRequestFilter {
    /// Only those that stand there.
    pub status: Option<PullRequestStatus>,
    /// Not those of partners of another organization than this one (condition C7).
    pub only_organization: Option<OrganizationId>,
}

/// Reading pull requests.
#[async_trait]
pub trait PullRequestQueries: Send + Sync {
    /// A pull request.
    async fn find_pull_request(&self, id: PullRequestId) -> StoreResult<Option<PullRequest>>;
    /// Those of these pull requests that there are.
    async fn list_pull_requests_by_id(&self, ids: &[PullRequestId]) -> StoreResult<Vec<PullRequest>>;
    /// The one of this fork that is not decided.
    async fn find_open_pull_request(&self, fork: ElementId) -> StoreResult<Option<PullRequest>>;
    /// The same page of the pull requests about several elements, oldest first, in one statement.
    async fn list_pull_requests(
        &self,
        parents: &[ElementId],
        filter: &PullRequestFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(ElementId, Page<PullRequest>)>>;
    /// The reviewers of these pull requests, by pull request and then by id.
    async fn list_reviewers(&self, of: &[PullRequestId]) -> StoreResult<Vec<Reviewer>>;
    /// A comment.
    async fn find_pull_request_comment(&self, id: PullRequestCommentId) -> StoreResult<Option<PullRequestComment>>;
    /// The same page of the comments on several pull requests, oldest first, in one statement: those shown to whoever sees no other organization
    /// than this one; none: all of them.
    async fn list_pull_request_comments(
        &self,
        of: &[PullRequestId],
        only_organization: Option<OrganizationId>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(PullRequestId, Page<PullRequestComment>)>>;
}

/// Writing pull requests.
#[async_trait]
pub trait PullRequestWrites: Send + Sync {
    /// Opens one, for these people to review.
    async fn insert_pull_request(&self, from: &Granted<ProposalSight>, request: &PullRequest, reviewers: &[UserId]) -> StoreResult<()>;
    /// Changes what it says. Its version grows.
    async fn set_pull_request_text(&self, of: &Granted<PullRequestSight>, title: &str, description: &str, at: Timestamp)
    -> StoreResult<()>;
    /// Asks these people, who are not asked yet, and does not ask those any more, who have said nothing yet.
    async fn set_reviewers(&self, of: &Granted<PullRequestSight>, asked: &[UserId], released: &[UserId]) -> StoreResult<()>;
    /// Keeps what somebody said, in place of what they said before. The version of the pull request grows.
    async fn set_review(&self, of: &Granted<PullRequestSight>, review: &Review) -> StoreResult<()>;
    /// Brings it to its final state. Its version grows.
    async fn set_pull_request_ending(&self, of: &Granted<PullRequestSight>, ending: &Ending) -> StoreResult<()>;
    /// Adds a comment.
    async fn insert_pull_request_comment(&self, of: &Granted<PullRequestSight>, comment: &PullRequestComment) -> StoreResult<()>;
    /// Changes what a comment says.
    async fn set_pull_request_comment_body(&self, of: &Granted<PullRequestCommentSight>, body: &str, at: Timestamp) -> StoreResult<()>;
    /// Deletes a comment.
    async fn delete_pull_request_comment(&self, of: &Granted<PullRequestCommentSight>) -> StoreResult<()>;
}
