//! What the application asks of the store about roles on single elements.

use super::{MemberSightLimits, StoreResult};
use crate::app::access::{ElementGrantSight, ElementSight, Granted};
use crate::app::model::{ElementGrant, LostGrant};
use crate::app::paging::{Page, PageRequest};
use crate::domain::activity::SubjectRef;
use crate::domain::{ElementGrantId, ElementId, Side, TeamId, Timestamp, UserId, WorkspaceId, WorkspaceRole};
use async_trait::async_trait;
use uuid::Uuid;

/// A role on an element that is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewElementGrant {
    /// Its id, unless the subject holds one on the element already.
    pub id: ElementGrantId,
    /// Whom it is given to.
    pub subject: SubjectRef,
    /// On which side they are.
    pub side: Side,
    /// What it lets them do.
    pub role: WorkspaceRole,
    /// Who gives it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Timestamp,
}

/// Where roles on elements may have lost their ground.
#[derive(Debug, Clone, Copy)]
pub enum LostGrants<'a> {
    /// Those of these people, and of groups, in these workspaces and in their trash.
    In(&'a [WorkspaceId], &'a [UserId]),
    /// Those of everybody in this workspace and in its trash.
    InWorkspace(WorkspaceId),
    /// Those on this element.
    On(ElementId),
    /// Every one that this person holds in the team, which they leave.
    OfLeaver(TeamId, UserId),
}

/// Reading roles on elements.
#[async_trait]
pub trait ElementGrantQueries: Send + Sync {
    /// A grant. The reader is who sees the address of its person, where they may.
    async fn find_element_grant(&self, reader: Option<UserId>, id: ElementGrantId) -> StoreResult<Option<ElementGrant>>;
    /// The grant of this person or group on the element.
    async fn find_element_grant_of(&self, element: ElementId, subject: SubjectRef) -> StoreResult<Option<ElementGrant>>;
    /// The grants on an element that the limits let through, oldest first.
    async fn list_element_grants(
        &self,
        reader: Option<UserId>,
        element: ElementId,
        limits: MemberSightLimits,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<ElementGrant>>;
}

/// Giving and taking roles on elements.
#[async_trait]
pub trait ElementGrantWrites: Send + Sync {
    /// Gives a role on the element. A grant that the subject holds already becomes this one and keeps its id. Answers the id.
    async fn set_element_grant(&self, element: &Granted<ElementSight>, grant: &NewElementGrant) -> StoreResult<ElementGrantId>;
    /// Takes a role. False: it is gone already.
    async fn delete_element_grant(&self, grant: &Granted<ElementGrantSight>) -> StoreResult<bool>;
    /// Ends roles whose subject gets into the workspace neither by a live grant nor because it is open to their team: else they would come
    /// back to life when somebody invites the subject again. Answers what ended.
    async fn delete_lost_grants(&self, among: LostGrants<'_>, now: Timestamp) -> StoreResult<Vec<LostGrant>>;
}
