//! The protocol of graphql-transport-ws.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::transport::{
    support::{Server, within},
    websocket_support::Socket,
};

#[tokio::test]
async fn a_subscription_is_next_and_next_and_complete() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("a", "subscription{count(to:2)}").await;
    for number in 1..=2 {
        let payload = json!({"data": {"count": number}});
        let expected = json!({"type": "next", "id": "a", "payload": payload});
        assert_eq!(socket.receive().await, expected);
    }
    assert_eq!(socket.receive().await, json!({"type": "complete", "id": "a"}));
}

#[tokio::test]
async fn queries_and_mutations_are_answered_as_well() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    for (query, data) in [("{hello}", json!({"hello": "world"})), ("mutation{quick}", json!({"quick": true}))] {
        socket.subscribe("same-id-again", query).await;
        assert_eq!(socket.receive().await["payload"], json!({"data": data}));
        assert_eq!(socket.receive().await["type"], "complete");
    }
}

#[tokio::test]
async fn what_fails_before_its_execution_is_an_error_and_nothing_more() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        (&"{a".repeat(2000), "GRAPHQL_VALIDATION_FAILED"),
    ] {
        socket.subscribe("1", query).await;
        let message = socket.receive().await;
        assert_eq!(message["type"], "error", "{message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], code);
    }
    socket.send(json!({"type": "ping"})).await;
    assert_eq!(socket.receive().await["type"], "pong");
}

#[tokio::test]
async fn a_subscription_that_its_resolver_refuses_tells_its_code() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription{refused}").await;
    let message = socket.receive().await;
    let error = &message["payload"]["errors"][0];
    assert_eq!(error["extensions"]["code"], "FORBIDDEN", "{message}");
    assert_eq!(socket.receive().await["type"], "complete");
}

#[tokio::test]
async fn another_subprotocol_or_none_is_closed_with_4406() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server, &[]).await;
    assert_eq!(socket.close_code().await, 4406);
    let url = format!("http://{}/graphql", server.address);
    let request = reqwest::Client::new()
        .get(url)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "graphql-ws");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 101);
    assert!(response.headers().get("sec-websocket-protocol").is_none());
}

#[tokio::test]
async fn an_upgrade_to_something_else_is_refused() {
    let server = Server::start().await;
    let request = reqwest::Client::new().get(server.url()).header("connection", "upgrade").header("upgrade", "h2c");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn a_subscription_before_the_greeting_is_closed_with_4401() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.subscribe("1", "{hello}").await;
    assert_eq!(socket.close_code().await, 4401);
}

#[tokio::test]
async fn a_second_greeting_is_closed_with_4429() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.send(json!({"type": "connection_init"})).await;
    assert_eq!(socket.close_code().await, 4429);
}

#[tokio::test]
async fn an_invalid_message_is_closed_with_4400() {
    let server = Server::start().await;
    for text in ["hello", "{}", r#"{"type":"start"}"#, &"[".repeat(50_000)] {
        let mut socket = Socket::ready(&server).await;
        socket.text(text.to_owned()).await;
        assert_eq!(socket.close_code().await, 4400, "{text}");
        let mut socket = Socket::connect(&server).await;
        socket.text(text.to_owned()).await;
        assert_eq!(socket.close_code().await, 4400, "{text} before the greeting");
    }
    let mut socket = Socket::ready(&server).await;
    let binary = Message::Binary(b"{\"type\":\"ping\"}".to_vec().into());
    socket.0.send(binary).await.unwrap();
    assert_eq!(socket.close_code().await, 4400);
}

#[tokio::test]
async fn an_id_that_is_in_use_is_closed_with_4409() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription{silence}").await;
    socket.subscribe("1", "{hello}").await;
    assert_eq!(socket.close_code().await, 4409);
    server.subscribers(0).await;
}

