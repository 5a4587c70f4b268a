//! What mutations about your own account answer.

use crate::app::AppError;
use crate::app::sign_in::SignedIn;
use crate::graphql::context::ContextExt;
use crate::graphql::objects::{AccessToken, Viewer};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use secrecy::{ExposeSecret, SecretString};

/// What requestSignInCode answers.
#[derive(SimpleObject)]
pub struct RequestSignInCodePayload {
    /// True: a code is on its way, if the address is somebody's.
    pub sent: bool,
}

/// What signIn answers.
#[derive(Description)]
pub struct SignInPayload(pub SignedIn);

#[Object(use_type_description)]
impl SignInPayload {
    /// The token to send as `Authorization: Bearer ...` for the next 30 days. It is shown this once: only its hash is kept.
    async fn token(&self) -> Option<&str> {
        Some(self.0.secret.expose_secret())
    }

    /// What is kept of it.
    async fn access_token(&self) -> Option<AccessToken> {
        Some(AccessToken(self.0.token.clone()))
    }

    /// You. Null where the operation came signed in as somebody else: it stays theirs.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        ctx.actor().filter(|actor| actor.id() == self.0.actor.id()).cloned().map(Viewer)
    }
}

/// What updateProfile answers.
#[derive(Description)]
pub struct UpdateProfilePayload {
    /// The name as it is now.
    pub name: String,
}

#[Object(use_type_description)]
impl UpdateProfilePayload {
    /// You, as you are now.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        let mut actor = ctx.signed_in()?.clone();
        actor.user.name.clone_from(&self.name);
        Ok(Some(Viewer(actor)))
    }
}

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
