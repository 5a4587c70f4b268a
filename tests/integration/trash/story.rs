//! A collection is deleted, found in the trash, and brought back or purged.

use super::{
    audit, bind, collection, count, delete, element_uuid, elements, give, last_audit, names, purge, restore, seed, seen, set, throw_away,
    trash, watch,
};
use crate::support::on_both;
use portico::domain::element::{ElementKind, TRASH_LIMIT};
use serde_json::{Value, json};

on_both! {
    async fn a_collection_goes_to_the_trash_and_comes_back_as_it_was(app) {
        let (ada, mo, vi, ed) = (app.person("Ada").await, app.person("Mo").await, app.person("Vi").await, app.person("Ed").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"]), (&vi, &["DEVELOPER"]), (&ed, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        mo.told().await;
        ada.invite(&workspace, &mo, "ADMIN").await;
        ada.invite(&workspace, &vi, "VIEWER").await;
        let id = collection(&ada, &workspace, "Orders").await;
        collection(&ada, &workspace, "Other").await;
        for person in [&vi, &ed] {
            watch(&app, &id, person).await;
        }
        give(&app, &team, &id, Some(&vi), None, "TEAM").await;
        set(&app, &id, "version", 7).await;

        let deleted = ada.mutate("deleteElement", "deletedElementId goneForGood trashEntry { id elementId name kind sizeBytes workspace { name } workspaceName deletedBy { name } viewerCanRestore viewerCanPurge }", json!({ "elementId": id })).await;
        assert_eq!((deleted.text("/deletedElementId"), deleted.at("/goneForGood")), (id.clone(), &json!(false)));
        let entry = deleted.at("/trashEntry").clone();
        assert_eq!((&entry["elementId"], &entry["name"], &entry["kind"]), (&json!(id), &json!("Orders"), &json!("COLLECTION")));
        assert_eq!((&entry["workspace"]["name"], &entry["workspaceName"], &entry["deletedBy"]["name"]), (&json!("Docs"), &json!("Docs"), &json!("Ada")));
        assert_eq!((&entry["viewerCanRestore"], &entry["viewerCanPurge"]), (&json!(true), &json!(true)));
        assert_eq!(elements(&ada, &workspace).await, ["Other"]);
        assert_eq!(trash(&mo, &workspace).await, ["Orders"]);
        assert_eq!(ada.ask("query($id: ID!) { element(id: $id) { id } }", json!({ "id": id })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert_eq!(delete(&ada, &id).await.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
        // The other Admin and the watcher who can open the workspace are told; who acts is not, nor who cannot open it.
        for (person, times) in [(&ada, 0), (&mo, 1), (&vi, 1), (&ed, 0)] {
            assert_eq!(count(&person.told().await, "ELEMENT_DELETED"), times, "{}", person.name);
        }
        assert_eq!(last_audit(&ada, &team).await["before"]["name"], "Orders");

        let entry = entry["id"].as_str().unwrap();
        let restored = restore(&mo, entry, None).await;
        assert_eq!((restored.text("/element/id"), restored.at("/element/version")), (id.clone(), &json!(7)));
        assert_eq!(elements(&ada, &workspace).await, ["Orders", "Other"]);
        assert!(trash(&ada, &workspace).await.is_empty());
        for (person, times) in [(&ada, 1), (&mo, 0), (&vi, 1), (&ed, 0)] {
            assert_eq!(count(&person.told().await, "ELEMENT_RESTORED"), times, "{}", person.name);
        }
        for (table, rows) in [("watch", 2), ("element_grant", 1), ("revision", 2), ("trash_entry", 0)] {
            assert_eq!(app.database.number(&format!("SELECT COUNT(*) FROM {table}")).await, rows, "{table}");
        }
        let activity = ada.activity(&workspace).await;
        assert!(activity.ends_with(&["ELEMENT_DELETED".into(), "ELEMENT_RESTORED".into()]), "{activity:?}");
        assert!(audit(&ada, &team).await.ends_with(&["ELEMENT_DELETED".into(), "ELEMENT_RESTORED".into()]));
        assert_eq!(restore(&mo, entry, None).await.refusal(), "NOT_FOUND/UNKNOWN_ID/trashEntryId");
        assert_eq!(seen(&ada, entry).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");

        // Again, and for good this time.
        let again = throw_away(&mo, &id).await;
        assert_ne!(again, entry);
        assert_eq!(purge(&mo, &again).await.text("/purgedElementId"), id);
        assert_eq!(purge(&mo, &again).await.refusal(), "NOT_FOUND/UNKNOWN_ID/trashEntryId");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM element").await, 1);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM watch").await, 0);
        assert_eq!(ada.activity(&workspace).await.last().unwrap(), "ELEMENT_PURGED");
        assert_eq!(last_audit(&ada, &team).await["kind"], "ELEMENT_PURGED");
    }

    async fn what_is_too_large_or_no_collection_is_gone_for_good_and_the_answer_says_so(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let (small, large) = (collection(&ada, &workspace, "Small").await, collection(&ada, &workspace, "Large").await);
        set(&app, &small, "size_bytes", TRASH_LIMIT - 1).await;
        set(&app, &large, "size_bytes", TRASH_LIMIT).await;
        let environment = seed(&app, &ada, &team, &workspace, ElementKind::Environment, "Environment", [1; 32]).await;
        let api = seed(&app, &ada, &team, &workspace, ElementKind::Api, "Api", [2; 32]).await;
        let part = collection(&ada, &workspace, "Part").await;
        set(&app, &part, "api_id", element_uuid(&api)).await;
        watch(&app, &large, &ada).await;
        for (id, for_good) in [(&small, false), (&large, true), (&environment, true), (&api, true)] {
            let deleted = delete(&ada, id).await;
            assert_eq!((deleted.at("/goneForGood"), deleted.at("/trashEntry").is_null()), (&json!(for_good), for_good));
        }
        assert_eq!(elements(&ada, &workspace).await, ["Part"], "the collection of the API stays");
        assert_eq!(trash(&ada, &workspace).await, ["Small"]);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM element WHERE api_id IS NOT NULL").await, 0);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM revision").await, 2);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM watch").await, 0);
        let activity = ada.activity(&workspace).await;
        assert_eq!((count(&activity, "ELEMENT_DELETED"), count(&activity, "COLLECTION_API_CHANGED")), (4, 1), "{activity:?}");
    }

    async fn a_collection_stays_with_its_api_in_the_trash_if_that_is_there_when_it_comes_back(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let api = seed(&app, &ada, &team, &workspace, ElementKind::Api, "Api", [2; 32]).await;
        let part = collection(&ada, &workspace, "Part").await;
        let attached = async || app.database.number("SELECT COUNT(*) FROM element WHERE api_id IS NOT NULL").await;
        set(&app, &part, "api_id", element_uuid(&api)).await;
        let entry = throw_away(&ada, &part).await;
        assert!(restore(&ada, &entry, None).await.is_ok());
        assert_eq!(attached().await, 1);
        let entry = throw_away(&ada, &part).await;
        assert!(delete(&ada, &api).await.is_ok());
        assert!(restore(&ada, &entry, None).await.is_ok());
        assert_eq!(attached().await, 0);
    }

    async fn monitors_of_what_is_in_the_trash_are_paused_and_everything_bound_ends_with_it(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let (workspace, elsewhere) = (ada.workspace(&team, "Docs", "PRIVATE").await, mo.workspace(&team, "Runs", "PRIVATE").await);
        let id = collection(&ada, &workspace, "Orders").await;
        bind(&app, &team, &elsewhere, &id, "MONITOR", &mo).await;
        bind(&app, &team, &workspace, &id, "MOCK_SERVER", &ada).await;
        let entry = throw_away(&ada, &id).await;
        let paused = async || app.database.number("SELECT COUNT(*) FROM related_item WHERE state = 'PAUSED'").await;
        assert_eq!(paused().await, 1);
        assert_eq!(mo.activity(&elsewhere).await.last().unwrap(), "RELATED_ITEM_PAUSED");
        assert_eq!(count(&mo.told().await, "MONITOR_PAUSED"), 1);
        assert!(restore(&ada, &entry, None).await.is_ok());
        assert_eq!(paused().await, 1, "what is paused stays so");
        let entry = throw_away(&ada, &id).await;
        assert_eq!(count(&mo.told().await, "MONITOR_PAUSED"), 1);
        assert!(purge(&ada, &entry).await.is_ok());
        assert_eq!(app.database.number("SELECT COUNT(*) FROM related_item").await, 0);
        assert_eq!(mo.activity(&elsewhere).await.last().unwrap(), "RELATED_ITEM_DELETED");
        assert_eq!(count(&ada.activity(&workspace).await, "RELATED_ITEM_DELETED"), 1);
    }

    async fn the_trash_is_a_list_in_pages_of_the_oldest_first(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let mut ids = Vec::new();
        for number in 0..5 {
            ids.push(collection(&ada, &workspace, &format!("C{number}")).await);
        }
        for id in ids.iter().rev() {
            throw_away(&ada, id).await;
        }
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let query = "query($id: ID!, $after: String) { workspace(id: $id) { trash(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } } }";
            let page = ada.ask(query, json!({ "id": workspace, "after": after })).await;
            found.extend(names(&page, "/workspace/trash/nodes"));
            after = page.at("/workspace/trash/pageInfo/endCursor").clone();
            if page.at("/workspace/trash/pageInfo/hasNextPage") == false { break }
        }
        assert_eq!(found, ["C4", "C3", "C2", "C1", "C0"]);
        let stranger = ada.ask("query($after: String) { viewer { trash(first: 2, after: $after) { nodes { name } } } }", json!({ "after": after })).await;
        assert_eq!(stranger.refusal(), "BAD_USER_INPUT/INVALID_CURSOR/after");
    }
}
