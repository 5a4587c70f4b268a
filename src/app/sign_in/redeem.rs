//! A code that came back: its sender reads the mails of the address.

use super::{MAX_TRIES, TOKEN_TERM};
use crate::app::actor::Origin;
use crate::app::error::{Refusal, Result};
use crate::app::model::AccessToken;
use crate::app::{Actor, App, Command, Work, token, user};
use crate::domain::text::{Email, Name};
use crate::domain::{Code, Reason, TokenId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;

/// What a token that was made by signing in is called.
const TOKEN_NAME: &str = "Sign-in";

/// Signs in with a code. An address without an account gets one.
#[derive(Debug, Serialize)]
pub struct SignIn {
    /// The address.
    pub email: Email,
    /// The code that it was sent.
    #[serde(skip)]
    pub code: SecretString,
    /// The name of a new user; none: what the address lends.
    pub name: Option<Name>,
    /// Where what was made is put, since an outcome is kept and a secret must not be.
    #[serde(skip)]
    made: Mutex<Option<SignedIn>>,
}

/// Whether somebody got in. That they did not is an outcome and no refusal, since a refusal would undo the count of the try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInOutcome {
    /// The code was good, and this token was made.
    SignedIn(TokenId),
    /// It was not.
    Refused,
}

/// Somebody who has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The token that was made for them.
    pub token: AccessToken,
    /// The token as they have to send it.
    pub secret: SecretString,
}

impl SignIn {
    /// With this code, as the owner of this address.
    #[must_use]
    pub const fn new(email: Email, code: SecretString, name: Option<Name>) -> Self {
        Self { email, code, name, made: Mutex::new(None) }
    }
}

/// Signs in. Every code that is not good is refused in the same words, whatever is wrong with it.
///
/// # Errors
/// The code is not good; what broke.
pub async fn sign_in(app: &App, command: SignIn) -> Result<SignedIn> {
    let outcome = app.execute(None, None, &command).await?;
    // A try that was undone may have left a token that does not exist.
    let made = command.made.into_inner().unwrap_or_default();
    match made.filter(|made| outcome == SignInOutcome::SignedIn(made.token.id)) {
        Some(made) => Ok(made),
        None => {
            Err(Refusal::new(Code::Unauthenticated, Reason::InvalidCode, "This code is not good: ask for a new one.").at("code").into())
        }
    }
}

impl Command for SignIn {
    const NAME: &'static str = "signIn";
    type Outcome = SignInOutcome;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<SignInOutcome> {
        // The spelling that the code was sent to: it is the one that is now known to be theirs.
        let email = self.email.canonical();
        let kept = work.tx.take_sign_in_try(email.as_str(), MAX_TRIES, work.now()).await?;
        if !kept.is_some_and(|kept| kept.is_of(&self.code)) {
            return Ok(SignInOutcome::Refused);
        }
        work.tx.set_sign_in_code_used(email.as_str(), work.now()).await?;
        let name = self.name.clone().unwrap_or_else(|| self.email.as_name());
        let (user, _) = user::find_or_insert(work, &email, &name).await?;
        let expires_at = Some(work.now() + TOKEN_TERM);
        let (token, secret) = token::issue(work, user.id, TOKEN_NAME.to_owned(), expires_at).await?;
        let id = token.id;
        if let Ok(mut place) = self.made.lock() {
            *place = Some(SignedIn { actor: Actor { user, token: id, origin: Origin::default() }, token, secret });
        }
        Ok(SignInOutcome::SignedIn(id))
    }
}
