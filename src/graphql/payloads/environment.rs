//! What mutations of environments and APIs answer.

use crate::domain::ElementId;
use crate::graphql::objects::{Api, Element, Environment, load_element};
use async_graphql::{Context, Description, Object, Result};

macro_rules! environment_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub ElementId);

        #[Object(use_type_description)]
        impl $name {
            /// The environment as it is now. Null where you may not see it any more.
            async fn environment(&self, ctx: &Context<'_>) -> Result<Option<Environment>> {
                Ok(load_element(ctx, self.0).await?.and_then(Element::into_environment))
            }
        }
    )+};
}

environment_payload! {
    /// What createEnvironment answers.
    CreateEnvironmentPayload;
    /// What updateEnvironment answers.
    UpdateEnvironmentPayload;
}

macro_rules! api_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub ElementId);

        #[Object(use_type_description)]
        impl $name {
            /// The API as it is now. Null where you may not see it any more.
            async fn api(&self, ctx: &Context<'_>) -> Result<Option<Api>> {
                Ok(load_element(ctx, self.0).await?.and_then(Element::into_api))
            }
        }
    )+};
}

api_payload! {
    /// What createApi answers.
    CreateApiPayload;
    /// What updateApi answers.
    UpdateApiPayload;
}
