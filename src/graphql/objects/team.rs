//! Teams.

use super::{AuditEvent, DateTime, Group, Invitation, Partner, PartnerOrganization, TeamPolicies, UndeliveredMail, User, list_invitations};
use crate::app::audit::AuditEntry;
use crate::app::parse_id;
use crate::app::ports::AuditFilter;
use crate::app::{AppError, model};
use crate::domain::policy::team::TeamAction;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, AuditKind, InvitationStatus, Plan, Side, TeamRole};
use crate::graphql::errors::Blame;
use crate::graphql::paging::{PageArguments, connection};
use crate::graphql::requires::requires;
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};

/// A team: the tenant that owns workspaces.
#[derive(Description)]
pub struct Team(pub model::TeamSight);

#[Object(use_type_description)]
impl Team {
    /// The id of this team.
    pub async fn id(&self) -> ID {
        self.0.team.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.team.name
    }

    /// Its short name in addresses.
    async fn slug(&self) -> &str {
        &self.0.team.slug
    }

    /// What it has booked. Null for partners. Partner workspaces need ENTERPRISE.
    async fn plan(&self) -> Option<Plan> {
        self.0.roles.is_team_member().then(|| self.0.team.plan.into())
    }

    /// When it was made. Null for partners.
    async fn created_at(&self) -> Option<DateTime> {
        self.0.roles.is_team_member().then_some(DateTime(self.0.team.created_at))
    }

    /// What you are in this team.
    async fn viewer_roles(&self) -> Vec<TeamRole> {
        self.0.roles.iter().map(Into::into).collect()
    }

