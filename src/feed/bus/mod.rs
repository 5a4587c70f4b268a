//! Telling whoever waits for a feed that it has moved.
//!
//! A single server has the [`InProcessBus`]; servers that share a database have the [`NatsBus`]. Both pass the same tests.

mod in_process;
mod nats;

pub use in_process::InProcessBus;
pub use nats::{NatsBus, NatsOptions, is_subject};

use crate::app::ports::FeedId;
use crate::app::{App, News};
use async_trait::async_trait;
use tokio::sync::watch;

/// Carries news to those who wait. May lose them: every reader finds out and reads the database.
#[async_trait]
pub trait Bus: crate::app::Announcer {
    /// Whatever is announced of this feed from now on.
    fn listen(&self, feed: FeedId) -> Box<dyn Listener>;
    /// Returns when mails may have been queued.
    fn mail_queued(&self) -> futures_util::future::BoxFuture<'_, ()>;
    /// Carries news to other servers and from them until it is told to stop. Before and after it, news stay on this server.
    async fn run(&self, app: &App, stops: watch::Receiver<bool>);
}

/// What a listener hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Something that was announced.
    News(News),
    /// Some news were lost.
    Missed,
    /// The bus is closing.
    Closed,
}

/// Somebody who waits for one feed.
#[async_trait]
pub trait Listener: Send {
    /// The next that is heard.
    async fn next(&mut self) -> Heard;
    /// What was heard already, without waiting.
    fn try_next(&mut self) -> Option<Heard>;
}
