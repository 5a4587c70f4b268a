//! Signing in, and what belongs to who asks.

use crate::app::error::checked;
use crate::app::token::{self, CreateToken, RevokeToken};
use crate::domain::text::Name;
use crate::graphql::context::ContextExt;
use crate::graphql::errors::parse_id;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use async_graphql::{Context, Object, Result};

/// The mutations of signing in and one's own tokens.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an access token for you.
    async fn create_access_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateAccessTokenInput,
    ) -> Result<Option<payload::CreateAccessTokenPayload>> {
        let command = CreateToken::new(checked("name", Name::parse(&input.name))?, input.expires_at.map(|moment| moment.0));
        let (token, secret) = token::create(ctx.app(), Some(ctx.signed_in()?), input.idempotency_key.as_deref(), command).await?;
        Ok(Some(payload::CreateAccessTokenPayload { secret, token: token.id }))
    }

    /// Ends one of your access tokens. What was opened with it closes.
    async fn revoke_access_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to end.")] input: input::RevokeAccessTokenInput,
    ) -> Result<Option<payload::RevokeAccessTokenPayload>> {
        let command = RevokeToken { token: parse_id(&input.access_token_id, "accessTokenId")? };
        let token = ctx.execute(input.idempotency_key, command).await?;
        Ok(Some(payload::RevokeAccessTokenPayload { revoked_access_token_id: token.to_string().into() }))
    }
}
