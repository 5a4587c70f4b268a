//! The tail of a feed: everything after a place, and then everything new.

use super::bus::{Bus, Heard, Listener};
use crate::app::error::Result;
use crate::app::ports::{FeedId, Portion, StoreError};
use crate::app::{AppError, News};
use crate::domain::Timestamp;
use async_trait::async_trait;
use futures_util::Stream;
use futures_util::future::select_all;
use futures_util::stream::unfold;
use std::collections::VecDeque;
use std::time::Duration;

/// What is read at once while catching up, and what one reader holds at the most.
pub const PAGE: Portion = Portion { entries: 100, bytes: 128 * 1024 };

/// How often a reader whose access ends by the clock is looked at while nothing happens.
const EXPIRY_CHECK: Duration = Duration::from_millis(500);

/// How long a reader waits until they ask a database again that is not available.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a look at the reader has found: they may see the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look<L> {
    /// When this may have changed by the clock alone, so that it takes another look; none: never.
    pub until: Option<Timestamp>,
    /// Which entries they may read.
    pub limits: L,
}

/// Why a reader gets no more.
#[derive(Debug)]
pub enum TailError {
    /// What comes next is not kept any more.
    Forgotten,
    /// Something broke.
    Failed(AppError),
}

impl From<AppError> for TailError {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

/// A feed as one reader sees it.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// What the feed is made of.
    type Entry: Clone + Send + Sync;
    /// What decides which entries the reader may read.
    type Limits: Send + Sync;

    /// The feed, and every feed whose news can change the reader's access.
    fn feeds(&self) -> Vec<FeedId>;
    /// The next [`PAGE`] after this place, whoever may read it. Where what comes there is forgotten, it is empty or begins later.
    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>>;
    /// The place up to which entries are forgotten; 0: none is.
    async fn forgotten(&self) -> Result<i64>;
    /// The entry that these news carry, if it is one of this feed.
    fn entry(&self, news: &News) -> Option<Self::Entry>;
    /// The place of an entry.
    fn seq(entry: &Self::Entry) -> i64;
    /// How much text an entry is, in bytes.
    fn bytes(entry: &Self::Entry) -> usize;
    /// Whether the reader may see the feed, and what of it; none: not any more.
    async fn may_read(&self) -> Result<Option<Look<Self::Limits>>>;
    /// Whether the reader may read this entry.
    fn shows(limits: &Self::Limits, entry: &Self::Entry) -> bool;
    /// This moment, as the application's clock tells it.
    fn now(&self) -> Timestamp;
}

/// A reader of a feed, from a place on.
pub struct Tail<S: Source> {
    source: S,
    listeners: Vec<Box<dyn Listener>>,
    position: i64,
    read: VecDeque<S::Entry>,
    /// How much text was read, in bytes.
    bytes: usize,
    is_behind: bool,
    /// What the last look found; none: it takes another one.
    look: Option<Look<S::Limits>>,
}

impl<S: Source> Tail<S> {
    /// Listens from now on. Where to begin is said by [`after`](Self::after): what commits in between is not lost.
    #[must_use]
    pub fn listen(source: S, bus: &dyn Bus) -> Self {
        let listeners = source.feeds().into_iter().map(|feed| bus.listen(feed)).collect();
        Self { source, listeners, position: 0, read: VecDeque::new(), bytes: 0, is_behind: true, look: None }
    }

