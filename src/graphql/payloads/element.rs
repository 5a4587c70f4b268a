//! What mutations of elements answer.

use crate::domain::ElementId;
use crate::graphql::objects::{Collection, Element, load_element};
use async_graphql::{Context, Description, Object, Result};

macro_rules! collection_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub ElementId);

        #[Object(use_type_description)]
        impl $name {
            /// The collection as it is now. Null where you may not see it any more.
            async fn collection(&self, ctx: &Context<'_>) -> Result<Option<Collection>> {
                Ok(load_element(ctx, self.0).await?.and_then(Element::into_collection))
            }
        }
    )+};
}

pub(super) use collection_payload;

collection_payload! {
    /// What createCollection answers.
    CreateCollectionPayload;
}
