//! The link in a mail that switches such mails off, without signing in: whoever has the mail may.

use super::preferences;
use crate::app::error::{Refusal, Result};
use crate::app::model::Unsubscription;
use crate::app::ports::Queries;
use crate::app::secret::Secret;
use crate::app::{App, Command, Work};
use crate::domain::mail::MailKind;
use crate::domain::notification::{Channel, NotificationKind};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use strum::VariantArray;

/// Switches off what the link is for. Once or often is the same.
#[derive(Debug, Serialize)]
pub struct Unsubscribe {
    /// What the link holds.
    #[serde(skip)]
    pub token: SecretString,
}

impl Command for Unsubscribe {
    const NAME: &'static str = "unsubscribe";
    const HOLDS_SECRETS: bool = true;
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        let link = find_unsubscription(work.tx.queries(), &self.token).await?;
        work.tx.set_mail_rhythm(link.user_id, None).await?;
        let mut wanted = preferences(work.tx.queries(), link.user_id).await?;
        for &kind in NotificationKind::VARIANTS {
            let is_meant = link.kind == MailKind::Digest || link.kind == MailKind::Notice(kind);
            if is_meant && kind.is_optional(Channel::Email) {
                wanted.set(kind, Channel::Email, false).map_err(|_| Refusal::not_found())?;
            }
        }
        Ok(work.tx.set_preferences(link.user_id, &wanted).await?)
    }
}

/// What a link switches off.
///
/// # Errors
/// Not found: it is none of ours, whatever is wrong with it.
pub async fn find_unsubscription(queries: &dyn Queries, token: &SecretString) -> Result<Unsubscription> {
    let (mail, secret) = Secret::read(token.expose_secret()).ok_or_else(Refusal::not_found)?;
    let found = queries.find_unsubscription(mail).await?.filter(|link| secret.matches(&link.secret_hash));
    Ok(found.ok_or_else(Refusal::not_found)?)
}
