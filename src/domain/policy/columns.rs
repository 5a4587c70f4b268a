//! Which columns of the matrix a person stands in, and for which actions each of them counts.

use super::scope::{Scope, scope};
use super::table::Column;
use super::{Action, Facts, Standing};
use crate::domain::{Side, TeamRole, Visibility, WorkspaceRole};
use strum::VariantArray;

/// The columns that one person stands in, all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns(u16);

impl Columns {
    /// The columns of this person, here.
    ///
    /// A team member without a grant is a Viewer of a workspace that is open to the team. A partner's grant
    /// counts in a partner workspace only, since no other visibility lets partners in (domain.md, section 1).
    #[must_use]
    pub fn of(standing: &Standing, facts: &Facts<'_>) -> Self {
        let mut columns = Self(0).with(Column::Outsider);
        for (role, column) in [
            (TeamRole::SuperAdmin, Column::SuperAdmin),
            (TeamRole::Admin, Column::TeamAdmin),
            (TeamRole::PartnerManager, Column::PartnerManager),
            (TeamRole::Developer, Column::Developer),
        ] {
            if standing.is(role) {
                columns = columns.with(column);
            }
        }
        if standing.team_roles.is_team_member() {
            columns = columns.with(Column::Teammate);
            if facts.visibility.is_some_and(Visibility::is_open_to_team) {
                columns = columns.with(Column::WorkspaceViewer);
            }
        }
        match standing.grant {
            Some(grant) if grant.side == Side::Team => columns.with(match grant.role {
                WorkspaceRole::Admin => Column::WorkspaceAdmin,
                WorkspaceRole::Editor => Column::WorkspaceEditor,
                WorkspaceRole::Viewer => Column::WorkspaceViewer,
            }),
            // A partner is never Admin: should a row say so, it is read as the most that a partner can be.
            Some(grant) if facts.visibility == Some(Visibility::Partner) => columns.with(match (grant.partner_lead, grant.role) {
                (true, WorkspaceRole::Viewer) => Column::LeadViewer,
                (true, _) => Column::LeadEditor,
                (false, WorkspaceRole::Viewer) => Column::PartnerViewer,
                (false, _) => Column::PartnerEditor,
            }),
            _ => columns,
        }
    }

    /// Whether this column is one of them.
    #[must_use]
    pub const fn has(self, column: Column) -> bool {
        self.0 & (1 << column as u16) != 0
    }

    const fn with(self, column: Column) -> Self {
        Self(self.0 | (1 << column as u16))
    }

    /// The columns, in the order of the matrix.
    pub fn iter(self) -> impl Iterator<Item = Column> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let column = Column::VARIANTS.get(left.trailing_zeros() as usize).copied()?;
            left &= left - 1;
            Some(column)
        })
    }
}

/// Whether somebody who stands in this column gets what it says of this action, in this workspace.
pub(super) fn counts(column: Column, action: Action, standing: &Standing, facts: &Facts<'_>) -> bool {
    match column {
        Column::PartnerManager => partner_manager_counts(action, facts),
        // What nobody gave cannot be given up: an implicit Viewer has no grant that could end, and whoever holds
        // one leaves in the column of that grant, or the last Admin of an open workspace would leave as its Viewer.
        Column::WorkspaceViewer if action == Action::LeaveWorkspace => {
            standing.grant.is_some_and(|grant| grant.role == WorkspaceRole::Viewer)
        }
        _ => true,
    }
}

/// A Partner Manager manages partner workspaces, requests about partners, and what is of the team; in a
/// workspace that has just ceased to be a partner one, what it takes to delete it (domain.md, section 3.7).
fn partner_manager_counts(action: Action, facts: &Facts<'_>) -> bool {
    match action {
        Action::ReviewRequest | Action::ViewRequestQueue => facts.request.is_none_or(|request| request.kind.is_about_partners()),
        Action::CancelRequest | Action::ConvertToPartner => true,
        _ if scope(action) == Scope::Team => true,
        _ => match facts.visibility {
            None | Some(Visibility::Partner) => true,
            Some(_) => {
                facts.was_partner_recently
                    && matches!(action, Action::ListWorkspace | Action::ViewWorkspace | Action::ViewMembers | Action::DeleteWorkspace)
            }
        },
    }
}
