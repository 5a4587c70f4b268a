//! Somebody who follows a feed, remembers the last cursor, and goes on from there wherever a server is.

use super::asker::{Asker, Listed};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// How long after a connection that ended the next one is tried.
const AGAIN: Duration = Duration::from_millis(50);

/// How long a connection is waited for.
const CONNECTION: Duration = Duration::from_secs(5);

/// An entry of a feed: its cursor and its id.
pub type Entry = (String, String);

/// A reader of one feed.
pub struct Subscriber {
    asker: Asker,
    /// The workspace whose activity it is; none: the reader's own notifications.
    workspace: Option<String>,
    start: String,
    seen: Mutex<Vec<Entry>>,
    connections: AtomicUsize,
}

impl Subscriber {
    /// A reader of a feed in which there is something already: what comes after the first of it.
    pub async fn new(asker: Asker, workspace: Option<String>) -> Self {
        let mut subscriber = Self { asker, workspace, start: String::new(), seen: Mutex::default(), connections: AtomicUsize::new(0) };
        let first = subscriber.kept(None).await.into_iter().next().expect("something is in the feed");
        subscriber.start = first.0;
        subscriber
    }

    /// The feed as it is kept, after its first entry.
    pub async fn kept_now(&self) -> Vec<Entry> {
        self.kept(Some(self.start.clone())).await
    }

    async fn kept(&self, after: Option<String>) -> Vec<Entry> {
        let nodes = "id cursor";
        let list = match self.workspace {
            Some(_) => {
                let query = "query($id: ID!, $after: String) { workspace(id: $id) { @ } }";
                Listed { query, at: "/workspace/activity", nodes }
            }
            None => Listed { query: "query($after: String) { viewer { @ } }", at: "/viewer/notifications", nodes },
        };
        self.asker.list(&list, self.workspace.as_deref(), after).await.iter().map(entry).collect()
    }

    /// What came so far.
    pub fn seen(&self) -> Vec<Entry> {
        self.seen.lock().unwrap().clone()
    }

    /// How often it had to connect.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Whose feed it is, for people.
    pub fn name(&self) -> String {
        self.workspace.clone().unwrap_or_else(|| self.asker.email.clone())
    }

    /// Follows the feed for ever.
    pub async fn follow(&self) {
        for attempt in 0.. {
            // How a connection ends is nobody's fault: the next one goes on behind the last that came.
            let _ = self.follow_on(attempt).await;
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Follows the feed for as long as the connection lasts.
    async fn follow_on(&self, attempt: usize) -> Option<()> {
        let url = format!("ws://{}/graphql", self.asker.cluster.address(self.asker.prefers + attempt));
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (mut socket, _) = tokio::time::timeout(CONNECTION, connect_async(request)).await.ok()?.ok()?;
        let after = self.seen.lock().unwrap().last().map_or_else(|| self.start.clone(), |(cursor, _)| cursor.clone());
        let (root, query) = match self.workspace {
            Some(_) => (
                "workspaceActivity",
                "subscription($after: String, $id: ID!) { workspaceActivity(workspaceId: $id, after: $after) { id cursor } }",
            ),
            None => ("notifications", "subscription($after: String) { notifications(after: $after) { id cursor } }"),
        };
        let init = json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {}", self.asker.token) } });
        socket.send(Message::text(init.to_string())).await.ok()?;
        let acknowledged = tokio::time::timeout(CONNECTION, socket.next()).await.ok()??.ok()?;
        if !acknowledged.to_text().ok()?.contains("connection_ack") {
            return None;
        }
        self.connections.fetch_add(1, Ordering::SeqCst);
        let payload = json!({ "query": query, "variables": { "after": after, "id": self.workspace } });
        let subscribe = json!({ "id": "1", "type": "subscribe", "payload": payload });
        socket.send(Message::text(subscribe.to_string())).await.ok()?;
        loop {
            let Message::Text(text) = socket.next().await?.ok()? else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            match message["type"].as_str().unwrap() {
                "next" if message["payload"]["data"][root].is_object() => {
                    self.seen.lock().unwrap().push(entry(&message["payload"]["data"][root]));
                }
                "ping" => socket.send(Message::text(json!({ "type": "pong" }).to_string())).await.ok()?,
                "pong" => {}
                // It is over; what is lost is that the server could not read, and never the right to.
                _ => {
                    let reason =
                        message.pointer("/payload/0/extensions/code").or_else(|| message.pointer("/payload/errors/0/extensions/code"));
                    assert!(reason.is_none_or(|reason| reason == "INTERNAL_SERVER_ERROR"), "{}: {message}", self.name());
                    return None;
                }
            }
        }
    }
}

fn entry(node: &Value) -> Entry {
    let text = |key: &str| node[key].as_str().unwrap_or_else(|| panic!("{node}")).to_owned();
    (text("cursor"), text("id"))
}
