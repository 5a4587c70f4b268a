//! Methods, media types, bodies and status codes.

use portico::server::TransportSettings;
use serde_json::{Value, json};

use crate::transport::support::{Server, within};

fn client() -> reqwest::Client {
    reqwest::Client::new()
}

async fn get(server: &Server, parameters: &[(&str, &str)]) -> (u16, Option<String>, Value) {
    let request = client().get(server.url()).header("accept", "application/graphql-response+json").query(parameters);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let allow = response.headers().get("allow");
    let allow = allow.map(|value| value.to_str().unwrap().to_owned());
    (status, allow, response.json().await.unwrap())
}

fn reason(json: &Value) -> &str {
    json["errors"][0]["extensions"]["reason"].as_str().unwrap_or("none")
}

fn code(json: &Value) -> &str {
    json["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_query_is_answered_by_post_and_by_get() {
    let server = Server::start().await;
    let (status, json) = server.post(json!({"query": "{hello}"})).await;
    assert_eq!((status, json), (200, json!({"data": {"hello": "world"}})));
    let parameters = [
        ("query", "query A($n:Int!){echo(number:$n)} query B{hello}"),
        ("operationName", "A"),
        ("variables", r#"{"n":7}"#),
        ("extensions", r#"{"a":1}"#),
    ];
    let (status, _, json) = get(&server, &parameters).await;
    assert_eq!((status, json), (200, json!({"data": {"echo": 7}})));
}

#[tokio::test]
async fn a_mutation_by_get_is_refused() {
    let server = Server::start().await;
    let (status, allow, json) = get(&server, &[("query", "mutation{quick}")]).await;
    assert_eq!((status, allow.as_deref()), (405, Some("POST")));
    assert_eq!((code(&json), reason(&json)), ("BAD_USER_INPUT", "MUTATION_BY_GET"));
    let named = [("query", "query A{hello} mutation B{quick}"), ("operationName", "B")];
    assert_eq!(get(&server, &named).await.0, 405);
    let named = [("query", "query A{hello} mutation B{quick}"), ("operationName", "A")];
    assert_eq!(get(&server, &named).await.0, 200);
}

#[tokio::test]
async fn a_subscription_without_a_stream_is_refused_with_the_way_to_go() {
    let server = Server::start().await;
    let (status, json) = server.post(json!({"query": "subscription{silence}"})).await;
    assert_eq!((status, reason(&json)), (400, "SUBSCRIPTION_NEEDS_STREAM"));
    let (status, _, json) = get(&server, &[("query", "subscription{silence}")]).await;
    assert_eq!((status, reason(&json)), (400, "SUBSCRIPTION_NEEDS_STREAM"));
}

#[tokio::test]
async fn another_method_is_refused() {
    let server = Server::start().await;
    let response = client().put(server.url()).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET, POST");
    assert_eq!(reason(&response.json().await.unwrap()), "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn the_answer_has_the_type_that_the_client_wants() {
    let server = Server::start().await;
    for (accept, expected) in [
        (None, "application/json; charset=utf-8"),
        (Some("*/*"), "application/json; charset=utf-8"),
        (Some("application/graphql-response+json, application/json;q=0.9"), "application/graphql-response+json; charset=utf-8"),
    ] {
        let mut request = client().post(server.url()).json(&json!({"query": "{hello}"}));
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], expected);
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
    let request = client().post(server.url()).json(&json!({"query": "{hello}"}));
    let response = request.header("accept", "text/html").send().await.unwrap();
    assert_eq!(response.status(), 406);
    assert_eq!(reason(&response.json().await.unwrap()), "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn a_request_that_fails_before_its_execution_is_400_in_the_new_type_and_200_in_the_old() {
    let server = Server::start().await;
    for query in ["{", "{nothing}", "query($a:Int!){echo(number:$a)}"] {
        for (accept, expected) in [("application/graphql-response+json", 400), ("application/json", 200)] {
            let request = client().post(server.url()).header("accept", accept);
            let response = request.json(&json!({"query": query})).send().await.unwrap();
            assert_eq!(response.status(), expected, "{query} as {accept}");
            let json: Value = response.json().await.unwrap();
            assert!(json.get("data").is_none(), "{json}");
            assert!(code(&json).starts_with("GRAPHQL_"), "{json}");
        }
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let server = Server::start().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/graphql",
    ] {
        let request = client().post(server.url()).header("content-type", content_type);
        let response = request.body(r#"{"query":"{hello}"}"#).send().await.unwrap();
        assert_eq!(response.status(), 415, "{content_type}");
        assert_eq!(reason(&response.json().await.unwrap()), "UNSUPPORTED_MEDIA_TYPE");
    }
}

#[tokio::test]
async fn a_malformed_request_is_400_in_every_type() {
    let server = Server::start().await;
    for accept in ["application/graphql-response+json", "application/json"] {
        for (body, expected) in [
            ("{\"query\":", "MALFORMED_JSON"),
            ("", "MALFORMED_JSON"),
            ("{}", "MISSING_PARAMETER"),
            ("3", "MALFORMED_REQUEST"),
            ("{\"query\":\"{hello}\",\"variables\":[1]}", "INVALID_PARAMETER"),
            ("[]", "EMPTY_BATCH"),
        ] {
            let request = client().post(server.url()).header("content-type", "application/json").header("accept", accept);
            let response = request.body(body).send().await.unwrap();
            assert_eq!(response.status(), 400, "{body}");
            let json = response.json().await.unwrap();
            assert_eq!((code(&json), reason(&json)), ("BAD_USER_INPUT", expected));
        }
    }
}

#[tokio::test]
async fn a_large_body_is_refused_whether_announced_or_not() {
    let settings = TransportSettings { max_body_bytes: 1000, ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let (status, json) = server.post(json!({"query": "x".repeat(1000)})).await;
    assert_eq!((status, reason(&json)), (413, "BODY_TOO_LARGE"));
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("1f4\r\n{}\r\n", " ".repeat(500));
    let answer = raw(&server, &format!("{head}{}", chunk.repeat(3))).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let settings = TransportSettings { body_timeout: std::time::Duration::from_millis(50), ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\n\r\n{";
    let answer = raw(&server, head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

/// The beginning of a large request of this user, which says how long it is, and the rest of it.
fn large_request(user: &str, length: usize) -> (String, String) {
    let body = json!({ "query": "{hello}", "extensions": { "padding": "x".repeat(length) } }).to_string();
    let length = body.len();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {user}\r\nContent-Length: {length}\r\n\r\n"
    );
    let (begin, rest) = body.split_at(length / 2);
    (head + begin, rest.to_owned())
}

#[tokio::test]
async fn large_bodies_come_steadily_and_one_of_a_person_at_a_time() {
    use tokio::io::AsyncWriteExt;
    let pause = std::time::Duration::from_millis(300);
    let settings = TransportSettings { max_body_bytes: 1000, body_timeout: pause, ..TransportSettings::default() };
    let server = Server::with(settings).await;
    let (ada, rest) = large_request("user-ada", 4_000);
    let whole = format!("{ada}{rest}");
    assert!(raw(&server, &whole).await.starts_with("HTTP/1.1 200"));
    assert!(raw(&server, &ada).await.starts_with("HTTP/1.1 408"), "what does not come any more is not waited for");

    let mut dripping = tokio::net::TcpStream::connect(server.address).await.unwrap();
    dripping.write_all(ada.as_bytes()).await.unwrap();
    tokio::time::sleep(pause / 6).await;
    let drip = async {
        for byte in rest.bytes().take(14) {
            dripping.write_all(&[byte]).await.unwrap();
            tokio::time::sleep(pause / 6).await;
        }
    };
    let (eve, more) = large_request("user-eve", 4_000);
    let others = async { (raw(&server, &whole).await, raw(&server, &format!("{eve}{more}")).await) };
    let ((own, other), ()) = tokio::join!(others, drip);
    assert!(own.starts_with("HTTP/1.1 503"), "{own}");
    assert!(other.starts_with("HTTP/1.1 200"), "{other}");
}

/// Sends bytes and answers the beginning of what comes back.
async fn raw(server: &Server, text: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = vec![0; 64];
    let length = within(stream.read(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[tokio::test]
async fn a_batch_is_answered_in_order_and_bounded() {
    let server = Server::start().await;
    let batch = json!([{"query": "{hello}"}, {"query": "{"}, {"query": "mutation{quick}"}]);
    let (status, json) = server.post(batch).await;
    assert_eq!(status, 200);
    assert_eq!(json[0], json!({"data": {"hello": "world"}}));
    assert_eq!(json[1]["errors"][0]["extensions"]["code"], "GRAPHQL_PARSE_FAILED");
    assert_eq!(json[2], json!({"data": {"quick": true}}));
    let batch: Vec<Value> = (0..11).map(|_| json!({"query": "{hello}"})).collect();
    let (status, json) = server.post(json!(batch)).await;
    assert_eq!((status, reason(&json)), (400, "BATCH_TOO_LARGE"));
}

#[tokio::test]
async fn a_token_says_who_asks_and_a_bad_one_is_401() {
    let server = Server::start().await;
    let whoami = |token: &'static str| {
        let request = client().post(server.url()).header("authorization", token);
        request.json(&json!({"query": "{whoami}"})).send()
    };
    let json: Value = whoami("Bearer user-1").await.unwrap().json().await.unwrap();
    assert_eq!(json["data"]["whoami"], "user-1");
    for token in ["Bearer wrong", "Basic dXNlcg==", "Bearer"] {
        let response = whoami(token).await.unwrap();
        assert_eq!(response.status(), 401, "{token}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        assert_eq!(code(&response.json().await.unwrap()), "UNAUTHENTICATED");
    }
    let response = whoami("Bearer unavailable").await.unwrap();
    assert_eq!(response.status(), 503);
    let json = response.json().await.unwrap();
    assert_eq!(reason(&json), "AUTHENTICATION_UNAVAILABLE");
    let (_, json) = server.post(json!({"query": "{whoami}"})).await;
    assert_eq!(json["data"]["whoami"], "anonymous");
}

#[tokio::test]
async fn the_service_is_told_where_a_request_comes_from() {
    let server = Server::start().await;
    let request = client().post(server.url()).header("user-agent", "tester/1");
    let response = request.json(&json!({"query": "{agent}"})).send().await.unwrap();
    let json: Value = response.json().await.unwrap();
    assert_eq!(json["data"]["agent"], "tester/1 at 127.0.0.1");
}
