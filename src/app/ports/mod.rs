//! What the application asks of the store.
//!
//! [`Queries`] read, inside a transaction or outside; [`Tx`] is a transaction, which also writes. The traits are
//! split by what they are about. A write that needs a permission takes the [`Granted`] row that proves it, not
//! an id: see [`access`](super::access).

mod audit;
mod check;
mod comment;
mod definition;
mod element;
mod element_grant;
mod feed;
mod fork;
mod garbage;
mod invitation;
mod lease;
mod mail;
mod member;
mod moving;
mod partnership;
mod pull_request;
mod related;
mod request;
mod sign_in;
mod trash;
mod vault;
mod watch;

pub use audit::{AuditFilter, AuditQueries, AuditWrites};
pub use check::{CheckQueries, Dangling, FeedExtent, FeedKind, Reference, Tally};
pub use comment::{CommentFilter, CommentQueries, CommentWrites};
pub use definition::{DefinitionQueries, DefinitionWrites};
pub use element::{ElementContent, ElementFilter, ElementQueries, ElementWrites};
pub use element_grant::{ElementGrantQueries, ElementGrantWrites, LostGrants, NewElementGrant};
pub use feed::{
    ActivitySightLimits, Claim, FeedBounds, FeedId, FeedMark, FeedQueries, FeedStep, FeedWrites, IdempotencyKey, IdempotencyWrites, Portion,
};
pub use fork::{ForkQueries, ForkWrites};
pub use garbage::{GarbageWrites, NODE_GRACE, NodeRoot};
pub use lease::LeaseWrites;
pub use mail::{MailQueries, MailWrites, PreferenceQueries, PreferenceWrites};
pub use member::{MemberQueries, MemberValues, MemberWrites, NewMember, TermedMember};

pub use invitation::{InvitationFilter, InvitationQueries, InvitationWrites, LeadsInvitations, RevokedInvitation};
pub use moving::{EndedGrant, MoveQueries, MoveTargets, MoveWrites};
pub use partnership::{GroupQueries, GroupWrites, OrganizationQueries, OrganizationWrites};
pub use pull_request::{PullRequestFilter, PullRequestQueries, PullRequestWrites};
pub use related::{PausedFor, RelatedItemQueries, RelatedItemWrites};
pub use request::{RequestFilter, RequestQueries, RequestWrites, reviewer_roles};
pub use sign_in::{KeptCode, NewCode, SignInWrites};
pub use trash::{TrashQueries, TrashWrites};
pub use vault::{DataKeyQueries, DataKeyWrites, MasterKeySource, WrappedDataKey};
pub use watch::{WatchQueries, WatchWrites};

use super::access::Granted;
use super::model::{AccessToken, Member, Person, Recipient, Team, TeamMember, TeamSight, User, Workspace, WorkspaceSight};
use super::paging::{Page, PageRequest};
use super::snapshot::NodeSource;
use crate::domain::team::{Plan, Policies};
use crate::domain::{
    MemberId, OrganizationId, Side, TeamId, TeamRole, TeamRoles, Timestamp, TokenId, UserId, Visibility, WorkspaceId, WorkspaceRole,
};
use async_trait::async_trait;
use std::error::Error;
use uuid::Uuid;

/// What went wrong in the store. Never shown to a caller.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The transaction met another one and was undone; it may be tried again.
    #[error("the transaction met another one")]
    Contention(#[source] Box<dyn Error + Send + Sync>),
    /// The database cannot be reached or does not answer.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Anything else.
    #[error("the store failed")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// What a call of the store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// The database.
#[async_trait]
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Reads outside of a transaction.
    fn queries(&self) -> &dyn Queries;
    /// Begins a transaction that may write.
    async fn begin(&self) -> StoreResult<Box<dyn Tx>>;
    /// Whether the database answers and has the newest schema.
    async fn ready(&self) -> StoreResult<()>;
}

