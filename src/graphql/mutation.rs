//! The root of writing. A mutation that fails answers null and an error, and its neighbours in the document stand.

use super::context::ContextExt;
use super::enums::Action;
use super::errors::{Blame, parse_id};
use super::inputs as input;
use super::objects::notification_scope;
use super::paging::decode;
use super::payloads as payload;
use super::requires::requires;
use crate::app::error::{Refusal, checked};
use crate::app::member::{InviteTeamMembers, LeaveWorkspace, RemoveMember, UpdateMember};
use crate::app::notification::MarkRead;
use crate::app::request::{ApproveRequest, CancelRequest, Decision, DenyRequest};
use crate::app::team::{AddMembers, ChangePlan, CreateTeam, RemoveFromTeam, SetTeamRoles};
use crate::app::token::{self, CreateToken, RevokeToken};
use crate::app::workspace::{ChangeVisibility, CreateWorkspace, DeleteWorkspace, UpdateWorkspace};
use crate::domain::Reason;
use crate::domain::text::{self, Name, Note, Slug, Summary};
use async_graphql::{Context, Description, ID, Object, Result};

/// The most notifications that one call marks one by one.
const MAX_MARKED: usize = 100;

/// The root of writing.
#[derive(Description)]
pub struct Mutation;

#[Object(use_type_description)]
impl Mutation {
    /// Makes an access token for you.
    async fn create_access_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateAccessTokenInput,
    ) -> Result<Option<payload::CreateAccessTokenPayload>> {
        let command = CreateToken::new(checked("name", Name::parse(&input.name))?, input.expires_at.map(|moment| moment.0));
        let (token, secret) = token::create(ctx.app(), Some(ctx.signed_in()?), input.idempotency_key.as_deref(), command).await?;
        Ok(Some(payload::CreateAccessTokenPayload { secret, token: token.id }))
    }

    /// Ends one of your access tokens. What was opened with it closes.
    async fn revoke_access_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to end.")] input: input::RevokeAccessTokenInput,
    ) -> Result<Option<payload::RevokeAccessTokenPayload>> {
        let command = RevokeToken { token: parse_id(&input.access_token_id, "accessTokenId")? };
        let token = ctx.execute(input.idempotency_key, command).await?;
        Ok(Some(payload::RevokeAccessTokenPayload { revoked_access_token_id: token.to_string().into() }))
    }

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

    /// Makes a workspace, of which you are the first Admin. Requires `CREATE_WORKSPACE`; a partner or public one may need an approval, and then a request is made.
    #[graphql(directive = requires::apply(Action::CreateWorkspace))]
    async fn create_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateWorkspaceInput,
    ) -> Result<Option<payload::CreateWorkspacePayload>> {
        let command = CreateWorkspace {
            team: parse_id(&input.team_id, "teamId")?,
            name: checked("name", Name::parse(&input.name))?,
            summary: checked("summary", Summary::parse(input.summary.as_deref().unwrap_or_default()))?,
            description: checked("description", text::Description::parse(input.description.as_deref().unwrap_or_default()))?,
            visibility: input.visibility.into(),
            note: input.note.as_deref().map(|note| checked("note", Note::parse(note))).transpose()?,
        };
        Ok(Some(payload::CreateWorkspacePayload(ctx.execute(input.idempotency_key, command).await.blame("teamId")?)))
    }

    /// Edits a workspace's details. Requires `EDIT_DETAILS`.
    #[graphql(directive = requires::apply(Action::EditDetails))]
    async fn update_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdateWorkspaceInput,
    ) -> Result<Option<payload::UpdateWorkspacePayload>> {
        let command = UpdateWorkspace {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            name: input.name.as_deref().map(|name| checked("name", Name::parse(name))).transpose()?,
            summary: input.summary.as_deref().map(|summary| checked("summary", Summary::parse(summary))).transpose()?,
            description: input.description.as_deref().map(|text| checked("description", text::Description::parse(text))).transpose()?,
            multi_partner: input.multi_partner,
            expected_version: input.expected_version,
        };
        Ok(Some(payload::UpdateWorkspacePayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }

    /// Changes who gets into a workspace, at once or on request. Requires `CHANGE_VISIBILITY`.
    #[graphql(directive = requires::apply(Action::ChangeVisibility))]
    async fn change_workspace_visibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::ChangeWorkspaceVisibilityInput,
    ) -> Result<Option<payload::ChangeWorkspaceVisibilityPayload>> {
        let command = ChangeVisibility {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            visibility: input.visibility.into(),
            note: input.note.as_deref().map(|note| checked("note", Note::parse(note))).transpose()?,
            remove_partners: input.remove_partners.unwrap_or(false),
        };
        Ok(Some(payload::ChangeWorkspaceVisibilityPayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }

    /// Deletes a workspace for good. A partner workspace has to lose its partners and become TEAM or PRIVATE first. Requires `DELETE_WORKSPACE`.
    #[graphql(directive = requires::apply(Action::DeleteWorkspace))]
    async fn delete_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to delete.")] input: input::DeleteWorkspaceInput,
    ) -> Result<Option<payload::DeleteWorkspacePayload>> {
        let command = DeleteWorkspace { workspace: parse_id(&input.workspace_id, "workspaceId")? };
        let id = ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?;
        Ok(Some(payload::DeleteWorkspacePayload { deleted_workspace_id: id.to_string().into() }))
    }

    /// Approves a pending request: the workspace becomes what was asked for. Of two reviewers the first wins. Requires `REVIEW_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewRequest))]
    async fn approve_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to approve.")] input: input::ApproveRequestInput,
    ) -> Result<Option<payload::ApproveRequestPayload>> {
        let comment = input.comment.as_deref().map(|comment| checked("comment", Note::parse(comment))).transpose()?;
        let command = ApproveRequest(Decision { request: parse_id(&input.request_id, "requestId")?, comment });
        Ok(Some(payload::ApproveRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("requestId")?)))
    }

    /// Denies a pending request: the workspace stays as it is. Requires `REVIEW_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewRequest))]
    async fn deny_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to deny.")] input: input::DenyRequestInput,
    ) -> Result<Option<payload::DenyRequestPayload>> {
        let comment = input.comment.as_deref().map(|comment| checked("comment", Note::parse(comment))).transpose()?;
        let command = DenyRequest(Decision { request: parse_id(&input.request_id, "requestId")?, comment });
        Ok(Some(payload::DenyRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("requestId")?)))
    }

    /// Takes your own pending request back. Requires `CANCEL_REQUEST`.
    #[graphql(directive = requires::apply(Action::CancelRequest))]
    async fn cancel_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take back.")] input: input::CancelRequestInput,
    ) -> Result<Option<payload::CancelRequestPayload>> {
        let command = CancelRequest { request: parse_id(&input.request_id, "requestId")? };
        Ok(Some(payload::CancelRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("requestId")?)))
    }

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

    /// Marks notifications of yours as read. Ids that are not yours mark nothing.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to mark.")] input: input::MarkNotificationsReadInput,
    ) -> Result<Option<payload::MarkNotificationsReadPayload>> {
        let scope = notification_scope(ctx.reader()?);
        let up_to = input.up_to_cursor.as_deref().map(|cursor| decode(&scope, cursor, "upToCursor")).transpose()?;
        let ids: Vec<ID> = input.ids.unwrap_or_default();
        if ids.len() > MAX_MARKED {
            return Err(Refusal::bad_input("ids", Reason::TooMany, format!("Mark up to {MAX_MARKED} at once.")).into());
        }
        let ids = ids.iter().map(|id| parse_id(id, "ids")).collect::<Result<_, _>>()?;
        ctx.execute(input.idempotency_key, MarkRead { ids, up_to }).await?;
        Ok(Some(payload::MarkNotificationsReadPayload))
    }
}
