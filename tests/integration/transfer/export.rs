//! Documents on their way out.

use super::{Answered, documents, export, get, import, request};
use crate::documents::workspace;
use crate::support::{Person, on_both};
use portico::server::TransportSettings;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn refusal(person: &Person, path: &str) -> String {
    Answered::of(get(person, path).await).await.outcome()
}

on_both! {
    async fn a_document_goes_out_as_the_file_that_it_is(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut shown = Vec::new();
        for (_, document) in documents() {
            let id = import(&ada, &workspace, document.clone()).await.ids().remove(0);
            let response = get(&ada, &format!("/elements/{id}/export")).await;
            let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
            assert_eq!((header("cache-control"), header("x-content-type-options")), ("no-store".to_owned(), "nosniff".to_owned()));
            let (media, name) = (header("content-type"), header("content-disposition"));
            shown.push(format!("{media} {}", name.split_once("filename=").unwrap().1.split_once(';').unwrap().0));
            assert_eq!(response.bytes().await.unwrap(), document);
            let head = request(&ada, reqwest::Method::HEAD, &format!("/elements/{id}/export")).send().await.unwrap();
            assert_eq!((head.status().as_u16(), head.headers()["content-type"].to_str().unwrap()), (200, &*media));
        }
        assert_eq!(shown, [
            r#"application/json "Pets 2.1.0.postman_collection.json""#,
            r#"application/json "Pets 2.0.0.postman_collection.json""#,
            r#"application/json "Staging.postman_environment.json""#,
            r#"application/json "Globals.postman_globals.json""#,
            r#"application/yaml "Pets.yaml""#,
            r#"application/json "Old pets.json""#,
            r#"application/graphql "Untitled API.graphql""#,
            r#"text/plain "Untitled API.proto""#,
        ]);
        let odd = json!({ "info": { "name": "../é\"; x=\"\r\nSet-Cookie: a=b", "schema": "https://x/v2.1.0/collection.json" }, "item": [] });
        let id = import(&ada, &workspace, odd.to_string()).await.ids().remove(0);
        let response = get(&ada, &format!("/elements/{id}/export")).await;
        assert!(response.headers().get("set-cookie").is_none());
        assert_eq!(
            response.headers()["content-disposition"],
            "attachment; filename=\"___; x=_Set-Cookie_ a=b.postman_collection.json\"; filename*=UTF-8''_%C3%A9_%3B%20x%3D_Set-Cookie_%20a%3Db.postman_collection.json"
        );
    }

    async fn a_document_is_asked_for_in_a_format_and_of_a_version(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let all = documents();
        let [newer, older] = [0, 1].map(|place: usize| String::from_utf8(all[place].1.clone()).unwrap());
        let id = import(&ada, &workspace, older.clone()).await.ids().remove(0);
        let json = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap();
        let converted = json(export(&ada, &id, "?format=COLLECTION_V2_1").await);
        assert!(converted["info"]["schema"].as_str().unwrap().contains("v2.1.0"));
        let answer = ada.mutate("replaceElement", "element { version }", json!({ "elementId": id, "content": newer })).await;
        assert_eq!(answer.at("/element/version"), 2);
        // The first version was of another version of the format than the element is now.
        assert_eq!(export(&ada, &id, "?version=1").await, older.as_bytes());
        assert_eq!(json(export(&ada, &id, "?version=1&format=COLLECTION_V2_1").await), converted);
        assert_eq!(export(&ada, &id, "?version=2").await, newer.as_bytes());
        for (query, outcome) in [
            ("?format=ENVIRONMENT", "400 BAD_USER_INPUT/UNSUPPORTED_FORMAT"),
            ("?format=DOCX", "400 BAD_USER_INPUT/INVALID_FORMAT"),
            ("?version=3", "400 BAD_USER_INPUT/OUT_OF_RANGE"),
            ("?version=latest", "400 BAD_USER_INPUT/INVALID_FORMAT"),
            ("?secrets=no", "400 BAD_USER_INPUT/INVALID_FORMAT"),
            ("?versoin=1", "400 BAD_USER_INPUT/MALFORMED_REQUEST"),
            ("?version=1&version=2", "400 BAD_USER_INPUT/MALFORMED_REQUEST"),
        ] {
            assert_eq!(refusal(&ada, &format!("/elements/{id}/export{query}")).await, outcome, "{query}");
        }
        let posted = request(&ada, reqwest::Method::POST, &format!("/elements/{id}/export")).send().await.unwrap();
        assert_eq!((posted.status().as_u16(), posted.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD"));
    }

    async fn whoever_may_have_a_document_gets_it_and_others_learn_nothing(app) {
        let [ada, eve, vic, sam] = [app.person("Ada").await, app.person("Eve").await, app.person("Vic").await, app.person("Sam").await];
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&vic, &["DEVELOPER"])]).await;
        let nobody = app.anonymous();
        let hidden = ada.workspace(&team, "Hidden", "PRIVATE").await;
        let public = sam.workspace(&team, "Public", "PUBLIC").await;
        ada.invite(&hidden, &vic, "VIEWER").await;
        let environment = &documents()[2].1;
        let secret = import(&ada, &hidden, environment.clone()).await.ids().remove(0);
        let open = import(&sam, &public, environment.clone()).await.ids().remove(0);
        for person in [&eve, &nobody] {
            for (kind, id, path) in [("element", &secret, "export"), ("workspace", &hidden, "archive")] {
                let never = format!("{kind}_01h455vb4pex5vsknk084sn02q");
                let mut answers = Vec::new();
                for (id, query) in [(id, ""), (id, "?version=nonsense"), (&never, ""), (&"nonsense".to_owned(), ""), (&"%ff".to_owned(), "")] {
                    let response = get(person, &format!("/{kind}s/{id}/{path}{query}")).await;
                    answers.push((response.status().as_u16(), response.text().await.unwrap()));
                }
                assert!(answers[0].0 == 404 && answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
            }
        }
        // Who may not edit gets no secrets.
        let without = String::from_utf8(environment.clone()).unwrap().replace("hunter2", "");
        for (person, id, query, expected) in [
            (&ada, &secret, "", &environment[..]),
            (&ada, &secret, "?secrets=true", &environment[..]),
            (&ada, &secret, "?secrets=false", without.as_bytes()),
            (&vic, &secret, "", without.as_bytes()),
            (&vic, &secret, "?secrets=true", without.as_bytes()),
            (&nobody, &open, "", without.as_bytes()),
        ] {
            assert_eq!(export(person, id, query).await, expected, "{query}");
        }
        let liar = Person { token: Some("portico_nonsense".to_owned()), ..ada.clone() };
        assert_eq!(refusal(&liar, &format!("/elements/{open}/export")).await, "401 UNAUTHENTICATED/INVALID_TOKEN");
    }

    async fn a_reader_who_loses_the_right_half_way_gets_no_whole_document(app) {
        let (ada, vic) = (app.person("Ada").await, app.person("Vic").await);
        let team = app.team(&ada, &[(&vic, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        let member = ada.invite(&workspace, &vic, "VIEWER").await;
        let items: Vec<Value> = (0..3_000).map(|number| json!({ "name": number.to_string(), "text": "x".repeat(8_000) })).collect();
        let id = import(&ada, &workspace, crate::documents::collection("Large", &json!(items)).to_string()).await.ids().remove(0);
        let address = app.http("").replace("http://", "");
        let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
        let token = vic.token.as_ref().unwrap();
        let request = format!("GET /elements/{id}/export HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut beginning = [0; 4_096];
        socket.read_exact(&mut beginning).await.unwrap();
        assert!(beginning.starts_with(b"HTTP/1.1 200"));
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(ada.mutate("removeWorkspaceMember", "__typename", json!({ "memberId": member })).await.is_ok());
        let mut rest = Vec::new();
        // The connection may end by being reset.
        let _ = tokio::time::timeout(Duration::from_secs(30), socket.read_to_end(&mut rest)).await.unwrap();
        assert!(rest.len() < 24_000_000 && !rest.ends_with(b"0\r\n\r\n"), "{} bytes", rest.len());
    }
    async fn who_does_not_read_keeps_a_place_and_not_all_of_them(app) {
        let mut app = app;
        let settings = TransportSettings { body_timeout: Duration::from_millis(500), max_exports: 2, ..TransportSettings::default() };
        app.restart_with(None, settings).await;
        let (ada, vic) = (app.person("Ada").await, app.person("Vic").await);
        let team = app.team(&ada, &[(&vic, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        ada.invite(&workspace, &vic, "VIEWER").await;
        // More than the connection holds of what nobody reads.
        let definition = format!("type Query {{ size: Int }} # {}", "x".repeat(24_000_000));
        let id = import(&ada, &workspace, definition.clone()).await.ids().remove(0);
        let address = app.http("").replace("http://", "");
        let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
        let token = ada.token.as_ref().unwrap();
        let request = format!("GET /elements/{id}/export HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        socket.read_exact(&mut [0; 4_096]).await.unwrap();
        let path = format!("/elements/{id}/export");
        assert_eq!(refusal(&ada, &path).await, "503 INTERNAL_SERVER_ERROR/UNAVAILABLE");
        assert_eq!(refusal(&ada, &format!("/workspaces/{workspace}/archive")).await, "503 INTERNAL_SERVER_ERROR/UNAVAILABLE");
        assert_eq!(export(&vic, &id, "").await.len(), definition.len());
        drop(socket);
        assert_eq!(export(&ada, &id, "").await.len(), definition.len());
    }
}
