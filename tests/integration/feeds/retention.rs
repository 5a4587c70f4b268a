//! What is kept of feeds, and for how long.

use super::{DAY, TERM, activity, each, gaps, happen, notifications};
use crate::support::app::Kind;
use crate::support::{Person, TestApp, on_both};
use portico::app::clock::Clock;
use portico::app::feed::ForgetEntries;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::time::Duration;

async fn node(person: &Person, id: &str) -> String {
    let answer = person.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    if answer.is_ok() {
        return answer.text("/node/id");
    }
    assert!(answer.body["data"]["node"].is_null(), "{answer:?}");
    answer.refusal()
}

async fn mark_read(person: &Person, up_to: &str) -> i64 {
    let answer = person.mutate("markNotificationsRead", "unreadNotificationCount", json!({ "upToCursor": up_to })).await;
    answer.at("/unreadNotificationCount").as_i64().unwrap()
}

on_both! {
    async fn what_was_kept_for_its_term_is_forgotten_and_not_a_moment_sooner(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        ada.invite(&workspace, &mo, "VIEWER").await;
        let written = app.clock.now();
        let (old, told) = (activity(&mo, &workspace, json!({ "first": 10 })).await, notifications(&mo, json!({ "first": 10 })).await);
        let (old_id, told_id) = (each(&old, "/id").pop().unwrap(), each(&told, "/id").pop().unwrap());
        let told_count = each(&told, "/id").len();
        app.advance(DAY);
        happen(&app, &workspace, ["Later"]).await;
        let other = ada.workspace(&team, "Other", "PRIVATE").await;
        ada.invite(&other, &mo, "VIEWER").await;
        assert_eq!(notifications(&mo, json!({})).await.at("/viewer/unreadNotificationCount"), told_count + 1);

        let passed = u64::try_from(app.clock.now().as_micros() - written.as_micros()).unwrap();
        app.advance(TERM.saturating_sub(Duration::from_micros(passed)));
        app.run_jobs().await;
        assert_eq!((node(&mo, &old_id).await, node(&mo, &told_id).await), (old_id.clone(), told_id.clone()), "the last moment");
        app.advance(Duration::from_micros(1));
        app.run_jobs().await;
        assert_eq!((node(&mo, &old_id).await.as_str(), node(&mo, &told_id).await.as_str()), ("NOT_FOUND/UNKNOWN_ID/id", "NOT_FOUND/UNKNOWN_ID/id"));
        assert_eq!(each(&activity(&mo, &workspace, json!({ "first": 10 })).await, "/data/name"), ["Later"]);
        let told_now = notifications(&mo, json!({ "first": 10 })).await;
        assert_eq!((each(&told_now, "/kind").len(), told_now.at("/viewer/unreadNotificationCount")), (1, &json!(1)));
        let unread = notifications(&mo, json!({ "first": 10, "unread": true })).await;
        assert_eq!(each(&unread, "/id"), each(&told_now, "/id"));

        // A place that is forgotten is still a place to have read up to.
        assert_eq!(mark_read(&mo, &each(&told, "/cursor").pop().unwrap()).await, 1);
        assert_eq!(mark_read(&mo, &each(&told_now, "/cursor").pop().unwrap()).await, 0);
        happen(&app, &workspace, ["Last"]).await;
        assert_eq!(each(&activity(&mo, &workspace, json!({ "first": 10 })).await, "/data/name"), ["Later", "Last"]);
        assert_eq!(gaps(&app).await, 0);
        assert!(crate::check::look(&app).await.is_clean());
        app.advance(TERM * 2);
        app.run_jobs().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity").await + app.database.number("SELECT COUNT(*) FROM notification").await, 0);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM feed WHERE oldest_at IS NOT NULL").await, 0, "nothing is looked at again");
        happen(&app, &workspace, ["Anew"]).await;
        assert_eq!(gaps(&app).await, 0, "numbers go on where they were");
        app.advance(TERM + DAY);
        app.run_jobs().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity").await, 0, "and what came then is forgotten in its turn");
    }

    async fn only_the_beginning_of_a_feed_is_forgotten_whatever_the_clocks_said(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        happen(&app, &workspace, ["2", "3", "4"]).await;
        // Another server, whose clock was ahead, wrote the third one.
        let ahead = (app.clock.now() + DAY).as_micros();
        app.sql("UPDATE activity SET created_at = $1 WHERE seq = 3", vec![ahead.into()]).await;
        app.advance(TERM + Duration::from_hours(1));
        app.run_jobs().await;
        assert_eq!(each(&activity(&ada, &workspace, json!({ "first": 10 })).await, "/data/name"), ["3", "4"]);
        assert_eq!(gaps(&app).await, 0);
        app.advance(DAY);
        app.run_jobs().await;
        assert!(each(&activity(&ada, &workspace, json!({ "first": 10 })).await, "/id").is_empty());
    }

    async fn long_feeds_and_many_go_in_batches_while_others_write_to_them(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let mut workspaces = Vec::new();
        for number in 0..45 {
            workspaces.push(ada.workspace(&team, &format!("W{number}"), "PRIVATE").await);
        }
        happen(&app, &workspaces[0], 0..1_300).await;
        app.advance(TERM + DAY);
        let writes = async {
            for round in 0..30 {
                happen(&app, &workspaces[0], [format!("New {round}")]).await;
                happen(&app, &workspaces[round], ["New"]).await;
            }
        };
        let forgets = async || {
            let mut rounds = 0;
            while app.parts.app.execute(None, None, &ForgetEntries).await.unwrap() > 0 {
                rounds += 1;
            }
            rounds
        };
        let (one, other, ()) = tokio::join!(forgets(), forgets(), writes);
        // 1,345 entries by 500, whoever of the two forgets them.
        assert!(one + other >= 3, "{one} and {other} rounds: no transaction forgets much at once");
        app.run_jobs().await;
        assert_eq!(gaps(&app).await, 0);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity").await, 60, "what is new is all there");
        assert_eq!(app.database.number("SELECT MAX(last_seq) FROM feed").await, 1_301 + 31);
    }

    async fn a_workspace_that_is_deleted_while_its_feed_is_shortened_is_gone(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        for number in 0..10 {
            let workspace = ada.workspace(&team, &format!("W{number}"), "PRIVATE").await;
            happen(&app, &workspace, 0..600).await;
            app.advance(TERM + DAY);
            let delete = ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace }));
            let forget = app.parts.app.execute(None, None, &ForgetEntries);
            let (deleted, forgotten) = tokio::join!(delete, forget);
            assert!(deleted.is_ok() && forgotten.is_ok(), "{deleted:?} {forgotten:?}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity").await, 0);
        assert_eq!(gaps(&app).await, 0);
    }

    async fn what_is_due_is_found_by_an_index_and_nothing_is_read_of_the_rest(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
        happen(&app, &workspace, 0..1_000).await;
        let fill = if app.parts.database.backend() == sea_orm::DbBackend::Sqlite {
            "INSERT INTO feed (owner_id, last_seq, oldest_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT randomblob(16), 1, 1800000000000000 + i FROM n"
        } else {
            "INSERT INTO feed (owner_id, last_seq, oldest_at) SELECT gen_random_uuid(), 1, 1800000000000000 + i FROM generate_series(1, 20000) AS i"
        };
        app.sql(fill, vec![]).await;
        app.sql("ANALYZE", vec![]).await;
        let due = "SELECT owner_id, last_seq, forgotten_seq, EXISTS (SELECT 1 FROM workspace WHERE id = owner_id) AS is_workspace FROM feed WHERE oldest_at < 1800000000000100 ORDER BY oldest_at LIMIT 20";
        let id = workspace.parse::<portico::domain::WorkspaceId>().unwrap().uuid();
        let id = if app.parts.database.backend() == sea_orm::DbBackend::Sqlite { format!("X'{}'", id.simple()) } else { format!("'{id}'") };
        let first = format!("SELECT seq, created_at FROM activity WHERE workspace_id = {id} AND seq > 0 AND seq <= 501 AND (created_at >= 1 OR seq = 501) ORDER BY seq LIMIT 1");
        let page = format!("SELECT * FROM activity WHERE workspace_id = {id} AND seq > 10 AND seq <= (SELECT MAX(seq) FROM (SELECT seq, SUM(octet_length(data)) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM activity WHERE workspace_id = {id} AND seq > 10 AND seq <= 110) AS sized WHERE before IS NULL OR before < 1000) ORDER BY seq");
        for (statement, index) in [(due, "feed_age"), (&first, ""), (&page, "")] {
            let plan = explain(&app, statement).await;
            println!("{plan}\n");
            assert!(plan.contains(index) && !plan.contains("Seq Scan on feed") && !plan.contains("Seq Scan on activity"), "{plan}");
            assert!(!plan.contains("SCAN feed") || plan.contains("USING INDEX feed_age"), "{plan}");
            assert!(!plan.contains("SCAN activity") && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}

/// How the database goes about it.
async fn explain(app: &TestApp, statement: &str) -> String {
    let connection = sea_orm::Database::connect(&app.database.url).await.unwrap();
    let backend = app.parts.database.backend();
    let (head, column) = if backend == sea_orm::DbBackend::Sqlite { ("EXPLAIN QUERY PLAN", 3) } else { ("EXPLAIN", 0) };
    let rows = connection.query_all_raw(Statement::from_string(backend, format!("{head} {statement}"))).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(column).unwrap()).collect::<Vec<_>>().join("\n")
}

/// On `PostgreSQL` alone somebody can hold one feed while others are written to.
#[test]
fn a_feed_that_somebody_is_writing_to_is_not_waited_for() {
    crate::support::app::run(Kind::Postgres, async |app: TestApp| {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let (held, free) = (ada.workspace(&team, "Held", "PRIVATE").await, ada.workspace(&team, "Free", "PRIVATE").await);
        app.advance(TERM + DAY);
        let writer = app.parts.app.store.begin().await.unwrap();
        let feed = portico::app::ports::FeedId::Workspace(held.parse().unwrap());
        writer.extend_feeds(&[portico::app::ports::FeedStep { feed, entries: 1, changes_access: false }], app.clock.now()).await.unwrap();
        app.run_jobs().await;
        assert!(each(&activity(&ada, &free, json!({ "first": 10 })).await, "/id").is_empty());
        assert_eq!(each(&activity(&ada, &held, json!({ "first": 10 })).await, "/id").len(), 1);
        drop(writer);
        app.run_jobs().await;
        assert!(each(&activity(&ada, &held, json!({ "first": 10 })).await, "/id").is_empty());
    });
}
