//! What happens to an element when two do something with it at once.

use super::{collection, count, delete, elements, purge, restore, throw_away, trash};
use crate::support::on_both;
use serde_json::json;

const ROUNDS: usize = 100;

on_both! {
    async fn restoring_meets_purging(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        ada.invite(&workspace, &mo, "ADMIN").await;
        let mut kept = 0;
        for round in 0..ROUNDS {
            let entry = throw_away(&ada, &collection(&ada, &workspace, &format!("C{round}")).await).await;
            let (restored, purged) = tokio::join!(restore(&ada, &entry, None), purge(&mo, &entry));
            assert!(restored.is_ok() != purged.is_ok(), "{restored:?} {purged:?}");
            let loser = if restored.is_ok() { &purged } else { &restored };
            assert_eq!(loser.refusal(), "NOT_FOUND/UNKNOWN_ID/trashEntryId");
            kept += i64::from(restored.is_ok());
            assert_eq!(app.database.number("SELECT COUNT(*) FROM element").await, kept);
        }
        assert!(trash(&ada, &workspace).await.is_empty());
        println!("restored first in {kept} of {ROUNDS} rounds");
    }

    async fn deleting_twice_at_once_deletes_once(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        ada.invite(&workspace, &mo, "ADMIN").await;
        for round in 0..ROUNDS {
            let id = collection(&ada, &workspace, &format!("C{round}")).await;
            let (one, other) = tokio::join!(delete(&ada, &id), delete(&mo, &id));
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
            let loser = if one.is_ok() { other } else { one };
            assert_eq!(loser.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM trash_entry").await, i64::try_from(ROUNDS).unwrap());
        assert_eq!(count(&ada.told().await, "ELEMENT_DELETED") + count(&mo.told().await, "ELEMENT_DELETED"), ROUNDS);
    }

    async fn deleting_meets_moving(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let (from, to) = (ada.workspace(&team, "From", "PRIVATE").await, ada.workspace(&team, "To", "PRIVATE").await);
        ada.invite(&from, &mo, "ADMIN").await;
        let (mut kept, mut moved_first) = (0, 0);
        for round in 0..ROUNDS {
            let id = collection(&ada, &from, &format!("C{round}")).await;
            let (deleted, moved) = tokio::join!(
                delete(&mo, &id),
                ada.mutate("moveElement", "element { id }", json!({ "elementId": id, "workspaceId": to })),
            );
            // Whoever comes second does not find it: it is in the trash, or where Mo cannot look.
            assert!(deleted.is_ok() != moved.is_ok(), "{deleted:?} {moved:?}");
            let loser = if deleted.is_ok() { &moved } else { &deleted };
            assert!(loser.refusal().starts_with("NOT_FOUND/UNKNOWN_ID/"), "{loser:?}");
            if moved.is_ok() { moved_first += 1 } else { kept += 1 }
        }
        assert_eq!((elements(&ada, &from).await.len(), elements(&ada, &to).await.len()), (0, moved_first));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM trash_entry").await, kept);
        println!("moved first in {moved_first} of {ROUNDS} rounds");
    }

    async fn restoring_meets_the_end_of_the_workspace(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        for round in 0..20 {
            let workspace = ada.workspace(&team, &format!("W{round}"), "PRIVATE").await;
            ada.invite(&workspace, &mo, "EDITOR").await;
            let entry = throw_away(&mo, &collection(&mo, &workspace, "Orders").await).await;
            let (restored, deleted) = tokio::join!(
                restore(&mo, &entry, None),
                ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })),
            );
            assert!(deleted.is_ok(), "{deleted:?}");
            if !restored.is_ok() {
                assert_eq!(restored.refusal(), "FAILED_PRECONDITION/WORKSPACE_REQUIRED/workspaceId");
            }
            // In the trash again, or still: nothing is lost.
            assert_eq!(app.database.number("SELECT COUNT(*) FROM trash_entry").await, round + 1);
        }
    }
}
