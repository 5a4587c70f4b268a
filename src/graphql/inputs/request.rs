//! What mutations of approval requests take.

use super::inputs;
use async_graphql::ID;

inputs! {
    /// What approveRequest takes.
    ApproveRequestInput {
        /// The request.
        request_id: ID,
        /// For the requester: up to 2,000 characters.
        comment: Option<String>,
    }
    /// What denyRequest takes.
    DenyRequestInput {
        /// The request.
        request_id: ID,
        /// For the requester: up to 2,000 characters.
        comment: Option<String>,
    }
    /// What cancelRequest takes.
    CancelRequestInput {
        /// The request.
        request_id: ID,
    }
}
