//! `portico backup`: a copy of the database while a server writes to it.

use crate::support::Kind;
use crate::support::app::on_runtime;
use crate::support::database::FreshDatabase;
use crate::support::process::{Serving, portico};
use crate::support::{Answer, Person};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Whether it succeeded, what it said, and what it complained of.
fn outcome(command: &mut Command) -> (bool, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A folder with a database that a server has used.
async fn used() -> (Serving, Person, String) {
    let serving = Serving::start().await;
    let ada = serving.person("ada@example.com").await;
    let team = ada.mutate("createTeam", "team { id }", json!({ "name": "Acme", "slug": "acme" })).await.text("/team/id");
    (serving, ada, team)
}

fn expect_ok(answer: &Answer) {
    assert!(answer.is_ok(), "{answer:?}");
}

/// Does this and that until the time is over, and writes down what was acknowledged: the workspaces, and the name that each had last.
async fn work(ada: &Person, team: &str, worker: usize, is_over: &AtomicBool, done: &Mutex<BTreeMap<String, String>>) {
    let mut number = 0;
    while !is_over.load(Ordering::SeqCst) {
        let name = format!("Workspace {worker}-{number}");
        let workspace = ada.workspace(team, &name, "PRIVATE").await;
        done.lock().unwrap().insert(workspace.clone(), name);
        let item = json!({ "name": "List", "request": format!("https://example.com/{worker}/{number}") });
        let content = crate::documents::collection("Pets", &json!([item])).to_string();
        crate::documents::import(ada, &workspace, &content).await;
        let name = format!("Renamed {worker}-{number}");
        expect_ok(&ada.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "name": name })).await);
        done.lock().unwrap().insert(workspace, name);
        number += 1;
    }
}

#[test]
fn a_backup_taken_under_load_has_everything_that_was_acknowledged_before_it_began() {
    on_runtime(async {
        let (serving, ada, team) = used().await;
        let (is_over, done) = (AtomicBool::new(false), Mutex::default());
        let workers = join_all((0..8).map(|worker| work(&ada, &team, worker, &is_over, &done)));
        let backups = async {
            let mut taken = Vec::new();
            for number in 0..3 {
                tokio::time::sleep(Duration::from_millis(700)).await;
                let before: BTreeMap<String, String> = done.lock().unwrap().clone();
                let folder = serving.folder().to_owned();
                let file = format!("backup-{number}.db");
                let said = tokio::task::spawn_blocking(move || outcome(&mut portico(&folder, &["backup", &file]))).await.unwrap();
                taken.push((before, said));
            }
            is_over.store(true, Ordering::SeqCst);
            taken
        };
        let ((), taken) = tokio::join!(async { drop(workers.await) }, backups);
        let all = done.lock().unwrap().len();
        for (number, (before, (succeeded, said, error))) in taken.into_iter().enumerate() {
            assert!(succeeded, "{error}");
            let file = serving.folder().join(format!("backup-{number}.db"));
            let about = std::fs::metadata(&file).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, 0o600);
            assert!(
                said.starts_with(&format!("Wrote backup-{number}.db: {} bytes in ", about.len())) && said.contains("master keys"),
                "{said}"
            );
            assert!(before.len() > 5 && before.len() < all, "{} of {all}", before.len());

            let restored = tempfile::tempdir().unwrap();
            std::fs::rename(&file, restored.path().join("portico.db")).unwrap();
            let (whole, said, error) = outcome(&mut portico(restored.path(), &["check"]));
            assert!(whole, "{said}{error}");
            assert_eq!(files(restored.path()), ["portico.db"]);
            std::fs::copy(serving.folder().join("portico.keys"), restored.path().join("portico.keys")).unwrap();
            let restored = Serving::start_in(restored).await;
            let reader = Person { url: restored.server.http("/graphql"), ..ada.clone() };
            for (workspace, name) in before {
                let query = "query($id: ID!) { workspace(id: $id) { name elements(first: 5) { nodes { name } } } }";
                let found = reader.ask(query, json!({ "id": workspace })).await;
                // What came later may be in it too.
                assert!(
                    found.text("/workspace/name").trim_start_matches("Workspace ").trim_start_matches("Renamed ")
                        == name.rsplit(' ').next().unwrap(),
                    "{found:?}"
                );
                if name.starts_with("Renamed ") {
                    assert_eq!((found.text("/workspace/name"), found.text("/workspace/elements/nodes/0/name")), (name, "Pets".to_owned()));
                }
            }
        }
        assert!(files(serving.folder()).iter().all(|name| !name.contains("partial")), "{:?}", files(serving.folder()));
    });
}

