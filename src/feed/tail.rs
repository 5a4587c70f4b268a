//! The tail of a feed: everything after a place, and then everything new.

use super::bus::{Bus, Heard, Listener};
use crate::app::News;
use crate::app::error::Result;
use crate::app::ports::FeedId;
use async_trait::async_trait;
use futures_util::Stream;
use futures_util::future::select_all;
use futures_util::stream::unfold;
use std::collections::VecDeque;
use std::time::Duration;

/// The entries that are read at once while catching up.
pub const PAGE: usize = 100;

/// How often a reader whose access ends by the clock is looked at while nothing happens.
const EXPIRY_CHECK: Duration = Duration::from_millis(500);

/// A feed as one reader sees it.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// What the feed is made of.
    type Entry: Clone + Send + Sync;

    /// The feed, and every feed whose news can end the reader's access.
    fn feeds(&self) -> Vec<FeedId>;
    /// Up to [`PAGE`] entries after this place.
    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>>;
    /// The entry that these news carry, if it is one of this feed.
    fn entry(&self, news: &News) -> Option<Self::Entry>;
    /// The place of an entry.
    fn seq(entry: &Self::Entry) -> i64;
    /// Whether the reader may still see the feed.
    async fn may_read(&self) -> Result<bool>;
    /// Whether the reader's access has ended by the clock alone.
    fn is_over(&self) -> bool;
    /// Whether it can end so at all.
    fn can_be_over(&self) -> bool;
}

/// A reader of a feed, from a place on.
pub struct Tail<S: Source> {
    source: S,
    listeners: Vec<Box<dyn Listener>>,
    position: i64,
    read: VecDeque<S::Entry>,
    is_behind: bool,
}

enum Step {
    Look,
    End,
    Nothing,
}

impl<S: Source> Tail<S> {
    /// Listens from now on. Where to begin is said by [`after`](Self::after): what commits in between is not lost.
    #[must_use]
    pub fn listen(source: S, bus: &dyn Bus) -> Self {
        let listeners = source.feeds().into_iter().map(|feed| bus.listen(feed)).collect();
        Self { source, listeners, position: 0, read: VecDeque::new(), is_behind: true }
    }

    /// The entries after this place, each as soon as it is committed. Ends when the reader may not see the feed any more.
    pub fn after(mut self, position: i64) -> impl Stream<Item = Result<S::Entry>> + Send {
        self.position = position;
        unfold(Some(self), |tail| async move {
            let mut tail = tail?;
            match tail.next().await {
                Ok(Some(entry)) => Some((Ok(entry), Some(tail))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn next(&mut self) -> Result<Option<S::Entry>> {
        loop {
            if !self.hear_what_came().await? || self.source.is_over() {
                return Ok(None);
            }
            if let Some(entry) = self.read.pop_front() {
                self.position = S::seq(&entry);
                return Ok(Some(entry));
            }
            if self.is_behind {
                if !self.source.may_read().await? {
                    return Ok(None);
                }
                self.read = self.source.page(self.position).await?.into();
                self.is_behind = self.read.len() >= PAGE;
                continue;
            }
            match self.wait().await {
                Step::End => return Ok(None),
                Step::Look if !self.source.may_read().await? => return Ok(None),
                Step::Look | Step::Nothing => {}
            }
        }
    }

    /// Takes in what was heard while the reader was busy. False: access has ended.
    async fn hear_what_came(&mut self) -> Result<bool> {
        let mut looks = false;
        while let Some(heard) = self.listeners.iter_mut().find_map(|listener| listener.try_next()) {
            match self.take(heard) {
                Step::End => return Ok(false),
                Step::Look => looks = true,
                Step::Nothing => {}
            }
        }
        Ok(!looks || self.source.may_read().await?)
    }

    async fn wait(&mut self) -> Step {
        let heard = select_all(self.listeners.iter_mut().map(|listener| listener.next()));
        let heard = if self.source.can_be_over() {
            match tokio::time::timeout(EXPIRY_CHECK, heard).await {
                Ok((heard, ..)) => heard,
                Err(_) => return Step::Nothing,
            }
        } else {
            heard.await.0
        };
        self.take(heard)
    }

    fn take(&mut self, heard: Heard) -> Step {
        match heard {
            Heard::Closed => return Step::End,
            Heard::Missed => {
                self.is_behind = true;
                return Step::Look;
            }
            Heard::News(News::AccessChanged(_)) => return Step::Look,
            Heard::News(news) => {
                let Some(entry) = self.source.entry(&news) else { return Step::Nothing };
                let last = self.read.back().map_or(self.position, S::seq);
                match S::seq(&entry) - last {
                    1 if !self.is_behind && self.read.len() < PAGE => self.read.push_back(entry),
                    ..=0 => {}
                    _ => self.is_behind = true,
                }
            }
        }
        Step::Nothing
    }
}
