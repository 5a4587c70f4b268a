//! Documents on their way in.

use super::{documents, elements, export, get, import, import_with};
use crate::documents::files::{BROKEN, files};
use crate::documents::{collection, workspace};
use crate::support::{Person, on_both};
use portico::app::DocumentLimits;
use portico::server::TransportSettings;
use serde_json::{Value, json};

/// Limits that are reached soon.
const SMALL: DocumentLimits = DocumentLimits { collection: 4_000, environment: 1_000, definition: 2_000, archive: 20_000 };

fn as_json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

on_both! {
    async fn what_comes_in_goes_out_as_it_was(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        for (kind, document) in documents() {
            let answer = import(&ada, &workspace, document.clone()).await;
            let id = answer.ids().remove(0);
            assert_eq!((&answer.body["elements"][0]["kind"], &answer.body["warnings"]), (&json!(kind), &json!([])));
            assert_eq!(export(&ada, &id, "").await, document);
        }
        assert_eq!(elements(&ada, &workspace).await.len(), documents().len());
        let mut expected = vec!["WORKSPACE_CREATED"];
        expected.extend(documents().iter().map(|_| "ELEMENT_IMPORTED"));
        assert_eq!(ada.activity(&workspace).await, expected);
        let twice = json!([{ "id": "a", "name": "A" }, { "id": "a", "name": "B" }]);
        let answer = import(&ada, &workspace, collection("Twice", &twice).to_string()).await;
        assert!(answer.body["warnings"][0].as_str().unwrap().contains("1 items"), "{answer:?}");
    }

    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    async fn files_of_others_come_back_as_they_were(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut count = 0;
        for path in files("collections").into_iter().chain(files("environments")) {
            let (name, bytes) = (path.file_name().unwrap().to_str().unwrap(), std::fs::read(&path).unwrap());
            let answer = import(&ada, &workspace, bytes.clone()).await;
            if let Some((_, reason)) = BROKEN.iter().find(|(broken, _)| *broken == name) {
                assert_eq!(answer.outcome(), format!("400 BAD_USER_INPUT/{reason}"), "{name}");
                assert!(answer.detail("pointer").is_string());
                continue;
            }
            let id = answer.ids().remove(0);
            let exported = export(&ada, &id, "").await;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                assert_eq!(as_json(&exported), as_json(text.trim_start_matches('\u{feff}').as_bytes()), "{name}");
                count += 1;
            }
            assert_eq!(export(&ada, &import(&ada, &workspace, exported.clone()).await.ids()[0], "").await, exported, "{name}");
        }
        assert!(count > 90, "{count}");
    }

    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    async fn collections_of_the_older_version_survive_the_newer_one(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut with_auth = 0;
        for path in files("collections/v2.0.0") {
            let bytes = std::fs::read(&path).unwrap();
            let older = import(&ada, &workspace, bytes.clone()).await.ids().remove(0);
            let newer = import(&ada, &workspace, export(&ada, &older, "?format=COLLECTION_V2_1").await).await.ids().remove(0);
            let back = as_json(&export(&ada, &newer, "?format=COLLECTION_V2_0").await);
            let same = as_json(&bytes);
            assert_eq!(back, same, "{}", path.display());
            with_auth += usize::from(same.to_string().contains(r#""auth":{"type""#));
        }
        assert!(with_auth >= 5, "{with_auth}");
    }

    async fn what_is_wrong_is_named_and_nothing_comes_in(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        let deep = (0..300).fold(json!({ "name": "in" }), |inner, _| json!({ "name": "f", "item": [inner] }));
        let nested = format!("{{\"info\":{}", "[".repeat(10_000));
        for (document, outcome, pointer, line) in [
            ("{ \"info\": {\n \"name\": ".to_owned(), "MALFORMED_DOCUMENT", json!("/info/name"), json!(2)),
            (collection("A", &json!([{ "name": "a" }, 7])).to_string(), "INVALID_DOCUMENT", json!("/item/1"), json!(1)),
            (json!({ "info": { "name": "A" }, "item": [] }).to_string(), "INVALID_DOCUMENT", json!("/info/schema"), json!(1)),
            (json!({ "id": "1", "name": "A", "order": [], "requests": [] }).to_string(), "UNSUPPORTED_FORMAT", json!(""), Value::Null),
            (collection("A", &json!([deep])).to_string(), "TOO_DEEP", Value::Null, json!(1)),
            (nested, "TOO_DEEP", Value::Null, json!(1)),
            ("openapi: 3.0.0\n  a: b".to_owned(), "MALFORMED_DOCUMENT", json!(""), json!(2)),
            (r#"{"values":[{"key":1}]}"#.to_owned(), "INVALID_DOCUMENT", json!("/values/0/key"), Value::Null),
            ("hello".to_owned(), "UNSUPPORTED_FORMAT", json!(""), Value::Null),
            (String::new(), "UNSUPPORTED_FORMAT", json!(""), Value::Null),
        ] {
            let answer = import(&ada, &workspace, document.clone()).await;
            let shown: String = document.chars().take(80).collect();
            assert_eq!(answer.outcome(), format!("400 BAD_USER_INPUT/{outcome}"), "{shown} {}", answer.body);
            assert!(pointer.is_null() || answer.detail("pointer") == &pointer, "{shown} {}", answer.body);
            assert!(line.is_null() || answer.detail("line") == &line, "{shown} {}", answer.body);
        }
        let good = &documents()[0].1;
        for (headers, outcome) in [
            (&[("content-type", "multipart/form-data; boundary=x")][..], "415 BAD_USER_INPUT/UNSUPPORTED_MEDIA_TYPE"),
            (&[("content-encoding", "gzip")], "415 BAD_USER_INPUT/UNSUPPORTED_MEDIA_TYPE"),
            (&[("idempotency-key", "a"), ("idempotency-key", "b")], "400 BAD_USER_INPUT/MALFORMED_REQUEST"),
            (&[("idempotency-key", "")], "400 BAD_USER_INPUT/EMPTY"),
        ] {
            assert_eq!(import_with(&ada, &workspace, headers, good.clone()).await.outcome(), outcome, "{headers:?}");
        }
        let never = "workspace_01h455vb4pex5vsknk084sn02q";
        let answers = [import(&eve, &workspace, good.clone()).await, import(&eve, never, good.clone()).await, import(&eve, "x", "").await];
        assert!(answers.iter().all(|answer| answer.outcome() == "404 NOT_FOUND/UNKNOWN_ID" && answer.body == answers[0].body), "{answers:?}");
        assert_eq!(import(&app.anonymous(), &workspace, good.clone()).await.outcome(), "401 UNAUTHENTICATED/SIGN_IN_REQUIRED");
        assert_eq!(get(&ada, &format!("/workspaces/{workspace}/import")).await.status(), 405);
        assert_eq!(elements(&ada, &workspace).await, [] as [Value; 0]);
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED"]);
    }

    async fn who_may_only_look_brings_nothing_in(app) {
        let (ada, vic) = (app.person("Ada").await, app.person("Vic").await);
        let team = app.team(&ada, &[(&vic, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        ada.invite(&workspace, &vic, "VIEWER").await;
        let answer = import(&vic, &workspace, documents().remove(0).1).await;
        assert_eq!((answer.outcome().as_str(), answer.detail("action")), ("403 FORBIDDEN/ROLE_REQUIRED", &json!("IMPORT_ELEMENT")));
    }

    async fn a_key_tells_that_two_imports_are_one(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let all = documents();
        let send = async |person: &Person, document: &[u8]| import_with(person, &workspace, &[("idempotency-key", "k1")], document.to_vec()).await;
        let (first, again) = (send(&ada, &all[0].1).await, send(&ada, &all[0].1).await);
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        assert_eq!(first.body["elements"][0]["name"], "Pets 2.1.0");
        assert_eq!(send(&ada, &all[1].1).await.outcome(), "409 CONFLICT/IDEMPOTENCY_KEY_REUSED");
        assert_eq!(elements(&ada, &workspace).await.len(), 1);
    }

    async fn what_is_larger_than_allowed_is_refused_by_its_kind(app) {
        let mut app = app;
        app.restart_with(Some(SMALL), TransportSettings::default()).await;
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let environment = |length: usize| json!({ "name": "E", "values": [{ "key": "a", "value": "x".repeat(length) }] }).to_string();
        let definition = |length: usize| format!("openapi: 3.0.0\n# {}", "x".repeat(length));
        let sized = |length: usize| collection("C", &json!([{ "name": "x".repeat(length) }])).to_string();
        for (document, outcome) in [
            (sized(3_000), "201"),
            (sized(4_000), "413 BAD_USER_INPUT/BODY_TOO_LARGE"),
            (environment(800), "201"),
            (environment(1_100), "413 BAD_USER_INPUT/TOO_LARGE"),
            (definition(1_900), "201"),
            (definition(2_100), "413 BAD_USER_INPUT/TOO_LARGE"),
            ("x".repeat(30_000), "413 BAD_USER_INPUT/BODY_TOO_LARGE"),
        ] {
            assert_eq!(import(&ada, &workspace, document.clone()).await.outcome(), outcome, "{} bytes", document.len());
        }
        assert_eq!(elements(&ada, &workspace).await.len(), 3);
    }
}
