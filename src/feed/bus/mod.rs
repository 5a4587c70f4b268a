//! Telling whoever waits for a feed that it has moved.

mod in_process;

pub use in_process::InProcessBus;

use crate::app::News;
use crate::app::ports::FeedId;
use async_trait::async_trait;

/// Carries news to those who wait. May lose them: every reader finds out and reads the database.
pub trait Bus: crate::app::Announcer {
    /// Whatever is announced of this feed from now on.
    fn listen(&self, feed: FeedId) -> Box<dyn Listener>;
    /// Returns when mails may have been queued.
    fn mail_queued(&self) -> futures_util::future::BoxFuture<'_, ()>;
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
