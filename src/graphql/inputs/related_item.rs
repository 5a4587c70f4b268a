//! What mutations of monitors, mock servers and integrations take.

use super::inputs;
use crate::graphql::enums::RelatedItemKind;
use async_graphql::ID;

inputs! {
    /// What createRelatedItem takes.
    CreateRelatedItemInput {
        /// The collection that it is bound to: one that you may read.
        collection_id: ID,
        /// The workspace that it lives in, of the team of the collection. Left out: that of the collection.
        workspace_id: Option<ID>,
        /// What it is.
        kind: RelatedItemKind,
        /// Its name: 1 to 255 characters.
        name: String,
    }

    /// What pauseRelatedItem takes.
    PauseRelatedItemInput {
        /// Which.
        related_item_id: ID,
    }

    /// What resumeRelatedItem takes.
    ResumeRelatedItemInput {
        /// Which.
        related_item_id: ID,
    }

    /// What deleteRelatedItem takes.
    DeleteRelatedItemInput {
        /// Which.
        related_item_id: ID,
    }
}
