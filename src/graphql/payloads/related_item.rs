//! What mutations of monitors, mock servers and integrations answer.

use crate::domain::RelatedItemId;
use crate::graphql::objects::{RelatedItem, load_related_item};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

macro_rules! related_item_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub RelatedItemId);

        #[Object(use_type_description)]
        impl $name {
            /// The related item as it is now. Null where you may not see it any more.
            async fn related_item(&self, ctx: &Context<'_>) -> Result<Option<RelatedItem>> {
                load_related_item(ctx, self.0).await
            }
        }
    )+};
}

related_item_payload! {
    /// What createRelatedItem answers.
    CreateRelatedItemPayload;
    /// What pauseRelatedItem answers.
    PauseRelatedItemPayload;
    /// What resumeRelatedItem answers.
    ResumeRelatedItemPayload;
}

/// What deleteRelatedItem answers.
#[derive(SimpleObject)]
pub struct DeleteRelatedItemPayload {
    /// The id of what is gone.
    pub deleted_related_item_id: ID,
}
