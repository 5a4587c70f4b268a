//! The bus of several servers that share a database: `NATS`, with a subject for each feed.
//!
//! News reach the listeners of this server at once, as on a single one, and those of others through `NATS`, which may lose them: when it
//! stops, when a server is cut off, or dies between a commit and what it wanted to say of it. So nothing depends on it:
//!
//! * Every server sends a **pulse** and hears it back. While it does not, the bus counts as [away](Reach::OnlyHere). When it comes back, everybody
//!   reads what they may have missed.
//! * A pulse tells how many news its server could not send. When the number grows, a server appears or one disappears, everybody reads.
//! * A subscription counts as begun with the first pulse that is sent after it and comes back; its listeners then read once.
//! * Every few seconds, and every second while the bus is away, where the feeds are that are listened to is [compared](ends) with what was heard of them:
//!   the number of the last entry, and how often access changed.
//!
//! What goes over the bus is what subscribers read. Whoever may write there can show them anything, so it is to be kept as the database is.

mod carrier;
mod ends;
mod outbox;
mod wire;

use super::{Bus, InProcessBus, Listener};
use crate::app::clock::Entropy;
use crate::app::ports::FeedId;
use crate::app::{Announcer, App, News, Reach};
use async_nats::{ConnectOptions, Event, ServerAddr};
use async_trait::async_trait;
use carrier::Carrier;
use futures_util::future::BoxFuture;
use outbox::{Outbox, Sender};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::watch;
use uuid::Uuid;

/// How long an attempt to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How often a quiet connection is tried; after two tries without an answer it is given up.
const PING_INTERVAL: Duration = Duration::from_secs(2);

/// The longest pause between two attempts to connect.
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// How long a server that stops waits until its last news are sent.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where the bus is.
#[derive(Debug, Clone)]
pub struct NatsOptions {
    servers: Vec<SecretString>,
    subject: String,
}

impl NatsOptions {
    /// The servers of `nats://host:4222,nats://other:4222` (or `tls://`), and what every subject begins with. None: these are no such addresses.
    #[must_use]
    pub fn parse(urls: &str, subject: &str) -> Option<Self> {
        let is_address = |url: &str| {
            let known = ["nats://", "tls://"].iter().any(|scheme| url.starts_with(scheme));
            known && url.parse::<ServerAddr>().is_ok_and(|address| !address.host().is_empty())
        };
        let servers: Vec<&str> = urls.split(',').map(str::trim).collect();
        let usable = servers.iter().all(|url| is_address(url)) && is_subject(subject);
        usable.then(|| Self { servers: servers.into_iter().map(SecretString::from).collect(), subject: subject.to_owned() })
    }

    /// The client's options and where it connects to. Credentials are those of the first address that has any, and stand in no other place: the client
    /// does not look for them in addresses, and logs those.
    fn split(&self, options: ConnectOptions) -> (ConnectOptions, Vec<ServerAddr>) {
        let split: Vec<(String, Option<&str>)> = self.servers.iter().map(|url| without_credentials(url.expose_secret())).collect();
        let options = match split.iter().find_map(|(_, credentials)| *credentials) {
            Some(credentials) => authenticated(options, credentials),
            None => options,
        };
        (options, split.iter().filter_map(|(url, _)| url.parse().ok()).collect())
    }
}

/// An address without the credentials in it, and those.
fn without_credentials(url: &str) -> (String, Option<&str>) {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (credentials, host))) => (format!("{scheme}://{host}"), Some(credentials)),
        None => (url.to_owned(), None),
    }
}

/// With `USER:PASSWORD` or `TOKEN`, written as in an address.
fn authenticated(options: ConnectOptions, credentials: &str) -> ConnectOptions {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    match credentials.split_once(':') {
        Some((user, password)) => options.user_and_password(decoded(user), decoded(password)),
        None => options.token(decoded(credentials)),
    }
}

/// Whether subjects may begin so: words of letters, digits, `-` and `_` with points between them.
#[must_use]
pub fn is_subject(subject: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    subject.len() <= 100 && subject.split('.').all(is_word)
}

/// A bus over `NATS`, and within this process while that is away.
#[derive(Debug, Clone)]
pub struct NatsBus {
    local: InProcessBus,
    options: Arc<NatsOptions>,
    node: Uuid,
    sender: Sender,
    reach: Arc<watch::Sender<Reach>>,
}

impl NatsBus {
    /// The bus of a server. It connects when it [runs](Bus::run).
    ///
    /// # Errors
    /// There are no random numbers to tell servers apart by.
    pub fn new(options: NatsOptions, entropy: &dyn Entropy) -> std::io::Result<Self> {
        let mut node = [0; 16];
        entropy.fill(&mut node)?;
        Ok(Self {
            local: InProcessBus::default(),
            options: Arc::new(options),
            node: Uuid::from_bytes(node),
            sender: Sender::default(),
            reach: Arc::new(watch::Sender::new(Reach::NotYet)),
        })
    }

    fn pulse_subject(&self) -> String {
        format!("{}.pulse", self.options.subject)
    }

