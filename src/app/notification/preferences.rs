//! What somebody wants to be told of, and how.

use crate::app::error::{Refusal, Result};
use crate::app::ports::Queries;
use crate::app::{App, Command, Work};
use crate::domain::notification::{Channel, MailRhythm, NotificationKind};
use crate::domain::preference::Preferences;
use crate::domain::{Code, Reason, UserId};
use serde::Serialize;
use std::collections::HashSet;

/// What is to become of one kind; none: what it is.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PreferenceChange {
    /// The kind.
    pub kind: NotificationKind,
    /// Whether to tell of it in the app.
    pub in_app: Option<bool>,
    /// Whether to tell of it by mail.
    pub email: Option<bool>,
}

/// Changes what the caller is told of, and how: all of it or nothing.
#[derive(Debug, Clone, Serialize)]
pub struct UpdatePreferences {
    /// The kinds, each once.
    pub changes: Vec<PreferenceChange>,
    /// When mails go out that can be switched off; none: as it is.
    pub rhythm: Option<MailRhythm>,
}

impl Command for UpdatePreferences {
    const NAME: &'static str = "updateNotificationPreferences";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        let user = work.actor()?.id();
        let mut seen = HashSet::new();
        if let Some(twice) = self.changes.iter().find(|change| !seen.insert(change.kind)) {
            let message = format!("{} is named twice.", twice.kind);
            return Err(Refusal::bad_input("preferences", Reason::ContradictoryArguments, message).into());
        }
        work.tx.set_mail_rhythm(user, self.rhythm).await?;
        let mut wanted = preferences(work.tx.queries(), user).await?;
        for change in &self.changes {
            for (channel, on) in [(Channel::InApp, change.in_app), (Channel::Email, change.email)] {
                let Some(on) = on else { continue };
                wanted.set(change.kind, channel, on).map_err(|reason| refusal(change.kind, reason))?;
            }
        }
        Ok(work.tx.set_preferences(user, &wanted).await?)
    }
}

fn refusal(kind: NotificationKind, reason: Reason) -> Refusal {
    if reason == Reason::NeverMailed {
        return Refusal::bad_input("preferences", reason, format!("{kind} is told in the app only: nobody gets a mail of it."));
    }
    let message = format!("{kind} cannot be switched off so: everybody concerned has to learn of it.");
    Refusal::new(Code::FailedPrecondition, reason, message).at("preferences")
}

/// What a person has said about how they are told.
///
/// # Errors
/// The database did not answer.
pub async fn preferences(queries: &dyn Queries, user: UserId) -> Result<Preferences> {
    Ok(queries.list_preferences(&[user]).await?.pop().map(|(_, preferences)| preferences).unwrap_or_default())
}
