//! How long feeds are kept.

use super::error::Result;
use super::{App, Command, Work};
use serde::Serialize;

/// The most feeds that one transaction shortens: whoever writes to one of them waits for it.
const FEEDS: u64 = 20;

/// The most entries that one transaction forgets.
const ENTRIES: u64 = 500;

/// Forgets activity and notifications that have been kept for their term, up to a number. Run by a job until nothing is left to do.
///
/// What is forgotten is always the beginning of a feed, up to the first entry whose term is not over: the clocks of several servers may differ, so
/// that moments are not quite in the order of numbers.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ForgetEntries;

impl Command for ForgetEntries {
    const NAME: &'static str = "forgetEntries";
    /// How many feeds were tended.
    type Outcome = u64;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<u64> {
        Ok(work.tx.forget_entries(work.now() - app.settings.feed_term, FEEDS, ENTRIES).await?)
    }
}
