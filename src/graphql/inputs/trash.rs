//! What mutations about the end of elements take.

use super::inputs;
use async_graphql::ID;

inputs! {
    /// What deleteElement takes.
    DeleteElementInput {
        /// The element.
        element_id: ID,
    }
    /// What restoreElement takes.
    RestoreElementInput {
        /// The entry in the trash.
        trash_entry_id: ID,
        /// The workspace that it goes to, if the one that it came from is gone: of the same team, and no personal one. While that is there, null or
        /// the same.
        workspace_id: Option<ID>,
    }
    /// What purgeElement takes.
    PurgeElementInput {
        /// The entry in the trash.
        trash_entry_id: ID,
    }
}
