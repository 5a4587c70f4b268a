//! Pulling and merging collections.

use super::{fork, merge, paths, pull, read};
use crate::documents::{collection, export, import, workspace};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

fn request(id: &str, method: &str) -> Value {
    json!({ "id": id, "name": id, "request": { "method": method, "url": format!("https://pets.example/{id}"), "header": [{ "key": "Accept", "value": "*/*" }] } })
}

fn pets() -> String {
    let items = json!([{ "id": "f", "name": "Folder", "item": [request("a", "GET"), request("b", "GET")] }, request("c", "GET"), request("d", "GET")]);
    collection("Pets", &items).to_string()
}

async fn edit(by: &Person, element: &str, operations: Value) {
    let answer = by.mutate("editCollection", "collection { version }", json!({ "collectionId": element, "operations": operations })).await;
    assert!(answer.is_ok(), "{}", answer.body);
}

/// What the items are called, in their order, those of folders behind them.
fn names(document: &str) -> Vec<String> {
    fn walk(items: &Value, names: &mut Vec<String>) {
        for item in items.as_array().into_iter().flatten() {
            names.push(item["name"].as_str().unwrap().to_owned());
            walk(&item["item"], names);
        }
    }
    let (document, mut found) = (serde_json::from_str::<Value>(document).unwrap(), Vec::new());
    walk(&document["item"], &mut found);
    found
}

