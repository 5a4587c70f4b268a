//! A client of graphql-transport-ws with several subscriptions, which reads when it is told to.

use crate::support::Person;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Never reached: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the kernel keeps for a client that does not read, in bytes; it doubles it.
const NARROW: u32 = 32 * 1024;

pub struct Client(WebSocketStream<TcpStream>);

impl Client {
    pub async fn open(person: &Person) -> Self {
        Self::over(person, TcpSocket::new_v4().unwrap()).await
    }

    /// One for which the kernel keeps little, so that what it does not read soon waits at the server.
    pub async fn narrow(person: &Person) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(NARROW).unwrap();
        Self::over(person, socket).await
    }

    async fn over(person: &Person, socket: TcpSocket) -> Self {
        let mut request = person.url.replace("http://", "ws://").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let address = request.uri().authority().unwrap().as_str().parse().unwrap();
        let stream = socket.connect(address).await.unwrap();
        let (stream, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        let mut client = Self(stream);
        let token = person.token.as_ref().unwrap();
        client.send(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } })).await;
        assert_eq!(client.message().await.unwrap()["type"], "connection_ack");
        client
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query, "variables": variables } })).await;
    }

    /// The next message; none: the connection is over.
    pub async fn message(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a message in time")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(_) | Err(_) => return None,
            }
        }
    }
}
