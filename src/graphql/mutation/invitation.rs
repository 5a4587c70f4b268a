//! Inviting people, and answering.

use crate::app::error::{Refusal, checked};
use crate::app::invitation::{AcceptInvitation, DeclineInvitation, ResendInvitation, RevokeInvitation};
use crate::app::member::{InvitePartners, InviteTeamMembers};
use crate::app::organization::NamedOrganization;
use crate::app::parse_id;
use crate::domain::Reason;
use crate::domain::text::{Name, Note};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, ID, Object, Result};
use secrecy::SecretString;

/// Inviting people, and answering, as mutations.
#[derive(Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
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

    /// Brings partners into a partner workspace: known ones at once, others by an invitation mail. A Partner Lead brings colleagues of their
    /// own organization, up to their own role. Requires `INVITE_PARTNER`, and `SET_PARTNER_LEAD` to make them Partner Leads.
    #[graphql(directive = requires::apply(Action::InvitePartner))]
    async fn invite_partners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite.")] input: input::InvitePartnersInput,
    ) -> Result<Option<payload::InvitePartnersPayload>> {
        let command = InvitePartners {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            role: input.role.into(),
            partner_lead: input.partner_lead.unwrap_or(false),
            message: input.message.as_deref().map(|message| checked("message", Note::parse(message))).transpose()?,
            access_expires_at: input.access_expires_at.map(|moment| moment.0),
            organization: organization(input.organization_id.as_ref(), input.organization_name.as_deref())?,
            invitees: input.invitees.into_iter().map(Into::into).collect(),
        };
        let results = ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?;
        Ok(Some(payload::InvitePartnersPayload { results: results.into_iter().map(payload::InviteResult).collect() }))
    }

    /// Accepts an invitation, as the user whose verified address is the invited one. Works once. Requires `ANSWER_INVITATION`.
    #[graphql(directive = requires::apply(Action::AnswerInvitation))]
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to accept.")] input: input::AcceptInvitationInput,
    ) -> Result<Option<payload::AcceptInvitationPayload>> {
        let command = AcceptInvitation { token: token(&input.token) };
        Ok(Some(payload::AcceptInvitationPayload(ctx.execute(input.idempotency_key, command).await?)))
    }

    /// Declines an invitation, as the user whose verified address is the invited one. Requires `ANSWER_INVITATION`.
    #[graphql(directive = requires::apply(Action::AnswerInvitation))]
    async fn decline_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to decline.")] input: input::DeclineInvitationInput,
    ) -> Result<Option<payload::DeclineInvitationPayload>> {
        let command = DeclineInvitation { token: token(&input.token) };
        Ok(Some(payload::DeclineInvitationPayload(ctx.execute(input.idempotency_key, command).await?)))
    }

    /// Takes a pending invitation back: its link opens nothing any more. Requires `MANAGE_INVITATION`.
    #[graphql(directive = requires::apply(Action::ManageInvitation))]
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take back.")] input: input::RevokeInvitationInput,
    ) -> Result<Option<payload::RevokeInvitationPayload>> {
        let command = RevokeInvitation { invitation: parse_id(&input.invitation_id, "invitationId")? };
        Ok(Some(payload::RevokeInvitationPayload(ctx.execute(input.idempotency_key, command).await.blame("invitationId")?)))
    }

    /// Sends a pending invitation again, with a new link and a new term; the old link opens nothing any more. Requires `MANAGE_INVITATION`.
    #[graphql(directive = requires::apply(Action::ManageInvitation))]
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to send again.")] input: input::ResendInvitationInput,
    ) -> Result<Option<payload::ResendInvitationPayload>> {
        let command = ResendInvitation { invitation: parse_id(&input.invitation_id, "invitationId")? };
        Ok(Some(payload::ResendInvitationPayload(ctx.execute(input.idempotency_key, command).await.blame("invitationId")?)))
    }
}

/// The token of a link, which people paste as a whole.
fn token(link: &str) -> SecretString {
    let link = link.trim();
    link.rsplit_once('/').map_or(link, |(_, token)| token).into()
}

fn organization(id: Option<&ID>, name: Option<&str>) -> Result<Option<NamedOrganization>> {
    match (id, name) {
        (None, None) => Ok(None),
        (Some(id), None) => Ok(Some(NamedOrganization::Id(parse_id(id, "organizationId")?))),
        (None, Some(name)) => Ok(Some(NamedOrganization::Name(checked("organizationName", Name::parse(name))?))),
        (Some(_), Some(_)) => {
            let message = "Name the organization by its id or by its name, not by both.";
            Err(Refusal::bad_input("organizationName", Reason::ContradictoryArguments, message).into())
        }
    }
}
