//! What mutations of elements take.

use super::inputs;
use async_graphql::ID;

inputs! {
    /// What createCollection takes.
    CreateCollectionInput {
        /// The workspace that it is made in.
        workspace_id: ID,
        /// Its name: 1 to 255 characters.
        name: String,
        /// What it is for, in Markdown, up to 64 KiB.
        description: Option<String>,
    }
}
