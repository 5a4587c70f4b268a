//! Teams.

use super::{DateTime, Invitation, User, list_invitations};
use crate::app::{AppError, model};
use crate::domain::policy::team::TeamAction;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, InvitationStatus, Plan, TeamRole};
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
