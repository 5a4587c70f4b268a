//! What the application asks of the store about partner organizations and groups.

use super::StoreResult;
use crate::app::access::Granted;
use crate::app::model::{Group, Member, Organization, Person, Recipient, TeamMember};
use crate::app::paging::{Page, PageRequest};
use crate::domain::{GroupId, OrganizationId, Side, TeamId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use uuid::Uuid;

/// Reading partner organizations and what their partners can reach.
#[async_trait]
pub trait OrganizationQueries: Send + Sync {
    /// Those of these organizations that exist.
    async fn list_organizations_by_id(&self, ids: &[OrganizationId]) -> StoreResult<Vec<Organization>>;
    /// The organization that a mail domain points to.
    async fn find_organization_by_domain(&self, team: TeamId, domain: &str) -> StoreResult<Option<Organization>>;
    /// The organization of this name, given by its key (lower case).
    async fn find_organization_by_name(&self, team: TeamId, name_key: &str) -> StoreResult<Option<Organization>>;
    /// The organizations of a team, oldest first, that have this in their name.
    async fn list_organizations(&self, team: TeamId, search: Option<&str>, page: PageRequest<Uuid>) -> StoreResult<Page<Organization>>;
    /// Whether the reader belongs to the organization, or shares a workspace with one of its partners, whom they may know.
    async fn knows_organization(&self, reader: UserId, organization: OrganizationId, now: Timestamp) -> StoreResult<bool>;
    /// Whether the reader is Partner Lead for the organization, in any partner workspace.
    async fn leads(&self, reader: UserId, organization: OrganizationId, now: Timestamp) -> StoreResult<bool>;
    /// The partners of an organization, oldest first.
    async fn list_partners(&self, organization: &Granted<Organization>, page: PageRequest<Uuid>)
    -> StoreResult<Page<(TeamMember, Person)>>;
    /// The live grants that reach a partner in a team, by themself and through groups; only in workspaces that somebody administers,
    /// where they are named.
    async fn list_partner_access(
        &self,
        team: TeamId,
        partner: UserId,
        administered_by: Option<UserId>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Member>>;
}

/// Writing partner organizations.
#[async_trait]
pub trait OrganizationWrites: Send + Sync {
    /// Adds an organization, without its domains. False: the name is taken, and nothing was written.
    async fn insert_organization(&self, organization: &Organization) -> StoreResult<bool>;
    /// Has domains point to an organization. False: one of them points to another one.
    async fn insert_organization_domains(&self, team: TeamId, organization: OrganizationId, domains: &[String]) -> StoreResult<bool>;
    /// Has no domain point to the organization any more.
    async fn delete_organization_domains(&self, organization: &Granted<Organization>) -> StoreResult<()>;
    /// Gives an organization another name. False: it is taken.
    async fn set_organization_name(&self, organization: &Granted<Organization>, name: &str) -> StoreResult<bool>;
}

/// Reading groups.
#[async_trait]
pub trait GroupQueries: Send + Sync {
    /// A group.
    async fn find_group(&self, id: GroupId) -> StoreResult<Option<Group>>;
    /// The groups of a team, oldest first.
    async fn list_groups(
        &self,
        team: TeamId,
        side: Option<Side>,
        search: Option<&str>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<Group>>;
    /// The people of a group whom the reader may know, by id.
    async fn list_group_members(
        &self,
        reader: UserId,
        group: &Granted<Group>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Person>>;
    /// Everybody in a group, as recipients, by id.
    async fn list_group_recipients(&self, group: GroupId) -> StoreResult<Vec<Recipient>>;
    /// The workspaces where a group holds a grant.
    async fn list_group_workspaces(&self, group: GroupId) -> StoreResult<Vec<Member>>;
    /// The grant of a group in a workspace.
    async fn find_member_of_group(&self, workspace: WorkspaceId, group: GroupId, now: Timestamp) -> StoreResult<Option<Member>>;
    /// Whether the user is in any of these groups.
    async fn is_in_any_group(&self, user: UserId, groups: &[GroupId]) -> StoreResult<bool>;
    /// The memberships of these people in a team.
    async fn list_team_memberships(&self, team: TeamId, users: &[UserId]) -> StoreResult<Vec<TeamMember>>;
}

/// Writing groups.
#[async_trait]
pub trait GroupWrites: Send + Sync {
    /// Adds a group. False: the name is taken, and nothing was written.
    async fn insert_group(&self, group: &Group) -> StoreResult<bool>;
    /// Gives a group another name. False: it is taken.
    async fn set_group_name(&self, group: &Granted<Group>, name: &str) -> StoreResult<bool>;
    /// Deletes a group, its memberships and its grants.
    async fn delete_group(&self, group: &Granted<Group>) -> StoreResult<()>;
    /// Adds people. Answers those who were not in it.
    async fn insert_group_members(&self, group: &Group, users: &[UserId], at: Timestamp) -> StoreResult<Vec<Recipient>>;
    /// Takes people out. Answers those who were in it.
    async fn delete_group_members(&self, group: &Granted<Group>, users: &[UserId]) -> StoreResult<Vec<Recipient>>;
}
