//! What is done without anybody asking: mails go out, terms end, old things are forgotten.
//!
//! Each job takes what is due and does it; whatever is left, for whatever reason, is due again later. So a job can be cut off at any moment and
//! run anywhere.

mod mail;

use crate::app::audit::ForgetAuditEvents;
use crate::app::garbage;
use crate::app::idempotency::ForgetKeys;
use crate::app::invitation::ExpireInvitations;
use crate::app::member::{ExpireGrants, WarnExpiring};
use crate::app::request::ExpireRequests;
use crate::app::sign_in::ForgetCodes;
use crate::app::trash::PurgeTrash;
use crate::app::{App, Command, Result};
use crate::feed::bus::Bus;
use crate::mail::{Sender, Transport};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often the jobs look for what is due when nothing wakes them.
const INTERVAL: Duration = Duration::from_secs(5);

/// How often it is looked whether it is time to collect garbage.
const GARBAGE_INTERVAL: Duration = Duration::from_mins(1);

/// Runs the jobs of one server.
#[derive(Clone)]
pub struct Runner {
    /// The application.
    pub app: App,
    /// Wakes the runner when mails are queued.
    pub bus: Arc<dyn Bus>,
    /// Carries mails.
    pub transport: Arc<dyn Transport>,
    /// Who mails come from.
    pub sender: Arc<Sender>,
}

impl Runner {
    /// Does everything that is due now.
    ///
    /// # Errors
    /// The database did not do its part; what was not done is due again.
    pub async fn run_due(&self) -> Result<()> {
        let tended = self.tend().await;
        let collected = garbage::collect(&self.app).await;
        tended.and(collected)
    }

    /// All but what takes long.
    async fn tend(&self) -> Result<()> {
        // Each does its part whatever becomes of the others.
        let expired = self.exhaust(ExpireRequests).await;
        let invitations = self.exhaust(ExpireInvitations).await;
        let ended = self.exhaust(ExpireGrants).await;
        let warned = self.exhaust(WarnExpiring).await;
        let codes = self.app.execute(None, None, &ForgetCodes).await.map(drop);
        let forgotten = self.app.execute(None, None, &ForgetKeys).await.map(drop);
        let audited = self.exhaust(ForgetAuditEvents).await;
        let purged = self.exhaust(PurgeTrash).await;
        let delivered = mail::deliver(self).await;
        expired.and(invitations).and(ended).and(warned).and(codes).and(forgotten).and(audited).and(purged).and(delivered)
    }

    /// Does the job, a part at a time, until nothing is left to do.
    async fn exhaust<C: Command<Outcome: Default + PartialOrd>>(&self, job: C) -> Result<()> {
        while self.app.execute(None, None, &job).await? > C::Outcome::default() {}
        Ok(())
    }

    /// Does what is due, again and again until the shutdown.
    pub async fn run(self, shutdown: watch::Receiver<bool>) {
        // Mails do not wait for garbage.
        tokio::join!(self.keep_tending(shutdown.clone()), self.keep_collecting(shutdown));
    }

    async fn keep_tending(&self, mut shutdown: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.tend().await {
                tracing::warn!(?error, "the jobs will be tried again");
            }
            tokio::select! {
                () = self.bus.mail_queued() => {}
                () = tokio::time::sleep(INTERVAL) => {}
                _ = shutdown.wait_for(|stops| *stops) => return,
            }
        }
    }

    /// A shutdown cuts a run off: it begins anew another time.
    async fn keep_collecting(&self, mut shutdown: watch::Receiver<bool>) {
        let collecting = async {
            loop {
                tokio::time::sleep(GARBAGE_INTERVAL).await;
                if let Err(error) = garbage::collect(&self.app).await {
                    tracing::warn!(?error, "garbage will be collected another time");
                }
            }
        };
        tokio::select! {
            () = collecting => {}
            _ = shutdown.wait_for(|stops| *stops) => {}
        }
    }
}
