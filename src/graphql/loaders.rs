//! Batching: what the objects of one level need is read in one statement.

mod batch;
mod comments;
mod documents;
mod forks;
mod pull_requests;

pub use comments::{CommentsKey, CommentsOf};
pub use pull_requests::{PullRequestCommentsKey, PullRequestsKey};

use super::context::Caller;
use crate::app::access::{CommentSight, ElementSight, PullRequestSight};
use crate::app::model::{
    Comment, Fork, Language, Organization, Person, PullRequest, PullRequestComment, Request, Reviewer, TeamMember, WorkspaceSight,
};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{MemberFilter, MemberPage, StoreError};
use crate::app::snapshot::SEARCHED_AT_ONCE;
use crate::app::{Actor, App};
use crate::domain::snapshot::NodeHash;
use crate::domain::{ElementId, OrganizationId, TeamId, UserId, WorkspaceId};
use async_graphql::Error;
use batch::{Answer, Batch, Load};
use comments::{CommentKey, MentionsKey, WatchKey};
use documents::{DefinitionKey, Opened, SealedKey};
use forks::ForkKey;
use pull_requests::{PullRequestKey, ReviewersKey};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// The most items that one operation looks at in search of some: a little more than a collection holds.
const MOST_SEARCHED: i64 = 64 * SEARCHED_AT_ONCE.cast_signed();

/// The loaders of one operation, as one reader.
pub struct Loaders {
    reader: Reader,
    people: Batch<PersonKey, Person>,
    workspaces: Batch<WorkspaceKey, Arc<WorkspaceSight>>,
    pending_requests: Batch<PendingRequestKey, Request>,
    organizations: Batch<OrganizationKey, Organization>,
    own_memberships: Batch<OwnMembershipKey, TeamMember>,
    members: Batch<MembersKey, MemberPage>,
    contents: Batch<NodeHash, Arc<[u8]>>,
    /// How many bytes of documents the operation may still hold in memory.
    allowance: AtomicI64,
    /// How many items the operation may still look at while it searches.
    searched: AtomicI64,
    elements: Batch<ElementKey, Arc<ElementSight>>,
    comments: Batch<CommentsKey, Page<Comment>>,
    single_comments: Batch<CommentKey, Arc<CommentSight>>,
    mentions: Batch<MentionsKey, Vec<UserId>>,
    watching: Batch<WatchKey, ()>,
    forks: Batch<ForkKey, Fork>,
    pull_requests_by_id: Batch<PullRequestKey, Arc<PullRequestSight>>,
    pull_requests: Batch<PullRequestsKey, Page<PullRequest>>,
    pull_request_comments: Batch<PullRequestCommentsKey, Page<PullRequestComment>>,
    reviewers: Batch<ReviewersKey, Vec<Reviewer>>,
    languages: Batch<DefinitionKey, Language>,
    secrets: Batch<SealedKey, Opened>,
}

/// Who reads, through what.
pub struct Reader {
    app: App,
    caller: Caller,
}

impl Reader {
    fn user(&self) -> Option<UserId> {
        self.caller.actor().map(Actor::id)
    }
}

impl Loaders {
    /// Loaders for this reader.
    pub fn new(app: App, caller: Caller) -> Self {
        let allowance = i64::try_from(app.settings.documents.collection).unwrap_or(i64::MAX);
        let reader = Reader { app, caller };
        Self {
            reader,
            people: Batch::new(),
            workspaces: Batch::new(),
            pending_requests: Batch::new(),
            organizations: Batch::new(),
            own_memberships: Batch::new(),
            members: Batch::new(),
            contents: Batch::new(),
            allowance: AtomicI64::new(allowance),
            searched: AtomicI64::new(MOST_SEARCHED),
            elements: Batch::new(),
            comments: Batch::new(),
            single_comments: Batch::new(),
            mentions: Batch::new(),
            watching: Batch::new(),
            forks: Batch::new(),
            pull_requests_by_id: Batch::new(),
            pull_requests: Batch::new(),
            pull_request_comments: Batch::new(),
            reviewers: Batch::new(),
            languages: Batch::new(),
            secrets: Batch::new(),
        }
    }

