//! What mutations of memberships take.

use super::inputs;
use crate::graphql::enums::WorkspaceRole;
use crate::graphql::objects::DateTime;
use async_graphql::ID;

inputs! {
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
}
