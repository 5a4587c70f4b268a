//! Queued mails go out, several at a time, each by one sender.

use super::{INTERVAL, Runner};
use crate::app::Result;
use crate::app::model::QueuedMail;
use crate::app::ports::{StoreError, StoreResult};
use crate::app::sign_in::CODE_TERM;
use crate::domain::Timestamp;
use crate::domain::mail::{MailKind, next_try};
use crate::mail::{TransportError, write};
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

/// What became of handing a mail over.
enum Outcome {
    Sent,
    Failed(TransportError),
    /// The server stops, and nobody knows.
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
/// writing that down may take, so that only those of a sender that died are taken by another.
pub(super) async fn deliver(runner: &Runner, shutdown: &watch::Receiver<bool>) -> Result<()> {
    let mut sending = JoinSet::new();
    let mut outcome = Ok(());
    loop {
        // Several at a time, since taking them is a transaction.
        if outcome.is_ok() && sending.len() <= AT_ONCE / 2 && !*shutdown.borrow() {
            match lease(runner, AT_ONCE - sending.len()).await {
                Ok(mails) => mails.into_iter().for_each(|mail| drop(sending.spawn(send(runner.clone(), mail, shutdown.clone())))),
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

async fn lease(runner: &Runner, most: usize) -> StoreResult<Vec<QueuedMail>> {
    let now = runner.app.now();
    let tx = runner.app.store.begin().await?;
    let mails = tx.lease_mails(now, now + runner.transport.patience() * 2, u64::try_from(most).unwrap_or(1)).await?;
    tx.commit().await?;
    Ok(mails)
}

async fn send(runner: Runner, mail: QueuedMail, shutdown: watch::Receiver<bool>) -> StoreResult<()> {
    let outcome = tokio::select! {
        outcome = hand_over(&runner, &mail) => outcome,
        () = cut_off(shutdown) => Outcome::CutOff,
    };
    let now = runner.app.now();
    let due = match &outcome {
        Outcome::Failed(TransportError::NotNow(_)) => next_try(mail.attempts, now, chance(&runner)?),
        _ => None,
    };
    if let Outcome::Failed(error) = &outcome {
        tracing::warn!(mail = %mail.id, attempts = mail.attempts, %error, is_given_up = due.is_none(), "a mail did not go out");
    }
    // A mail that was sent and is not known to be is sent twice, so a database that is away for a moment is waited for.
    let written = async {
        loop {
            match record(&runner, &mail, &outcome, due, now).await {
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

async fn hand_over(runner: &Runner, mail: &QueuedMail) -> Outcome {
    let failed = |reason: String| Outcome::Failed(TransportError::Never(reason));
    if mail.kind == MailKind::SignInCode && mail.created_at + CODE_TERM <= runner.app.now() {
        return failed("the code in it is not good any more".to_owned());
    }
    match write(mail, &runner.sender) {
        Err(error) => failed(error.to_string()),
        Ok(message) => runner.transport.send(&mail.id.to_string(), &message).await.map_or_else(Outcome::Failed, |()| Outcome::Sent),
    }
}

async fn record(runner: &Runner, mail: &QueuedMail, outcome: &Outcome, due: Option<Timestamp>, now: Timestamp) -> StoreResult<()> {
    let tx = runner.app.store.begin().await?;
    match outcome {
        Outcome::Sent => tx.set_mail_sent(mail.id, now).await?,
        Outcome::Failed(error) => tx.set_mail_failed(mail, &reason(error), due, now).await?,
        Outcome::CutOff => tx.set_mail_released(mail, now).await?,
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

/// The reason as it is kept: in one line, and not endless.
fn reason(error: &TransportError) -> String {
    let text = error.to_string();
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(MAX_REASON).collect()
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
        let error = TransportError::NotNow(format!("550 no\r\n\0{}", "é".repeat(2 * MAX_REASON)));
        let reason = reason(&error);
        assert!(reason.starts_with("550 no   é") && reason.chars().count() == MAX_REASON, "{reason}");
    }
}
