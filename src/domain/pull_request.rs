//! Pull requests: the states that one goes through, and what its reviewers said (domain.md, section 3.5).

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// Where a pull request stands. Open and approved ones can still change; the others are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PullRequestStatus {
    /// Waits for an approval: there is none, or the fork has changed since.
    Open,
    /// An Editor of the parent has approved the fork as it is now.
    Approved,
    /// A reviewer said no.
    Declined,
    /// The author took it back.
    Withdrawn,
    /// Its changes are in the parent.
    Merged,
}

impl PullRequestStatus {
    /// Whether nothing about it can be decided any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Open | Self::Approved => false,
            Self::Declined | Self::Withdrawn | Self::Merged => true,
        }
    }
}

/// What a reviewer said of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewState {
    /// Nothing yet.
    Pending,
    /// Yes.
    Approved,
    /// Yes, to what the fork was before it changed.
    Outdated,
    /// No.
    Declined,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_decided_is_final() {
        let open: Vec<_> = PullRequestStatus::VARIANTS.iter().filter(|status| !status.is_final()).collect();
        assert_eq!(open, [&PullRequestStatus::Open, &PullRequestStatus::Approved]);
    }
}