    fn feed_subject(&self, feed: FeedId) -> String {
        let (kind, id) = match feed {
            FeedId::Workspace(id) => ("workspace", id.uuid()),
            FeedId::User(id) => ("user", id.uuid()),
        };
        format!("{}.feed.{kind}.{}", self.options.subject, id.simple())
    }

    /// The bus counts as away from now on.
    fn lose(&self) {
        if self.reach.send_if_modified(|reach| *reach == Reach::Everywhere && std::mem::replace(reach, Reach::OnlyHere) != *reach) {
            tracing::warn!("the bus is away: news of other servers are read from the database until it is back");
        }
    }

    /// The bus carries news again, and everybody reads what they may have missed.
    fn recover(&self) {
        if self.reach.send_replace(Reach::Everywhere) != Reach::Everywhere {
            tracing::info!("the bus carries news");
        }
        self.local.miss_all();
    }
}

impl Announcer for NatsBus {
    fn announce(&self, news: Vec<News>) {
        if self.reach() == Reach::Everywhere {
            for (feed, bytes) in news.iter().filter_map(wire::write) {
                self.sender.send_news(self.feed_subject(feed), bytes);
            }
        } else {
            self.sender.lose();
        }
        self.local.announce(news);
    }

    fn reach(&self) -> Reach {
        *self.reach.borrow()
    }
}

#[async_trait]
impl Bus for NatsBus {
    fn listen(&self, feed: FeedId) -> Box<dyn Listener> {
        self.local.listen(feed)
    }

    fn mail_queued(&self) -> BoxFuture<'_, ()> {
        self.local.mail_queued()
    }

    async fn run(&self, app: &App, mut stops: watch::Receiver<bool>) {
        let (events, happened) = unbounded_channel();
        let options = ConnectOptions::new()
            .name("portico")
            .retry_on_initial_connect()
            .max_reconnects(None)
            .connection_timeout(CONNECT_TIMEOUT)
            .ping_interval(PING_INTERVAL)
            .reconnect_delay_callback(|attempts| {
                MAX_RECONNECT_DELAY.min(Duration::from_millis(50) * u32::try_from(attempts).unwrap_or(u32::MAX))
            })
            .event_callback(move |event: Event| {
                // Whoever listens may have stopped.
                let _ = events.send(event);
                std::future::ready(())
            });
        let (options, addresses) = self.options.split(options);
        let client = match options.connect(addresses).await {
            Ok(client) => client,
            Err(error) => return tracing::error!(%error, "the bus cannot be used"),
        };
        let outbox = Outbox::open(&self.sender, client.clone(), self.node);
        let mut sending = pin!(outbox.send_all());
        let carrier = Carrier::new(self.clone(), client.clone());
        tokio::select! {
            // The other end lives as long as the server, so that an error means the same.
            _ = stops.wait_for(|stops| *stops) => {}
            () = carrier.carry(happened) => {}
            () = ends::compare(&self.local, self.reach.subscribe(), app) => {}
            () = &mut sending => {}
        }
        self.sender.close();
        self.reach.send_replace(Reach::NotYet);
        let farewell = async {
            sending.await;
            client.flush().await
        };
        if !matches!(tokio::time::timeout(FAREWELL, farewell).await, Ok(Ok(()))) {
            tracing::info!("the last news were not sent: other servers read them from the database");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_subjects_that_cannot_be_used_are_none() {
        for urls in ["nats://127.0.0.1:4222", "tls://user:password@one.example", "nats://one:4222, nats://two:4222"] {
            assert!(NatsOptions::parse(urls, "portico").is_some(), "{urls}");
        }
        for urls in ["", "nats://", "http://127.0.0.1:4222", "127.0.0.1:4222", "nats://one:4222,", "nats://one:port"] {
            assert!(NatsOptions::parse(urls, "portico").is_none(), "{urls}");
        }
        for subject in ["", "a b", "a..b", "a.*", ">", ".a", "a\r\nPUB", &"a".repeat(101)] {
            assert!(NatsOptions::parse("nats://one", subject).is_none(), "{subject}");
        }
        assert!(NatsOptions::parse("nats://one", "acme.portico-2_b").is_some());
    }

    #[test]
    fn a_password_in_an_address_is_not_printed() {
        let options = NatsOptions::parse("nats://user:hunter2@one.example", "portico").expect("usable");
        assert!(!format!("{options:?}").contains("hunter2"));
    }

    #[test]
    fn the_client_is_given_addresses_without_credentials_since_it_logs_them() {
        for (url, address) in [
            ("nats://user:hunter2@one.example:4222", "nats://one.example:4222"),
            ("tls://hunter2@[::1]:4222", "tls://[::1]:4222"),
            ("nats://one.example", "nats://one.example"),
        ] {
            let options = NatsOptions::parse(&format!("{url},nats://other:hunter2@two.example"), "portico").expect("usable");
            let (_, addresses) = options.split(ConnectOptions::new());
            assert_eq!(addresses[0].as_url_str(), address);
            assert!(addresses.len() == 2 && !format!("{addresses:?}").contains("hunter2"), "{addresses:?}");
        }
    }
}
