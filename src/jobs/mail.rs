//! Queued mails go out, several at a time, each by one sender.

use super::{INTERVAL, Runner};
use crate::app::Result;
use crate::app::model::QueuedMail;
use crate::app::ports::{StoreError, StoreResult};
use crate::app::sign_in::CODE_TERM;
use crate::domain::mail::{MAX_ATTEMPTS, MailKind, next_try};
use crate::domain::preference::Preferences;
use crate::domain::{Timestamp, UserId};
use crate::mail::{TransportError, in_one_line, write};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// How many mails are on their way at the same time: one that hangs does not hold the others.
const AT_ONCE: usize = 8;

/// How long mails that are on their way are waited for when the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// How long it is waited until what became of a mail is written again, when the database did not take it.
const WRITE_AGAIN: Duration = Duration::from_millis(200);

/// The longest reason that is kept, in characters: a mail server may say anything.
const MAX_REASON: usize = 500;

/// A mail that this sender has for itself.
struct Taken {
    mail: QueuedMail,
    /// When others may take it.
    until: Timestamp,
    /// Whether its recipient has not switched such mails off since it was queued.
    is_wanted: bool,
}

/// What became of handing a mail over.
enum Outcome {
    Sent,
    Failed(TransportError),
    /// Nobody wants it any more.
    Unwanted,
    /// The server stops, and nobody knows.
    CutOff,
}

/// What is written down of it.
enum Record {
    Sent,
    Failed { reason: String, due: Option<Timestamp> },
    Unwanted,
    CutOff,
}

/// Delivers what is due, again and again until the shutdown.
pub(super) async fn keep_delivering(runner: &Runner, mut shutdown: watch::Receiver<bool>) {
    loop {
        if let Err(error) = deliver(runner, &shutdown).await {
            tracing::warn!(?error, "mails will be delivered another time");
        }
        tokio::select! {
            () = runner.bus.mail_queued() => {}
            () = tokio::time::sleep(INTERVAL) => {}
            _ = shutdown.wait_for(|stops| *stops) => return,
        }
    }
}

/// Sends every mail that is due, until nothing is left or a shutdown begins.
///
/// A mail is taken when there is room for it to go out at once, so that nothing waits which is taken; and it is taken for longer than sending it and
/// writing that down may take. So only those of a sender that died are taken by another, or of one whose database did not let it write that down in time.
pub(super) async fn deliver(runner: &Runner, shutdown: &watch::Receiver<bool>) -> Result<()> {
    let mut sending = JoinSet::new();
    let mut outcome = Ok(());
    loop {
        // Several at a time, since taking them is a transaction.
        if outcome.is_ok() && sending.len() <= AT_ONCE / 2 && !*shutdown.borrow() {
            match lease(runner, AT_ONCE - sending.len()).await {
                Ok(taken) => taken.into_iter().for_each(|taken| drop(sending.spawn(send(runner.clone(), taken, shutdown.clone())))),
                Err(error) => outcome = Err(error),
            }
        }
        if sending.is_empty() {
            break;
        }
        // A task of its own for each: here none would go on while another waits for the database.
        tokio::select! {
            ended = sending.join_next() => outcome = outcome.and(ended.map_or(Ok(()), |ended| ended.unwrap_or_else(panicked))),
            () = runner.bus.mail_queued() => {}
        }
    }
    runner.transport.rest().await;
    Ok(outcome?)
}

fn panicked(error: JoinError) -> StoreResult<()> {
    Err(StoreError::Broken(error.into()))
}

/// Takes mails for three times the patience: handing over is given it once, writing that down once more, and once is for a transaction that is slow to
/// begin here and for the clocks of two servers that differ.
async fn lease(runner: &Runner, most: usize) -> StoreResult<Vec<Taken>> {
    let tx = runner.app.store.begin().await?;
    // Not before: to begin may have taken long.
    let now = runner.app.now();
    let until = now + runner.transport.patience() * 3;
    let mails = tx.lease_mails(now, until, u64::try_from(most).unwrap_or(1)).await?;
    let people: Vec<UserId> = mails.iter().filter_map(|mail| mail.user_id).collect();
    let preferences: HashMap<UserId, Preferences> =
        if people.is_empty() { HashMap::new() } else { tx.list_preferences(&people).await?.into_iter().collect() };
    tx.commit().await?;
    let taken = mails.into_iter().map(|mail| {
        let said = mail.user_id.and_then(|user| preferences.get(&user));
        let is_wanted = said.is_none_or(|said| mail.is_wanted(said));
        Taken { mail, until, is_wanted }
    });
    Ok(taken.collect())
}

