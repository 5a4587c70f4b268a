//! The bus of a single server: channels in its own memory. A server among others has one too, for its own listeners.

use super::{Bus, Heard, Listener};
use crate::app::ports::{FeedId, FeedMark};
use crate::app::{Announcer, App, News};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, broadcast, watch};

/// How many news a listener may be behind before it has to read the database.
const CAPACITY: usize = 64;

/// A feed that somebody here listens to.
#[derive(Debug)]
struct Topic {
    sender: broadcast::Sender<Heard>,
    /// The number of the newest entry that was announced; 0: none yet.
    heard: i64,
    /// How often its access had changed when that was last looked at.
    access_changes: i64,
}

impl Default for Topic {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(CAPACITY), heard: 0, access_changes: 0 }
    }
}

impl Topic {
    fn tell(&self, heard: Heard) {
        // It fails only when the last listener is just leaving.
        let _ = self.sender.send(heard);
    }
}

/// Whether anybody here listens to a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    /// Somebody does, now.
    Begins(FeedId),
    /// Nobody does any more.
    Ends(FeedId),
}

#[derive(Debug, Default)]
struct Topics {
    of: HashMap<FeedId, Topic>,
    interest: Option<UnboundedSender<Interest>>,
}

impl Topics {
    fn tell(&self, interest: Interest) {
        if let Some(interested) = &self.interest {
            // Whoever followed may have stopped.
            let _ = interested.send(interest);
        }
    }
}

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

    /// The feeds that are listened to.
    pub(super) fn feeds(&self) -> Vec<FeedId> {
        self.topics().of.keys().copied().collect()
    }

    /// Tells whoever listens to one of these feeds that news may have been lost.
    pub(super) fn miss(&self, feeds: impl IntoIterator<Item = FeedId>) {
        let topics = self.topics();
        feeds.into_iter().filter_map(|feed| topics.of.get(&feed)).for_each(|topic| topic.tell(Heard::Missed));
    }

    /// The same of those among these feeds that are not where they were known to be: entries were not announced, access has changed, or the feed is gone.
    pub(super) fn compare(&self, feeds: &[FeedId], marks: &[FeedMark]) {
        let marks: HashMap<FeedId, FeedMark> = marks.iter().map(|mark| (mark.feed, *mark)).collect();
        let mut topics = self.topics();
        for feed in feeds {
            let Some(topic) = topics.of.get_mut(feed) else { continue };
            let (end, access_changes) = marks.get(feed).map_or((0, 0), |mark| (mark.end, mark.access_changes));
            let is_gone = topic.heard > 0 && !marks.contains_key(feed);
            if is_gone || end > topic.heard || access_changes != topic.access_changes {
                (topic.heard, topic.access_changes) = (if is_gone { 0 } else { topic.heard.max(end) }, access_changes);
                topic.tell(Heard::Missed);
            }
        }
    }

    /// Tells everybody that news may have been lost.
    pub(super) fn miss_all(&self) {
        self.topics().of.values().for_each(|topic| topic.tell(Heard::Missed));
    }

    /// Tells from now on which feeds are listened to, beginning with those that are already. Whoever followed before does so no more.
    pub(super) fn follow_interest(&self) -> UnboundedReceiver<Interest> {
        let (sender, receiver) = unbounded_channel();
        let mut topics = self.topics();
        topics.interest = Some(sender);
        topics.of.keys().for_each(|feed| topics.tell(Interest::Begins(*feed)));
        receiver
    }
}

impl Announcer for InProcessBus {
    fn announce(&self, news: Vec<News>) {
        let mut topics = self.topics();
        for item in news {
            let Some(feed) = item.feed() else {
                self.mail.notify_one();
                continue;
            };
            if let Some(topic) = topics.of.get_mut(&feed) {
                topic.heard = topic.heard.max(item.seq().unwrap_or_default());
                topic.tell(Heard::News(item));
            }
        }
    }
}

