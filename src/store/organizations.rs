//! Partner organizations and their domains.

use crate::domain::{TeamRole, TeamRoles};

/// Who sees the partnerships of a team: the row `VIEW_PARTNERSHIPS` of the matrix.
pub(super) fn viewers() -> TeamRoles {
    TeamRoles::NONE.with(TeamRole::SuperAdmin).with(TeamRole::Admin).with(TeamRole::PartnerManager)
}
