//! Teams and who is in them.

use crate::app::error::checked;
use crate::app::parse_id;
use crate::app::team::{AddMembers, ChangePlan, CreateTeam, RemoveFromTeam, SetTeamRoles};
use crate::domain::text::{Name, Slug};
use crate::graphql::context::ContextExt;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use async_graphql::{Context, Object, Result};

/// Teams and who is in them, as mutations.
#[derive(Default)]
pub struct TeamMutation;

#[Object]
impl TeamMutation {
    /// Makes a team, of which you are the first ADMIN and DEVELOPER.
    async fn create_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateTeamInput,
    ) -> Result<Option<payload::CreateTeamPayload>> {
        let command = CreateTeam { name: checked("name", Name::parse(&input.name))?, slug: checked("slug", Slug::parse(&input.slug))? };
        Ok(Some(payload::CreateTeamPayload(ctx.execute(input.idempotency_key, command).await?)))
    }

    /// Adds people who have an account to a team. Needs the team role ADMIN or `SUPER_ADMIN`, and for `SUPER_ADMIN` and `PARTNER_MANAGER` the right to appoint them.
    async fn add_team_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to add.")] input: input::AddTeamMembersInput,
    ) -> Result<Option<payload::AddTeamMembersPayload>> {
        let command = AddMembers {
            team: parse_id(&input.team_id, "teamId")?,
            emails: input.emails,
            roles: input.roles.into_iter().map(Into::into).collect(),
        };
        let additions = ctx.execute(input.idempotency_key, command).await.blame("teamId")?;
        Ok(Some(payload::AddTeamMembersPayload { results: additions.into_iter().map(payload::AddTeamMemberResult).collect() }))
    }

    /// Sets what a team member is. Needs the right to give every role that is new and to take every one that goes; the last ADMIN stays one.
    async fn set_team_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to set.")] input: input::SetTeamRolesInput,
    ) -> Result<Option<payload::SetTeamRolesPayload>> {
        let command = SetTeamRoles {
            team: parse_id(&input.team_id, "teamId")?,
            user: parse_id(&input.user_id, "userId")?,
            roles: input.roles.into_iter().map(Into::into).collect(),
        };
        let (team, user) = ctx.execute(input.idempotency_key, command).await.blame("teamId")?;
        Ok(Some(payload::SetTeamRolesPayload { team, user }))
    }

    /// Removes somebody from a team, with all that they can reach in it. Needs the team role ADMIN or `SUPER_ADMIN`, or for a partner the action
    /// `REMOVE_PARTNER_FROM_TEAM`; everybody may leave, but the last ADMIN.
    async fn remove_from_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who goes.")] input: input::RemoveFromTeamInput,
    ) -> Result<Option<payload::RemoveFromTeamPayload>> {
        let command = RemoveFromTeam { team: parse_id(&input.team_id, "teamId")?, user: parse_id(&input.user_id, "userId")? };
        let (team, user) = ctx.execute(input.idempotency_key, command).await.blame("teamId")?;
        Ok(Some(payload::RemoveFromTeamPayload { team_id: team.to_string().into(), removed_user_id: user.to_string().into() }))
    }

    /// Changes what a team has booked. Needs the team role BILLING or `SUPER_ADMIN`.
    async fn set_team_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to set.")] input: input::SetTeamPlanInput,
    ) -> Result<Option<payload::SetTeamPlanPayload>> {
        let command = ChangePlan { team: parse_id(&input.team_id, "teamId")?, plan: input.plan.into() };
        Ok(Some(payload::SetTeamPlanPayload(ctx.execute(input.idempotency_key, command).await.blame("teamId")?)))
    }
}
