//! Elements on their way from one workspace to another, and collections on theirs to an API.

use super::StoreResult;
use crate::app::access::{ElementSight, Granted, MoveSight};
use crate::app::model::{ElementRow, RelatedItem};
use crate::app::paging::{Page, PageRequest};
use crate::domain::activity::SubjectRef;
use crate::domain::{ElementGrantId, ElementId, OrganizationId, Side, TeamId, Timestamp, UserId, Visibility, WorkspaceId, WorkspaceRole};
use async_trait::async_trait;
use uuid::Uuid;

/// Where an element may go by the hand of one person, as far as it does not depend on the single workspace: there they must be able to
/// create elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveTargets {
    /// In this team.
    pub team: TeamId,
    /// Not here, where it is.
    pub except: WorkspaceId,
    /// Only where the workspace is of one of these.
    pub visibilities: Vec<Visibility>,
}

/// A role on an element that ended, since whoever held it cannot open the workspace that the element went to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedGrant {
    /// The grant.
    pub id: ElementGrantId,
    /// The element.
    pub element_id: ElementId,
    /// Whose it was.
    pub subject: SubjectRef,
    /// Their name.
    pub subject_name: String,
    /// On which side they are.
    pub side: Side,
    /// What it let them do.
    pub role: WorkspaceRole,
    /// The organization of partners.
    pub organization_id: Option<OrganizationId>,
}

/// Reading what belongs to an API.
#[async_trait]
pub trait MoveQueries: Send + Sync {
    /// Every collection that belongs to an API, oldest first, with what the reader was given on it. What is in the trash is not found.
    async fn list_collections_with_roles(&self, reader: Option<UserId>, api: ElementId) -> StoreResult<Vec<ElementRow>>;
    /// A page of the same.
    async fn list_api_collections(&self, reader: Option<UserId>, api: ElementId, page: PageRequest<Uuid>) -> StoreResult<Page<ElementRow>>;
    /// How many they are, with those in the trash that would come back to it.
    async fn count_api_collections(&self, api: ElementId) -> StoreResult<i64>;
}

/// Moving elements.
#[async_trait]
pub trait MoveWrites: Send + Sync {
    /// Puts the element, and the collections that go along, into the target. A collection that goes alone belongs to no API any more.
    async fn set_workspace(&self, sight: &Granted<MoveSight>) -> StoreResult<()>;
    /// Pauses every monitor of what is moved, wherever it lives. Answers those that ran.
    async fn pause_monitors(&self, sight: &Granted<MoveSight>, at: Timestamp) -> StoreResult<Vec<RelatedItem>>;
    /// Ends the roles on what is moved that nobody could use in the target. A person's stays if they may open it; a group's if the group
    /// holds a grant there or the target is open to the team; a partner's or a partner group's only in a partner workspace. Answers what
    /// ended.
    async fn delete_stranded_grants(&self, sight: &Granted<MoveSight>, now: Timestamp) -> StoreResult<Vec<EndedGrant>>;
    /// Makes a collection one of an API, or of none.
    async fn set_collection_api(&self, collection: &Granted<ElementSight>, api: Option<ElementId>) -> StoreResult<()>;
}
