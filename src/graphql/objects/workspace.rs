//! Workspaces and their members.

use super::{
    Activity, ApprovalRequest, DateTime, Group, Invitation, PartnerOrganization, Team, User, WorkspaceContent, WorkspaceTrash,
    list_invitations,
};
use crate::app::error::{AppError, Refusal};
use crate::app::model::{self, MemberSubject, WorkspaceSight};
use crate::app::ports::MemberFilter;
use crate::domain::policy::{self, Action as Act};
use crate::domain::{MemberId, WorkspaceId};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, InvitationStatus, Side, Visibility, WorkspaceRole};
use crate::graphql::errors::unless_hidden;
use crate::graphql::feed_cursor::{activity_page, activity_scope};
use crate::graphql::loaders::MembersKey;
use crate::graphql::paging::{PageArguments, connection, connection_with};
use crate::graphql::requires::{Decided, requires};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject, Union};
use std::sync::Arc;

/// A workspace: a place where people work on APIs together.
#[derive(Description)]
pub struct Workspace {
    /// The row, and what the reader is towards it.
    pub sight: Arc<WorkspaceSight>,
}

/// The workspace with this id, if who asks may open it.
pub async fn load_workspace(ctx: &Context<'_>, id: WorkspaceId) -> Result<Option<Workspace>> {
    Ok(ctx.loaders().workspace(id).await?.map(|sight| Workspace { sight }))
}

/// The grant with this id, if who asks may see it.
pub async fn load_member(ctx: &Context<'_>, id: MemberId) -> Result<Option<WorkspaceMember>> {
    let found = unless_hidden(ctx.access().visible_member(id).await)?;
    Ok(found.map(|granted| {
        let sight = granted.into_inner();
        WorkspaceMember { member: sight.member, workspace: Arc::new(sight.workspace) }
    }))
}

/// The list that cursors of a workspace's members belong to.
fn members_scope(workspace: WorkspaceId) -> String {
    format!("members:{workspace}")
}

impl Workspace {
    fn needs(&self, ctx: &Context<'_>, action: Act) -> Decided {
        match self.sight.check(action, ctx.now()) {
            Err(AppError::Refused(refusal)) => Decided(Some(*refusal)),
            _ => Decided(None),
        }
    }
}

#[Object(use_type_description)]
impl Workspace {
    /// The id of this workspace.
    pub async fn id(&self) -> ID {
        self.sight.workspace.id.to_string().into()
    }

    /// The team that owns it.
    async fn team(&self) -> Team {
        Team(model::TeamSight {
            team: Arc::clone(&self.sight.team),
            roles: self.sight.standing.team_roles,
            has_partner_manager: true,
            has_super_admin: true,
        })
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.sight.workspace.name
    }

    /// What it is for, in a line.
    async fn summary(&self) -> &str {
        &self.sight.workspace.summary
    }

    /// What it is for, in Markdown.
    async fn description(&self) -> &str {
        &self.sight.workspace.description
    }

    /// Who gets in.
    async fn visibility(&self) -> Visibility {
        self.sight.workspace.visibility.into()
    }

    /// Whether partners are Viewers only and see team members and their own organization, never other partners.
    async fn multi_partner(&self) -> bool {
        self.sight.workspace.multi_partner
    }

