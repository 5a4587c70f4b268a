//! What mutations of approval requests answer.

use super::load_request;
use crate::domain::RequestId;
use crate::graphql::objects::ApprovalRequest;
use async_graphql::{Context, Description, Object, Result};

macro_rules! request_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub RequestId);

        #[Object(use_type_description)]
        impl $name {
            /// The request as it is now.
            async fn request(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRequest>> {
                load_request(ctx, self.0).await
            }
        }
    )+};
}

request_payload! {
    /// What approveRequest answers.
    ApproveRequestPayload;
    /// What denyRequest answers.
    DenyRequestPayload;
    /// What cancelRequest answers.
    CancelRequestPayload;
}
