//! GraphQL over server-sent events.

use std::{sync::atomic::Ordering, time::Duration};

use portico::server::TransportSettings;
use serde_json::{Value, json};

use crate::transport::support::{Server, within};

async fn open(server: &Server, query: &str) -> reqwest::Response {
    let request = reqwest::Client::new().post(format!("{}/stream", server.url())).header("accept", "text/event-stream");
    request.json(&json!({"query": query})).send().await.unwrap()
}

#[tokio::test]
async fn a_subscription_is_events_and_then_complete() {
    let server = Server::start().await;
    let response = open(&server, "subscription{count(to:2)}").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let text = within(response.text()).await.unwrap();
    let events: Vec<&str> = text.split_terminator("\n\n").collect();
    assert_eq!(
        events,
        ["event: next\ndata: {\"data\":{\"count\":1}}", "event: next\ndata: {\"data\":{\"count\":2}}", "event: complete\ndata:",]
    );
}

#[tokio::test]
async fn queries_and_mutations_may_be_streamed_and_mutations_not_by_get() {
    let server = Server::start().await;
    let text = open(&server, "mutation{quick}").await.text().await.unwrap();
    assert!(text.starts_with("event: next\ndata: {\"data\":{\"quick\":true}}"));
    let client = reqwest::Client::new();
    let get = |query: &'static str| {
        let request = client.get(format!("{}/stream", server.url()));
        request.query(&[("query", query)]).send()
    };
    let text = get("{hello}").await.unwrap().text().await.unwrap();
    assert!(text.starts_with("event: next\ndata: {\"data\":{\"hello\":\"world\"}}"), "{text}");
    let response = get("mutation{quick}").await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "POST");
}

#[tokio::test]
async fn a_bad_request_is_an_answer_and_not_a_stream() {
    let server = Server::start().await;
    let response = open(&server, &"{a".repeat(1000)).await;
    assert_eq!(response.status(), 400);
    let json: Value = response.json().await.unwrap();
    assert_eq!(json["errors"][0]["extensions"]["reason"], "TOO_DEEP");
    let client = reqwest::Client::new();
    let stream = format!("{}/stream", server.url());
    let body = json!({"query": "{hello}"});
    let request = client.post(&stream).header("accept", "application/json");
    assert_eq!(request.json(&body).send().await.unwrap().status(), 406);
    let request = client.post(&stream).header("authorization", "Bearer wrong");
    assert_eq!(request.json(&body).send().await.unwrap().status(), 401);
    let request = client.post(&stream).body("{}");
    assert_eq!(request.send().await.unwrap().status(), 415);
    assert_eq!(client.put(&stream).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn an_invalid_document_is_one_event() {
    let server = Server::start().await;
    let text = open(&server, "subscription{nothing}").await.text().await.unwrap();
    assert!(text.contains("GRAPHQL_VALIDATION_FAILED"), "{text}");
    assert!(text.ends_with("event: complete\ndata:\n\n"), "{text}");
}

#[tokio::test]
async fn a_quiet_stream_has_comments_and_ends_with_its_client() {
    let settings = TransportSettings { event_stream_keep_alive: Duration::from_millis(5), ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let mut response = open(&server, "subscription{silence}").await;
    let chunk = within(response.chunk()).await.unwrap().unwrap();
    assert!(chunk.starts_with(b":"), "{chunk:?}");
    server.subscribers(1).await;
    drop(response);
    server.subscribers(0).await;
}

#[tokio::test]
async fn a_client_that_never_reads_is_given_up() {
    let settings = TransportSettings { write_timeout: Duration::from_millis(150), ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let response = open(&server, "subscription{firehose}").await;
    server.subscribers(1).await;
    server.subscribers(0).await;
    let produced = server.world.produced.load(Ordering::SeqCst);
    // The client's own library reads ahead a little, and the kernel holds some megabytes.
    assert!(produced < 2_000, "{produced} items of 16 KiB for a reader that reads nothing");
    drop(response);
}

#[tokio::test]
async fn a_stopping_server_ends_the_stream_without_complete() {
    let server = Server::start().await;
    let response = open(&server, "subscription{silence}").await;
    server.subscribers(1).await;
    server.shutdown.send(true).unwrap();
    assert_eq!(within(response.text()).await.unwrap(), "");
}