/// Everything that can be read.
pub trait Queries:
    UserQueries
    + TeamQueries
    + WorkspaceQueries
    + MemberQueries
    + RequestQueries
    + InvitationQueries
    + FeedQueries
    + AuditQueries
    + OrganizationQueries
    + GroupQueries
    + ElementQueries
    + DefinitionQueries
    + NodeSource
    + DataKeyQueries
    + RelatedItemQueries
    + MoveQueries
    + ForkQueries
    + TrashQueries
    + ElementGrantQueries
    + CommentQueries
    + PullRequestQueries
    + WatchQueries
    + MailQueries
    + PreferenceQueries
{
}

/// A transaction. Dropped without [`commit`](Tx::commit), it leaves nothing behind.
#[async_trait]
pub trait Tx:
    Queries
    + UserWrites
    + TeamWrites
    + WorkspaceWrites
    + MemberWrites
    + RequestWrites
    + InvitationWrites
    + FeedWrites
    + MailWrites
    + IdempotencyWrites
    + AuditWrites
    + OrganizationWrites
    + GroupWrites
    + SignInWrites
    + ElementWrites
    + DefinitionWrites
    + DataKeyWrites
    + RelatedItemWrites
    + MoveWrites
    + ForkWrites
    + TrashWrites
    + GarbageWrites
    + LeaseWrites
    + ElementGrantWrites
    + CommentWrites
    + PullRequestWrites
    + WatchWrites
    + PreferenceWrites
{
    /// This transaction as something to read through.
    fn queries(&self) -> &dyn Queries;
    /// Makes everything last.
    async fn commit(self: Box<Self>) -> StoreResult<()>;
}

/// Reading people and their tokens.
#[async_trait]
pub trait UserQueries: Send + Sync {
    /// Whether there is any account.
    async fn has_users(&self) -> StoreResult<bool>;
    /// The account with this id, for what is said of whoever did something.
    async fn find_user(&self, id: UserId) -> StoreResult<Option<User>>;
    /// The account with this address, given by its key (lower case).
    async fn find_user_by_email(&self, email_key: &str) -> StoreResult<Option<User>>;
    /// The person with this id, if the reader may know them: themself, or somebody whom they share a team or a
    /// workspace with.
    async fn find_person(&self, reader: UserId, id: UserId, now: Timestamp) -> StoreResult<Option<Person>>;
    /// Those of these people whom the reader may know. Addresses only where the reader is a member of a team that the person is in.
    async fn list_people(&self, reader: UserId, ids: &[UserId], now: Timestamp) -> StoreResult<Vec<Person>>;
    /// Where mail reaches these people.
    async fn list_recipients(&self, ids: &[UserId]) -> StoreResult<Vec<Recipient>>;
    /// A token with its owner and the hash of its secret.
    async fn find_token(&self, id: TokenId) -> StoreResult<Option<(AccessToken, [u8; 32], User)>>;
    /// The tokens of a user, oldest first.
    async fn list_tokens(&self, user: UserId) -> StoreResult<Vec<AccessToken>>;
}

/// Writing people and their tokens.
#[async_trait]
pub trait UserWrites: Send + Sync {
    /// Adds an account. False: the address has one already, and nothing was written.
    async fn insert_user(&self, user: &User, email_key: &str) -> StoreResult<bool>;
    /// Changes the name that others read of a user.
    async fn set_user_name(&self, user: UserId, name: &str) -> StoreResult<()>;
    /// Adds a token, of whose secret only the hash is kept.
    async fn insert_token(&self, token: &AccessToken, secret_hash: [u8; 32]) -> StoreResult<()>;
    /// Ends a token of this user. False: there is none, or it has been revoked already.
    async fn set_token_revoked(&self, user: UserId, token: TokenId, at: Timestamp) -> StoreResult<bool>;
}

