//! Old mails are forgotten.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use serde::Serialize;

/// The most mails that one transaction forgets.
const BATCH: u64 = 1_000;

/// Forgets mails that were sent, given up or not wanted any more as long ago as feeds are kept, up to a number. Run by a job until nothing is left to do.
///
/// The links in them that switch such mails off end with them.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ForgetMails;

impl Command for ForgetMails {
    const NAME: &'static str = "forgetMails";
    /// How many were forgotten.
    type Outcome = u64;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<u64> {
        Ok(work.tx.delete_done_mails(work.now() - app.settings.feed_term, BATCH).await?)
    }
}
