//! Jobs that one server does at a time.
//!
//! Whoever does them holds a lease and renews it in the transaction of each part, so that two servers never do parts side by side. A server that dies
//! loses it by the clock; one that stops gives it back.

use super::error::Result;
use super::{App, Command, Work};
use serde::Serialize;
use std::time::Duration;
use uuid::Uuid;

/// How long nobody else does the jobs after the last part that was done.
pub const LEASE: Duration = Duration::from_secs(30);

/// The lease of everything that is done because its time has come.
const NAME: &str = "TENDING";

/// A part of a job, done if its holder has the lease, or can have it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Leased<C> {
    /// Who does it.
    pub holder: Uuid,
    /// What is done.
    pub job: C,
}

impl<C: Command> Command for Leased<C> {
    const NAME: &'static str = C::NAME;
    const HOLDS_SECRETS: bool = C::HOLDS_SECRETS;
    /// None: somebody else has the lease.
    type Outcome = Option<C::Outcome>;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<Self::Outcome> {
        if !work.tx.take_lease(NAME, self.holder, work.now(), work.now() + LEASE).await? {
            return Ok(None);
        }
        self.job.run(work, app).await.map(Some)
    }
}

/// Gives the lease back, for another server to go on at once.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ReleaseLeases {
    /// Who had it.
    pub holder: Uuid,
}

impl Command for ReleaseLeases {
    const NAME: &'static str = "releaseLeases";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        Ok(work.tx.release_leases(self.holder).await?)
    }
}
