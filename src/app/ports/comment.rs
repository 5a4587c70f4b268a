//! What the application asks of the store about comments.

use super::StoreResult;
use crate::app::access::{CommentSight, ElementSight, Granted};
use crate::app::model::Comment;
use crate::app::paging::{Page, PageRequest};
use crate::domain::{CommentId, ElementId, OrganizationId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Which comments a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CommentFilter {
    /// Only those on this item.
    pub item: Option<String>,
    /// Only those whose thread is settled, or is not.
    pub resolved: Option<bool>,
    /// Not those of partners of another organization than this one (condition C7).
    pub only_organization: Option<OrganizationId>,
}

/// Reading comments.
#[async_trait]
pub trait CommentQueries: Send + Sync {
    /// A comment.
    async fn find_comment(&self, id: CommentId) -> StoreResult<Option<Comment>>;
    /// Those of these comments that are there.
    async fn list_comments_by_id(&self, ids: &[CommentId]) -> StoreResult<Vec<Comment>>;
    /// The same page of the comments that begin threads on several elements, oldest first, in one statement. One that was deleted is there
    /// as long as it has a reply that the filter lets through.
    async fn list_threads(
        &self,
        elements: &[ElementId],
        filter: &CommentFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(ElementId, Page<Comment>)>>;
    /// The same page of the replies in several threads, oldest first, in one statement.
    async fn list_replies(
        &self,
        threads: &[CommentId],
        filter: &CommentFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Vec<(CommentId, Page<Comment>)>>;
    /// Whether the thread has a reply that is shown to whoever sees no other organization than this one; none: to whoever sees all.
    async fn has_reply(&self, thread: CommentId, only_organization: Option<OrganizationId>) -> StoreResult<bool>;
    /// Whom these comments mention, by comment and then by id.
    async fn list_mentions(&self, comments: &[CommentId]) -> StoreResult<Vec<(CommentId, UserId)>>;
    /// Who wrote in the thread, by id.
    async fn list_thread_authors(&self, thread: CommentId) -> StoreResult<Vec<UserId>>;
    /// Those of these people who, being partners without the Lead flag in this workspace, see no organization but their own, which is not
    /// this one; by id. To be asked in multi-partner mode only.
    async fn list_unseeing(
        &self,
        people: &[UserId],
        workspace: WorkspaceId,
        organization: OrganizationId,
        now: Timestamp,
    ) -> StoreResult<Vec<UserId>>;
}

/// Writing comments.
#[async_trait]
pub trait CommentWrites: Send + Sync {
    /// Adds a comment that mentions these people.
    async fn insert_comment(&self, element: &Granted<ElementSight>, comment: &Comment, mentions: &[UserId]) -> StoreResult<()>;
    /// Changes what it says.
    async fn set_comment_body(&self, comment: &Granted<CommentSight>, body: &str, at: Timestamp) -> StoreResult<()>;
    /// Deletes it. The first of a thread that has replies loses what it says and keeps its place; once the last reply is deleted, it goes.
    async fn delete_comment(&self, comment: &Granted<CommentSight>, at: Timestamp) -> StoreResult<()>;
    /// Settles the thread of the comment, by this person at that moment; none: opens it again.
    async fn set_thread_resolved(&self, comment: &Granted<CommentSight>, resolved: Option<(UserId, Timestamp)>) -> StoreResult<()>;
}
