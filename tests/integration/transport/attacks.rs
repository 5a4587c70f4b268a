//! Bombs over the wire.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::transport::support::Server;

async fn bomb(server: &Server, query: String) -> String {
    let mut best = Duration::MAX;
    let mut reason = String::new();
    // The best of three, since other tests share the processor.
    for _ in 0..3 {
        let start = Instant::now();
        let (status, json) = server.post(json!({"query": query})).await;
        best = best.min(start.elapsed());
        assert_eq!(status, 400, "{json}");
        json["errors"][0]["extensions"]["reason"].as_str().unwrap().clone_into(&mut reason);
    }
    assert!(best < Duration::from_millis(50), "{reason} took {best:?}");
    reason
}

#[tokio::test]
async fn a_bomb_answers_an_error_at_once_and_the_server_lives() {
    let server = Server::start().await;
    let lists = format!("{{echo(number:{})}}", "[".repeat(4096));
    assert_eq!(bomb(&server, lists).await, "TOO_DEEP");
    let objects = format!("{{echo(number:{})}}", "{a:".repeat(1365));
    assert_eq!(bomb(&server, objects).await, "TOO_DEEP");
    let types = format!("query($a:{}){{hello}}", "[".repeat(4096));
    assert_eq!(bomb(&server, types).await, "TOO_DEEP");
    assert_eq!(bomb(&server, "{nodes".repeat(700)).await, "TOO_DEEP");

    let mut fragments = "{nodes{...F0}}".to_owned();
    for level in 0..24 {
        let next = level + 1;
        write!(fragments, "fragment F{level} on Node{{...F{next} ...F{next}}}").unwrap();
    }
    fragments.push_str("fragment F24 on Node{id}");
    assert_eq!(bomb(&server, fragments).await, "TOO_COSTLY");
    let cycle = "{...A} fragment A on Query{...B} fragment B on Query{...A}".to_owned();
    assert_eq!(bomb(&server, cycle).await, "FRAGMENT_CYCLE");

    let (status, json) = server.post(json!({"query": "{hello}"})).await;
    assert_eq!((status, json), (200, json!({"data": {"hello": "world"}})));
}

#[tokio::test]
async fn variables_nested_without_end_are_refused() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    let body = format!(r#"{{"query":"{{hello}}","variables":{{"a":{}"#, "[".repeat(100_000));
    let request = client.post(server.url()).header("content-type", "application/json");
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn introspection_stays_possible() {
    let server = Server::start().await;
    let query = include_str!("introspection.graphql");
    let (status, json) = server.post(json!({"query": query})).await;
    assert_eq!(status, 200, "{json}");
    assert_eq!(json["data"]["__schema"]["queryType"]["name"], "Query");
}
