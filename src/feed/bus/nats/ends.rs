//! Whether feeds went on without anybody here hearing of it.

use crate::app::{App, Reach};
use crate::feed::bus::InProcessBus;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How often ends are compared while the bus carries news: what it lost is found then.
const INTERVAL: Duration = Duration::from_secs(5);

/// How often while it does not.
const INTERVAL_AWAY: Duration = Duration::from_secs(1);

/// Every so many times while the bus is away, everybody looks at their access again: some of its changes are written to no feed.
const ACCESS_EVERY: u32 = 10;

/// Compares the ends of the feeds that are listened to with what was heard, in one statement for very many feeds, again and again.
pub(super) async fn compare(local: &InProcessBus, mut reach: watch::Receiver<Reach>, app: &App) {
    let mut rounds: u32 = 0;
    loop {
        let is_away = *reach.borrow_and_update() != Reach::Everywhere;
        // Cut short when the bus comes or goes; its end is that of the server.
        let _ = timeout(if is_away { INTERVAL_AWAY } else { INTERVAL }, reach.changed()).await;
        rounds = rounds.wrapping_add(1);
        if is_away && rounds.is_multiple_of(ACCESS_EVERY) {
            local.miss_all();
            continue;
        }
        let feeds = local.feeds();
        if feeds.is_empty() {
            continue;
        }
        match app.queries().feed_ends(&feeds).await {
            Ok(ends) => local.miss_before(&ends),
            Err(error) => tracing::debug!(?error, "the ends of feeds could not be read"),
        }
    }
}