/// Reading teams.
#[async_trait]
pub trait TeamQueries: Send + Sync {
    /// The team, and what the reader is in it.
    async fn find_team(&self, reader: Option<UserId>, id: TeamId) -> StoreResult<Option<TeamSight>>;
    /// The teams that a user is in, oldest membership first.
    async fn list_teams(&self, user: UserId) -> StoreResult<Vec<(TeamSight, TeamMember)>>;
    /// One membership.
    async fn find_team_member(&self, team: TeamId, user: UserId) -> StoreResult<Option<TeamMember>>;
    /// The team's own people (no partners), by membership.
    async fn list_team_members(&self, team: &Granted<TeamSight>, page: PageRequest<Uuid>) -> StoreResult<Page<(TeamMember, Person)>>;
    /// People of a team with any of these roles, as recipients.
    async fn list_role_holders(&self, team: TeamId, roles: TeamRoles) -> StoreResult<Vec<Recipient>>;
    /// Whether somebody else than this user holds the role.
    async fn has_other_role_holder(&self, team: TeamId, role: TeamRole, user: UserId) -> StoreResult<bool>;
}

/// Writing teams.
#[async_trait]
pub trait TeamWrites: Send + Sync {
    /// Adds a team. False: the slug is taken, and nothing was written.
    async fn insert_team(&self, team: &Team) -> StoreResult<bool>;
    /// Holds the team's people still until the transaction ends.
    async fn lock_team(&self, team: TeamId) -> StoreResult<()>;
    /// Adds a member. False: they are in the team already.
    async fn insert_team_member(&self, member: &TeamMember) -> StoreResult<bool>;
    /// Changes what a member is.
    async fn set_team_roles(&self, team: &Granted<TeamSight>, user: UserId, roles: TeamRoles) -> StoreResult<()>;
    /// Ends a membership, every grant of the person in the team, and what they had through groups of it. Answers the workspaces that
    /// they were in, each with the grant that let them in: their own or, where they had none, a group's.
    async fn delete_team_member(
        &self,
        team: &Granted<TeamSight>,
        user: UserId,
        now: Timestamp,
    ) -> StoreResult<Vec<(WorkspaceId, MemberId)>>;
    /// Changes the rules of the team.
    async fn set_team_policies(&self, team: &Granted<TeamSight>, policies: &Policies) -> StoreResult<()>;
    /// Changes what the team has booked.
    async fn set_team_plan(&self, team: &Granted<TeamSight>, plan: Plan) -> StoreResult<()>;
}

/// Which workspaces a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceFilter {
    /// Only of this team.
    pub team: Option<TeamId>,
    /// Only with this in the name, whatever its case.
    pub search: Option<String>,
    /// Only of this visibility.
    pub visibility: Option<Visibility>,
    /// Only those that an element may be moved into.
    pub accepts: Option<MoveTargets>,
}

/// Which members a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct MemberFilter {
    /// Only of this side.
    pub side: Option<Side>,
    /// Only with this in the name, whatever its case.
    pub search: Option<String>,
    /// What of it this reader may see.
    pub sight: MemberSightLimits,
}

/// Which grants of a workspace a reader may see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct MemberSightLimits {
    /// Only the team's own side and this organization (condition C7).
    pub only_organization: Option<OrganizationId>,
    /// Which grants to groups.
    pub groups: GroupsInSight,
}

/// Which groups a reader may know of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum GroupsInSight {
    /// Every group of the team: its members.
    #[default]
    All,
    /// The partner groups of this organization: its Leads, who can invite them.
    OfOrganization(OrganizationId),
    /// None: partners never learn of groups.
    Nothing,
}

/// The members of one workspace of many, and how many there are in all.
#[derive(Debug, Clone)]
pub struct MemberPage {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The page.
    pub page: Page<Member>,
    /// How many members the list has without paging.
    pub total: i64,
}

