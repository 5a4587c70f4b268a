//! Old events leave the audit log.

use super::TERM;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use serde::Serialize;

/// The most events that one transaction forgets.
const BATCH: u64 = 1_000;

/// Forgets events that have been kept for their term, up to a number. Run by a job until nothing is left to do.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ForgetAuditEvents;

impl Command for ForgetAuditEvents {
    const NAME: &'static str = "forgetAuditEvents";
    /// How many were forgotten.
    type Outcome = u64;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<u64> {
        Ok(work.tx.delete_audit_events(work.now() - TERM, BATCH).await?)
    }
}
