//! A client of the WebSocket subprotocol, as simple as can be.

use super::app::{Person, TestApp};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Never reached: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came for a subscription.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Next(Value),
    Error(Value),
    Complete,
}

impl Socket {
    pub async fn open(url: &str, person: &Person) -> Self {
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (stream, _) = connect_async(request).await.unwrap();
        let mut socket = Self(stream);
        let payload = person.token.as_ref().map(|token| json!({ "Authorization": format!("Bearer {token}") }));
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.receive().await["type"], "connection_ack");
        socket
    }

    pub async fn subscribe(app: &TestApp, person: &Person, query: &str, variables: Value) -> Self {
        Self::subscribe_at(&app.websocket(), person, query, variables).await
    }

    /// The same at another server.
    pub async fn subscribe_at(url: &str, person: &Person, query: &str, variables: Value) -> Self {
        let mut socket = Self::open(url, person).await;
        socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "variables": variables } })).await;
        socket
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn receive(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a message in time").expect("an open socket").unwrap();
            if let Message::Text(text) = message {
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["type"] != "ping" && message["type"] != "pong" {
                    return message;
                }
            }
        }
    }

    /// The next thing that comes for the subscription.
    pub async fn event(&mut self) -> Event {
        let message = self.receive().await;
        match message["type"].as_str().unwrap() {
            // A subscription that is refused answers one result, which is its errors.
            "next" if message["payload"].get("errors").is_some() => Event::Error(message["payload"]["errors"].clone()),
            "next" => Event::Next(message["payload"]["data"].clone()),
            "error" => Event::Error(message["payload"].clone()),
            "complete" => Event::Complete,
            other => panic!("unexpected {other}: {message}"),
        }
    }

    pub async fn next(&mut self) -> Value {
        match self.event().await {
            Event::Next(data) => data,
            other => panic!("expected an event: {other:?}"),
        }
    }

    /// The code with which the server closes the socket.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a message in time") {
                Some(Ok(Message::Close(frame))) => return frame.expect("a code").code.into(),
                Some(Ok(_)) => {}
                other => panic!("no farewell: {other:?}"),
            }
        }
    }
}
