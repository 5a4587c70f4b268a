//! A new access token.

use crate::app::error::{Refusal, Result};
use crate::app::model::AccessToken;
use crate::app::secret::Secret;
use crate::app::{Actor, App, Command, Work};
use crate::domain::text::Name;
use crate::domain::{Reason, Timestamp, TokenId, UserId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;

/// Makes an access token for a user.
#[derive(Debug, Serialize)]
pub struct CreateToken {
    /// What its owner calls it.
    pub name: Name,
    /// When it ends; none: when it is revoked.
    pub expires_at: Option<Timestamp>,
    /// For whom the command line makes it; none: for whoever asks.
    #[serde(skip)]
    pub on_behalf_of: Option<UserId>,
    /// Where the secret is put, since an outcome is kept and a secret must not be.
    #[serde(skip)]
    pub secret: Mutex<Option<(TokenId, SecretString)>>,
}

/// The token that [`CreateToken`] made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedToken {
    /// Its id.
    pub id: TokenId,
}

impl CreateToken {
    /// A token of this name for whoever asks.
    #[must_use]
    pub const fn new(name: Name, expires_at: Option<Timestamp>) -> Self {
        Self { name, expires_at, on_behalf_of: None, secret: Mutex::new(None) }
    }
}

/// Makes the token and answers the secret too. No secret: the idempotency key was known, and only the hash of the
/// secret that it made is left.
///
/// # Errors
/// What the use case refuses; what broke.
pub async fn create(
    app: &App,
    actor: Option<&Actor>,
    key: Option<&str>,
    command: CreateToken,
) -> Result<(CreatedToken, Option<SecretString>)> {
    let created = app.execute(actor, key, &command).await?;
    // A try that was undone may have left the secret of a token that does not exist.
    let made = command.secret.into_inner().unwrap_or_default();
    Ok((created, made.filter(|(id, _)| *id == created.id).map(|(_, secret)| secret)))
}

/// Makes a token of this user as part of a use case.
pub(in crate::app) async fn issue(
    work: &Work<'_>,
    user_id: UserId,
    name: String,
    expires_at: Option<Timestamp>,
) -> Result<(AccessToken, SecretString)> {
    let secret = Secret::new(work)?;
    let token = AccessToken { id: work.new_id()?, user_id, name, created_at: work.now(), expires_at, revoked_at: None };
    work.tx.insert_token(&token, secret.hash()).await?;
    let secret = super::write(token.id, &secret);
    Ok((token, secret))
}

impl Command for CreateToken {
    const NAME: &'static str = "createAccessToken";
    type Outcome = CreatedToken;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<CreatedToken> {
        let user_id = match self.on_behalf_of {
            Some(user) => user,
            None => work.actor()?.id(),
        };
        if self.expires_at.is_some_and(|end| end <= work.now()) {
            return Err(Refusal::bad_input("expiresAt", Reason::OutOfRange, "The token would have ended before it began.").into());
        }
        let (token, secret) = issue(work, user_id, self.name.to_string(), self.expires_at).await?;
        if let Ok(mut place) = self.secret.lock() {
            *place = Some((token.id, secret));
        }
        Ok(CreatedToken { id: token.id })
    }
}
