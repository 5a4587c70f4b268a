//! Forks, and what becomes of one that is merged (domain.md, section 3.5).

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// What becomes of a fork once its changes are in its parent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MergeStrategy {
    /// It stays as it is.
    #[default]
    KeepFork,
    /// It becomes what the parent is then.
    UpdateFork,
    /// It is deleted.
    DeleteFork,
}
