//! What mutations answer. What they changed is read when it is asked for, as who asks may see it afterwards.

mod invitation;
mod partnership;

pub use invitation::*;
pub use partnership::*;

use super::enums::InviteOutcome;
use super::objects::{
    AccessToken, ApprovalRequest, Invitation, Team, TeamMembership, User, Viewer, Workspace, WorkspaceMember, load_member, load_workspace,
};
use crate::app::AppError;
use crate::app::team::{Addition, AdditionOutcome};
use crate::app::workspace::Shaped;
use crate::domain::policy::Action;
use crate::domain::policy::team::TeamAction;
use crate::domain::{InvitationId, MemberId, RequestId, TeamId, UserId, WorkspaceId};
use crate::graphql::context::ContextExt;
use crate::graphql::errors::unless_hidden;
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use secrecy::{ExposeSecret, SecretString};

async fn load_request(ctx: &Context<'_>, id: RequestId) -> Result<Option<ApprovalRequest>> {
    let found = unless_hidden(ctx.access().request(id, Action::ViewRequestQueue).await)?;
    Ok(found.map(|sight| ApprovalRequest(sight.into_inner().request)))
}

async fn load_team(ctx: &Context<'_>, id: TeamId) -> Result<Option<Team>> {
    Ok(unless_hidden(ctx.access().team(id).visible().await)?.map(|team| Team(team.into_inner())))
}

/// The invitation with this id, if who asks may know of it.
async fn load_invitation(ctx: &Context<'_>, id: InvitationId) -> Result<Option<Invitation>> {
    let found = unless_hidden(ctx.access().visible_invitation(id).await)?;
    Ok(found.map(|sight| Invitation(sight.into_inner().invitation)))
}

/// What createAccessToken answers.
#[derive(Description)]
pub struct CreateAccessTokenPayload {
    /// The secret.
    pub secret: Option<SecretString>,
    /// The token.
    pub token: crate::domain::TokenId,
}

#[Object(use_type_description)]
impl CreateAccessTokenPayload {
    /// The token to send as `Authorization: Bearer ...`. It is shown this once: only its hash is kept. Null in the second answer to an
    /// idempotency key.
    async fn token(&self) -> Option<&str> {
        self.secret.as_ref().map(ExposeSecret::expose_secret)
    }

    /// What is kept of it.
    async fn access_token(&self, ctx: &Context<'_>) -> Result<Option<AccessToken>> {
        let found = ctx.app().queries().find_token(self.token).await.map_err(AppError::from)?;
        Ok(found.map(|(token, _, _)| AccessToken(token)))
    }
}

/// What revokeAccessToken answers.
#[derive(SimpleObject)]
pub struct RevokeAccessTokenPayload {
    /// The token that opens nothing any more.
    pub revoked_access_token_id: ID,
}

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
        match self.0.outcome {
            AdditionOutcome::Added(_) => InviteOutcome::Added,
            AdditionOutcome::AlreadyMember(_) => InviteOutcome::AlreadyMember,
            AdditionOutcome::Invited(_) => InviteOutcome::Invited,
            AdditionOutcome::AlreadyInvited(_) => InviteOutcome::AlreadyInvited,
            AdditionOutcome::Failed(..) => InviteOutcome::Failed,
        }
    }

    /// The person. Null where it failed, or where they are invited.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.outcome {
            AdditionOutcome::Added(user) | AdditionOutcome::AlreadyMember(user) => Ok(ctx.loaders().person(user).await?.map(User)),
            _ => Ok(None),
        }
    }

    /// The invitation that a mail is on its way with. Null where there is none.
    async fn invitation(&self, ctx: &Context<'_>) -> Result<Option<Invitation>> {
        match self.0.outcome {
            AdditionOutcome::Invited(invitation) | AdditionOutcome::AlreadyInvited(invitation) => load_invitation(ctx, invitation).await,
            _ => Ok(None),
        }
    }

    /// Why it failed, coarse: one of the codes that errors have.
    async fn code(&self) -> Option<String> {
        match self.0.outcome {
            AdditionOutcome::Failed(code, _) => Some(code.to_string()),
            _ => None,
        }
    }

    /// Why it failed, fine.
    async fn reason(&self) -> Option<String> {
        match self.0.outcome {
            AdditionOutcome::Failed(_, reason) => Some(reason.to_string()),
            _ => None,
        }
    }

    /// Why it failed, for people.
    async fn message(&self) -> Option<&str> {
        match self.0.outcome {
            AdditionOutcome::Failed(_, reason) => Some(explain(reason)),
            _ => None,
        }
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

/// A workspace, and the request that has to be approved first.
macro_rules! shaped_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub Shaped);

        #[Object(use_type_description)]
        impl $name {
            /// The workspace. Null where you may not open it any more.
            async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
                load_workspace(ctx, self.0.workspace).await
            }

            /// The request that was made because this needs an approval. Null: it is done.
            async fn request(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRequest>> {
                match self.0.request {
                    Some(request) => load_request(ctx, request).await,
                    None => Ok(None),
                }
            }
        }
    )+};
}

shaped_payload! {
    /// What createWorkspace answers.
    CreateWorkspacePayload;
    /// What changeWorkspaceVisibility answers.
    ChangeWorkspaceVisibilityPayload;
}

/// What updateWorkspace answers.
#[derive(Description)]
pub struct UpdateWorkspacePayload(pub WorkspaceId);

#[Object(use_type_description)]
impl UpdateWorkspacePayload {
    /// The workspace as it is now.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        load_workspace(ctx, self.0).await
    }
}

/// What deleteWorkspace answers.
#[derive(SimpleObject)]
pub struct DeleteWorkspacePayload {
    /// The workspace that is gone.
    pub deleted_workspace_id: ID,
}

macro_rules! request_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub RequestId);

        #[Object(use_type_description)]
        impl $name {
            /// The request as it is now.
            async fn request(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRequest>> {
                load_request(ctx, self.0).await
            }
        }
    )+};
}

request_payload! {
    /// What approveRequest answers.
    ApproveRequestPayload;
    /// What denyRequest answers.
    DenyRequestPayload;
    /// What cancelRequest answers.
    CancelRequestPayload;
}

/// What updateWorkspaceMember answers.
#[derive(Description)]
pub struct UpdateWorkspaceMemberPayload(pub MemberId);

#[Object(use_type_description)]
impl UpdateWorkspaceMemberPayload {
    /// The grant as it is now. Null where you may not see it any more.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<WorkspaceMember>> {
        load_member(ctx, self.0).await
    }
}

/// What removeWorkspaceMember answers.
#[derive(SimpleObject)]
pub struct RemoveWorkspaceMemberPayload {
    /// The grant that ended.
    pub removed_member_id: ID,
}

/// What leaveWorkspace answers.
#[derive(SimpleObject)]
pub struct LeaveWorkspacePayload {
    /// The workspace that you left.
    pub left_workspace_id: ID,
}

/// What markNotificationsRead answers.
#[derive(Description)]
pub struct MarkNotificationsReadPayload;

#[Object(use_type_description)]
impl MarkNotificationsReadPayload {
    /// How many notifications you have not read.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.app().queries().count_unread(ctx.reader()?).await.map_err(AppError::from)?)
    }

    /// You.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(ctx.signed_in()?.clone()))
    }
}
