//! Who somebody is: in a team, in a workspace, and on which side.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// What a person is in a team (domain.md, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TeamRole {
    /// Everything, in every workspace of the team.
    SuperAdmin,
    /// Members, team roles, groups, team settings and the audit log; no content.
    Admin,
    /// The plan.
    Billing,
    /// Works in team resources, creates workspaces.
    Developer,
    /// Decides requests to make a workspace public.
    CommunityManager,
    /// Sees and manages every partner workspace of the team.
    PartnerManager,
    /// External; given to every partner by the system, never assigned by hand.
    Partner,
}

/// The set of team roles that one person holds in one team. Empty: not a member.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TeamRoles(u8);

impl TeamRoles {
    /// No role at all: somebody who is not in the team.
    pub const NONE: Self = Self(0);

    /// The set as bits, in the order of [`TeamRole`]: how the store keeps it.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set that has these bits; unknown bits are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0x7f)
    }

    /// Whether this role is held.
    #[must_use]
    pub const fn has(self, role: TeamRole) -> bool {
        self.0 & bit(role) != 0
    }

    /// Whether this is a person of the team's own side (and not a partner).
    #[must_use]
    pub const fn is_team_member(self) -> bool {
        self.0 & !bit(TeamRole::Partner) != 0
    }

    /// Whether no role is held.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same set with this role in it.
    #[must_use]
    pub const fn with(self, role: TeamRole) -> Self {
        Self(self.0 | bit(role))
    }

    /// The roles of this set that are not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The roles that are in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The roles that are in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The roles, in the order of [`TeamRole`].
    pub fn iter(self) -> impl Iterator<Item = TeamRole> {
        TeamRole::VARIANTS.iter().copied().filter(move |role| self.has(*role))
    }
}

impl FromIterator<TeamRole> for TeamRoles {
    fn from_iter<I: IntoIterator<Item = TeamRole>>(roles: I) -> Self {
        roles.into_iter().fold(Self::NONE, Self::with)
    }
}

const fn bit(role: TeamRole) -> u8 {
    1 << role as u8
}

/// What a grant in a workspace lets somebody do; ordered from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkspaceRole {
    /// Reads.
    Viewer,
    /// Reads and changes elements.
    Editor,
    /// Manages the workspace; never given to a partner.
    Admin,
}

/// Which side of a partnership a person, a group or a grant belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    /// The team that owns the workspace.
    Team,
    /// An external organization.
    Partner,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_roles_survives_its_bits() {
        for bits in 0..0x80 {
            let roles = TeamRoles::from_bits(bits);
            assert_eq!(roles.iter().collect::<TeamRoles>(), roles);
            assert_eq!(TeamRoles::from_bits(roles.bits()), roles);
        }
    }

    #[test]
    fn a_partner_is_no_team_member() {
        assert!(!TeamRoles::NONE.with(TeamRole::Partner).is_team_member());
        assert!(TeamRoles::NONE.with(TeamRole::Billing).is_team_member());
    }

    #[test]
    fn admin_is_the_highest_workspace_role() {
        assert!(WorkspaceRole::Admin > WorkspaceRole::Editor && WorkspaceRole::Editor > WorkspaceRole::Viewer);
    }
}