    /// Somebody's name and, where the reader may know it, address.
    pub async fn person(&self, id: UserId) -> Answer<Person> {
        self.people.load(PersonKey(id), &self.reader).await
    }

    /// A workspace. None where the reader may not open it.
    pub async fn workspace(&self, id: WorkspaceId) -> Answer<Arc<WorkspaceSight>> {
        self.workspaces.load(WorkspaceKey(id), &self.reader).await
    }

    /// The request that is pending for a workspace.
    pub async fn pending_request(&self, workspace: WorkspaceId) -> Answer<Request> {
        self.pending_requests.load(PendingRequestKey(workspace), &self.reader).await
    }

    /// A partner organization, of somebody or something that the reader sees.
    pub async fn organization(&self, id: OrganizationId) -> Answer<Organization> {
        self.organizations.load(OrganizationKey(id), &self.reader).await
    }

    /// What the reader is in a team. None: they are not in it.
    pub async fn own_membership(&self, team: TeamId) -> Answer<TeamMember> {
        self.own_memberships.load(OwnMembershipKey(team), &self.reader).await
    }

    /// Whether a document of so many bytes may be taken into memory, beside those that the operation has taken already: one of the largest, or
    /// several that are smaller.
    pub fn spends(&self, bytes: i64) -> bool {
        self.allowance.fetch_sub(bytes, Ordering::Relaxed) >= bytes
    }

    /// Whether so many items may be looked at in search of some, beside those that the operation has looked at already: all of one of the largest
    /// collections, or some of several.
    pub fn searches(&self, items: i64) -> bool {
        self.searched.fetch_sub(items, Ordering::Relaxed) >= items
    }

    /// The content of an item of a collection that the reader sees.
    pub async fn content(&self, hash: NodeHash) -> Answer<Arc<[u8]>> {
        self.contents.load(hash, &self.reader).await
    }

    /// An element. None where it is in the trash, or where the reader may not open its workspace.
    pub async fn element(&self, id: ElementId) -> Answer<Arc<ElementSight>> {
        self.elements.load(ElementKey(id), &self.reader).await
    }

    /// What an element is a fork of.
    pub async fn fork(&self, id: ElementId) -> Answer<Fork> {
        self.forks.load(ForkKey(id), &self.reader).await
    }

    /// A page of a workspace's members.
    pub async fn members(&self, key: MembersKey) -> Answer<MemberPage> {
        self.members.load(key, &self.reader).await
    }
}

/// What broke while loading: told to each of those who waited, logged once.
#[derive(Debug, Clone)]
pub struct LoadError(Arc<StoreError>);

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        Self(Arc::new(error))
    }
}