    /// Grows by one with each edit: give it back as expectedVersion, and an edit that was not yours is not overwritten.
    async fn version(&self) -> i32 {
        self.sight.workspace.version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.sight.workspace.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.sight.workspace.updated_at)
    }

    /// Who made it. Null where you may not know them.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.sight.workspace.created_by).await?.map(User))
    }

    /// The approval request that is pending for it. Null where there is none, or where you may not see it.
    async fn pending_request(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRequest>> {
        let Some(request) = ctx.loaders().pending_request(self.sight.workspace.id).await? else { return Ok(None) };
        Ok(ApprovalRequest::if_visible(ctx, &self.sight, request))
    }

    /// Your role here, the highest of all that you have. Null where you look in without one.
    async fn viewer_role(&self) -> Option<WorkspaceRole> {
        self.sight.effective_role().map(Into::into)
    }

    /// Whether you are a Partner Lead here.
    async fn viewer_is_partner_lead(&self) -> bool {
        self.sight.standing.partner_grant().is_some_and(|grant| grant.partner_lead)
    }

    /// Everything that you may do here now.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Vec<Action> {
        policy::viewer_can(&self.sight.standing, &self.sight.facts(ctx.now())).into_iter().map(Into::into).collect()
    }

    /// Why you may, or may not, do this here.
    async fn permission(&self, ctx: &Context<'_>, #[graphql(desc = "What you want to do.")] action: Action) -> Permission {
        self.sight.permission(action.into(), ctx.now()).into()
    }

    /// Who is here by a grant, oldest first. Requires `VIEW_MEMBERS`.
    #[graphql(guard = "self.needs(ctx, Act::ViewMembers)", directive = requires::apply(Action::ViewMembers))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filters")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those of this side.")] side: Option<Side>,
        #[graphql(desc = "Only those with this in their name, whatever its case.")] search: Option<String>,
    ) -> Result<Connection<String, WorkspaceMember, MemberCount>> {
        let workspace = self.sight.workspace.id;
        let scope = members_scope(workspace);
        let page = PageArguments { first, after, last, before }.within(&scope)?;
        let sight = self.sight.members_in_sight(ctx.now());
        let filter = MemberFilter { side: side.map(Into::into), search: search.filter(|search| !search.is_empty()), sight };
        let found = ctx.loaders().members(MembersKey { workspace, filter, page }).await?.ok_or_else(Refusal::not_found)?;
        let node = |member| WorkspaceMember { member, workspace: Arc::clone(&self.sight) };
        Ok(connection_with(&scope, found.page, |member: &model::Member| member.id.uuid(), node, MemberCount { total_count: found.total }))
    }

    /// Invitations to this workspace, oldest first: all that you may manage. Requires `MANAGE_INVITATION`.
    #[graphql(guard = "self.needs(ctx, Act::ManageInvitation)", directive = requires::apply(Action::ManageInvitation))]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.")] status: Option<InvitationStatus>,
    ) -> Result<Connection<String, Invitation>> {
        let scope = format!("workspace-invitations:{}", self.sight.workspace.id);
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        list_invitations(ctx, &scope, &self.sight.invitations_in_sight(), status, &arguments).await
    }

    /// What is in it.
    #[graphql(flatten)]
    async fn content(&self) -> WorkspaceContent {
        WorkspaceContent(Arc::clone(&self.sight))
    }

    /// What was in it.
    #[graphql(flatten)]
    async fn former_content(&self) -> WorkspaceTrash {
        WorkspaceTrash(Arc::clone(&self.sight))
    }

    /// What happened here, as far as you may know, oldest first; ask for the last to see the newest. The subscription workspaceActivity is its tail. Requires
    /// `VIEW_ACTIVITY`.
    #[graphql(guard = "self.needs(ctx, Act::ViewActivity)", directive = requires::apply(Action::ViewActivity))]
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Activity>> {
        let page = activity_page(ctx, &self.sight, &PageArguments { first, after, last, before }).await?;
        Ok(connection(
            &activity_scope(self.sight.workspace.id),
            page,
            |entry: &model::ActivityEntry| entry.id.uuid(),
            |entry| Activity(Arc::new(entry)),
        ))
    }

    /// Who would lose access if this became a partner workspace: teammates who look in without a grant. Requires `CHANGE_VISIBILITY`.
    #[graphql(guard = "self.needs(ctx, Act::ChangeVisibility)", directive = requires::apply(Action::ChangeVisibility))]
    async fn would_lose_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, User>> {
        let workspace = ctx.access().workspace(self.sight.workspace.id).may(Act::ChangeVisibility).await?;
        let scope = format!("would-lose-access:{}", workspace.workspace.id);
        let request = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let page =
            ctx.app().queries().list_would_lose_access(ctx.reader()?, &workspace, request, ctx.now()).await.map_err(AppError::from)?;
        Ok(connection(&scope, page, |person: &model::Person| person.id.uuid(), User))
    }
}

/// How long a list of members is.
#[derive(SimpleObject)]
pub struct MemberCount {
    /// How many there are in all, on every page together.
    total_count: i64,
}

/// Whether you may do something, and why.
#[derive(SimpleObject)]
pub struct Permission {
    /// What is asked about.
    action: Action,
    /// Whether you may do it at once.
    allowed: bool,
    /// Whether you may ask for it: a reviewer decides.
    needs_approval: bool,
    /// Why not, for programs. Null where you may.
    reason: Option<String>,
    /// The rule that decides, for people. Null where it is just a matter of your roles.
    rule: Option<&'static str>,
}

impl From<policy::Permission> for Permission {
    fn from(permission: policy::Permission) -> Self {
        Self {
            action: permission.action.into(),
            allowed: permission.allowed,
            needs_approval: permission.needs_approval,
            reason: permission.reason.map(|reason| reason.to_string()),
            rule: permission.rule.map(policy::Condition::rule),
        }
    }
}

/// A grant in a workspace: what lets a person, or everybody in a group, work here.
#[derive(Description)]
pub struct WorkspaceMember {
    /// The grant.
    pub member: model::Member,
    /// Where.
    pub workspace: Arc<WorkspaceSight>,
}

/// Whom a grant is given to.
#[derive(Union)]
pub enum Subject {
    /// One person.
    User(User),
    /// Everybody in a group.
    Group(Group),
}

#[Object(use_type_description)]
impl WorkspaceMember {
    /// The id of this grant.
    pub async fn id(&self) -> ID {
        self.member.id.to_string().into()
    }

    /// The workspace.
    async fn workspace(&self) -> Workspace {
        Workspace { sight: Arc::clone(&self.workspace) }
    }

    /// Whom it is given to.
    async fn subject(&self) -> Subject {
        match &self.member.subject {
            MemberSubject::Person(person) => Subject::User(User(person.clone())),
            MemberSubject::Group(group) => Subject::Group(Group(group.clone())),
        }
    }

    /// On which side they are.
    async fn side(&self) -> Side {
        self.member.side.into()
    }

    /// What it lets them do.
    async fn role(&self) -> WorkspaceRole {
        self.member.role.into()
    }

    /// Whether a partner is a Partner Lead: may bring colleagues of their own organization.
    async fn partner_lead(&self) -> bool {
        self.member.partner_lead
    }

    /// The organization that a partner comes from. Null for the team's own side.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<PartnerOrganization>> {
        let Some(organization) = self.member.organization_id else { return Ok(None) };
        Ok(ctx.loaders().organization(organization).await?.map(PartnerOrganization))
    }

    /// Who gave it. Null: the system, or somebody whom you may not know.
    async fn granted_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(by) = self.member.granted_by else { return Ok(None) };
        Ok(ctx.loaders().person(by).await?.map(User))
    }

    /// When it was given.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.member.granted_at)
    }

    /// When it ends. Null: when it is taken.
    async fn expires_at(&self) -> Option<DateTime> {
        self.member.expires_at.map(DateTime)
    }
}