#[tokio::test]
async fn a_token_may_be_in_the_greeting_or_in_the_upgrade() {
    let server = Server::start().await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    let header = ("authorization", "Bearer user-header");
    for (headers, payload, expected) in [
        (vec![protocol], json!({}), "anonymous"),
        (vec![protocol], json!({"Authorization": "Bearer user-1"}), "user-1"),
        (vec![protocol], json!({"authorization": "Bearer user-2"}), "user-2"),
        (vec![protocol, header], json!({}), "user-header"),
        (vec![protocol, header], json!({"Authorization": "Bearer user-3"}), "user-3"),
    ] {
        let mut socket = Socket::open(&server, &headers).await;
        socket.init(payload).await;
        socket.subscribe("1", "{whoami}").await;
        let message = socket.receive().await;
        assert_eq!(message["payload"]["data"]["whoami"], expected);
    }
}

#[tokio::test]
async fn a_bad_token_is_closed_with_4403() {
    let server = Server::start().await;
    for (token, code) in [("Bearer wrong", 4403), ("user-1", 4403), ("Bearer unavailable", 4500)] {
        let mut socket = Socket::connect(&server).await;
        let payload = json!({"Authorization": token});
        socket.send(json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(socket.close_code().await, code, "{token}");
    }
    let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer wrong")];
    let mut socket = Socket::open(&server, &headers).await;
    socket.send(json!({"type": "connection_init"})).await;
    assert_eq!(socket.close_code().await, 4403);
}

#[tokio::test]
async fn a_revoked_token_cannot_start_another_operation() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    socket.init(json!({"Authorization": "Bearer user-1"})).await;
    socket.subscribe("1", "{whoami}").await;
    assert_eq!(socket.receive().await["type"], "next");
    assert_eq!(socket.receive().await["type"], "complete");
    server.world.revoked.lock().unwrap().push("user-1".to_owned());
    socket.subscribe("2", "{whoami}").await;
    let message = socket.receive().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("2")));
    assert_eq!(message["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload_before_and_after_the_greeting() {
    let server = Server::start().await;
    let mut socket = Socket::connect(&server).await;
    let call = json!({"type": "ping", "payload": {"a": [1]}});
    let answer = json!({"type": "pong", "payload": {"a": [1]}});
    socket.send(call.clone()).await;
    assert_eq!(socket.receive().await, answer);
    socket.init(json!({})).await;
    socket.send(call).await;
    assert_eq!(socket.receive().await, answer);
    socket.send(json!({"type": "pong"})).await;
    socket.0.send(Message::Ping(b"x".to_vec().into())).await.unwrap();
    let answer = within(socket.0.next()).await.unwrap().unwrap();
    assert_eq!(answer, Message::Pong(b"x".to_vec().into()));
}

#[tokio::test]
async fn complete_ends_a_subscription_and_frees_its_id() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription{silence}").await;
    server.subscribers(1).await;
    socket.send(json!({"type": "complete", "id": "1"})).await;
    server.subscribers(0).await;
    socket.subscribe("1", "{hello}").await;
    assert_eq!(socket.receive().await["payload"]["data"]["hello"], "world");
}

#[tokio::test]
async fn a_complete_for_an_unknown_operation_is_ignored() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.send(json!({"type": "complete", "id": "nobody"})).await;
    socket.send(json!({"type": "ping"})).await;
    assert_eq!(socket.receive().await["type"], "pong");
}

#[tokio::test]
async fn a_hang_up_ends_the_subscriptions() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    for id in ["1", "2", "3"] {
        socket.subscribe(id, "subscription{silence}").await;
    }
    server.subscribers(3).await;
    drop(socket);
    server.subscribers(0).await;
    within(server.in_flight.finished()).await;
}

#[tokio::test]
async fn a_panic_in_an_operation_leaves_the_others_alone() {
    let server = Server::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription{silence}").await;
    socket.subscribe("2", "{panics}").await;
    let message = socket.receive().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("2")));
    let code = &message["payload"][0]["extensions"]["code"];
    assert_eq!(code, "INTERNAL_SERVER_ERROR");
    server.subscribers(1).await;
}
