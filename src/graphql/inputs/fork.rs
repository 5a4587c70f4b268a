//! What mutations take that are about forks.

use super::inputs;
use crate::graphql::enums::{MergeSide, MergeStrategy};
use async_graphql::{ID, InputObject};

/// How a conflict is resolved.
#[derive(Debug, InputObject)]
pub struct ConflictResolution {
    /// The path of the conflict, as it was told.
    pub path: String,
    /// Whose value holds.
    pub take: MergeSide,
}

inputs! {
    /// What forkElement takes.
    ForkElementInput {
        /// The API, collection or environment that becomes the parent.
        element_id: ID,
        /// Where the fork is to live.
        workspace_id: ID,
        /// What the fork is called among those of its parent.
        label: String,
    }

    /// What pullChanges takes.
    PullChangesInput {
        /// The fork.
        fork_id: ID,
        /// Whose value holds in every conflict that no resolution names.
        resolve_all: Option<MergeSide>,
        /// How single conflicts are resolved: up to 10,000.
        resolutions: Option<Vec<ConflictResolution>>,
        /// Only tells what would happen.
        dry_run: Option<bool>,
    }

    /// What mergeFork takes.
    MergeForkInput {
        /// The fork.
        fork_id: ID,
        /// What becomes of the fork; null: it stays as it is.
        strategy: Option<MergeStrategy>,
        /// Whose value holds in every conflict that no resolution names.
        resolve_all: Option<MergeSide>,
        /// How single conflicts are resolved: up to 10,000.
        resolutions: Option<Vec<ConflictResolution>>,
        /// Only tells what would happen.
        dry_run: Option<bool>,
    }
}
