//! What mutations take. Null and absent mean the same: no value, or no change.

use super::enums::{Plan, TeamRole, Visibility, WorkspaceRole};
use super::objects::DateTime;
use async_graphql::{ID, InputObject};

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, InputObject)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
            /// A key of your choice, up to 255 characters. The same call with the same key within 24 hours gives the first answer again and does nothing twice.
            pub idempotency_key: Option<String>,
        }
    )+};
}

mod invitation;
mod partnership;

pub use invitation::*;
pub use partnership::*;

inputs! {
    /// What createAccessToken takes.
    CreateAccessTokenInput {
        /// What you call it, to know it again: 1 to 255 characters.
        name: String,
        /// When it ends. Null: when it is revoked.
        expires_at: Option<DateTime>,
    }
    /// What revokeAccessToken takes.
    RevokeAccessTokenInput {
        /// The token.
        access_token_id: ID,
    }
    /// What createTeam takes.
    CreateTeamInput {
        /// Its name: 1 to 255 characters.
        name: String,
        /// Its short name in addresses: 2 to 63 of a-z, 0-9 and inner hyphens, not taken yet.
        slug: String,
    }
    /// What addTeamMembers takes.
    AddTeamMembersInput {
        /// The team.
        team_id: ID,
        /// The addresses of 1 to 100 people. Who has no account is invited by mail.
        emails: Vec<String>,
        /// What they are to be: at least one role, and not PARTNER.
        roles: Vec<TeamRole>,
    }
    /// What setTeamRoles takes.
    SetTeamRolesInput {
        /// The team.
        team_id: ID,
        /// The member.
        user_id: ID,
        /// All that they are from now on: at least one role, and not PARTNER.
        roles: Vec<TeamRole>,
    }
    /// What removeFromTeam takes.
    RemoveFromTeamInput {
        /// The team.
        team_id: ID,
        /// Who goes. Yourself: you leave.
        user_id: ID,
    }
    /// What setTeamPlan takes.
    SetTeamPlanInput {
        /// The team.
        team_id: ID,
        /// What it has booked from now on.
        plan: Plan,
    }
    /// What createWorkspace takes.
    CreateWorkspaceInput {
        /// The team that is to own it.
        team_id: ID,
        /// Its name: 1 to 255 characters.
        name: String,
        /// What it is for, in a line of up to 140 characters.
        summary: Option<String>,
        /// What it is for, in Markdown, up to 64 KiB.
        description: Option<String>,
        /// Who gets in. PARTNER and PUBLIC may need an approval: then it begins as PRIVATE.
        visibility: Visibility,
        /// For the reviewers, where an approval is needed: up to 2,000 characters.
        note: Option<String>,
    }
    /// What updateWorkspace takes. What is null stays as it is.
    UpdateWorkspaceInput {
        /// The workspace.
        workspace_id: ID,
        /// Its name: 1 to 255 characters.
        name: Option<String>,
        /// What it is for, in a line of up to 140 characters. Empty: none.
        summary: Option<String>,
        /// What it is for, in Markdown, up to 64 KiB. Empty: none.
        description: Option<String>,
        /// Whether partners see only team members and their own organization.
        multi_partner: Option<bool>,
        /// The version that you have read: an edit that was made since is not overwritten. Null: whatever it is.
        expected_version: Option<i32>,
    }
    /// What changeWorkspaceVisibility takes.
    ChangeWorkspaceVisibilityInput {
        /// The workspace.
        workspace_id: ID,
        /// What it is to become.
        visibility: Visibility,
        /// For the reviewers, where an approval is needed: up to 2,000 characters.
        note: Option<String>,
        /// Whether to remove every partner first, in the same transaction.
        remove_partners: Option<bool>,
    }
    /// What deleteWorkspace takes.
    DeleteWorkspaceInput {
        /// The workspace.
        workspace_id: ID,
    }
    /// What approveRequest takes.
    ApproveRequestInput {
        /// The request.
        request_id: ID,
        /// For the requester: up to 2,000 characters.
        comment: Option<String>,
    }
    /// What denyRequest takes.
    DenyRequestInput {
        /// The request.
        request_id: ID,
        /// For the requester: up to 2,000 characters.
        comment: Option<String>,
    }
    /// What cancelRequest takes.
    CancelRequestInput {
        /// The request.
        request_id: ID,
    }
    /// What updateWorkspaceMember takes: at least one change. What is null stays as it is.
    UpdateWorkspaceMemberInput {
        /// The grant.
        member_id: ID,
        /// What it lets its subject do from now on. A partner is EDITOR or VIEWER, in multi-partner mode only VIEWER.
        role: Option<WorkspaceRole>,
        /// Whether a partner is a Partner Lead from now on.
        partner_lead: Option<bool>,
        /// When it ends: a moment to come and, for a partner, within the term that the team allows.
        expires_at: Option<DateTime>,
        /// Whether to take its end away, so that it lasts until it is taken. Not together with expiresAt.
        remove_expiry: Option<bool>,
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
    /// What markNotificationsRead takes: some, all up to a place, or both.
    MarkNotificationsReadInput {
        /// These, up to 100.
        ids: Option<Vec<ID>>,
        /// And all up to this place in your feed.
        up_to_cursor: Option<String>,
    }
}
