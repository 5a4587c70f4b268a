//! Carries news of other servers to the listeners of this one.

use super::NatsBus;
use super::outbox::NODE;
use super::wire::{self, Received};
use crate::app::ports::FeedId;
use crate::app::{Announcer, Reach};
use crate::feed::bus::in_process::Interest;
use async_nats::{Client, Event, Message, SubscribeError, Subscriber};
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, FuturesUnordered, SelectAll};
use futures_util::{FutureExt, StreamExt};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How often a server shows that it is there.
const PULSE: Duration = Duration::from_millis(500);

/// After how long without a pulse it is taken for gone.
const SILENCE: Duration = Duration::from_secs(3);

/// So many other servers are remembered; there are never that many.
const MAX_NODES: usize = 10_000;

/// What a server says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pulse {
    /// 1, 2, 3 …
    pub number: u64,
    /// How often it could not send something so far.
    pub lost: u64,
}

impl Pulse {
    pub fn to_bytes(self) -> Vec<u8> {
        // Two numbers can always be written.
        serde_json::to_vec(&self).unwrap_or_default()
    }
}

/// Another server.
#[derive(Debug, Clone, Copy)]
struct Node {
    seen: Instant,
    lost: u64,
}

type Opening = BoxFuture<'static, (FeedId, oneshot::Receiver<()>, Result<Subscriber, SubscribeError>)>;

/// The subscriptions of one server.
pub(super) struct Carrier {
    bus: NatsBus,
    client: Client,
    me: String,
    /// For each feed that is listened to here, what ends its subscription when it is dropped.
    feeds: HashMap<FeedId, oneshot::Sender<()>>,
    opening: FuturesUnordered<Opening>,
    messages: SelectAll<BoxStream<'static, (FeedId, Message)>>,
    /// Feeds whose subscription has begun once the pulse of this number comes back.
    beginning: VecDeque<(u64, FeedId)>,
    nodes: HashMap<String, Node>,
    /// The number of the last pulse that was sent.
    pulse: u64,
    /// The number from which on a pulse shows that the bus carries news.
    awaited: u64,
    heard: Instant,
    pulse_is_due: bool,
}

impl Carrier {
    pub fn new(bus: NatsBus, client: Client) -> Self {
        let me = bus.node.simple().to_string();
        Self {
            bus,
            client,
            me,
            feeds: HashMap::new(),
            opening: FuturesUnordered::new(),
            messages: SelectAll::new(),
            beginning: VecDeque::new(),
            nodes: HashMap::new(),
            pulse: 0,
            awaited: 1,
            heard: Instant::now(),
            pulse_is_due: false,
        }
    }

    /// Carries news for as long as it is asked to. `happened` is what befalls the connection.
    pub async fn carry(mut self, mut happened: UnboundedReceiver<Event>) {
        let mut interest = self.bus.local.follow_interest();
        let mut pulses = match self.client.subscribe(self.bus.pulse_subject()).await {
            Ok(pulses) => pulses,
            Err(error) => return tracing::error!(%error, "the bus cannot be listened to"),
        };
        let mut ticks = interval(PULSE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                Some(interest) = interest.recv() => self.follow(interest),
                Some((feed, ends, opened)) = self.opening.next() => self.begin(feed, ends, opened),
                Some((feed, message)) = self.messages.next() => self.pass_on(feed, &message),
                Some(message) = pulses.next() => self.hear_pulse(&message),
                Some(event) = happened.recv() => self.take_note(&event),
                _ = ticks.tick() => self.look_around(),
            }
            if self.pulse_is_due && self.opening.is_empty() {
                self.send_pulse();
            }
        }
    }

    fn follow(&mut self, interest: Interest) {
        match interest {
            Interest::Begins(feed) => {
                let (until, ends) = oneshot::channel();
                self.feeds.insert(feed, until);
                let (client, subject) = (self.client.clone(), self.bus.feed_subject(feed));
                self.opening.push(async move { (feed, ends, client.subscribe(subject).await) }.boxed());
            }
            Interest::Ends(feed) => drop(self.feeds.remove(&feed)),
        }
    }

    fn begin(&mut self, feed: FeedId, ends: oneshot::Receiver<()>, opened: Result<Subscriber, SubscribeError>) {
        match opened {
            Ok(messages) => {
                // Taken until the other end is dropped; then the subscription is too, which tells the bus.
                self.messages.push(messages.take_until(ends).map(move |message| (feed, message)).boxed());
                self.beginning.push_back((self.pulse + 1, feed));
                self.pulse_is_due = true;
            }
            // What happens there is found by comparing ends.
            Err(error) => tracing::warn!(%error, "a feed cannot be listened to on the bus"),
        }
    }

    fn pass_on(&self, feed: FeedId, message: &Message) {
        if sender_of(message) == Some(&*self.me) {
            return;
        }
        match wire::read(feed, &message.payload) {
            Received::News(news) => self.bus.local.announce(vec![news]),
            Received::Moved => self.bus.local.miss([feed]),
        }
    }

    fn hear_pulse(&mut self, message: &Message) {
        let Some(node) = sender_of(message).map(str::to_owned) else { return };
        let Ok(Pulse { number, lost }) = serde_json::from_slice(&message.payload) else { return };
        if node == self.me {
            return self.hear_own_pulse(number);
        }
        let known = self.nodes.contains_key(&node) || self.nodes.len() < MAX_NODES;
        let before = if known { self.nodes.insert(node, Node { seen: Instant::now(), lost }) } else { None };
        // A server that has just appeared may have said something before it was heard, or is another's successor.
        if before.is_none_or(|before| before.lost != lost) {
            self.bus.local.miss_all();
        }
    }

    fn hear_own_pulse(&mut self, number: u64) {
        self.heard = Instant::now();
        if number >= self.awaited && self.bus.reach() != Reach::Everywhere {
            self.bus.recover();
        }
        let begun = self.beginning.iter().take_while(|(pulse, _)| *pulse <= number).count();
        self.bus.local.miss(self.beginning.drain(..begun).map(|(_, feed)| feed));
    }

    fn take_note(&mut self, event: &Event) {
        match event {
            Event::Disconnected | Event::Closed => {
                // What was sent last may be.
                self.bus.sender.lose();
                self.lose();
            }
            Event::Connected => self.pulse_is_due = true,
            Event::SlowConsumer(_) => self.bus.local.miss_all(),
            other => tracing::debug!(%other, "from the bus"),
        }
    }

    fn look_around(&mut self) {
        let now = Instant::now();
        if now - self.heard > SILENCE {
            self.lose();
        }
        let before = self.nodes.len();
        self.nodes.retain(|_, node| now - node.seen <= SILENCE);
        // A server that is gone may have committed what it could not say any more.
        if self.nodes.len() < before {
            self.bus.local.miss_all();
        }
        self.send_pulse();
    }

    fn lose(&mut self) {
        self.awaited = self.pulse + 1;
        self.bus.lose();
    }

    fn send_pulse(&mut self) {
        self.pulse += 1;
        self.pulse_is_due = false;
        self.bus.sender.send_pulse(self.bus.pulse_subject(), self.pulse);
    }
}

/// The server that sent this.
fn sender_of(message: &Message) -> Option<&str> {
    message.headers.as_ref()?.get(NODE).map(async_nats::HeaderValue::as_str)
}
