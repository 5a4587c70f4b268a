//! The time in the trash ends.

use super::{DAY, audit, bind, collection, count, elements, homeless, purge, restore, seen, throw_away, trash};
use crate::support::app::Kind;
use crate::support::{TestApp, on_both};
use portico::app::clock::Clock;
use portico::app::trash::PurgeTrash;
use serde_json::json;
use std::time::Duration;

/// In microseconds.
const NINETY_DAYS: u64 = 90 * 24 * 60 * 60 * 1_000_000;

on_both! {
    async fn after_ninety_days_it_is_gone_and_not_a_moment_sooner(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let id = collection(&ada, &workspace, "Orders").await;
        let entry = throw_away(&ada, &id).await;
        app.advance(DAY * 90);
        app.run_jobs().await;
        assert_eq!(trash(&ada, &workspace).await, ["Orders"], "the last moment");
        assert_eq!(seen(&ada, &entry).await.at("/node/viewerCanRestore"), true);
        app.advance(Duration::from_micros(1));
        // What is over and not yet purged is not restored any more; it can be purged.
        let sight = seen(&ada, &entry).await;
        assert_eq!((sight.at("/node/viewerCanRestore"), sight.at("/node/viewerCanPurge")), (&json!(false), &json!(true)));
        assert_eq!(restore(&ada, &entry, None).await.refusal(), "FAILED_PRECONDITION/EXPIRED/-");
        app.run_jobs().await;
        assert!(trash(&ada, &workspace).await.is_empty());
        assert_eq!(seen(&ada, &entry).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert_eq!(restore(&ada, &entry, None).await.refusal(), "NOT_FOUND/UNKNOWN_ID/trashEntryId");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM element").await, 0);
        assert_eq!(ada.activity(&workspace).await.last().unwrap(), "ELEMENT_PURGED");
        let last = ada.ask("query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { actor { id } message } } } }", json!({ "id": workspace })).await;
        assert!(last.at("/workspace/activity/nodes/0/actor").is_null(), "by the system");
        assert_eq!(audit(&ada, &team).await.last().unwrap(), "ELEMENT_PURGED");
    }

    async fn at_the_last_moment_it_is_restored(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let entry = throw_away(&ada, &collection(&ada, &workspace, "Orders").await).await;
        // The clock goes on by a millisecond with each mutation.
        app.advance(Duration::from_micros(NINETY_DAYS - 1_000));
        assert!(restore(&ada, &entry, None).await.is_ok());
        app.advance(DAY * 90);
        app.run_jobs().await;
        assert_eq!(elements(&ada, &workspace).await, ["Orders"]);
    }

    async fn what_is_over_goes_in_batches_whether_or_not_its_workspace_is_there(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let (gone, other) = (ada.workspace(&team, "Gone", "PRIVATE").await, ada.workspace(&team, "Other", "PRIVATE").await);
        for number in 0..120 {
            collection(&ada, &gone, &format!("C{number}")).await;
        }
        assert!(ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": gone })).await.is_ok());
        let entry = throw_away(&ada, &collection(&ada, &other, "Young").await).await;
        assert_eq!(homeless(&ada).await.len(), 100);
        let one = ada.ask("{ viewer { trash(first: 1) { nodes { id } } } }", json!({})).await.text("/viewer/trash/nodes/0/id");
        app.advance(Duration::from_micros(NINETY_DAYS + 1 - 2_000));
        assert_eq!(restore(&ada, &one, Some(&other)).await.refusal(), "FAILED_PRECONDITION/EXPIRED/-");
        assert_eq!(seen(&ada, &one).await.at("/node/viewerCanRestore"), false);
        app.run_jobs().await;
        assert!(homeless(&ada).await.is_empty());
        assert_eq!(trash(&ada, &other).await, ["Young"]);
        assert!(purge(&ada, &entry).await.is_ok());
        assert_eq!(app.database.number("SELECT COUNT(*) FROM audit_event WHERE kind = 'ELEMENT_PURGED'").await, 121);
    }
}

/// Held open on `PostgreSQL`: on `SQLite` there is only one writer at a time.
#[test]
fn what_another_server_ends_at_the_same_time_is_recorded_by_that_one() {
    crate::support::app::run(Kind::Postgres, async |app: TestApp| {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let (docs, runs) = (ada.workspace(&team, "Docs", "PRIVATE").await, ada.workspace(&team, "Runs", "PRIVATE").await);
        let mut entries = Vec::new();
        for name in ["Orders", "Users"] {
            let id = collection(&ada, &docs, name).await;
            bind(&app, &team, &runs, &id, "MOCK_SERVER", &ada).await;
            entries.push(throw_away(&ada, &id).await.parse().unwrap());
        }
        app.advance(DAY * 91);
        let other = app.parts.app.store.begin().await.unwrap();
        assert_eq!(other.delete_due_trash(&entries[..1], app.clock.now()).await.unwrap(), entries[..1]);
        let later = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            other.commit().await.unwrap();
        };
        let (purged, ()) = tokio::join!(app.parts.app.execute(None, None, &PurgeTrash), later);
        assert_eq!(purged.unwrap(), 1);
        assert_eq!(count(&ada.activity(&runs).await, "RELATED_ITEM_DELETED"), 1);
        assert_eq!(count(&ada.activity(&docs).await, "ELEMENT_PURGED"), 1);
    });
}
