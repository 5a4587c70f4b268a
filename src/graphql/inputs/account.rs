//! What mutations about your own account take.

use super::inputs;
use crate::graphql::objects::DateTime;
use async_graphql::ID;

inputs! {
    /// What createAccessToken takes.
    CreateAccessTokenInput {
        /// What you call it, to know it again: 1 to 255 characters.
        name: String,
        /// When it ends. Null: when it is revoked.
        expires_at: Option<DateTime>,
    }
    /// What revokeAccessToken takes.
    RevokeAccessTokenInput {
        /// The token.
        access_token_id: ID,
    }
}
