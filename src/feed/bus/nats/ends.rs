//! Whether feeds went on, or who may read them changed, without anybody here hearing of it.

use crate::app::{App, Reach};
use crate::feed::bus::InProcessBus;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How often ends are compared while the bus carries news: what it lost is found then.
const INTERVAL: Duration = Duration::from_secs(5);

/// How often while it does not.
const INTERVAL_AWAY: Duration = Duration::from_secs(1);

/// Compares where the feeds are that are listened to with what was heard of them, in one statement for very many feeds, again and again.
pub(super) async fn compare(local: &InProcessBus, mut reach: watch::Receiver<Reach>, app: &App) {
    loop {
        let is_away = *reach.borrow_and_update() != Reach::Everywhere;
        // Cut short when the bus comes or goes; its end is that of the server.
        let _ = timeout(if is_away { INTERVAL_AWAY } else { INTERVAL }, reach.changed()).await;
        let feeds = local.feeds();
        if feeds.is_empty() {
            continue;
        }
        match app.queries().feed_marks(&feeds).await {
            Ok(marks) => local.compare(&feeds, &marks),
            Err(error) => tracing::debug!(?error, "where feeds are could not be read"),
        }
    }
}
