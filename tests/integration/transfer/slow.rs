//! Clients that are slow, hang up, or send what nobody asked for.

use super::{documents, elements, import};
use crate::documents::workspace;
use crate::support::{Person, TestApp, on_both};
use portico::server::TransportSettings;
use std::fmt::Write;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);

/// The beginning of an import, without its body.
async fn begin(app: &TestApp, person: &Person, workspace: &str, headers: &str) -> TcpStream {
    let address = app.http("").replace("http://", "");
    let mut socket = TcpStream::connect(&address).await.unwrap();
    let mut head = format!("POST /workspaces/{workspace}/import HTTP/1.1\r\nhost: {address}\r\n{headers}");
    if let Some(token) = &person.token {
        write!(head, "authorization: Bearer {token}\r\n").unwrap();
    }
    socket.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    socket
}

/// What comes until the server closes the connection, or the answer is over.
async fn answer(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = async {
        let mut buffer = [0; 4_096];
        loop {
            match socket.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(read) => bytes.extend(&buffer[..read]),
            }
            if bytes.ends_with(b"}") {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, read).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn hurried() -> TransportSettings {
    TransportSettings {
        body_timeout: Duration::from_millis(400),
        upload_timeout: Duration::from_millis(1_500),
        max_imports: 1,
        ..TransportSettings::default()
    }
}

on_both! {
    async fn nothing_of_a_body_is_asked_for_before_it_may_come(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let workspace = workspace(&app, &ada).await;
        let document = documents().remove(0).1;
        let expecting = format!("content-length: {}\r\nexpect: 100-continue\r\n", document.len());
        let large = "content-length: 999999999999\r\nexpect: 100-continue\r\n";
        for (person, headers, status) in [
            (&app.anonymous(), expecting.as_str(), "401"),
            (&eve, &expecting, "404"),
            (&ada, large, "413"),
            (&ada, &format!("{expecting}content-encoding: gzip\r\n"), "415"),
        ] {
            let mut socket = begin(&app, person, &workspace, headers).await;
            let answered = answer(&mut socket).await;
            assert!(answered.starts_with(&format!("HTTP/1.1 {status}")), "{answered}");
        }
        let mut socket = begin(&app, &ada, &workspace, &expecting).await;
        let mut go_on = [0; 25];
        socket.read_exact(&mut go_on).await.unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        socket.write_all(&document).await.unwrap();
        assert!(answer(&mut socket).await.starts_with("HTTP/1.1 201"));
    }

    async fn who_is_too_slow_is_told_so_and_gives_way_to_others(app) {
        let mut app = app;
        app.restart_with(None, hurried()).await;
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        // Nothing comes at all.
        let mut socket = begin(&app, &ada, &workspace, "content-length: 100\r\n").await;
        assert!(answer(&mut socket).await.contains("BODY_TIMED_OUT"));
        // Some comes again and again, and never all of it; meanwhile others wait, and are told to come again.
        let mut dripping = begin(&app, &ada, &workspace, "transfer-encoding: chunked\r\n").await;
        let began = Instant::now();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut other = begin(&app, &ada, &workspace, "content-length: 2\r\n").await;
        other.write_all(b"{}").await.unwrap();
        let drip = async {
            while began.elapsed() < Duration::from_millis(1_300) {
                dripping.write_all(b"1\r\n \r\n").await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            answer(&mut dripping).await
        };
        let (dripped, turned_away) = tokio::join!(drip, answer(&mut other));
        assert!(dripped.contains("408") && dripped.contains("BODY_TIMED_OUT"), "{dripped}");
        assert!(turned_away.contains("503") && turned_away.contains("UNAVAILABLE"), "{turned_away}");
        let good = import(&ada, &workspace, documents().remove(0).1).await;
        assert_eq!(good.status, 201);
    }

    async fn who_hangs_up_half_way_leaves_nothing_and_afterwards_everything(app) {
        let mut app = app;
        app.restart_with(None, TransportSettings { max_imports: 1, ..TransportSettings::default() }).await;
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let document = documents().remove(0).1;
        let length = format!("content-length: {}\r\n", document.len());
        let mut socket = begin(&app, &ada, &workspace, &length).await;
        socket.write_all(&document[..document.len() / 2]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(socket);
        // The one place is free again.
        let items: Vec<_> = (0..2_000).map(|number| serde_json::json!({ "name": number.to_string(), "text": "x".repeat(1_000) })).collect();
        let larger = crate::documents::collection("Large", &serde_json::json!(items)).to_string();
        let mut socket = begin(&app, &ada, &workspace, &format!("content-length: {}\r\n", larger.len())).await;
        socket.write_all(larger.as_bytes()).await.unwrap();
        socket.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        drop(socket);
        let began = Instant::now();
        while elements(&ada, &workspace).await.is_empty() {
            assert!(began.elapsed() < PATIENCE, "the import did not run to its end");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(elements(&ada, &workspace).await[0]["name"], "Large");
    }

    async fn a_token_that_is_revoked_while_the_body_comes_opens_nothing(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let document = documents().remove(0).1;
        let mut socket = begin(&app, &ada, &workspace, &format!("content-length: {}\r\n", document.len())).await;
        socket.write_all(&document[..10]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let tokens = ada.ask("{ viewer { accessTokens { id } } }", serde_json::json!({})).await;
        let revoke = serde_json::json!({ "accessTokenId": tokens.text("/viewer/accessTokens/0/id") });
        assert!(ada.mutate("revokeAccessToken", "revokedAccessTokenId", revoke).await.is_ok());
        socket.write_all(&document[10..]).await.unwrap();
        let answered = answer(&mut socket).await;
        assert!(answered.starts_with("HTTP/1.1 401") && answered.contains("INVALID_TOKEN"), "{answered}");
        assert!(elements(&app.person("Ada").await, &workspace).await.is_empty());
    }
}