    /// The entries after this place that the reader may read, each as soon as it is committed. Ends when the reader may not see the feed any more,
    /// and with an error when the next entry is forgotten.
    pub fn after(mut self, position: i64) -> impl Stream<Item = Result<S::Entry, TailError>> + Send {
        self.position = position;
        unfold(Some(self), |tail| async move {
            let mut tail = tail?;
            match tail.next_in_time().await {
                Ok(Some(entry)) => Some((Ok(entry), Some(tail))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// The next, whenever it can be read: while the database is away, nothing is shown and nothing ends.
    async fn next_in_time(&mut self) -> Result<Option<S::Entry>, TailError> {
        loop {
            match self.next().await {
                Err(TailError::Failed(AppError::Failed(StoreError::Unavailable(cause)))) => {
                    tracing::debug!(%cause, "a reader waits for the database");
                    tokio::time::sleep(PATIENCE).await;
                    (self.look, self.is_behind) = (None, true);
                }
                next => return next,
            }
        }
    }

    async fn next(&mut self) -> Result<Option<S::Entry>, TailError> {
        loop {
            if !self.hear_what_came() || !self.is_allowed().await? {
                return Ok(None);
            }
            if let Some(entry) = self.next_shown() {
                return Ok(Some(entry));
            }
            if self.is_behind {
                self.look = None;
                if !self.is_allowed().await? {
                    return Ok(None);
                }
                self.read_page().await?;
            } else if !self.wait().await {
                return Ok(None);
            }
        }
    }

    async fn read_page(&mut self) -> Result<(), TailError> {
        let page = self.source.page(self.position).await?;
        // Numbers are dense: a page that does not begin with the next one has lost its beginning. An empty one does not tell.
        let is_whole = match page.first() {
            Some(first) => S::seq(first) == self.position + 1,
            None => self.source.forgotten().await? <= self.position,
        };
        if !is_whole {
            return Err(TailError::Forgotten);
        }
        self.bytes = page.iter().map(S::bytes).sum();
        self.read = page.into();
        self.is_behind = self.is_full();
        Ok(())
    }

    /// Whether the reader holds as much as they may.
    fn is_full(&self) -> bool {
        self.read.len() >= PAGE.entries || self.bytes >= PAGE.bytes
    }

    /// Whether the reader may see the feed, by the last look while it holds. One that the clock has overtaken holds no more.
    async fn is_allowed(&mut self) -> Result<bool> {
        if self.look.as_ref().is_none_or(|look| look.until.is_some_and(|until| until <= self.source.now())) {
            self.look = self.source.may_read().await?;
        }
        Ok(self.look.is_some())
    }

    /// The next entry that was read and that the reader may read too. The others count as passed.
    fn next_shown(&mut self) -> Option<S::Entry> {
        let look = self.look.as_ref()?;
        while let Some(entry) = self.read.pop_front() {
            self.position = S::seq(&entry);
            self.bytes = self.bytes.saturating_sub(S::bytes(&entry));
            if S::shows(&look.limits, &entry) {
                return Some(entry);
            }
        }
        None
    }

    /// Takes in what was heard while the reader was busy. False: the bus is closing.
    fn hear_what_came(&mut self) -> bool {
        while let Some(heard) = self.listeners.iter_mut().find_map(|listener| listener.try_next()) {
            if !self.take(heard) {
                return false;
            }
        }
        true
    }

    /// Waits for the next that is heard, or until it is time to look at the clock. False: the bus is closing.
    async fn wait(&mut self) -> bool {
        let heard = select_all(self.listeners.iter_mut().map(|listener| listener.next()));
        let heard = if self.look.as_ref().is_some_and(|look| look.until.is_some()) {
            match tokio::time::timeout(EXPIRY_CHECK, heard).await {
                Ok((heard, ..)) => heard,
                Err(_) => return true,
            }
        } else {
            heard.await.0
        };
        self.take(heard)
    }

    /// Takes in what was heard. False: the bus is closing.
    fn take(&mut self, heard: Heard) -> bool {
        match heard {
            Heard::Closed => return false,
            Heard::Missed => {
                self.is_behind = true;
                self.look = None;
            }
            Heard::News(News::AccessChanged(_)) => self.look = None,
            Heard::News(news) => {
                let Some(entry) = self.source.entry(&news) else { return true };
                let last = self.read.back().map_or(self.position, S::seq);
                match S::seq(&entry) - last {
                    1 if !self.is_behind && !self.is_full() => {
                        self.bytes += S::bytes(&entry);
                        self.read.push_back(entry);
                    }
                    ..=0 => {}
                    _ => self.is_behind = true,
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests;
