//! Signing in, and what belongs to who asks.

use crate::app::error::checked;
use crate::app::parse_id;
use crate::app::sign_in::{RequestCode, SignIn, sign_in};
use crate::app::token::{self, CreateToken, RevokeToken};
use crate::app::user::UpdateProfile;
use crate::domain::text::{Email, Name};
use crate::graphql::context::ContextExt;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use async_graphql::{Context, Object, Result};

/// The mutations of signing in and one's own tokens.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Sends a code to sign in with to an address, in place of any that it was sent before. It is good for 10 minutes, 5 tries and one use; an address is sent up to 5 codes in 15 minutes. Anybody may ask, and the answer is the same whether or not the address has an account.
    async fn request_sign_in_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to send it.")] input: input::RequestSignInCodeInput,
    ) -> Result<Option<payload::RequestSignInCodePayload>> {
        ctx.app().execute(None, None, &RequestCode { email: checked("email", Email::parse(&input.email))? }).await?;
        Ok(Some(payload::RequestSignInCodePayload { sent: true }))
    }

    /// Signs in with the code that an address was sent, and makes an account for an address that has none. What follows in the same document is asked by you, unless the operation came signed in.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address and its code.")] input: input::SignInInput,
    ) -> Result<Option<payload::SignInPayload>> {
        let email = checked("email", Email::parse(&input.email))?;
        let name = input.name.as_deref().map(|name| checked("name", Name::parse(name))).transpose()?;
        let signed_in = sign_in(ctx.app(), SignIn::new(email, input.code.trim().into(), name)).await?;
        ctx.caller().sign_in(signed_in.actor.clone());
        Ok(Some(payload::SignInPayload(signed_in)))
    }

    /// Changes what others read of you.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdateProfileInput,
    ) -> Result<Option<payload::UpdateProfilePayload>> {
        let command = UpdateProfile { name: input.name.as_deref().map(|name| checked("name", Name::parse(name))).transpose()? };
        let name = ctx.execute(input.idempotency_key, command).await?;
        Ok(Some(payload::UpdateProfilePayload { name }))
    }

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
