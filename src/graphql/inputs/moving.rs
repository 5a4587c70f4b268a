//! What mutations take that put elements elsewhere.

use super::inputs;
use async_graphql::ID;

inputs! {
    /// What moveElement takes.
    MoveElementInput {
        /// The API, collection or environment.
        element_id: ID,
        /// The workspace that it goes to. `Viewer.workspaces(acceptsElement:)` finds those that take it.
        workspace_id: ID,
    }

    /// What attachCollection takes.
    AttachCollectionInput {
        /// The API.
        api_id: ID,
        /// The collection: of the same workspace.
        collection_id: ID,
    }

    /// What detachCollection takes.
    DetachCollectionInput {
        /// The collection.
        collection_id: ID,
    }
}
