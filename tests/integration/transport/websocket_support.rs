//! A client of graphql-transport-ws that does exactly what a test tells it.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::transport::support::{Server, within};

pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket and says nothing.
    pub async fn open(server: &Server, headers: &[(&'static str, &str)]) -> Self {
        let url = format!("ws://{}/graphql", server.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (socket, _) = within(connect_async(request)).await.unwrap();
        Self(socket)
    }

    /// Opens a socket with the right subprotocol.
    pub async fn connect(server: &Server) -> Self {
        Self::open(server, &[("sec-websocket-protocol", "graphql-transport-ws")]).await
    }

    /// Opens a socket that is acknowledged, for nobody in particular.
    pub async fn ready(server: &Server) -> Self {
        let mut socket = Self::connect(server).await;
        socket.init(json!({})).await;
        socket
    }

    pub async fn init(&mut self, payload: Value) {
        self.send(json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(self.receive().await, json!({"type": "connection_ack"}));
    }

    pub async fn send(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    pub async fn text(&mut self, text: String) {
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({"query": query});
        self.send(json!({"type": "subscribe", "id": id, "payload": payload})).await;
    }

    /// The next message of the protocol.
    pub async fn receive(&mut self) -> Value {
        loop {
            match within(self.0.next()).await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?} instead of a message"),
            }
        }
    }

    /// The code that the server closes with, after whatever else it says.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            let message = within(self.0.next()).await.unwrap().unwrap();
            if let Message::Close(frame) = message {
                return frame.unwrap().code.into();
            }
        }
    }
}
