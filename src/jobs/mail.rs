//! Queued mails go out.

use super::Runner;
use crate::app::Result;
use crate::app::model::QueuedMail;
use crate::domain::Timestamp;
use crate::mail::write;
use std::time::Duration;

/// How many mails are taken at once.
const BATCH: u64 = 50;

/// For how long they are taken: a sender that dies gives them back so.
const LEASE: Duration = Duration::from_mins(2);

/// How often a mail is tried before it is given up.
const MAX_ATTEMPTS: i32 = 8;

/// Sends every mail that is due.
pub(super) async fn deliver(runner: &Runner) -> Result<()> {
    loop {
        let now = runner.app.now();
        let tx = runner.app.store.begin().await?;
        let mails = tx.lease_mails(now, now + LEASE, BATCH).await?;
        tx.commit().await?;
        if mails.is_empty() {
            return Ok(());
        }
        for mail in mails {
            send(runner, &mail).await?;
        }
    }
}

async fn send(runner: &Runner, mail: &QueuedMail) -> Result<()> {
    let sent = match write(mail, &runner.sender) {
        Ok(message) => runner.transport.send(&mail.id.to_string(), &message).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let now = runner.app.now();
    let tx = runner.app.store.begin().await?;
    match sent {
        Ok(()) => tx.set_mail_sent(mail.id, now).await?,
        Err(error) => {
            tracing::warn!(mail = %mail.id, attempts = mail.attempts, error, "a mail did not go out");
            tx.set_mail_failed(mail.id, &error, next_try(mail.attempts, now)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// When to try again after so many attempts; never after the last.
fn next_try(attempts: i32, now: Timestamp) -> Option<Timestamp> {
    let exponent = u32::try_from(attempts).unwrap_or(0).min(16);
    (attempts < MAX_ATTEMPTS).then(|| now + Duration::from_secs(15 * 2_u64.pow(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_try_waits_longer_and_the_last_is_the_last() {
        let start = Timestamp::from_micros(0);
        let waits: Vec<_> = (1..MAX_ATTEMPTS).map(|attempts| next_try(attempts, start)).collect();
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(waits.iter().all(Option::is_some));
        assert_eq!(next_try(MAX_ATTEMPTS, start), None);
    }
}
