//! What mutations of teams take.

use super::inputs;
use crate::graphql::enums::{Plan, TeamRole};
use async_graphql::ID;

inputs! {
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
}
