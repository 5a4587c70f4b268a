//! Errors have a code, and tell nothing of the inside.

use std::time::Duration;

use portico::server::TransportSettings;
use serde_json::{Value, json};

use crate::transport::support::{Server, within};

/// What a debug print or a parser of JSON would say.
const INSIDE: [&str; 9] = ["serde", "Syntax {", "Some(", "ConstValue", "invalid type", "at line", "-->", "panicked", "secret"];

fn check(json: &Value) {
    let text = json.to_string();
    for word in INSIDE {
        assert!(!text.contains(word), "{text} tells {word}");
    }
    for error in json["errors"].as_array().unwrap() {
        assert!(error["extensions"]["code"].is_string(), "{text}");
    }
}

#[tokio::test]
async fn bad_arguments_and_variables_are_told_plainly() {
    let server = Server::start().await;
    let echo = "query($n:Int!){echo(number:$n)}";
    let paint = "query($p:Paint!){paint(input:$p)}";
    for (query, variables) in [
        (echo, json!({"n": "text"})),
        (echo, json!({"n": 1.5})),
        (echo, json!({"n": 99_999_999_999_999_u64})),
        (echo, json!({"n": 1e300})),
        (echo, json!({"n": [1]})),
        (echo, json!({"n": {"a": 1}})),
        (echo, json!({"n": null})),
        (echo, json!({})),
        (paint, json!({"p": {"color": "BLUE", "litres": 1}})),
        (paint, json!({"p": {"color": 7, "litres": 1}})),
        (paint, json!({"p": {"litres": 1}})),
        (paint, json!({"p": {"color": "RED", "litres": 1, "more": 1}})),
        (paint, json!({"p": "text"})),
        (paint, json!({"p": []})),
        ("{echo}", json!({})),
        ("{echo(number:\"x\")}", json!({})),
        ("{echo(number:99999999999999999999)}", json!({})),
        ("{echo(number:1e99999)}", json!({})),
        ("{paint(input:{color:BLUE,litres:1})}", json!({})),
        ("{paint(input:{color:RED})}", json!({})),
        ("query($n:Nonsense){echo(number:$n)}", json!({"n": 1})),
        ("{echo(number:$n)}", json!({})),
    ] {
        let (status, json) = server.post(json!({"query": query, "variables": variables})).await;
        assert!(status == 400 || status == 200, "{query}: {status}");
        assert!(json["errors"][0]["message"].is_string(), "{query}: {json}");
        check(&json);
    }
}

#[tokio::test]
async fn an_error_of_a_resolver_keeps_its_code_and_path() {
    let server = Server::start().await;
    let (status, json) = server.post(json!({"query": "{hello forbidden}"})).await;
    assert_eq!(status, 200);
    assert_eq!(json["data"], json!({"hello": "world", "forbidden": null}));
    assert_eq!(json["errors"][0]["path"], json!(["forbidden"]));
    let expected = json!({"code": "FORBIDDEN", "reason": "NOT_A_MEMBER"});
    assert_eq!(json["errors"][0]["extensions"], expected);
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_stopped() {
    let settings = TransportSettings { query_timeout: Duration::from_millis(20), ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let (status, json) = within(server.post(json!({"query": "{never}"}))).await;
    assert_eq!(status, 503);
    assert_eq!(json["errors"][0]["extensions"]["reason"], "EXECUTION_TIMED_OUT");
    check(&json);
}

#[tokio::test]
async fn a_panic_is_an_error_without_a_cause_and_the_server_goes_on() {
    let server = Server::start().await;
    let (status, json) = server.post(json!({"query": "{panics}"})).await;
    assert_eq!(status, 500);
    assert_eq!(json["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    check(&json);
    assert_eq!(server.post(json!({"query": "{hello}"})).await.0, 200);
}

#[tokio::test]
async fn a_document_full_of_mistakes_is_told_about_a_few_of_them() {
    let server = Server::start().await;
    let query = format!("{{{}}}", "nodes{wrong} ".repeat(49));
    let (status, json) = server.post(json!({"query": query})).await;
    assert_eq!(status, 400);
    assert_eq!(json["errors"].as_array().unwrap().len(), 20);
}