async fn send(runner: Runner, taken: Taken, shutdown: watch::Receiver<bool>) -> StoreResult<()> {
    let outcome = tokio::select! {
        outcome = hand_over(&runner, &taken) => outcome,
        () = cut_off(shutdown) => Outcome::CutOff,
    };
    let now = runner.app.now();
    let mail = &taken.mail;
    let record = match outcome {
        Outcome::Sent => Record::Sent,
        Outcome::Unwanted => Record::Unwanted,
        Outcome::CutOff => Record::CutOff,
        Outcome::Failed(error) => {
            let due = match &error {
                TransportError::NotNow(_) => next_try(mail.attempts, now, chance(&runner)?),
                TransportError::Never(_) => None,
            };
            let reason = reason(&error);
            tracing::warn!(mail = %mail.id, attempts = mail.attempts, reason, is_given_up = due.is_none(), "a mail did not go out");
            Record::Failed { reason, due }
        }
    };
    // A mail that was sent and is not known to be is sent twice, so a database that is away for a moment is waited for.
    let written = async {
        loop {
            match write_down(&runner, &taken, &record, now).await {
                Err(error @ (StoreError::Contention(_) | StoreError::Unavailable(_))) => {
                    tracing::debug!(%error, mail = %mail.id, "what became of a mail is written again");
                    tokio::time::sleep(WRITE_AGAIN).await;
                }
                written => return written,
            }
        }
    };
    let too_late = |_| Err(StoreError::Unavailable("what became of a mail could not be written".into()));
    tokio::time::timeout(runner.transport.patience(), written).await.unwrap_or_else(too_late)
}

async fn hand_over(runner: &Runner, Taken { mail, is_wanted, .. }: &Taken) -> Outcome {
    let never = |reason: &str| Outcome::Failed(TransportError::Never(reason.to_owned()));
    if !is_wanted {
        return Outcome::Unwanted;
    }
    if mail.attempts > MAX_ATTEMPTS {
        return never("its sender ended in the middle of every try");
    }
    if mail.kind == MailKind::SignInCode && mail.created_at + CODE_TERM <= runner.app.now() {
        return never("the code in it is not good any more");
    }
    let message = match write(mail, &runner.sender) {
        Err(error) => return never(&error.to_string()),
        Ok(message) => message,
    };
    let patience = runner.transport.patience();
    match tokio::time::timeout(patience, runner.transport.send(&mail.id.to_string(), &message)).await {
        Ok(Ok(())) => Outcome::Sent,
        Ok(Err(error)) => Outcome::Failed(error),
        Err(_) => Outcome::Failed(TransportError::NotNow(format!("it could not be handed over within {patience:?}"))),
    }
}

async fn write_down(runner: &Runner, Taken { mail, until, .. }: &Taken, record: &Record, now: Timestamp) -> StoreResult<()> {
    let tx = runner.app.store.begin().await?;
    match record {
        Record::Sent => tx.set_mail_sent(mail.id, now).await?,
        Record::Failed { reason, due } => tx.set_mail_failed(mail, reason, *due, now).await?,
        Record::Unwanted => tx.set_mail_dropped(mail).await?,
        Record::CutOff => tx.set_mail_released(mail, *until, now).await?,
    }
    tx.commit().await
}

/// Ends a while after the shutdown has begun.
async fn cut_off(mut shutdown: watch::Receiver<bool>) {
    if shutdown.wait_for(|stops| *stops).await.is_err() {
        // Whoever could say so is gone.
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(GRACE).await;
}

/// The reason as it is kept and logged: in one line, and not endless.
fn reason(error: &TransportError) -> String {
    in_one_line(&error.to_string()).chars().take(MAX_REASON).collect()
}

fn chance(runner: &Runner) -> StoreResult<u32> {
    let mut bytes = [0; 4];
    runner.app.entropy.fill(&mut bytes).map_err(|error| StoreError::Broken(error.into()))?;
    Ok(u32::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_and_bounded() {
        let error = TransportError::NotNow(format!("550 no\r\n\u{2028}{}", "é".repeat(2 * MAX_REASON)));
        let reason = reason(&error);
        assert!(reason.starts_with("550 no   é") && reason.chars().count() == MAX_REASON, "{reason}");
    }
}
