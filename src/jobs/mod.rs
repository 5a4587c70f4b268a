//! What is done without anybody asking: mails go out, terms end, old things are forgotten.
//!
//! Each job takes what is due and does it; whatever is left, for whatever reason, is due again later. So a job can be cut off at any moment and
//! run anywhere. Of several servers each sends mails, of which it takes some for itself; what only has its time is done by
//! [one at a time](crate::app::lease).

mod mail;

use crate::app::audit::ForgetAuditEvents;
use crate::app::feed::ForgetEntries;
use crate::app::garbage;
use crate::app::idempotency::ForgetKeys;
use crate::app::invitation::ExpireInvitations;
use crate::app::lease::{Leased, ReleaseLeases};
use crate::app::mail::ForgetMails;
use crate::app::member::{ExpireGrants, WarnExpiring};
use crate::app::notification::SendDigests;
use crate::app::request::ExpireRequests;
use crate::app::sign_in::ForgetCodes;
use crate::app::trash::PurgeTrash;
use crate::app::{App, Command, Result};
use crate::feed::bus::Bus;
use crate::mail::{Sender, Transport};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// How often the jobs look for what is due when nothing wakes them.
const INTERVAL: Duration = Duration::from_secs(5);

/// How often it is looked whether it is time to collect garbage.
const GARBAGE_INTERVAL: Duration = Duration::from_mins(1);

/// Runs the jobs of one server.
#[derive(Clone)]
pub struct Runner {
    app: App,
    /// Wakes the sender of mails when some are queued.
    bus: Arc<dyn Bus>,
    transport: Arc<dyn Transport>,
    /// Who mails come from.
    sender: Arc<Sender>,
    /// Who this is among several servers.
    holder: Uuid,
}

impl Runner {
    /// The jobs of a server.
    ///
    /// # Errors
    /// There are no random numbers to tell servers apart by.
    pub fn new(app: App, bus: Arc<dyn Bus>, transport: Arc<dyn Transport>, sender: Arc<Sender>) -> std::io::Result<Self> {
        let mut holder = [0; 16];
        app.entropy.fill(&mut holder)?;
        Ok(Self { app, bus, transport, sender, holder: Uuid::from_bytes(holder) })
    }

    /// The same with another carrier of mails.
    #[must_use]
    pub fn with_transport(self, transport: Arc<dyn Transport>) -> Self {
        Self { transport, ..self }
    }

    /// Does everything that is due now, as far as it is this server's turn.
    ///
    /// # Errors
    /// The database did not do its part; what was not done is due again.
    pub async fn run_due(&self) -> Result<()> {
        let tended = self.tend().await;
        // Nothing stops it.
        let (_running, stops) = watch::channel(false);
        let delivered = mail::deliver(self, &stops).await;
        let collected = garbage::collect(&self.app, self.holder).await;
        tended.and(delivered).and(collected)
    }

    /// What one server does at a time, but for what takes long.
    async fn tend(&self) -> Result<()> {
        // Each does its part whatever becomes of the others.
        let expired = self.exhaust(ExpireRequests).await;
        let invitations = self.exhaust(ExpireInvitations).await;
        let ended = self.exhaust(ExpireGrants).await;
        let warned = self.exhaust(WarnExpiring).await;
        let codes = self.execute(ForgetCodes).await.map(drop);
        let forgotten = self.execute(ForgetKeys).await.map(drop);
        let audited = self.exhaust(ForgetAuditEvents).await;
        let purged = self.exhaust(PurgeTrash).await;
        let shortened = self.exhaust(ForgetEntries).await;
        let digests = self.exhaust(SendDigests).await;
        let mailed = self.exhaust(ForgetMails).await;
        expired
            .and(invitations)
            .and(ended)
            .and(warned)
            .and(codes)
            .and(forgotten)
            .and(audited)
            .and(purged)
            .and(shortened)
            .and(digests)
            .and(mailed)
    }

    /// Does a part of a job. None: it is another server's turn.
    async fn execute<C: Command>(&self, job: C) -> Result<Option<C::Outcome>> {
        self.app.execute(None, None, &Leased { holder: self.holder, job }).await
    }

    /// Does the job, a part at a time, until nothing is left to do here.
    async fn exhaust<C: Command<Outcome: Default + PartialOrd> + Copy>(&self, job: C) -> Result<()> {
        while self.execute(job).await? > Some(C::Outcome::default()) {}
        Ok(())
    }

    /// Does what is due, again and again until the shutdown, which cuts off what is not done yet: it is done another time, or by another server.
    pub async fn run(self, stops: watch::Receiver<bool>) {
        tokio::join!(
            until(&stops, self.keep_tending()),
            // Nothing else waits for a mail server. What is on its way is not cut off at once: it would be sent again.
            mail::keep_delivering(&self, stops.clone()),
            until(&stops, self.keep_collecting()),
        );
        if let Err(error) = self.app.execute(None, None, &ReleaseLeases { holder: self.holder }).await {
            tracing::warn!(?error, "the leases end by themselves");
        }
    }

    async fn keep_tending(&self) {
        loop {
            if let Err(error) = self.tend().await {
                tracing::warn!(?error, "the jobs will be tried again");
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    async fn keep_collecting(&self) {
        loop {
            tokio::time::sleep(GARBAGE_INTERVAL).await;
            if let Err(error) = garbage::collect(&self.app, self.holder).await {
                tracing::warn!(?error, "garbage will be collected another time");
            }
        }
    }
}

/// Goes on until the shutdown.
async fn until(stops: &watch::Receiver<bool>, endless: impl Future<Output = ()>) {
    let mut stops = stops.clone();
    tokio::select! {
        () = endless => {}
        // The other end lives as long as the server, so that an error means the same.
        _ = stops.wait_for(|stops| *stops) => {}
    }
}
