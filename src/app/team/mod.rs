//! Teams: made, staffed, booked.

mod add_members;
mod change_plan;
mod create;
mod policies;
mod remove_member;
mod set_roles;

pub use add_members::{AddMembers, Addition};
pub use change_plan::ChangePlan;
pub use create::CreateTeam;
pub use policies::{Changes as PolicyChanges, UpdatePolicies};
pub use remove_member::RemoveFromTeam;
pub use set_roles::SetTeamRoles;

use super::Work;
use super::error::{Refusal, Result};
use crate::domain::{Reason, TeamId, TeamRole, TeamRoles};
use serde_json::{Value, json};

/// The set of roles that somebody asks for.
///
/// # Errors
/// It is empty, or names the role that only the system gives.
fn checked_roles(roles: &[TeamRole]) -> Result<TeamRoles> {
    let roles: TeamRoles = roles.iter().copied().collect();
    if roles.has(TeamRole::Partner) {
        return Err(Refusal::bad_input(
            "roles",
            Reason::RoleNotAssignable,
            "The role PARTNER is given by the system, to people who were invited as partners.",
        )
        .into());
    }
    if roles.is_empty() {
        return Err(Refusal::bad_input("roles", Reason::Empty, "A team member has at least one role.").into());
    }
    Ok(roles)
}

/// Roles as the audit log keeps them.
pub(super) fn audited_roles(roles: TeamRoles) -> Value {
    json!({ "roles": roles.iter().collect::<Vec<_>>() })
}

/// A member as the audit log keeps them: with their name, since people leave.
pub(super) fn audited_member(name: &str, roles: TeamRoles) -> Value {
    json!({ "name": name, "roles": roles.iter().collect::<Vec<_>>() })
}

/// Refuses what would leave the team without an Admin.
async fn keep_an_admin(work: &Work<'_>, team: TeamId, user: crate::domain::UserId) -> Result<()> {
    if work.tx.has_other_role_holder(team, TeamRole::Admin, user).await? {
        return Ok(());
    }
    Err(Refusal::precondition(Reason::LastAdmin, "This is the last Admin of the team: appoint another one first.").at("userId").into())
}
