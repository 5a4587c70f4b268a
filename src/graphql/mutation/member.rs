//! Who is in a workspace, and as what.

use crate::app::error::checked;
use crate::app::member::{InviteTeamMembers, LeaveWorkspace, RemoveMember, UpdateMember};
use crate::domain::text::Note;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::{Blame, parse_id};
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// The mutations of members.
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Gives team members a role in a workspace. Requires `INVITE_TEAM_MEMBER`.
    #[graphql(directive = requires::apply(Action::InviteTeamMember))]
    async fn invite_team_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite.")] input: input::InviteTeamMembersInput,
    ) -> Result<Option<payload::InviteTeamMembersPayload>> {
        let command = InviteTeamMembers {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            invitees: input.invitees.into_iter().map(Into::into).collect(),
            role: input.role.into(),
            message: input.message.as_deref().map(|message| checked("message", Note::parse(message))).transpose()?,
        };
        let results = ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?;
        Ok(Some(payload::InviteTeamMembersPayload { results: results.into_iter().map(payload::InviteResult).collect() }))
    }

    /// Changes somebody's role in a workspace; the last Admin stays one. Requires `CHANGE_MEMBER_ROLE`, or `CHANGE_PARTNER_ROLE` for a partner.
    #[graphql(directive = requires::apply(Action::ChangeMemberRole))]
    async fn update_workspace_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdateWorkspaceMemberInput,
    ) -> Result<Option<payload::UpdateWorkspaceMemberPayload>> {
        let command = UpdateMember { member: parse_id(&input.member_id, "memberId")?, role: input.role.into() };
        Ok(Some(payload::UpdateWorkspaceMemberPayload(ctx.execute(input.idempotency_key, command).await.blame("memberId")?)))
    }

    /// Removes somebody from a workspace: they lose access at once. Requires `REMOVE_MEMBER`, or `REMOVE_PARTNER` for a partner.
    #[graphql(directive = requires::apply(Action::RemoveMember))]
    async fn remove_workspace_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who goes.")] input: input::RemoveWorkspaceMemberInput,
    ) -> Result<Option<payload::RemoveWorkspaceMemberPayload>> {
        let command = RemoveMember { member: parse_id(&input.member_id, "memberId")? };
        let member = ctx.execute(input.idempotency_key, command).await.blame("memberId")?;
        Ok(Some(payload::RemoveWorkspaceMemberPayload { removed_member_id: member.to_string().into() }))
    }

    /// Gives up your own access to a workspace; the last Admin cannot. Requires `LEAVE_WORKSPACE`.
    #[graphql(directive = requires::apply(Action::LeaveWorkspace))]
    async fn leave_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to leave.")] input: input::LeaveWorkspaceInput,
    ) -> Result<Option<payload::LeaveWorkspacePayload>> {
        let command = LeaveWorkspace { workspace: parse_id(&input.workspace_id, "workspaceId")? };
        let id = ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?;
        Ok(Some(payload::LeaveWorkspacePayload { left_workspace_id: id.to_string().into() }))
    }
}
