//! What mutations about your own account take.

use super::inputs;
use crate::graphql::objects::DateTime;
use async_graphql::{ID, InputObject};

inputs! {
    /// What updateProfile takes. What is null stays as it is.
    UpdateProfileInput {
        /// The name that others read: 1 to 255 characters.
        name: Option<String>,
    }
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

/// What requestSignInCode takes.
#[derive(Debug, InputObject)]
pub struct RequestSignInCodeInput {
    /// The address that the code goes to, whether or not it has an account.
    pub email: String,
    /// Of no effect here: keys belong to users, and there is none yet.
    pub idempotency_key: Option<String>,
}

/// What signIn takes.
// No Debug: it would print the code.
#[derive(InputObject)]
pub struct SignInInput {
    /// The address that the code was sent to.
    pub email: String,
    /// The six digits of the mail.
    pub code: String,
    /// The name of a new user: 1 to 255 characters. Null: what stands before the @. Of no effect for an address that has an account.
    pub name: Option<String>,
    /// Of no effect here: keys belong to users, and there is none yet.
    pub idempotency_key: Option<String>,
}