#[test]
fn a_backup_leaves_the_database_as_it_is_and_needs_no_keys() {
    on_runtime(async {
        let (serving, ..) = used().await;
        let folder = serving.stop();
        std::fs::remove_file(folder.path().join("portico.keys")).unwrap();
        let database = folder.path().join("portico.db");
        let before = (std::fs::read(&database).unwrap(), std::fs::metadata(&database).unwrap().modified().unwrap());
        let (succeeded, _, error) = outcome(&mut portico(folder.path(), &["backup", "copy.db"]));
        assert!(succeeded, "{error}");
        assert_eq!(before, (std::fs::read(&database).unwrap(), std::fs::metadata(&database).unwrap().modified().unwrap()));
        assert!(!folder.path().join("portico.keys").exists());

        // One whose schema is older stays so, in the backup too: it is what one takes before an upgrade.
        let (succeeded, _, error) = outcome(&mut portico(folder.path(), &["migrate", "down"]));
        assert!(succeeded, "{error}");
        for (name, url) in [("older.db", "sqlite://portico.db"), ("again.db", "sqlite://older.db")] {
            let (succeeded, _, error) = outcome(portico(folder.path(), &["backup", name]).env("PORTICO_DATABASE_URL", url));
            assert!(succeeded, "{error}");
            let (whole, said, _) = outcome(portico(folder.path(), &["check"]).env("PORTICO_DATABASE_URL", format!("sqlite://{name}")));
            assert!(!whole && said.starts_with("OTHER_SCHEMA migration "), "{said}");
        }
    });
}

#[test]
fn what_is_in_the_way_of_a_backup_is_said_and_nothing_is_written() {
    on_runtime(async {
        let (serving, ..) = used().await;
        let folder = serving.folder();
        std::fs::write(folder.join("kept.db"), "kept").unwrap();
        std::fs::create_dir(folder.join("folder.db")).unwrap();
        std::os::unix::fs::symlink("portico.db", folder.join("link.db")).unwrap();
        let before = files(folder);
        let here = folder.join("portico.db").display().to_string();
        for (arguments, complaint) in [
            (&["backup", "kept.db"][..], "kept.db is there already; --force puts the backup in its place"),
            (&["backup", "nowhere/copy.db"], "cannot write nowhere/copy.db: No such file or directory"),
            (&["backup", "--force", "folder.db"], "cannot write folder.db: is a directory"),
            (&["backup", "--force", ".."], "cannot write .."),
            (&["backup", "--force", "portico.db"], "portico.db belongs to the database itself"),
            (&["backup", "--force", "portico.db-wal"], "portico.db-wal belongs to the database itself"),
            (&["backup", "--force", "link.db"], "link.db belongs to the database itself"),
            (&["backup", "--force", &here], "belongs to the database itself"),
        ] {
            let (succeeded, said, error) = outcome(&mut portico(folder, arguments));
            assert!(!succeeded && said.is_empty() && error.contains(complaint), "{arguments:?}: {error}");
        }
        assert_eq!(std::fs::read(folder.join("kept.db")).unwrap(), b"kept");
        assert_eq!(files(folder), before);

        let (succeeded, _, error) = outcome(&mut portico(folder, &["backup", "--force", "kept.db"]));
        assert!(succeeded, "{error}");
        let (whole, said, _) = outcome(portico(folder, &["check"]).env("PORTICO_DATABASE_URL", "sqlite://kept.db"));
        assert!(whole, "{said}");
    });
}

#[test]
fn without_a_database_there_is_no_backup_and_no_database_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (succeeded, _, error) = outcome(&mut portico(folder.path(), &["backup", "copy.db"]));
    assert!(!succeeded && error.contains("there is no database of Portico in portico.db"), "{error}");
    assert!(files(folder.path()).is_empty());
    // A file that is none, and a database of somebody else.
    for (name, content, complaint) in
        [("empty.db", &b""[..], "there is no database of Portico in empty.db"), ("text.db", &[b'x'; 4_096], "file is not a database")]
    {
        std::fs::write(folder.path().join(name), content).unwrap();
        let (succeeded, _, error) =
            outcome(portico(folder.path(), &["backup", "copy.db"]).env("PORTICO_DATABASE_URL", format!("sqlite://{name}")));
        assert!(!succeeded && error.contains(complaint), "{error}");
    }
    assert_eq!(files(folder.path()), ["empty.db", "text.db"]);
}

#[test]
fn of_postgres_pg_dump_makes_the_backup() {
    let database = FreshDatabase::create(Kind::Postgres);
    let folder = tempfile::tempdir().unwrap();
    let (succeeded, _, error) = outcome(portico(folder.path(), &["backup", "copy.db"]).env("PORTICO_DATABASE_URL", &database.url));
    assert!(!succeeded && error.contains("pg_dump"), "{error}");
    assert!(files(folder.path()).is_empty());
}
