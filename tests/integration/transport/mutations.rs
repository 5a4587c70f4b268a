//! A mutation that has begun runs to its end, whatever the client does.

use std::{sync::atomic::Ordering, time::Duration};

use portico::server::TransportSettings;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::transport::{
    support::{Server, within},
    websocket_support::Socket,
};

async fn finishes(server: &Server) {
    assert_eq!(server.world.finished_mutations.load(Ordering::SeqCst), 0);
    server.world.finish.notify_one();
    within(server.in_flight.finished()).await;
    assert_eq!(server.world.finished_mutations.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_hang_up_over_http_does_not_cut_a_mutation() {
    let server = Server::start().await;
    let body = r#"{"query":"mutation{slow}"}"#;
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    within(server.world.started.notified()).await;
    drop(stream);
    // Other requests in between give the server every chance to notice the hang-up.
    for _ in 0..5 {
        server.post(json!({"query": "{hello}"})).await;
    }
    assert_eq!(server.in_flight.count(), 1);
    finishes(&server).await;
}

#[tokio::test]
async fn a_complete_or_a_hang_up_over_a_websocket_does_not_cut_a_mutation() {
    for hang_up in [false, true] {
        let server = Server::start().await;
        let mut socket = Socket::ready(&server).await;
        socket.subscribe("1", "mutation{slow}").await;
        within(server.world.started.notified()).await;
        if !hang_up {
            socket.send(json!({"type": "complete", "id": "1"})).await;
            socket.send(json!({"type": "ping"})).await;
            assert_eq!(socket.receive().await, json!({"type": "pong"}));
        }
        drop(socket);
        server.subscribers(0).await;
        finishes(&server).await;
    }
}

#[tokio::test]
async fn a_mutation_may_take_longer_than_a_query() {
    let settings = TransportSettings { query_timeout: Duration::from_millis(1), ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let mutation = server.post(json!({"query": "mutation{slow}"}));
    let finish = async {
        server.world.started.notified().await;
        // A query that runs into the limit shows that the limit has passed.
        let (status, _) = server.post(json!({"query": "{never}"})).await;
        assert_eq!(status, 503);
        server.world.finish.notify_one();
    };
    let ((status, json), ()) = within(async { tokio::join!(mutation, finish) }).await;
    assert_eq!((status, json), (200, json!({"data": {"slow": true}})));
}
