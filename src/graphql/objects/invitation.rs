//! Invitations.

use super::{DateTime, User, Workspace};
use crate::app::invitation::Preview as AppPreview;
use crate::app::ports::InvitationFilter;
use crate::app::{AppError, model};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{InvitationStatus, Side, WorkspaceRole};
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};

/// An invitation by mail, to a workspace or to a team. The mail carries a link, with which the invited person answers.
#[derive(Description)]
pub struct Invitation(pub model::Invitation);

#[Object(use_type_description)]
impl Invitation {
    /// The id of this invitation.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The workspace. Null where it is gone, where you may not open it, or where the invitation is to the team itself.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        let Some(workspace) = self.0.workspace_id else { return Ok(None) };
        Ok(ctx.loaders().workspace(workspace).await?.map(|sight| Workspace { sight }))
    }

    /// The name of the workspace, for the invited person too. Null where you may not know it.
    async fn workspace_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(workspace) = self.0.workspace_id else { return Ok(None) };
        if let Some(sight) = ctx.loaders().workspace(workspace).await? {
            return Ok(Some(sight.workspace.name.clone()));
        }
        let is_mine = ctx.actor().is_some_and(|actor| self.0.is_to(&actor.user.email));
        Ok(self.0.workspace_name.clone().filter(|_| is_mine))
    }

    /// The invited address.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// On which side the invited person will be.
    async fn side(&self) -> Side {
        self.0.side.into()
    }

    /// What they may do in the workspace. Means nothing where the invitation is to the team itself.
    async fn role(&self) -> WorkspaceRole {
        self.0.role.into()
    }

    /// Whether they will be Partner Lead.
    async fn partner_lead(&self) -> bool {
        self.0.partner_lead
    }

    /// Where it stands.
    async fn status(&self, ctx: &Context<'_>) -> InvitationStatus {
        self.0.status(ctx.now()).into()
    }

    /// What the inviter added.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Who invites. Null where you may not know them.
    async fn invited_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.invited_by).await?.map(User))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it expires if nobody answers.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When the access that it gives ends. Null: when it is taken.
    async fn access_expires_at(&self) -> Option<DateTime> {
        self.0.access_expires_at.map(DateTime)
    }

    /// When it reached its final state. Null while it is pending.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }
}

/// A page of the invitations that a filter names.
pub async fn list_invitations(
    ctx: &Context<'_>,
    scope: &str,
    filter: &InvitationFilter,
    status: Option<InvitationStatus>,
    arguments: &PageArguments,
) -> Result<Connection<String, Invitation>> {
    let request = arguments.within(scope)?;
    let status = status.map(Into::into);
    let page = ctx.app().queries().list_invitations(filter, status, request, ctx.now()).await.map_err(AppError::from)?;
    Ok(connection(scope, page, |invitation: &model::Invitation| invitation.id.uuid(), Invitation))
}

/// What an invited person sees before signing in, by the link alone.
#[derive(Description)]
pub struct InvitationPreview(pub AppPreview);

#[Object(use_type_description)]
impl InvitationPreview {
    /// The name of the team.
    async fn team_name(&self) -> &str {
        &self.0.team
    }

    /// The name of the workspace. Null: the invitation is to the team itself.
    async fn workspace_name(&self) -> Option<&str> {
        self.0.invitation.workspace_name.as_deref()
    }

    /// The name of who invites.
    async fn inviter_name(&self) -> Option<&str> {
        self.0.inviter.as_deref()
    }

    /// The invited address: sign in with it.
    async fn email(&self) -> &str {
        &self.0.invitation.email
    }

    /// On which side you will be.
    async fn side(&self) -> Side {
        self.0.invitation.side.into()
    }

    /// What you may do in the workspace.
    async fn role(&self) -> WorkspaceRole {
        self.0.invitation.role.into()
    }

    /// Where it stands.
    async fn status(&self, ctx: &Context<'_>) -> InvitationStatus {
        self.0.invitation.status(ctx.now()).into()
    }

    /// What the inviter added.
    async fn message(&self) -> Option<&str> {
        self.0.invitation.message.as_deref()
    }

    /// When it expires if nobody answers.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.invitation.expires_at)
    }
}