impl From<LoadError> for StoreError {
    fn from(error: LoadError) -> Self {
        Self::Broken(Box::new(ArcError(error.0)))
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Self {
        crate::app::AppError::Failed(error.into()).into()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct ArcError(Arc<StoreError>);

/// The key of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct PersonKey(UserId);

impl Load<PersonKey> for Reader {
    type Value = Person;

    async fn load(&self, keys: &[PersonKey]) -> Result<HashMap<PersonKey, Person>, LoadError> {
        let Some(reader) = self.user() else { return Ok(HashMap::new()) };
        let ids: Vec<UserId> = keys.iter().map(|key| key.0).collect();
        let people = self.app.queries().list_people(reader, &ids, self.app.now()).await?;
        Ok(people.into_iter().map(|person| (PersonKey(person.id), person)).collect())
    }
}

/// The key of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct WorkspaceKey(WorkspaceId);

impl Load<WorkspaceKey> for Reader {
    type Value = Arc<WorkspaceSight>;

    async fn load(&self, keys: &[WorkspaceKey]) -> Result<HashMap<WorkspaceKey, Arc<WorkspaceSight>>, LoadError> {
        let ids: Vec<WorkspaceId> = keys.iter().map(|key| key.0).collect();
        let sights = self.app.queries().list_workspaces_by_id(self.user(), &ids, self.app.now()).await?;
        let now = self.app.now();
        let visible = sights.into_iter().filter(|sight| sight.check(crate::domain::policy::Action::ViewWorkspace, now).is_ok());
        Ok(visible.map(|sight| (WorkspaceKey(sight.workspace.id), Arc::new(sight))).collect())
    }
}

/// The key of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ElementKey(ElementId);

impl Load<ElementKey> for Reader {
    type Value = Arc<ElementSight>;

    async fn load(&self, keys: &[ElementKey]) -> Result<HashMap<ElementKey, Arc<ElementSight>>, LoadError> {
        let ids: Vec<ElementId> = keys.iter().map(|key| key.0).collect();
        let rows = self.app.queries().list_elements_by_id(self.user(), &ids).await?;
        let places: HashSet<WorkspaceKey> = rows.iter().filter_map(|row| row.element.workspace_id.map(WorkspaceKey)).collect();
        let workspaces: HashMap<_, Arc<WorkspaceSight>> = self.load(&places.into_iter().collect::<Vec<_>>()).await?;
        let sights = rows.into_iter().filter_map(|row| {
            let workspace = workspaces.get(&WorkspaceKey(row.element.workspace_id?))?;
            Some((ElementKey(row.element.id), Arc::new(ElementSight::of(row, WorkspaceSight::clone(workspace)))))
        });
        Ok(sights.collect())
    }
}

/// The key of a workspace's pending request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct PendingRequestKey(WorkspaceId);

impl Load<PendingRequestKey> for Reader {
    type Value = Request;

    async fn load(&self, keys: &[PendingRequestKey]) -> Result<HashMap<PendingRequestKey, Request>, LoadError> {
        let ids: Vec<WorkspaceId> = keys.iter().map(|key| key.0).collect();
        let requests = self.app.queries().list_pending_requests(&ids).await?;
        Ok(requests.into_iter().map(|request| (PendingRequestKey(request.workspace_id), request)).collect())
    }
}

/// The key of a partner organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct OrganizationKey(OrganizationId);

impl Load<OrganizationKey> for Reader {
    type Value = Organization;

    async fn load(&self, keys: &[OrganizationKey]) -> Result<HashMap<OrganizationKey, Organization>, LoadError> {
        let ids: Vec<OrganizationId> = keys.iter().map(|key| key.0).collect();
        let organizations = self.app.queries().list_organizations_by_id(&ids).await?;
        Ok(organizations.into_iter().map(|organization| (OrganizationKey(organization.id), organization)).collect())
    }
}

/// The key of the reader's membership of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct OwnMembershipKey(TeamId);

impl Load<OwnMembershipKey> for Reader {
    type Value = TeamMember;

    async fn load(&self, _keys: &[OwnMembershipKey]) -> Result<HashMap<OwnMembershipKey, TeamMember>, LoadError> {
        let Some(reader) = self.user() else { return Ok(HashMap::new()) };
        let teams = self.app.queries().list_teams(reader).await?;
        Ok(teams.into_iter().map(|(_, member)| (OwnMembershipKey(member.team_id), member)).collect())
    }
}

/// The key of a page of a workspace's members.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MembersKey {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Which members.
    pub filter: MemberFilter,
    /// Which page.
    pub page: PageRequest<Uuid>,
}

impl Load<MembersKey> for Reader {
    type Value = MemberPage;

    async fn load(&self, keys: &[MembersKey]) -> Result<HashMap<MembersKey, MemberPage>, LoadError> {
        let Some(reader) = self.user() else { return Ok(HashMap::new()) };
        let mut alike: HashMap<(&MemberFilter, &PageRequest<Uuid>), Vec<WorkspaceId>> = HashMap::new();
        for key in keys {
            alike.entry((&key.filter, &key.page)).or_default().push(key.workspace);
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for ((filter, page), workspaces) in alike {
            for found in self.app.queries().list_members(reader, &workspaces, filter, *page, self.app.now()).await? {
                pages.insert(MembersKey { workspace: found.workspace_id, filter: filter.clone(), page: *page }, found);
            }
        }
        Ok(pages)
    }
}
