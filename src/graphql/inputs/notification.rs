//! What mutations of notifications take.

use super::inputs;
use async_graphql::ID;

inputs! {
    /// What markNotificationsRead takes: some, all up to a place, or both.
    MarkNotificationsReadInput {
        /// These, up to 100.
        ids: Option<Vec<ID>>,
        /// And all up to this place in your feed.
        up_to_cursor: Option<String>,
    }
}
