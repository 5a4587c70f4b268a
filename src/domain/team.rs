//! What a team has as a whole: its plan and its policies.

use super::partnership::PUBLIC_MAIL_DOMAINS;
use super::{GroupId, Timestamp, UserId, days};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// What a team has booked; partner features need [`Plan::Enterprise`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Plan {
    /// No partner features.
    Free,
    /// No partner features.
    Professional,
    /// Everything, partner workspaces included.
    Enterprise,
}

impl Plan {
    /// Whether partner workspaces may be made, asked for and shared.
    #[must_use]
    pub const fn has_partner_features(self) -> bool {
        matches!(self, Self::Enterprise)
    }
}

/// Where partners may take forks to (policy `partnerForkScope`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ForkScope {
    /// Any workspace where they may create elements, in another team too.
    #[default]
    Anywhere,
    /// Only workspaces of the same team.
    SameTeam,
    /// Nowhere.
    Nowhere,
}

/// The rules that a team sets for itself (domain.md, section 6), with the defaults named there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policies {
    /// Who may create workspaces; none: every team member.
    pub who_may_create_workspaces: Option<NamedPeople>,
    /// Where partners may take forks to.
    pub partner_fork_scope: ForkScope,
    /// Whether partners that are Viewers may export.
    pub partner_viewer_export: bool,
    /// Whether partners may move elements out of a workspace.
    pub partners_may_move_out: bool,
    /// Whether a pull request needs an approval before it is merged.
    pub merge_needs_approval: bool,
    /// Days until an undecided approval request expires.
    pub request_term_days: u32,
    /// Days until an unanswered invitation expires.
    pub invitation_term_days: u32,
    /// The longest term of a partner's access in days; none: unlimited.
    pub partner_access_max_days: Option<u32>,
    /// The mail domains where anybody can have an address, in lower case; none: [`PUBLIC_MAIL_DOMAINS`].
    pub public_mail_domains: Option<Vec<String>>,
}

impl Policies {
    /// Whether anybody can have an address at this mail domain, so that it never tells an organization.
    #[must_use]
    pub fn is_public_mail_domain(&self, domain: &str) -> bool {
        match &self.public_mail_domains {
            Some(domains) => domains.iter().any(|public| public == domain),
            None => PUBLIC_MAIL_DOMAINS.contains(&domain),
        }
    }

    /// The latest end of a partner's access that is given at this moment; none: unlimited.
    #[must_use]
    pub fn longest_partner_access(&self, now: Timestamp) -> Option<Timestamp> {
        self.partner_access_max_days.map(|count| now + days(count))
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            who_may_create_workspaces: None,
            partner_fork_scope: ForkScope::Anywhere,
            partner_viewer_export: true,
            partners_may_move_out: true,
            merge_needs_approval: true,
            request_term_days: 15,
            invitation_term_days: 30,
            partner_access_max_days: None,
            public_mail_domains: None,
        }
    }
}

/// People whom a policy names, one by one and by group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamedPeople {
    /// Named one by one.
    pub user_ids: Vec<UserId>,
    /// Named through their groups.
    pub group_ids: Vec<GroupId>,
}
