//! Deadlines, bounds and fairness of a socket.

use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};

use futures_util::{SinkExt, StreamExt};
use portico::server::{TransportSettings, WebSocketSettings};
use serde_json::json;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::transport::{
    support::{Server, within},
    websocket_support::Socket,
};

async fn server(websocket: WebSocketSettings) -> Server {
    Server::with(TransportSettings { websocket, ..TransportSettings::default() }).await
}

const MOMENT: Duration = Duration::from_millis(30);

#[tokio::test]
async fn a_client_that_does_not_greet_is_closed_with_4408() {
    let server = server(WebSocketSettings { init_timeout: MOMENT, ..Default::default() }).await;
    let mut socket = Socket::connect(&server).await;
    assert_eq!(socket.close_code().await, 4408);
    let mut socket = Socket::connect(&server).await;
    socket.send(json!({"type": "ping"})).await;
    assert_eq!(socket.close_code().await, 4408);
}

#[tokio::test]
async fn a_quiet_client_is_pinged_and_stays_while_it_answers() {
    let settings = WebSocketSettings { ping_interval: MOMENT, pong_timeout: Duration::from_secs(5), ..Default::default() };
    let server = server(settings).await;
    let mut socket = Socket::ready(&server).await;
    for _ in 0..3 {
        let message = within(socket.0.next()).await.unwrap().unwrap();
        assert!(matches!(message, Message::Ping(_)), "{message:?}");
    }
    socket.subscribe("1", "{hello}").await;
    assert_eq!(socket.receive().await["payload"]["data"]["hello"], "world");
}

#[tokio::test]
async fn a_client_without_a_sign_of_life_is_given_up() {
    let settings = WebSocketSettings { ping_interval: MOMENT, pong_timeout: MOMENT, close_timeout: MOMENT, ..Default::default() };
    let server = server(settings).await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription{silence}").await;
    server.subscribers(1).await;
    // Only reading answers pings, so that a client which does not read looks dead.
    server.subscribers(0).await;
    within(server.in_flight.finished()).await;
    assert_eq!(socket.close_code().await, 4499);
}

#[tokio::test]
async fn one_operation_too_many_is_an_error_of_its_own() {
    let server = server(WebSocketSettings { max_operations: 2, ..Default::default() }).await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription{silence}").await;
    socket.subscribe("2", "subscription{silence}").await;
    server.subscribers(2).await;
    socket.subscribe("3", "{hello}").await;
    let message = socket.receive().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("3")));
    let expected = json!({"code": "RATE_LIMITED", "reason": "TOO_MANY_OPERATIONS"});
    assert_eq!(message["payload"][0]["extensions"], expected);
    socket.send(json!({"type": "complete", "id": "1"})).await;
    socket.subscribe("3", "{hello}").await;
    assert_eq!(socket.receive().await["type"], "next");
}

#[tokio::test]
async fn a_large_message_closes_the_socket() {
    let server = server(WebSocketSettings { max_message_bytes: 1000, ..Default::default() }).await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", &"x".repeat(1000)).await;
    assert_eq!(socket.close_code().await, 1009);
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", &"x".repeat(5000)).await;
    assert_eq!(socket.close_code().await, 1002);
}

#[tokio::test]
async fn a_stopping_server_closes_with_1001() {
    let server = Server::start().await;
    let mut ready = Socket::ready(&server).await;
    ready.subscribe("1", "subscription{silence}").await;
    server.subscribers(1).await;
    let mut silent = Socket::connect(&server).await;
    server.shutdown.send(true).unwrap();
    assert_eq!(ready.close_code().await, 1001);
    assert_eq!(silent.close_code().await, 1001);
    drop((ready, silent));
    within(server.in_flight.finished()).await;
    let mut late = Socket::connect(&server).await;
    assert_eq!(late.close_code().await, 1001);
}

/// How much the stream has produced by the time that it has stopped: when two looks find the same count with other work in between.
async fn settled(server: &Server) -> usize {
    let mut before = usize::MAX;
    loop {
        let mut other = Socket::ready(server).await;
        for _ in 0..20 {
            other.subscribe("1", "{hello}").await;
            assert_eq!(other.receive().await["type"], "next");
            assert_eq!(other.receive().await["type"], "complete");
        }
        let produced = server.world.produced.load(Ordering::SeqCst);
        if produced == before {
            return produced;
        }
        before = produced;
    }
}

