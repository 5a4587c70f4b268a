//! The end of what is kept of codes.

use super::WINDOW;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use serde::Serialize;

/// Forgets the codes that nobody can use any more and that no limit counts. Run by a job.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ForgetCodes;

impl Command for ForgetCodes {
    const NAME: &'static str = "forgetCodes";
    /// How many were forgotten.
    type Outcome = u64;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<u64> {
        // A code ends before the window does in which it counts.
        Ok(work.tx.delete_sign_in_codes(work.now() - WINDOW).await?)
    }
}
