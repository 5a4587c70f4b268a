//! Groups, partner organizations and invitations.

use crate::domain::invitation::InvitationStatus;
use crate::domain::text::email_key;
use crate::domain::{GroupId, InvitationId, OrganizationId, Side, TeamId, TeamRoles, Timestamp, UserId, WorkspaceId, WorkspaceRole};

/// A named set of people, of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The team.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// Whose people are in it.
    pub side: Side,
    /// The organization whose people are in it, where it is a partner group.
    pub organization_id: Option<OrganizationId>,
    /// Who made it, and manages it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The company that partners come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// The team whose partner it is.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// The mail domains of its people, in lower case, sorted.
    pub domains: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An invitation, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The team.
    pub team_id: TeamId,
    /// The workspace, which may be gone by now; none: to the team itself.
    pub workspace_id: Option<WorkspaceId>,
    /// The name that the workspace had when somebody was invited to it.
    pub workspace_name: Option<String>,
    /// The invited address, as it was typed.
    pub email: String,
    /// On which side the invited person will be.
    pub side: Side,
    /// Their role in the workspace.
    pub role: WorkspaceRole,
    /// Their roles in the team, where they come to the team's own side.
    pub team_roles: TeamRoles,
    /// Whether they will be Partner Lead.
    pub partner_lead: bool,
    /// The organization of a partner.
    pub organization_id: Option<OrganizationId>,
    /// What the inviter adds.
    pub message: Option<String>,
    /// Where it stands, as stored: see [`Invitation::status`].
    pub stored_status: InvitationStatus,
    /// Who invites.
    pub invited_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires if nobody answers.
    pub expires_at: Timestamp,
    /// When the access that it gives ends; none: when it is taken.
    pub access_expires_at: Option<Timestamp>,
    /// When it reached its final state.
    pub decided_at: Option<Timestamp>,
}

impl Invitation {
    /// Whether it is to whoever owns this address.
    #[must_use]
    pub fn is_to(&self, address: &str) -> bool {
        email_key(&self.email) == email_key(address)
    }

    /// Where it leads to, as the middle of a sentence; empty where it is to the team itself.
    #[must_use]
    pub fn where_to(&self) -> String {
        self.workspace_name.as_ref().map_or_else(String::new, |name| format!(" to {name}"))
    }

    /// Where it stands at this moment.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        self.stored_status.at(now, self.expires_at)
    }
}