#[async_trait]
impl Bus for InProcessBus {
    fn listen(&self, feed: FeedId) -> Box<dyn Listener> {
        let mut topics = self.topics();
        if !topics.of.contains_key(&feed) {
            topics.tell(Interest::Begins(feed));
        }
        let receiver = topics.of.entry(feed).or_default().sender.subscribe();
        drop(topics);
        Box::new(InProcessListener { bus: self.clone(), feed, receiver })
    }

    fn mail_queued(&self) -> futures_util::future::BoxFuture<'_, ()> {
        Box::pin(self.mail.notified())
    }

    async fn run(&self, _app: &App, _stops: watch::Receiver<bool>) {}
}

struct InProcessListener {
    bus: InProcessBus,
    feed: FeedId,
    receiver: broadcast::Receiver<Heard>,
}

#[async_trait]
impl Listener for InProcessListener {
    async fn next(&mut self) -> Heard {
        match self.receiver.recv().await {
            Ok(heard) => heard,
            Err(RecvError::Lagged(_)) => Heard::Missed,
            Err(RecvError::Closed) => Heard::Closed,
        }
    }

    fn try_next(&mut self) -> Option<Heard> {
        match self.receiver.try_recv() {
            Ok(heard) => Some(heard),
            Err(TryRecvError::Lagged(_)) => Some(Heard::Missed),
            Err(TryRecvError::Closed) => Some(Heard::Closed),
            Err(TryRecvError::Empty) => None,
        }
    }
}

impl Drop for InProcessListener {
    fn drop(&mut self) {
        let mut topics = self.bus.topics();
        if topics.of.get(&self.feed).is_some_and(|topic| topic.sender.receiver_count() <= 1) {
            topics.of.remove(&self.feed);
            topics.tell(Interest::Ends(self.feed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UserId;
    use uuid::Uuid;

    fn feed(number: u128) -> FeedId {
        FeedId::User(UserId::from_uuid(Uuid::from_u128(number)))
    }

    #[tokio::test]
    async fn a_feed_that_nobody_listens_to_any_more_costs_nothing() {
        let bus = InProcessBus::default();
        let listeners = [bus.listen(feed(1)), bus.listen(feed(1)), bus.listen(feed(2))];
        assert_eq!(bus.feeds().len(), 2);
        drop(listeners);
        assert!(bus.feeds().is_empty());
    }

    #[tokio::test]
    async fn a_feed_that_is_not_where_it_was_known_to_be_was_missed_once() {
        let bus = InProcessBus::default();
        let mut listener = bus.listen(feed(1));
        let mark = |end, access_changes| FeedMark { feed: feed(1), end, access_changes };
        for (marks, is_missed) in [
            (&[][..], false),
            (&[mark(2, 1)], true),
            (&[mark(2, 1)], false),
            (&[mark(3, 1)], true),
            (&[mark(3, 2)], true),
            (&[mark(1, 2)], false),
            (&[], true),
            (&[], false),
        ] {
            bus.compare(&[feed(1), feed(2)], marks);
            assert_eq!(matches!(listener.try_next(), Some(Heard::Missed)), is_missed, "{marks:?}");
            assert!(listener.try_next().is_none());
        }
    }

    #[tokio::test]
    async fn who_follows_interest_hears_of_the_first_and_of_the_last_listener_of_each_feed() {
        let bus = InProcessBus::default();
        let before = bus.listen(feed(1));
        let mut interest = bus.follow_interest();
        let (one, other) = (bus.listen(feed(2)), bus.listen(feed(2)));
        drop((one, other, before));
        let mut told = Vec::new();
        while let Ok(next) = interest.try_recv() {
            told.push(next);
        }
        let (first, second) = (feed(1), feed(2));
        assert_eq!(told, [Interest::Begins(first), Interest::Begins(second), Interest::Ends(second), Interest::Ends(first)]);
    }
}
