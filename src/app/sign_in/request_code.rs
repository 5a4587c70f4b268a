//! A code to sign in with, on its way.

use super::{CODE_TERM, WINDOW, draw};
use crate::app::error::{Refusal, Result};
use crate::app::ports::{KeptCode, NewCode};
use crate::app::{App, Command, Letter, Work};
use crate::domain::mail::MailKind;
use crate::domain::text::Email;
use crate::domain::{Code, Reason};
use serde::Serialize;

/// Sends a code to an address, in place of any that it was sent before. Whether there is an account with the address makes no difference.
#[derive(Debug, Clone, Serialize)]
pub struct RequestCode {
    /// The address.
    pub email: Email,
}

impl Command for RequestCode {
    const NAME: &'static str = "requestSignInCode";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        // It goes to the one spelling that all that are compared as the same share. Where letters fold into others, as the Kelvin sign does into
        // a k, the spelling that somebody typed may be another person's mailbox.
        let email = self.email.canonical();
        let code = draw(work)?;
        let mut salt = [0; 16];
        work.random(&mut salt)?;
        let new =
            NewCode { email_key: email.as_str(), kept: KeptCode::of(&code, salt), sent_at: work.now(), expires_at: work.now() + CODE_TERM };
        if !work.tx.set_sign_in_code(new, work.now() - WINDOW).await? {
            let message = "This address was sent several codes just now: use the newest, or try again in a quarter of an hour.";
            return Err(Refusal::new(Code::RateLimited, Reason::TooManyRequests, message).at("email").into());
        }
        let message = "Your code to sign in to Portico".to_owned();
        work.mail(Letter { secret: Some(code), ..Letter::new(email.as_str().to_owned(), MailKind::SignInCode, message) });
        Ok(())
    }
}
