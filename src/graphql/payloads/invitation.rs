//! What inviting and answering invitations answers.

use super::load_invitation;
use crate::app::invitation::{Accepted, Verdict};
use crate::app::member::{Invited, Invitee};
use crate::domain::{InvitationId, Reason};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::InviteOutcome;
use crate::graphql::errors::unless_hidden;
use crate::graphql::objects::{Invitation, Team, Workspace, WorkspaceMember, load_member, load_workspace};
use async_graphql::{Context, Description, Object, Result, SimpleObject};

/// What inviteTeamMembers answers.
#[derive(SimpleObject)]
pub struct InviteTeamMembersPayload {
    /// One result for each invitee, in their order.
    pub results: Vec<InviteResult>,
}

/// What invitePartners answers.
#[derive(SimpleObject)]
pub struct InvitePartnersPayload {
    /// One result for each invitee, in their order.
    pub results: Vec<InviteResult>,
}

/// What became of one invitee.
#[derive(Description)]
pub struct InviteResult(pub Invited);

#[Object(use_type_description)]
impl InviteResult {
    /// Who: the address or id, as you gave it.
    async fn invitee(&self) -> &str {
        match &self.0.invitee {
            Invitee::Email(text) | Invitee::User(text) | Invitee::Group(text) => text,
        }
    }

    /// What became of them.
    async fn outcome(&self) -> InviteOutcome {
        (&self.0.verdict).into()
    }

    /// The invitation that is open. Null where there is none, or where you may not see it.
    async fn invitation(&self, ctx: &Context<'_>) -> Result<Option<Invitation>> {
        let Some(invitation) = self.0.verdict.invitation() else { return Ok(None) };
        load_invitation(ctx, invitation).await
    }

    /// The grant that they hold. Null where there is none.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<WorkspaceMember>> {
        let Some(member) = self.0.verdict.membership() else { return Ok(None) };
        load_member(ctx, member).await
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

impl<T> From<&Verdict<T>> for InviteOutcome {
    fn from(verdict: &Verdict<T>) -> Self {
        match verdict {
            Verdict::Added(_) => Self::Added,
            Verdict::AlreadyMember(_) => Self::AlreadyMember,
            Verdict::Invited(_) => Self::Invited,
            Verdict::AlreadyInvited(_) => Self::AlreadyInvited,
            Verdict::Failed(..) => Self::Failed,
        }
    }
}

/// A reason in a sentence for people.
pub(super) const fn explain(reason: Reason) -> &'static str {
    match reason {
        Reason::NotTeamMember => "This is not the address of a member of the team.",
        Reason::IsPartner => "This person is a partner of the team, and nobody is on both sides.",
        Reason::IsTeamMember => "This person is a member of the team, and nobody is on both sides.",
        Reason::WrongSide => "This group is not of the side that is needed here.",
        Reason::OutsideOrganization => "This is not of the organization that is meant.",
        Reason::OrganizationRequired => "The address does not tell which organization it belongs to: name one.",
        Reason::AboveOwnRole => "This role is above your own.",
        Reason::LeadProtected => "A Partner Lead cannot manage another Lead, or make one.",
        Reason::MalformedId => "This is not an id of the kind that is needed here.",
        Reason::UnknownId => "There is nothing with this id.",
        Reason::Empty => "This is empty.",
        Reason::TooLong => "This is too long.",
        Reason::InvalidFormat => "This is not an email address.",
        _ => "This cannot be done.",
    }
}

/// What acceptInvitation answers.
#[derive(Description)]
pub struct AcceptInvitationPayload(pub Accepted);

#[Object(use_type_description)]
impl AcceptInvitationPayload {
    /// The team that you are in now.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        Ok(unless_hidden(ctx.access().team(self.0.team).visible().await)?.map(|team| Team(team.into_inner())))
    }

    /// The workspace. Null: the invitation was to the team itself.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        match self.0.workspace {
            Some(workspace) => load_workspace(ctx, workspace).await,
            None => Ok(None),
        }
    }

    /// Your grant there.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<WorkspaceMember>> {
        match self.0.member {
            Some(member) => load_member(ctx, member).await,
            None => Ok(None),
        }
    }
}

macro_rules! invitation_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub InvitationId);

        #[Object(use_type_description)]
        impl $name {
            /// The invitation as it is now.
            async fn invitation(&self, ctx: &Context<'_>) -> Result<Option<Invitation>> {
                load_invitation(ctx, self.0).await
            }
        }
    )+};
}

invitation_payload! {
    /// What declineInvitation answers.
    DeclineInvitationPayload;
    /// What revokeInvitation answers.
    RevokeInvitationPayload;
    /// What resendInvitation answers.
    ResendInvitationPayload;
}
