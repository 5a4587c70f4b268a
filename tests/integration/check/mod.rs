//! `portico check`: what is whole is clean, and whatever is wrong is found and named.

mod nodes;
mod planted;

use crate::isolation::database::Direct;
use crate::isolation::world::World;
use crate::support::process::{Process, portico};
use crate::support::{TestApp, on_both};
use portico::app::check::{FindingKind, Report, check};
use portico::domain::snapshot::NewNode;
use portico::store::Inspection;
use serde_json::json;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Looks at the database of a server that runs.
pub async fn look(app: &TestApp) -> Report {
    let inspection = Inspection::open(&app.database.url).await.unwrap();
    let report = check(inspection.queries()).await.unwrap();
    inspection.close().await.unwrap();
    report
}

/// The lines of a report that tell of this kind of finding.
fn told(report: &Report, kind: FindingKind) -> Vec<String> {
    report.to_string().lines().filter(|line| line.starts_with(&format!("{kind} "))).map(str::to_owned).collect()
}

/// A way to the database on which nothing is checked that is written.
async fn unchecked(app: &TestApp) -> Direct {
    let direct = Direct::open(&app.database.url).await;
    let is_sqlite = app.database.url.starts_with("sqlite");
    direct.run(if is_sqlite { "PRAGMA foreign_keys = OFF" } else { "SET session_replication_role = replica" }, Vec::new()).await;
    direct
}

/// Runs the command on the database of a server that runs.
fn command(app: &TestApp) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = portico(folder.path(), &["check"]).env("PORTICO_DATABASE_URL", &app.database.url).output().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it leaves nothing behind, and makes no keys");
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

on_both! {
    async fn a_team_with_everything_in_it_is_clean(app) {
        let world = World::build(app).await;
        let report = look(&world.app).await;
        assert!(report.is_clean(), "{report}");
        let count = |what: &str| report.to_string().split([',', ':', '.']).find_map(|part| part.trim().strip_prefix(what)?.trim().parse::<i64>().ok());
        for (what, table) in [("migrations", "seaql_migrations"), ("feeds", "feed"), ("nodes", "node")] {
            assert_eq!(count(what).unwrap(), world.app.number(&format!("SELECT COUNT(*) AS number FROM {table}")).await, "{report}");
        }
        let entries = "SELECT (SELECT COUNT(*) FROM activity) + (SELECT COUNT(*) FROM notification) AS number";
        assert_eq!(count("feed entries").unwrap(), world.app.number(entries).await, "{report}");
        assert!(count("roots of documents").unwrap() > 10 && count("foreign keys").unwrap() > 50, "{report}");
    }

    async fn the_command_says_what_it_looked_at_and_fails_where_something_is_wrong(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        ada.workspace(&team, "Whole", "PRIVATE").await;
        let (code, said, error) = command(&app);
        assert_eq!((code, error.as_str()), (Some(0), ""), "{said}");
        assert!(said.starts_with("Looked at: migrations ") && said.ends_with("Nothing is wrong.\n"), "{said}");
        app.sql("UPDATE feed SET last_seq = last_seq + 2", Vec::new()).await;
        let (code, said, error) = command(&app);
        assert_eq!((code, error.as_str()), (Some(1), "portico: the database is not as it should be\n"), "{said}");
        assert!(said.lines().next().unwrap().starts_with("FEED_NOT_DENSE feed of the workspace ") && said.ends_with("Found: 1.\n"), "{said}");
    }

    async fn looking_changes_nothing(app) {
        let world = World::build(app).await;
        let before = world.direct.dump().await;
        assert!(look(&world.app).await.is_clean());
        assert_eq!(before, world.direct.dump().await);
    }

    async fn whoever_writes_meanwhile_is_seen_whole_or_not_at_all(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let end = Instant::now() + Duration::from_secs(3);
        let writers = (0..4).map(|writer| {
            let (ada, team) = (&ada, &team);
            async move {
                let mut written = 0;
                while Instant::now() < end {
                    let workspace = ada.workspace(team, &format!("Busy {writer}"), "PRIVATE").await;
                    let content = json!({ "info": { "name": "Pets", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" }, "item": [{ "name": format!("{writer}-{written}") }] });
                    crate::documents::import(ada, &workspace, &content.to_string()).await;
                    assert!(ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
                    written += 1;
                }
                written
            }
        });
        let looks = async {
            let mut looks = 0;
            while Instant::now() < end {
                let report = look(&app).await;
                assert!(report.is_clean(), "{report}");
                looks += 1;
            }
            looks
        };
        let (written, looks) = tokio::join!(futures_util::future::join_all(writers), looks);
        assert!(looks > 1 && written.iter().sum::<i32>() > 4, "{looks} looks at {written:?}");
    }
}

/// The bytes of nodes that are looked at, and what a process may take for it in all.
const NODES: usize = 200 * 1024 * 1024;
const MOST: u64 = 96 * 1024 * 1024;

on_both! {
    async fn however_much_there_is_little_of_it_is_held_in_memory(app) {
        let size = 512 * 1024;
        for number in 0..NODES / size {
            let bytes = NewNode::of(format!("{number:08}").repeat(size / 8).into_bytes());
            let tx = app.parts.app.store.begin().await.unwrap();
            tx.insert_nodes(&[(*bytes.hash.as_bytes(), bytes.bytes)], app.parts.app.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let mut command = portico(folder.path(), &["check"]);
        let mut process = Process(command.env("PORTICO_DATABASE_URL", &app.database.url).stdout(Stdio::piped()).spawn().unwrap());
        let mut peak = 0;
        while process.0.try_wait().unwrap().is_none() {
            // There is none any more once it has ended.
            peak = peak.max(process.memory("VmHWM").unwrap_or(0));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let said = std::io::read_to_string(process.0.stdout.take().unwrap()).unwrap();
        println!("{} MiB at the most: {said}", peak / 1024 / 1024);
        assert!(said.contains(&format!("bytes of nodes {NODES}")) && said.contains("Nothing is wrong."), "{said}");
        assert!(peak > 0 && peak < MOST, "{peak}");
    }
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let output = portico(folder.path(), &["check"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && error.contains("unable to open database file"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
