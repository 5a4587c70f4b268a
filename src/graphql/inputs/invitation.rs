//! What inviting and answering invitations takes.

use super::inputs;
use crate::app::member::Invitee;
use crate::graphql::enums::WorkspaceRole;
use crate::graphql::objects::DateTime;
use async_graphql::{ID, OneofObject};

inputs! {
    /// What inviteTeamMembers takes.
    InviteTeamMembersInput {
        /// The workspace.
        workspace_id: ID,
        /// 1 to 100 people.
        invitees: Vec<InviteeInput>,
        /// What they may do.
        role: WorkspaceRole,
        /// For them to read: up to 2,000 characters.
        message: Option<String>,
    }
    /// What invitePartners takes.
    InvitePartnersInput {
        /// The workspace.
        workspace_id: ID,
        /// 1 to 100 people or partner groups.
        invitees: Vec<InviteeInput>,
        /// What they may do: EDITOR or VIEWER.
        role: WorkspaceRole,
        /// Whether they become Partner Leads, who bring colleagues of their own organization.
        partner_lead: Option<bool>,
        /// For them to read: up to 2,000 characters.
        message: Option<String>,
        /// When their access ends. Null: when it is taken, or after the longest term that the team allows.
        access_expires_at: Option<DateTime>,
        /// The organization that they come from, where their addresses do not tell: public mail domains belong to none.
        organization_id: Option<ID>,
        /// The same by its name; it is made if the team has none of that name. Not both.
        organization_name: Option<String>,
    }
    /// What acceptInvitation takes.
    AcceptInvitationInput {
        /// The link, or its last part.
        token: String,
    }
    /// What declineInvitation takes.
    DeclineInvitationInput {
        /// The link, or its last part.
        token: String,
    }
    /// What revokeInvitation takes.
    RevokeInvitationInput {
        /// The invitation.
        invitation_id: ID,
    }
    /// What resendInvitation takes.
    ResendInvitationInput {
        /// The invitation.
        invitation_id: ID,
    }
}

/// Somebody who is invited: give exactly one.
#[derive(Debug, OneofObject)]
pub enum InviteeInput {
    /// Their address.
    Email(String),
    /// Their id.
    UserId(ID),
    /// The id of a group: everybody in it, whoever that is at each time.
    GroupId(ID),
}

impl From<InviteeInput> for Invitee {
    fn from(input: InviteeInput) -> Self {
        match input {
            InviteeInput::Email(email) => Self::Email(email),
            InviteeInput::UserId(id) => Self::User(id.0),
            InviteeInput::GroupId(id) => Self::Group(id.0),
        }
    }
}
