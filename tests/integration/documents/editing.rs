//! Several people edit one collection.

use super::{collection, export, import, workspace};
use crate::support::{Answer, Person, on_both};
use serde_json::{Value, json};

async fn edit(person: &Person, collection: &str, expected: Option<i32>, operations: Value) -> Answer {
    let input = json!({ "collectionId": collection, "expectedVersion": expected, "operations": operations });
    person.mutate("editCollection", "collection { version sizeBytes }", input).await
}

/// The names of the items of a collection, each level in brackets behind its folder.
fn names(items: &Value) -> String {
    let shown = items.as_array().unwrap().iter().map(|item| {
        let below = item.get("item").map(|items| format!("({})", names(items))).unwrap_or_default();
        format!("{}{below}", item["name"].as_str().unwrap_or("?"))
    });
    shown.collect::<Vec<_>>().join(" ")
}

async fn shape(person: &Person, collection: &str) -> String {
    let exported: Value = serde_json::from_str(&export(person, collection, None).await).unwrap();
    names(&exported["item"])
}

/// So many long keys.
fn keys(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:0600}")).collect()
}

on_both! {
    async fn operations_change_single_items_and_leave_the_rest_as_it_was(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let document = collection("Pets", &json!([
            { "id": "a", "name": "A", "request": { "url": "https://a.example", "method": "GET" }, "x-unknown": [1.50, null] },
            { "id": "f", "name": "F", "item": [{ "id": "b", "name": "B" }, { "name": "C" }] },
        ]));
        let pets = import(&ada, &workspace, &document.to_string()).await;
        let answer = edit(&ada, &pets, Some(1), json!([
            { "updateItem": { "itemId": "a", "set": { "name": "A2" }, "unset": ["request"] } },
            { "addItem": { "parentId": "f", "position": 1, "item": { "name": "N", "item": [{ "name": "N1" }] } } },
            { "moveItem": { "itemId": "b", "position": 0 } },
            { "updateInfo": { "set": { "auth": { "type": "noauth" } } } },
        ])).await;
        assert_eq!(answer.at("/collection/version"), 2);
        assert_eq!(shape(&ada, &pets).await, "B A2 F(N(N1) C)");
        let exported: Value = serde_json::from_str(&export(&ada, &pets, None).await).unwrap();
        assert_eq!(answer.at("/collection/sizeBytes"), exported.to_string().len());
        assert_eq!(exported["item"][1], json!({ "id": "a", "name": "A2", "x-unknown": [1.5, null] }));
        assert_eq!(exported["auth"], json!({ "type": "noauth" }));
        assert!(exported["item"][2]["item"][0]["id"].is_string() && exported["item"][2]["item"][1].get("id").is_none());

        assert!(edit(&ada, &pets, None, json!([{ "removeItem": { "itemId": "f" } }])).await.is_ok());
        assert_eq!(shape(&ada, &pets).await, "B A2");
        let restore = json!({ "elementId": pets, "version": 1, "message": "Back" });
        assert_eq!(ada.mutate("restoreRevision", "element { version }", restore).await.at("/element/version"), 4);
        assert_eq!(export(&ada, &pets, None).await, document.to_string());
        assert_eq!(ada.activity(&workspace).await, [
            "WORKSPACE_CREATED", "ELEMENT_IMPORTED", "COLLECTION_EDITED", "COLLECTION_EDITED", "ELEMENT_REVISION_RESTORED",
        ]);
        let query = "query($id: ID!) { element(id: $id) { revisions(first: 10) { nodes { version message restoredVersion changes author { name } } } } }";
        let history = ada.ask(query, json!({ "id": pets })).await;
        assert_eq!(history.list("/element/revisions/nodes").len(), 4);
        assert_eq!(history.at("/element/revisions/nodes/3/restoredVersion"), 1);
        assert_eq!(history.at("/element/revisions/nodes/3/message"), "Back");
        assert_eq!(history.at("/element/revisions/nodes/1/changes/0"), &json!({ "updateItem": { "itemId": "a", "keys": ["name", "request"] } }));
    }

    async fn what_cannot_be_done_is_refused_with_its_place_and_changes_nothing(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let document = collection("Pets", &json!([
            { "id": "f", "name": "F", "item": [{ "id": "g", "name": "G", "item": [] }] },
            { "id": "r", "name": "R" },
        ]));
        let pets = import(&ada, &workspace, &document.to_string()).await;
        let first = json!({ "updateItem": { "itemId": "r", "set": { "name": "Changed" } } });
        for (operation, refusal) in [
            (json!({ "moveItem": { "itemId": "f", "parentId": "g" } }), "BAD_USER_INPUT/UNDER_ITSELF"),
            (json!({ "moveItem": { "itemId": "f", "parentId": "f" } }), "BAD_USER_INPUT/UNDER_ITSELF"),
            (json!({ "moveItem": { "itemId": "nobody" } }), "NOT_FOUND/UNKNOWN_ITEM"),
            (json!({ "moveItem": { "itemId": "r", "parentId": "nobody" } }), "NOT_FOUND/UNKNOWN_ITEM"),
            (json!({ "moveItem": { "itemId": "g", "parentId": "r" } }), "BAD_USER_INPUT/NOT_A_FOLDER"),
            (json!({ "moveItem": { "itemId": "r", "position": 2 } }), "BAD_USER_INPUT/OUT_OF_RANGE"),
            (json!({ "moveItem": { "itemId": "r", "position": -1 } }), "BAD_USER_INPUT/OUT_OF_RANGE"),
            (json!({ "addItem": { "position": 3, "item": { "name": "N" } } }), "BAD_USER_INPUT/OUT_OF_RANGE"),
            (json!({ "addItem": { "item": { "id": "r", "name": "N" } } }), "CONFLICT/DUPLICATE_ITEM"),
            (json!({ "addItem": { "item": { "name": "N", "item": [{ "id": "x" }, { "id": "x" }] } } }), "BAD_USER_INPUT/DUPLICATE_ITEM"),
            (json!({ "addItem": { "item": [] } }), "BAD_USER_INPUT/INVALID_DOCUMENT"),
            (json!({ "addItem": { "item": { "name": "N", "item": [1] } } }), "BAD_USER_INPUT/INVALID_DOCUMENT"),
            (json!({ "removeItem": { "itemId": "nobody" } }), "NOT_FOUND/UNKNOWN_ITEM"),
            (json!({ "removeItem": { "itemId": "" } }), "BAD_USER_INPUT/MALFORMED_ID"),
            (json!({ "updateItem": { "itemId": "r", "set": { "id": "other" } } }), "BAD_USER_INPUT/INVALID_DOCUMENT"),
            (json!({ "updateItem": { "itemId": "f", "unset": ["item"] } }), "BAD_USER_INPUT/INVALID_DOCUMENT"),
            (json!({ "updateItem": { "itemId": "r", "set": [] } }), "BAD_USER_INPUT/INVALID_FORMAT"),
            (json!({ "updateInfo": { "unset": ["info"] } }), "BAD_USER_INPUT/INVALID_DOCUMENT"),
            (json!({ "updateInfo": { "set": { "item": [] } } }), "BAD_USER_INPUT/INVALID_DOCUMENT"),
            (json!({ "updateInfo": { "set": { "info": { "name": "P", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json" } } } }), "BAD_USER_INPUT/UNSUPPORTED_FORMAT"),
        ] {
            let answer = edit(&ada, &pets, None, json!([first, operation])).await;
            assert_eq!(answer.refusal(), format!("{refusal}/operations"), "{operation}");
        }
        let answer = edit(&ada, &pets, None, json!([first, { "addItem": { "item": { "name": "N", "item": [{}, 1] } } }])).await;
        let extensions = &answer.body["errors"][0]["extensions"];
        assert_eq!((&extensions["operation"], &extensions["pointer"]), (&json!(1), &json!("/item/1")));
        let keys = |count: usize, length: usize| (0..count).map(|number| format!("{number:0length$}")).collect::<Vec<_>>();
        let set = |count: usize| keys(count, 1).into_iter().map(|key| (key, json!(1))).collect::<serde_json::Map<_, _>>();
        for (change, reason) in [
            (json!({ "set": set(1_001) }), "TOO_MANY"),
            (json!({ "set": set(500), "unset": keys(501, 1) }), "TOO_MANY"),
            (json!({ "unset": keys(1, 1_025) }), "TOO_LONG"),
        ] {
            let mut item = change.clone();
            item["itemId"] = json!("r");
            for operation in [json!({ "updateItem": item }), json!({ "updateInfo": change })] {
                let answer = edit(&ada, &pets, None, json!([first, operation])).await;
                assert_eq!(answer.refusal(), format!("BAD_USER_INPUT/{reason}/operations"));
                assert_eq!(answer.body["errors"][0]["extensions"]["operation"], 1);
            }
        }
        assert_eq!(edit(&ada, &pets, None, json!([])).await.refusal(), "BAD_USER_INPUT/EMPTY/operations");
        assert_eq!(edit(&ada, &pets, None, json!(vec![first; 101])).await.refusal(), "BAD_USER_INPUT/TOO_MANY/operations");
        let full = |count: usize| json!({ "addItem": { "item": { "name": "N", "item": vec![json!({ "name": "M" }); count] } } });
        assert_eq!(edit(&ada, &pets, None, json!([full(1_000), full(999)])).await.refusal(), "BAD_USER_INPUT/TOO_MANY/operations");
        assert_eq!(export(&ada, &pets, None).await, document.to_string());
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED", "ELEMENT_IMPORTED"]);
    }

    async fn a_stale_version_is_a_conflict_that_tells_what_has_changed(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let pets = import(&ada, &workspace, &collection("Pets", &json!([{ "id": "a", "name": "A" }])).to_string()).await;
        let rename = |name: &str| json!([{ "updateItem": { "itemId": "a", "set": { "name": name } } }]);
        assert!(edit(&ada, &pets, Some(1), rename("B")).await.is_ok());
        let answer = edit(&ada, &pets, Some(1), rename("C")).await;
        assert_eq!(answer.refusal(), "CONFLICT/STALE_VERSION/expectedVersion");
        let extensions = &answer.body["errors"][0]["extensions"];
        assert_eq!(extensions["currentVersion"], 2);
        assert_eq!(extensions["changes"], json!([{ "version": 2, "operations": [{ "updateItem": { "itemId": "a", "keys": ["name"] } }] }]));
        assert_eq!(shape(&ada, &pets).await, "B");
    }

    async fn of_what_is_too_much_to_be_told_only_that_it_was_done_is_told(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let pets = import(&ada, &workspace, &collection("Pets", &json!([{ "id": "a", "name": "A" }])).to_string()).await;
        // Of 100 keys the history tells, of 1,000 it does not.
        let (few, many) = (keys(100), keys(1_000));
        for value in 0..5 {
            let operation = |keys: &[String]| json!({ "updateItem": { "itemId": "a", "set": keys.iter().map(|key| (key.clone(), json!(value))).collect::<serde_json::Map<_, _>>() } });
            assert!(edit(&ada, &pets, None, json!([operation(&few)])).await.is_ok());
        }
        let changes = async |expected: i32| {
            let answer = edit(&ada, &pets, Some(expected), json!([{ "removeItem": { "itemId": "a" } }])).await;
            let extensions = answer.body["errors"][0]["extensions"].clone();
            (extensions["changes"].as_array().unwrap().len(), extensions["changesComplete"].clone(), extensions.to_string().len())
        };
        let told = changes(1).await;
        assert!(told.0 == 4 && told.1 == false && told.2 < 300_000, "{told:?}");
        assert_eq!((changes(2).await.0, changes(2).await.1), (4, json!(true)));

        assert!(edit(&ada, &pets, None, json!([{ "updateItem": { "itemId": "a", "unset": many } }])).await.is_ok());
        let query = "query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { data } } } }";
        let activity = ada.ask(query, json!({ "id": workspace })).await;
        let data = activity.at("/workspace/activity/nodes/0/data");
        assert_eq!((&data["version"], &data["operations"], &data["complete"]), (&json!(7), &json!([]), &json!(false)));
        let history = ada.ask("query($id: ID!) { element(id: $id) { revisions(last: 1) { nodes { version changes } } } }", json!({ "id": pets })).await;
        assert!(history.body.to_string().len() < 1_000, "{}", history.body.to_string().len());
        assert_eq!((changes(6).await.0, changes(6).await.1), (0, json!(false)), "the client has to read it again");
    }
}
