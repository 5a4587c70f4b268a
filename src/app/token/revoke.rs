//! The end of an access token.

use crate::app::error::{Refusal, Result};
use crate::app::ports::FeedId;
use crate::app::{App, Command, Work};
use crate::domain::TokenId;
use serde::Serialize;

/// Revokes one of the caller's own tokens; subscriptions that were opened with it complete.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeToken {
    /// Which.
    pub token: TokenId,
}

impl Command for RevokeToken {
    const NAME: &'static str = "revokeAccessToken";
    type Outcome = TokenId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<TokenId> {
        let user = work.actor()?.id();
        if !work.tx.set_token_revoked(user, self.token, work.now()).await? {
            return Err(Refusal::not_found().at("accessTokenId").into());
        }
        work.access_changed(FeedId::User(user));
        Ok(self.token)
    }
}
