//! What mutations of memberships take.

use super::inputs;
use crate::app::member::Invitee;
use crate::graphql::enums::WorkspaceRole;
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
    /// What updateWorkspaceMember takes.
    UpdateWorkspaceMemberInput {
        /// The grant.
        member_id: ID,
        /// What it lets its subject do from now on.
        role: WorkspaceRole,
    }
    /// What removeWorkspaceMember takes.
    RemoveWorkspaceMemberInput {
        /// The grant.
        member_id: ID,
    }
    /// What leaveWorkspace takes.
    LeaveWorkspaceInput {
        /// The workspace.
        workspace_id: ID,
    }
}

/// Somebody who is invited: give exactly one.
#[derive(Debug, OneofObject)]
pub enum InviteeInput {
    /// Their address.
    Email(String),
    /// Their id.
    UserId(ID),
    /// The id of a group that they are in.
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
