//! What mutations of teams answer.

use super::{explain, load_invitation, load_team};
use crate::app::AppError;
use crate::app::team::Addition;
use crate::domain::policy::team::TeamAction;
use crate::domain::{TeamId, UserId};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::InviteOutcome;
use crate::graphql::errors::unless_hidden;
use crate::graphql::objects::{Invitation, Team, TeamMembership, User};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

/// What createTeam answers.
#[derive(Description)]
pub struct CreateTeamPayload(pub TeamId);

#[Object(use_type_description)]
impl CreateTeamPayload {
    /// The new team.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        load_team(ctx, self.0).await
    }
}

/// What setTeamPlan answers.
#[derive(Description)]
pub struct SetTeamPlanPayload(pub TeamId);

#[Object(use_type_description)]
impl SetTeamPlanPayload {
    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        load_team(ctx, self.0).await
    }
}

/// What addTeamMembers answers.
#[derive(SimpleObject)]
pub struct AddTeamMembersPayload {
    /// One result for each address, in their order.
    pub results: Vec<AddTeamMemberResult>,
}

/// What became of one address.
#[derive(Description)]
pub struct AddTeamMemberResult(pub Addition);

#[Object(use_type_description)]
impl AddTeamMemberResult {
    /// The address, as you gave it.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// What became of it.
    async fn outcome(&self) -> InviteOutcome {
        (&self.0.verdict).into()
    }

    /// The person. Null where it failed, or where they are invited.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(user) = self.0.verdict.membership() else { return Ok(None) };
        Ok(ctx.loaders().person(user).await?.map(User))
    }

    /// The invitation that a mail is on its way with. Null where there is none.
    async fn invitation(&self, ctx: &Context<'_>) -> Result<Option<Invitation>> {
        let Some(invitation) = self.0.verdict.invitation() else { return Ok(None) };
        load_invitation(ctx, invitation).await
    }

    /// Why it failed, coarse: one of the codes that errors have.
    async fn code(&self) -> Option<String> {
        self.0.verdict.failure().map(|(code, _)| code.to_string())
    }

    /// Why it failed, fine.
    async fn reason(&self) -> Option<String> {
        self.0.verdict.failure().map(|(_, reason)| reason.to_string())
    }

    /// Why it failed, for people.
    async fn message(&self) -> Option<&str> {
        self.0.verdict.failure().map(|(_, reason)| explain(reason))
    }
}

/// What setTeamRoles answers.
#[derive(Description)]
pub struct SetTeamRolesPayload {
    /// The team.
    pub team: TeamId,
    /// The member.
    pub user: UserId,
}

#[Object(use_type_description)]
impl SetTeamRolesPayload {
    /// The membership as it is now.
    async fn membership(&self, ctx: &Context<'_>) -> Result<Option<TeamMembership>> {
        let Some(team) = unless_hidden(ctx.access().team(self.team).may(TeamAction::ViewMembers).await)? else { return Ok(None) };
        let member = ctx.app().queries().find_team_member(self.team, self.user).await.map_err(AppError::from)?;
        let person = ctx.loaders().person(self.user).await?;
        Ok(member.zip(person).map(|(member, person)| TeamMembership { member, team: team.into_inner(), person }))
    }
}

/// What removeFromTeam answers.
#[derive(SimpleObject)]
pub struct RemoveFromTeamPayload {
    /// The team.
    pub team_id: ID,
    /// Who went.
    pub removed_user_id: ID,
}
