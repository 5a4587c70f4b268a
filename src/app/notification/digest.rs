//! One mail a day for those who want it so.

use crate::app::error::Result;
use crate::app::model::{Recipient, WaitingEntry};
use crate::app::{App, Command, Letter, Work};
use crate::domain::UserId;
use crate::domain::mail::{Affair, MailKind};
use crate::domain::notification::Channel;
use crate::domain::preference::Preferences;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many people get their digest in one transaction.
const BATCH: u64 = 50;

/// The most that one digest tells in words; of the rest it says how much it is.
const MAX_TOLD: usize = 200;

/// Queues the digests that are due, for some people. Run by a job until nobody is left. What waited is taken and the mail is queued in one transaction, so
/// that it is told once.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SendDigests;

impl Command for SendDigests {
    const NAME: &'static str = "sendDigests";
    /// How much waited.
    type Outcome = usize;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<usize> {
        let waiting = work.tx.take_waiting_entries(work.now(), BATCH).await?;
        let count = waiting.len();
        let mut by_person: BTreeMap<UserId, Vec<WaitingEntry>> = BTreeMap::new();
        for entry in waiting {
            by_person.entry(entry.user_id).or_default().push(entry);
        }
        let people: Vec<UserId> = by_person.keys().copied().collect();
        let preferences: BTreeMap<UserId, Preferences> = work.tx.list_preferences(&people).await?.into_iter().collect();
        for recipient in work.tx.list_recipients(&people).await? {
            let mut told = by_person.remove(&recipient.user_id).unwrap_or_default();
            // What was switched off meanwhile is not wanted any more.
            let wanted = preferences.get(&recipient.user_id).cloned().unwrap_or_default();
            told.retain(|waiting| wanted.tell(waiting.entry.kind, Channel::Email));
            if !told.is_empty() {
                work.mail(letter(recipient, told));
            }
        }
        Ok(count)
    }
}

fn letter(recipient: Recipient, told: Vec<WaitingEntry>) -> Letter {
    let message = match told.len() {
        1 => "Your day in Portico: 1 thing happened".to_owned(),
        count if count <= MAX_TOLD => format!("Your day in Portico: {count} things happened"),
        count => format!("Your day in Portico: {count} things happened, the first {MAX_TOLD} of them here"),
    };
    Letter {
        user: Some(recipient.user_id),
        affair: common(&told),
        entries: told.into_iter().take(MAX_TOLD).map(|waiting| waiting.entry).collect(),
        ..Letter::new(recipient.email, MailKind::Digest, message)
    }
}

/// Whose affair all of it is. None: not that of one team.
fn common(told: &[WaitingEntry]) -> Option<Affair> {
    let mut affairs = told.iter().map(|waiting| waiting.affair);
    affairs.next().flatten().and_then(|first| affairs.try_fold(first, |common, next| next.and_then(|next| common.and(next))))
}
