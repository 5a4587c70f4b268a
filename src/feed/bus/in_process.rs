//! The bus of a single server: channels in its own memory.

use super::{Bus, Heard, Listener};
use crate::app::ports::FeedId;
use crate::app::{Announcer, News};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{Notify, broadcast};

/// How many news a listener may be behind before it has to read the database.
const CAPACITY: usize = 64;

type Topics = HashMap<FeedId, broadcast::Sender<News>>;

/// A bus within one process. A feed that nobody listens to costs nothing.
#[derive(Debug, Clone, Default)]
pub struct InProcessBus {
    topics: Arc<Mutex<Topics>>,
    mail: Arc<Notify>,
}

impl InProcessBus {
    fn topics(&self) -> MutexGuard<'_, Topics> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Announcer for InProcessBus {
    fn announce(&self, news: Vec<News>) {
        let topics = self.topics();
        for item in news {
            let feed = match &item {
                News::Activity(entry) => FeedId::Workspace(entry.workspace_id),
                News::Notification(entry) => FeedId::User(entry.user_id),
                News::AccessChanged(feed) => *feed,
                News::MailQueued => {
                    self.mail.notify_one();
                    continue;
                }
            };
            if let Some(topic) = topics.get(&feed) {
                // It fails only when the last listener is just leaving.
                let _ = topic.send(item);
            }
        }
    }
}

impl Bus for InProcessBus {
    fn listen(&self, feed: FeedId) -> Box<dyn Listener> {
        let receiver = self.topics().entry(feed).or_insert_with(|| broadcast::Sender::new(CAPACITY)).subscribe();
        Box::new(InProcessListener { bus: self.clone(), feed, receiver })
    }

    fn mail_queued(&self) -> futures_util::future::BoxFuture<'_, ()> {
        Box::pin(self.mail.notified())
    }
}

struct InProcessListener {
    bus: InProcessBus,
    feed: FeedId,
    receiver: broadcast::Receiver<News>,
}

#[async_trait]
impl Listener for InProcessListener {
    async fn next(&mut self) -> Heard {
        match self.receiver.recv().await {
            Ok(news) => Heard::News(news),
            Err(RecvError::Lagged(_)) => Heard::Missed,
            Err(RecvError::Closed) => Heard::Closed,
        }
    }

    fn try_next(&mut self) -> Option<Heard> {
        match self.receiver.try_recv() {
            Ok(news) => Some(Heard::News(news)),
            Err(TryRecvError::Lagged(_)) => Some(Heard::Missed),
            Err(TryRecvError::Closed) => Some(Heard::Closed),
            Err(TryRecvError::Empty) => None,
        }
    }
}

impl Drop for InProcessListener {
    fn drop(&mut self) {
        let mut topics = self.bus.topics();
        if topics.get(&self.feed).is_some_and(|topic| topic.receiver_count() <= 1) {
            topics.remove(&self.feed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UserId;
    use uuid::Uuid;

    #[tokio::test]
    async fn a_listener_hears_its_own_feed_only_and_leaves_nothing_behind() {
        let bus = InProcessBus::default();
        let feed = FeedId::User(UserId::from_uuid(Uuid::from_u128(1)));
        let other = FeedId::User(UserId::from_uuid(Uuid::from_u128(2)));
        let mut listener = bus.listen(feed);
        bus.announce(vec![News::AccessChanged(other), News::AccessChanged(feed)]);
        assert!(matches!(listener.next().await, Heard::News(News::AccessChanged(heard)) if heard == feed));
        assert!(listener.try_next().is_none());
        drop(listener);
        assert!(bus.topics().is_empty());
    }

    #[tokio::test]
    async fn a_listener_that_falls_behind_is_told() {
        let bus = InProcessBus::default();
        let feed = FeedId::User(UserId::from_uuid(Uuid::from_u128(1)));
        let mut listener = bus.listen(feed);
        for _ in 0..=CAPACITY {
            bus.announce(vec![News::AccessChanged(feed)]);
        }
        assert!(matches!(listener.next().await, Heard::Missed));
    }
}
