//! Clients that nobody here wrote: the npm packages graphql-http, graphql and graphql-ws.

use crate::support::TestApp;
use crate::support::app::run;
use crate::support::npm::{NodeProcess, node_project, run_node};
use crate::support::{Kind, Person};
use serde_json::{Value, json};
use std::time::Duration;

const LIMIT: Duration = Duration::from_mins(1);

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[test]
fn every_audit_of_graphql_http_passes() {
    run(Kind::Sqlite, |app: TestApp| async move {
        let url = app.http("/graphql");
        let lines =
            blocking(move || run_node(&node_project("tests/clients"), "audit.mjs", &[], &[("URL", &url)], LIMIT).expect_success()).await;
        let audits: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(audits.len() > 50, "{} audits", audits.len());
        let failed: Vec<_> = audits.iter().filter(|audit| audit["status"] != "ok").collect();
        assert!(failed.is_empty(), "{failed:?}");
    });
}

#[test]
fn the_introspection_builds_a_client_schema_equal_to_the_file() {
    run(Kind::Sqlite, |app: TestApp| async move {
        let url = app.http("/graphql");
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
        blocking(move || {
            run_node(&node_project("tests/clients"), "introspect.mjs", &[], &[("URL", &url), ("SCHEMA", schema)], LIMIT).expect_success()
        })
        .await;
    });
}

#[test]
fn graphql_ws_resumes_from_its_cursor_after_the_server_was_restarted() {
    run(Kind::Sqlite, |mut app: TestApp| async move {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let invite = async |ada: &Person, name: &str| {
            let workspace = ada.workspace(&team, name, "PRIVATE").await;
            ada.invite(&workspace, &mo, "VIEWER").await;
        };
        let cursor = mo
            .ask("{ viewer { notifications(last: 1) { nodes { cursor } } } }", json!({}))
            .await
            .text("/viewer/notifications/nodes/0/cursor");
        let (url, token, variables) = (app.websocket(), mo.token.clone().unwrap(), json!({ "after": cursor }).to_string());
        let mut client = blocking(move || {
            let query = "subscription($after: String) { notifications(after: $after) { cursor message } }";
            let environment = [
                ("URL", url.as_str()),
                ("TOKEN", &token),
                ("QUERY", query),
                ("VARIABLES", &variables),
                ("COUNT", "3"),
                ("EXPECT_RECONNECT", "1"),
                ("RESUME_FROM_CURSOR_PATH", "notifications.cursor"),
            ];
            NodeProcess::start(&node_project("tests/clients"), "subscribe.mjs", &[], &environment)
        })
        .await;
        invite(&ada, "First").await;
        let (returned, first) = blocking(move || {
            let line = client.line(LIMIT);
            (client, line)
        })
        .await;
        assert!(first.unwrap().contains("First"));
        app.restart(async |ada: &Person| invite(ada, "Second").await, &ada).await;
        invite(&ada, "Third").await;
        let lines = blocking(move || returned.finish(LIMIT).expect_success()).await;
        let named = |name: &str| lines.iter().filter(|line| line.contains(name)).count();
        assert_eq!((named("Second"), named("Third")), (1, 1), "{lines:?}");
    });
}
