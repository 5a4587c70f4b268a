//! What mutations about organizations, groups and policies take.

use super::inputs;
use crate::graphql::enums::{PartnerForkScope, Side};
use async_graphql::{ID, InputObject};

inputs! {
    /// What createOrganization takes.
    CreateOrganizationInput {
        /// The team.
        team_id: ID,
        /// Its name: 1 to 255 characters, not taken in the team.
        name: String,
        /// The mail domains of its people, up to 100. Public mail domains define none.
        domains: Option<Vec<String>>,
    }
    /// What updateOrganization takes. What is null stays as it is.
    UpdateOrganizationInput {
        /// The organization.
        organization_id: ID,
        /// Its name: 1 to 255 characters, not taken in the team.
        name: Option<String>,
        /// All the mail domains of its people from now on, up to 100.
        domains: Option<Vec<String>>,
    }
    /// What createGroup takes.
    CreateGroupInput {
        /// The team.
        team_id: ID,
        /// Its name: 1 to 255 characters, not taken in the team.
        name: String,
        /// Whose people are in it.
        side: Side,
        /// The organization of a partner group. Null for a group of the team's own people.
        organization_id: Option<ID>,
        /// Who is in it from the beginning: up to 100 people.
        user_ids: Option<Vec<ID>>,
    }
    /// What renameGroup takes.
    RenameGroupInput {
        /// The group.
        group_id: ID,
        /// Its name from now on: 1 to 255 characters, not taken in the team.
        name: String,
    }
    /// What deleteGroup takes.
    DeleteGroupInput {
        /// The group.
        group_id: ID,
    }
    /// What addGroupMembers takes.
    AddGroupMembersInput {
        /// The group.
        group_id: ID,
        /// Who joins: 1 to 100 people.
        user_ids: Vec<ID>,
    }
    /// What removeGroupMembers takes.
    RemoveGroupMembersInput {
        /// The group.
        group_id: ID,
        /// Who leaves: 1 to 100 people.
        user_ids: Vec<ID>,
    }
    /// What updateTeamPolicies takes. What is null stays as it is.
    UpdateTeamPoliciesInput {
        /// The team.
        team_id: ID,
        /// Who may create workspaces.
        who_may_create_workspaces: Option<WhoMayCreateWorkspacesInput>,
        /// Where partners may take forks to.
        partner_fork_scope: Option<PartnerForkScope>,
        /// Whether partners who are Viewers may export.
        partner_viewer_export: Option<bool>,
        /// Whether partners may move elements out of a workspace.
        partners_may_move_out: Option<bool>,
        /// Whether a pull request needs an approval before it is merged.
        merge_needs_approval: Option<bool>,
        /// Days until an undecided approval request expires: 1 to 365.
        request_term_days: Option<u32>,
        /// Days until an unanswered invitation expires: 1 to 365.
        invitation_term_days: Option<u32>,
        /// The longest term of a partner's access in days: 1 to 3,650.
        partner_access_max_days: Option<u32>,
        /// Whether partners' access is unlimited from now on. Not together with partnerAccessMaxDays.
        unlimited_partner_access: Option<bool>,
        /// The mail domains where anybody can have an address, up to 1,000.
        public_mail_domains: Option<Vec<String>>,
    }
}

/// Who may create workspaces: every member of the team, or named people and groups.
#[derive(Debug, InputObject)]
pub struct WhoMayCreateWorkspacesInput {
    /// Every member of the team. Then nobody is named.
    pub everyone: Option<bool>,
    /// Named one by one.
    pub user_ids: Option<Vec<ID>>,
    /// Named through their groups, which are of the team's own side.
    pub group_ids: Option<Vec<ID>>,
}