/// Reading workspaces and their members.
#[async_trait]
pub trait WorkspaceQueries: Send + Sync {
    /// The workspace, and what the reader is towards it.
    async fn find_workspace(&self, reader: Option<UserId>, id: WorkspaceId, now: Timestamp) -> StoreResult<Option<WorkspaceSight>>;
    /// Several workspaces at once, in no particular order.
    async fn list_workspaces_by_id(&self, reader: Option<UserId>, ids: &[WorkspaceId], now: Timestamp) -> StoreResult<Vec<WorkspaceSight>>;
    /// The workspaces that the reader finds in their list, oldest first: the same that
    /// `Action::ListWorkspace` allows.
    async fn list_workspaces(
        &self,
        reader: UserId,
        filter: &WorkspaceFilter,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<WorkspaceSight>>;
    /// A grant.
    async fn find_member(&self, reader: Option<UserId>, id: MemberId, now: Timestamp) -> StoreResult<Option<Member>>;
    /// The direct grant of a user in a workspace.
    async fn find_member_of(&self, workspace: WorkspaceId, user: UserId, now: Timestamp) -> StoreResult<Option<Member>>;
    /// Whether the workspace has an Admin beside this grant at that moment, as far as is known now.
    async fn has_other_admin(&self, workspace: WorkspaceId, than: MemberId, now: Timestamp) -> StoreResult<bool>;
    /// The same page of the members of several workspaces, oldest grant first, in one statement.
    async fn list_members(
        &self,
        reader: UserId,
        workspaces: &[WorkspaceId],
        filter: &MemberFilter,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Vec<MemberPage>>;
    /// Everybody whom a grant in the workspace reaches, of this role or of any, by themself or through a group, as recipients, by id.
    async fn list_member_recipients(
        &self,
        workspace: WorkspaceId,
        role: Option<WorkspaceRole>,
        now: Timestamp,
    ) -> StoreResult<Vec<Recipient>>;
    /// Team members who look into the workspace without a grant, as recipients, by id: those who lose access when its
    /// visibility stops being open to the team. Super Admins keep theirs; so do Partner Managers where it becomes a partner
    /// workspace.
    async fn list_implicit_viewers(&self, workspace: &Workspace, becomes: Visibility, now: Timestamp) -> StoreResult<Vec<Recipient>>;
    /// A page of the same, by id, as people.
    async fn list_would_lose_access(
        &self,
        reader: UserId,
        workspace: &Granted<WorkspaceSight>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Person>>;
}

/// New values for a workspace's details; none: as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceChanges {
    /// The name.
    pub name: Option<String>,
    /// The summary.
    pub summary: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The mode.
    pub multi_partner: Option<bool>,
}

/// Writing workspaces and their members.
#[async_trait]
pub trait WorkspaceWrites: Send + Sync {
    /// Holds the workspace and its people still until the transaction ends. False: nobody else can write anyway, so that what was read
    /// before still holds.
    async fn lock_workspace(&self, workspace: WorkspaceId) -> StoreResult<bool>;
    /// Adds a workspace.
    async fn insert_workspace(&self, workspace: &Workspace) -> StoreResult<()>;
    /// Writes new details and counts the version up.
    async fn set_workspace_details(
        &self,
        workspace: &Granted<WorkspaceSight>,
        changes: &WorkspaceChanges,
        by: UserId,
        at: Timestamp,
    ) -> StoreResult<()>;
    /// Changes who gets in. `by` none: the system, on an approval.
    async fn set_workspace_visibility(
        &self,
        workspace: &Granted<WorkspaceSight>,
        visibility: Visibility,
        by: UserId,
        at: Timestamp,
    ) -> StoreResult<()>;
    /// Deletes the workspace with everything in it.
    async fn delete_workspace(&self, workspace: &Granted<WorkspaceSight>) -> StoreResult<()>;
    /// Adds a grant. False: the subject has one already, and nothing was written.
    async fn insert_member(&self, member: &NewMember) -> StoreResult<bool>;
    /// Ends a grant. False: it is gone already.
    async fn delete_member(&self, member: &Granted<super::access::MemberSight>) -> StoreResult<bool>;
    /// Ends every grant of the partner side, to people and groups. Answers them. What the clock has ended already is not touched.
    async fn delete_partner_members(&self, workspace: &Granted<WorkspaceSight>, now: Timestamp) -> StoreResult<Vec<Member>>;
}
