//! Servers start in any order, and stop without losing anything.

use super::until;
use crate::support::app::on_runtime;
use crate::support::database::FreshDatabase;
use crate::support::nats::Nats;
use crate::support::postgres::{Postgres, free_port};
use crate::support::process::{Server, Serving, portico};
use crate::support::socket::Socket;
use crate::support::{Kind, TestApp};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

async fn ready(client: &reqwest::Client, url: &str) -> (u16, String) {
    let response = client.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[test]
fn a_server_starts_before_its_bus_and_says_so() {
    let mut nats = Nats::later();
    let (database, url) = (FreshDatabase::create(Kind::Postgres), nats.url());
    on_runtime(async {
        let app = TestApp::start_with(database, |config| config.bus.url = url.into()).await;
        assert_eq!(ready(&app.client, &app.http("/readyz")).await, (503, "the bus has not been reached yet\n".to_owned()));
        let ada = app.person("Ada").await;
        app.team(&ada, &[]).await;
        nats.restart();
        until("the server is ready", async || ready(&app.client, &app.http("/readyz")).await == (200, "ready\n".to_owned())).await;
    });
}

#[test]
fn a_bus_is_reached_with_the_credentials_of_its_address_and_not_without() {
    for (arguments, credentials) in
        [(&["--user", "portico", "--pass", "p@ss word"][..], "portico:p%40ss%20word@"), (&["--auth", "t0ken"], "t0ken@")]
    {
        let nats = Nats::start_with(arguments);
        let with = |credentials: &str| nats.url().replace("nats://", &format!("nats://{credentials}"));
        let (right, wrong) = (with(credentials), with("portico:wrong@"));
        let bus = |url: String| TestApp::start_with(FreshDatabase::create(Kind::Sqlite), move |config| config.bus.url = url.into());
        on_runtime(async {
            let (let_in, shut_out) = (bus(right).await, bus(wrong).await);
            until("the bus is reached", async || ready(&let_in.client, &let_in.http("/readyz")).await.0 == 200).await;
            // As long as many attempts take.
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(2) {
                assert_eq!(ready(&shut_out.client, &shut_out.http("/readyz")).await.0, 503);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
    }
}

#[test]
fn a_server_starts_before_its_database_and_recovers_by_itself() {
    let port = free_port();
    let database = format!("postgres://portico@127.0.0.1:{port}/postgres");
    let folder = tempfile::tempdir().unwrap();
    let mut command = portico(folder.path(), &[]);
    command.env("PORTICO_DATABASE_URL", &database);
    let serving = Server::spawn(command);
    on_runtime(async {
        let client = reqwest::Client::new();
        let (status, why) = ready(&client, &serving.http("/readyz")).await;
        assert!(status == 503 && why.contains("database"), "{why}");
        assert_eq!(ready(&client, &serving.http("/healthz")).await.0, 200, "it lives");
        let server = Postgres::start([port]);
        until("it is told that the schema is missing", async || {
            ready(&client, &serving.http("/readyz")).await
                == (503, "the database is not available, or has not the newest schema\n".to_owned())
        })
        .await;
        let migrated = portico(folder.path(), &["migrate"]).env("PORTICO_DATABASE_URL", &database).output().unwrap();
        assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
        until("the server is ready", async || ready(&client, &serving.http("/readyz")).await.0 == 200).await;
        let question = json!({ "query": "mutation { requestSignInCode(input: { email: \"ada@example.com\" }) { sent } }" });
        let answer: serde_json::Value = client.post(serving.http("/graphql")).json(&question).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["data"]["requestSignInCode"]["sent"], true, "{answer}");
        drop(server);
    });
}

/// A server that is told to stop while everything goes on.
#[test]
fn a_server_that_stops_finishes_what_it_began_and_sends_everybody_elsewhere() {
    on_runtime(async {
        let mut serving = Serving::start().await;
        let address = serving.server.http("").trim_start_matches("http://").to_owned();
        let ada = serving.person("ada@example.com").await;
        let team = ada.mutate("createTeam", "team { id }", json!({ "name": "Acme", "slug": "acme" })).await.text("/team/id");
        let query = "subscription { notifications { cursor } }";
        let mut socket = Socket::subscribe_at(&format!("ws://{address}/graphql"), &ada, query, json!({})).await;
        // Somebody who sends half of a request and then nothing, and a connection that is kept open for later.
        let mut silent = tokio::net::TcpStream::connect(&address).await.unwrap();
        silent
            .write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
            .await
            .unwrap();
        assert!(ada.ask("{ viewer { user { name } } }", json!({})).await.is_ok());

        // Somebody else writes, so that a mutation waits in the middle.
        let mut options = sea_orm::ConnectOptions::new(format!("sqlite://{}/portico.db", serving.folder().display()));
        options.max_connections(1);
        let writer = sea_orm::Database::connect(options).await.unwrap();
        writer.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
        let created = tokio::spawn(async move { ada.workspace(&team, "Begun", "PRIVATE").await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(!created.is_finished());
        let told = Instant::now();
        serving.server.signal("TERM");
        assert_eq!(socket.close_code().await, 1001);
        assert!(!created.is_finished());
        writer.execute_unprepared("COMMIT").await.unwrap();
        assert!(created.await.unwrap().starts_with("workspace_"), "what was begun is finished and answered");
        assert!(serving.server.wait().success());
        println!("stopped in {:?}", told.elapsed());
        assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
        assert!(tokio::net::TcpStream::connect(&address).await.is_err());
    });
}
