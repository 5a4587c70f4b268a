//! The people of a workspace.

use crate::app::member::{LeaveWorkspace, RemoveMember, UpdateMember};
use crate::app::parse_id;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// The people of a workspace, as mutations.
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Changes a grant in a workspace: role, Lead flag, end; the last Admin stays one. Requires `CHANGE_MEMBER_ROLE`; for a partner `CHANGE_PARTNER_ROLE`,
    /// and `SET_PARTNER_LEAD` for the flag.
    #[graphql(directive = requires::apply(Action::ChangeMemberRole))]
    async fn update_workspace_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdateWorkspaceMemberInput,
    ) -> Result<Option<payload::UpdateWorkspaceMemberPayload>> {
        let command = UpdateMember {
            member: parse_id(&input.member_id, "memberId")?,
            role: input.role.map(Into::into),
            partner_lead: input.partner_lead,
            expires_at: input.expires_at.map(|moment| moment.0),
            remove_expiry: input.remove_expiry.unwrap_or(false),
        };
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
