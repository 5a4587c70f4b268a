//! A run begins and ends.

use super::{INTERVAL, LEASE};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use serde::Serialize;
use uuid::Uuid;

/// The most marks that one transaction forgets.
const BATCH: u64 = 10_000;

/// Begins a run, if it is time to and there is something to collect.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Begin {
    pub run: Uuid,
}

impl Command for Begin {
    const NAME: &'static str = "beginCollection";
    /// Whether it has begun.
    type Outcome = bool;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<bool> {
        let now = work.now();
        Ok(work.tx.begin_collection(self.run, now, now - INTERVAL, now + LEASE).await?)
    }
}

/// Ends a run.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct End {
    pub run: Uuid,
}

impl Command for End {
    const NAME: &'static str = "endCollection";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        Ok(work.tx.end_collection(self.run).await?)
    }
}

/// Forgets marks, up to a number.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct ForgetMarks {
    pub run: Uuid,
}

impl Command for ForgetMarks {
    const NAME: &'static str = "forgetMarks";
    /// How many were forgotten; none: it is another run's turn.
    type Outcome = Option<u64>;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Option<u64>> {
        if work.tx.renew_collection(self.run, work.now() + LEASE).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(work.tx.delete_node_marks(BATCH).await?))
    }
}
