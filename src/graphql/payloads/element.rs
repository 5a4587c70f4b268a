//! What mutations of elements answer.

use crate::app::element::Imported;
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
    /// What editCollection answers.
    EditCollectionPayload;
}

macro_rules! element_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub ElementId);

        #[Object(use_type_description)]
        impl $name {
            /// The element as it is now. Null where you may not see it any more.
            async fn element(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
                load_element(ctx, self.0).await
            }
        }
    )+};
}

element_payload! {
    /// What replaceElement answers.
    ReplaceElementPayload;
    /// What restoreRevision answers.
    RestoreRevisionPayload;
}

/// What importElements answers.
#[derive(Description)]
pub struct ImportElementsPayload(pub Imported);

#[Object(use_type_description)]
impl ImportElementsPayload {
    /// The elements that were made.
    async fn elements(&self, ctx: &Context<'_>) -> Result<Vec<Element>> {
        let mut elements = Vec::with_capacity(self.0.elements.len());
        for element in &self.0.elements {
            elements.extend(load_element(ctx, element.id).await?);
        }
        Ok(elements)
    }

    /// What you should know about the document, in sentences for people.
    async fn warnings(&self) -> &[String] {
        &self.0.warnings
    }
}