    /// The team's own people, without partners, oldest membership first. Only for members of the team.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, TeamMembership>>> {
        let team = ctx.access().team(self.0.team.id).may(TeamAction::ViewMembers).await?;
        let scope = format!("team-members:{}", team.team.id);
        let request = PageArguments { first, after, last, before }.within(&scope)?;
        let page = ctx.app().queries().list_team_members(&team, request).await.map_err(AppError::from)?;
        let node = |(member, person): (model::TeamMember, model::Person)| TeamMembership { member, team: self.0.clone(), person };
        Ok(Some(connection(&scope, page, |(member, _)| member.id.uuid(), node)))
    }

    /// The invitations of this team, to itself and to its workspaces, oldest first: those that you may manage from here. Requires
    /// `MANAGE_INVITATION`.
    #[graphql(directive = requires::apply(Action::ManageInvitation))]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.", default_with = "Some(InvitationStatus::Pending)")] status: Option<InvitationStatus>,
    ) -> Result<Option<Connection<String, Invitation>>> {
        let filter = ctx.access().team(self.0.team.id).invitations().await?;
        let scope = format!("team-invitations:{}", self.0.team.id);
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        Ok(Some(list_invitations(ctx, &scope, &filter, status, &arguments).await?))
    }

    /// Every change of people, roles, policies, requests and visibility in the last 180 days, oldest first; ask for the last to see the
    /// newest. A Partner Manager reads what is about partner workspaces, partners and requests for them only. Requires `VIEW_AUDIT_LOG`.
    #[graphql(directive = requires::apply(Action::ViewAuditLog))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filters")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those of this kind.")] kind: Option<AuditKind>,
        #[graphql(desc = "Only what this user did.")] actor_id: Option<ID>,
        #[graphql(desc = "Only what happened in this workspace, which may be gone by now.")] workspace_id: Option<ID>,
        #[graphql(desc = "Only what is about the person or thing with this id.")] target_id: Option<ID>,
        #[graphql(desc = "Only those from this moment on.")] since: Option<DateTime>,
        #[graphql(desc = "Only those before this moment.")] until: Option<DateTime>,
    ) -> Result<Option<Connection<String, AuditEvent>>> {
        let log = ctx.access().team(self.0.team.id).audit_log().await?;
        let filter = AuditFilter {
            kind: kind.map(Into::into),
            actor: actor_id.map(|id| parse_id(&id, "actorId")).transpose()?,
            workspace: workspace_id.map(|id| parse_id(&id, "workspaceId")).transpose()?,
            target: target_id.map(|id| AuditFilter::target(&id, "targetId")).transpose()?,
            since: since.map(|since| since.0),
            until: until.map(|until| until.0),
        };
        let scope = format!("audit-log:{}", self.0.team.id);
        let request = PageArguments { first, after, last, before }.within(&scope)?;
        let page = ctx.app().queries().list_audit_events(&log, &filter, request).await.map_err(AppError::from)?;
        Ok(Some(connection(&scope, page, |entry: &AuditEntry| entry.id.uuid(), AuditEvent)))
    }

    /// Mails of this team that could not be delivered, oldest first. A Partner Manager sees those that are about partners only. Requires `VIEW_AUDIT_LOG`.
    #[graphql(directive = requires::apply(Action::ViewAuditLog))]
    async fn undelivered_mails(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, UndeliveredMail>>> {
        let mails = ctx.access().team(self.0.team.id).undelivered_mails().await?;
        let scope = format!("undelivered-mails:{}", self.0.team.id);
        let request = PageArguments { first, after, last, before }.within(&scope)?;
        let page = ctx.app().queries().list_undelivered_mails(&mails, request).await.map_err(AppError::from)?;
        Ok(Some(connection(&scope, page, |mail: &model::DeadMail| mail.id.uuid(), UndeliveredMail)))
    }

    /// The groups of this team, oldest first. Only for members of the team.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filters")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those of this side.")] side: Option<Side>,
        #[graphql(desc = "Only those with this in their name, whatever its case.")] search: Option<String>,
    ) -> Result<Option<Connection<String, Group>>> {
        let team = ctx.access().team(self.0.team.id).may(TeamAction::ViewMembers).await?;
        let scope = format!("groups:{}", team.team.id);
        let request = PageArguments { first, after, last, before }.within(&scope)?;
        let search = search.as_deref().filter(|search| !search.is_empty());
        let page = ctx.app().queries().list_groups(team.team.id, side.map(Into::into), search, request).await.map_err(AppError::from)?;
        Ok(Some(connection(&scope, page, |group: &model::Group| group.id.uuid(), Group)))
    }

    /// The partner organizations of this team, oldest first. Requires `VIEW_PARTNERSHIPS`.
    #[graphql(directive = requires::apply(Action::ViewPartnerships))]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those with this in their name, whatever its case.")] search: Option<String>,
    ) -> Result<Option<Connection<String, PartnerOrganization>>> {
        let team = ctx.access().team(self.0.team.id).may_act(crate::domain::policy::Action::ViewPartnerships).await?;
        let scope = format!("organizations:{}", team.team.id);
        let request = PageArguments { first, after, last, before }.within(&scope)?;
        let search = search.as_deref().filter(|search| !search.is_empty());
        let page = ctx.app().queries().list_organizations(team.team.id, search, request).await.map_err(AppError::from)?;
        Ok(Some(connection(&scope, page, |organization: &model::Organization| organization.id.uuid(), PartnerOrganization)))
    }

    /// What one partner can reach. A Workspace Admin sees what the partner has in workspaces that they administer. Requires `VIEW_PARTNER_ACCESS`.
    #[graphql(directive = requires::apply(Action::ViewPartnerAccess))]
    async fn partner(&self, ctx: &Context<'_>, #[graphql(desc = "The partner.")] user_id: ID) -> Result<Option<Partner>> {
        let sight = ctx.access().team(self.0.team.id).partner(parse_id(&user_id, "userId")?).await.blame("userId")?.into_inner();
        let person = ctx.loaders().person(sight.member.user_id).await?;
        Ok(person.map(|person| Partner { sight, person }))
    }

    /// The rules that the team sets for itself. Null for partners.
    async fn policies(&self) -> Option<TeamPolicies> {
        self.0.roles.is_team_member().then(|| TeamPolicies(self.0.team.policies.clone()))
    }
}

/// One person's membership of one team.
#[derive(Description)]
pub struct TeamMembership {
    /// The membership.
    pub member: model::TeamMember,
    /// The team.
    pub team: model::TeamSight,
    /// The person.
    pub person: model::Person,
}

#[Object(use_type_description)]
impl TeamMembership {
    /// The id of this membership.
    pub async fn id(&self) -> ID {
        self.member.id.to_string().into()
    }

    /// The team.
    async fn team(&self) -> Team {
        Team(self.team.clone())
    }

    /// The person.
    async fn user(&self) -> User {
        User(self.person.clone())
    }

    /// What the person is in the team.
    async fn roles(&self) -> Vec<TeamRole> {
        self.member.roles.iter().map(Into::into).collect()
    }

    /// Since when.
    async fn joined_at(&self) -> DateTime {
        DateTime(self.member.joined_at)
    }
}