#[tokio::test]
async fn a_slow_reader_holds_back_its_own_stream_and_nothing_else() {
    let settings = WebSocketSettings { max_queued_messages: 4, ..Default::default() };
    let server = server(settings).await;
    let mut slow = Socket::ready(&server).await;
    slow.subscribe("1", "subscription{firehose}").await;
    let produced = Box::pin(within(settled(&server))).await;
    assert!(produced > 0, "the stream runs");
    // What lies between is the buffers of the kernel, some megabytes on loopback.
    assert!(produced < 2000, "{produced} items of 16 KiB for a reader that reads nothing");
    for _ in 0..produced + 100 {
        assert_eq!(slow.receive().await["type"], "next");
    }
    assert!(server.world.produced.load(Ordering::SeqCst) > produced);
}

/// However much the client says meanwhile, and be it the answer to a ping that it has not read.
#[tokio::test]
async fn a_client_that_talks_and_never_reads_is_given_up() {
    let settings = TransportSettings { write_timeout: MOMENT * 5, ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let mut deaf = Socket::ready(&server).await;
    deaf.subscribe("1", "subscription{firehose}").await;
    server.subscribers(1).await;
    let talk = async {
        while deaf.0.send(Message::Pong(Bytes::new())).await.is_ok() {
            tokio::time::sleep(MOMENT / 10).await;
        }
    };
    tokio::select! {
        () = server.subscribers(0) => {}
        () = talk => {}
    }
    within(server.in_flight.finished()).await;
}

#[tokio::test]
async fn what_waits_for_a_slow_reader_is_bounded_in_bytes() {
    let settings = WebSocketSettings { max_queued_messages: 100_000, max_queued_bytes: 64 * 1024, ..Default::default() };
    let server = server(settings).await;
    let mut slow = Socket::ready(&server).await;
    slow.subscribe("1", "subscription{firehose}").await;
    let produced = Box::pin(within(settled(&server))).await;
    // By the number of messages alone it would be 1.6 GB; the buffers of the kernel take some megabytes of it.
    assert!(produced < 2_000, "{produced} items of 16 KiB for a reader that reads nothing");
    for _ in 0..produced + 100 {
        assert_eq!(slow.receive().await["type"], "next");
    }
}

#[tokio::test]
async fn streams_of_a_socket_do_not_starve_one_another() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    for id in ["a", "b", "c"] {
        socket.subscribe(id, "subscription{firehose}").await;
    }
    // Once all have begun, each gets its share.
    let mut counts: HashMap<String, usize> = HashMap::new();
    while counts.len() < 3 {
        let id = socket.receive().await["id"].as_str().unwrap().to_owned();
        *counts.entry(id).or_default() += 1;
    }
    counts.clear();
    for _ in 0..600 {
        let id = socket.receive().await["id"].as_str().unwrap().to_owned();
        *counts.entry(id).or_default() += 1;
    }
    assert!(counts.values().all(|count| *count > 100), "{counts:?}");
    // And what the client asks for now is heard among them.
    socket.subscribe("query", "{hello}").await;
    socket.send(json!({"type": "ping"})).await;
    let mut heard = 0;
    while heard < 2 {
        let message = socket.receive().await;
        heard += usize::from(message["type"] == "pong");
        heard += usize::from(message["type"] == "complete");
    }
}

#[tokio::test]
async fn a_client_that_only_talks_is_held_back() {
    use futures_util::SinkExt;
    let settings = WebSocketSettings { max_queued_messages: 4, ..Default::default() };
    let server = server(settings).await;
    let mut socket = Socket::ready(&server).await;
    let call = json!({"type": "ping", "payload": {"x": "x".repeat(60_000)}}).to_string();
    for _ in 0..2000 {
        let message = Message::Text(call.clone().into());
        let sent = tokio::time::timeout(Duration::from_millis(300), socket.0.send(message));
        if sent.await.is_err() {
            return;
        }
    }
    panic!("the server took 120 MB of pings and kept the answers");
}