on_both! {
    async fn items_fields_moves_and_order_merge(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &pets()).await;
        let taken = fork(&ada, &parent, &home).await;
        let set = |id: &str, request: Value| json!({ "updateItem": { "itemId": id, "set": { "request": request } } });
        let mut of_parent = request("a", "POST")["request"].clone();
        of_parent["header"] = json!([{ "key": "Accept", "value": "*/*" }, { "key": "X-Parent", "value": "1" }]);
        let mut of_fork = request("a", "GET")["request"].clone();
        of_fork["header"] = json!([{ "key": "Accept", "value": "text/plain" }]);
        edit(&ada, &parent, json!([set("a", of_parent), { "moveItem": { "itemId": "d", "parentId": "f", "position": 0 } }, { "removeItem": { "itemId": "c" } }])).await;
        edit(&ada, &taken, json!([set("a", of_fork), { "addItem": { "item": request("e", "PUT"), "position": 0 } }])).await;
        let incoming = read(&ada, &taken).await["incoming"]["nodes"].clone();
        let mut told: Vec<_> = incoming.as_array().unwrap().iter().map(|node| (node["kind"].as_str().unwrap(), node["itemId"].as_str().unwrap())).collect();
        told.sort_unstable();
        assert_eq!(told, [("CHANGED", "a"), ("MOVED", "d"), ("REMOVED", "c")]);

        let pulled = pull(&ada, &taken, json!({})).await;
        assert_eq!((pulled.at("/applied"), pulled.at("/changeCount")), (&json!(true), &json!(3)), "{}", pulled.body);
        let now = export(&ada, &taken, None).await;
        assert_eq!(names(&now), ["e", "Folder", "d", "a", "b"]);
        let item: Value = serde_json::from_str::<Value>(&now).unwrap()["item"][1]["item"][1].clone();
        assert_eq!(item["request"]["method"], "POST");
        assert_eq!(item["request"]["header"], json!([{ "key": "Accept", "value": "text/plain" }, { "key": "X-Parent", "value": "1" }]));
        let merged = merge(&ada, &taken, json!({})).await;
        assert_eq!((merged.at("/applied"), merged.at("/changeCount")), (&json!(true), &json!(2)), "{}", merged.body);
        assert_eq!(export(&ada, &parent, None).await, now);
        assert_eq!(read(&ada, &taken).await["behind"], false);
    }

    async fn versions_of_collections_and_definitions_are_compared_page_by_page(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let pets = import(&ada, &home, &pets()).await;
        edit(&ada, &pets, json!([
            { "updateInfo": { "set": { "variable": [] } } },
            { "updateItem": { "itemId": "a", "set": { "name": "Other" } } },
            { "moveItem": { "itemId": "d", "parentId": "f", "position": 0 } },
            { "removeItem": { "itemId": "c" } },
            { "addItem": { "item": request("e", "PUT") } },
        ])).await;
        let query = "query($id: ID!, $from: Int!, $first: Int, $after: String) { element(id: $id) {
            diff(from: $from, first: $first, after: $after) { nodes { kind isMoved itemId before after } pageInfo { hasNextPage endCursor } } } }";
        let (mut told, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = ada.ask(query, json!({ "id": pets, "from": 1, "first": 1, "after": after })).await;
            told.extend(page.list("/element/diff/nodes").clone());
            if page.at("/element/diff/pageInfo/hasNextPage") == false {
                break;
            }
            after = page.at("/element/diff/pageInfo/endCursor").clone();
        }
        let brief: Vec<_> = told.iter().map(|node| (node["kind"].as_str().unwrap(), node["itemId"].as_str())).collect();
        let expected = [("CHANGED", None), ("REMOVED", Some("c")), ("MOVED", Some("d")), ("ADDED", Some("e")), ("CHANGED", Some("a"))];
        assert_eq!(brief, expected, "first what it says of itself, then what came, went or moved, then what changed");
        assert_eq!((&told[2]["isMoved"], &told[4]["before"]["name"], &told[4]["after"]["name"]), (&json!(true), &json!("a"), &json!("Other")));

        let api = import(&ada, &home, "type Query { pets: Int }\n").await;
        let input = json!({ "apiId": api, "definition": "type Query { pets: Int, dogs: Int }\n" });
        assert!(ada.mutate("updateApi", "api { id }", input).await.is_ok());
        let compared = ada.ask(query, json!({ "id": api, "from": 1 })).await;
        assert_eq!(compared.list("/element/diff/nodes").len(), 1);
        assert_eq!(compared.at("/element/diff/nodes/0/before"), "type Query { pets: Int }\n");
    }

    async fn a_folder_that_is_deleted_here_and_worked_in_there_is_a_conflict(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        for (side, left) in [("PARENT", vec!["c", "d"]), ("FORK", vec!["Folder", "a", "b", "e", "c", "d"])] {
            let parent = import(&ada, &home, &pets()).await;
            let taken = fork(&ada, &parent, &home).await;
            edit(&ada, &parent, json!([{ "removeItem": { "itemId": "f" } }])).await;
            edit(&ada, &taken, json!([{ "addItem": { "item": request("e", "PUT"), "parentId": "f" } }])).await;
            let refused = pull(&ada, &taken, json!({})).await;
            assert_eq!((refused.at("/applied"), paths(&refused)), (&json!(false), vec!["/items/f".to_owned()]), "{}", refused.body);
            let conflict = refused.at("/conflicts/0");
            assert_eq!((&conflict["itemId"], &conflict["itemName"], &conflict["parent"]), (&json!("f"), &json!("Folder"), &Value::Null));
            let resolved = pull(&ada, &taken, json!({ "resolutions": [{ "path": "/items/f", "take": side }] })).await;
            assert_eq!(resolved.at("/applied"), true, "{}", resolved.body);
            assert_eq!(names(&export(&ada, &taken, None).await), left, "{side}");
            assert_eq!(pull(&ada, &taken, json!({})).await.at("/changeCount"), 0);
        }
    }

    async fn two_merges_at_once_both_hold(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &pets()).await;
        let (one, other) = (fork(&ada, &parent, &home).await, fork(&ada, &parent, &home).await);
        for round in 0..200 {
            let item = |side: &str| json!([{ "addItem": { "item": request(&format!("{side}{round}"), "PUT") } }]);
            edit(&ada, &one, item("x")).await;
            edit(&ada, &other, item("y")).await;
            let (first, second) = tokio::join!(merge(&ada, &one, json!({ "strategy": "UPDATE_FORK" })), merge(&ada, &other, json!({ "strategy": "UPDATE_FORK" })));
            assert_eq!((first.at("/applied"), second.at("/applied")), (&json!(true), &json!(true)), "{} {}", first.body, second.body);
        }
        let found = names(&export(&ada, &parent, None).await);
        for round in 0..200 {
            assert!(["x", "y"].iter().all(|side| found.contains(&format!("{side}{round}"))), "{round}: {found:?}");
        }
    }
}
