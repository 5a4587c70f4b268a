//! What waits to be sent to other servers: never more than a little, and whoever has something to say never waits.

use super::carrier::Pulse;
use async_nats::header::HeaderMap;
use async_nats::{Client, Subject};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How many messages may wait. Most have less than a kilobyte, and none more than what [one may have](super::wire).
const CAPACITY: usize = 1_024;

/// The header that names the server which sends.
pub(super) const NODE: &str = "Portico-Node";

#[derive(Debug)]
enum Message {
    News { subject: String, bytes: Vec<u8> },
    Pulse { subject: String, number: u64 },
}

/// Where messages are put.
#[derive(Debug, Clone, Default)]
pub(super) struct Sender {
    open: Arc<Mutex<Option<mpsc::Sender<Message>>>>,
    lost: Arc<AtomicU64>,
}

impl Sender {
    fn open(&self) -> MutexGuard<'_, Option<mpsc::Sender<Message>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends news, or counts them as lost where too much waits already.
    pub fn send_news(&self, subject: String, bytes: Vec<u8>) {
        let is_sent = self.open().as_ref().is_none_or(|sender| sender.try_send(Message::News { subject, bytes }).is_ok());
        if !is_sent {
            self.lose();
        }
    }

    /// Something is lost, or may be.
    pub fn lose(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }

    /// Sends a pulse. Where it has no place, it is as if the bus were away.
    pub fn send_pulse(&self, subject: String, number: u64) {
        if let Some(sender) = &*self.open() {
            let _ = sender.try_send(Message::Pulse { subject, number });
        }
    }

    /// Nothing more is sent.
    pub fn close(&self) {
        *self.open() = None;
    }
}

/// What waits.
pub(super) struct Outbox {
    client: Client,
    node: Uuid,
    waiting: mpsc::Receiver<Message>,
    lost: Arc<AtomicU64>,
}

impl Outbox {
    /// Takes what the sender is given from now on.
    pub fn open(sender: &Sender, client: Client, node: Uuid) -> Self {
        let (open, waiting) = mpsc::channel(CAPACITY);
        *sender.open() = Some(open);
        Self { client, node, waiting, lost: Arc::clone(&sender.lost) }
    }

    /// Sends everything, until the sender is closed.
    pub async fn send_all(mut self) {
        let mut headers = HeaderMap::new();
        headers.insert(NODE, self.node.simple().to_string());
        while let Some(message) = self.waiting.recv().await {
            let (subject, bytes) = match message {
                Message::News { subject, bytes } => (subject, bytes),
                // What is lost is counted when the pulse is sent: whatever was put in before it is either out or counted.
                Message::Pulse { subject, number } => (subject, Pulse { number, lost: self.lost.load(Ordering::Relaxed) }.to_bytes()),
            };
            if let Err(error) = self.client.publish_with_headers(Subject::from(subject), headers.clone(), bytes.into()).await {
                self.lost.fetch_add(1, Ordering::Relaxed);
                tracing::debug!(%error, "the bus did not take a message");
            }
        }
    }
}
