//! What mutations about your own account answer.

use crate::app::AppError;
use crate::graphql::context::ContextExt;
use crate::graphql::objects::AccessToken;
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use secrecy::{ExposeSecret, SecretString};

/// What createAccessToken answers.
#[derive(Description)]
pub struct CreateAccessTokenPayload {
    /// The secret.
    pub secret: Option<SecretString>,
    /// The token.
    pub token: crate::domain::TokenId,
}

#[Object(use_type_description)]
impl CreateAccessTokenPayload {
    /// The token to send as `Authorization: Bearer ...`. It is shown this once: only its hash is kept. Null in the second answer to an
    /// idempotency key.
    async fn token(&self) -> Option<&str> {
        self.secret.as_ref().map(ExposeSecret::expose_secret)
    }

    /// What is kept of it.
    async fn access_token(&self, ctx: &Context<'_>) -> Result<Option<AccessToken>> {
        let found = ctx.app().queries().find_token(self.token).await.map_err(AppError::from)?;
        Ok(found.map(|(token, _, _)| AccessToken(token)))
    }
}

/// What revokeAccessToken answers.
#[derive(SimpleObject)]
pub struct RevokeAccessTokenPayload {
    /// The token that opens nothing any more.
    pub revoked_access_token_id: ID,
}
