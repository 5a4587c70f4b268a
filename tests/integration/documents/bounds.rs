//! What an edit costs, whatever the size of the collection.

use super::{collection, import, workspace};
use crate::support::{TestApp, on_both};
use serde_json::{Value, json};

/// How many nodes the database has, and how many bytes they have.
async fn kept(app: &TestApp) -> (i64, i64) {
    let nodes = app.number("SELECT COUNT(*) AS number FROM node").await;
    (nodes, app.number("SELECT CAST(SUM(LENGTH(bytes)) AS bigint) AS number FROM node").await)
}

on_both! {
    async fn an_edit_costs_as_much_in_twenty_thousand_items_as_in_two_thousand(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut costs = Vec::new();
        for count in [2_000, 20_000] {
            let items: Vec<Value> = (0..count).map(|number| json!({ "id": format!("item-{number}"), "name": format!("Item {number}"), "request": "https://example.com" })).collect();
            let pets = import(&ada, &workspace, &collection("Large", &json!(items)).to_string()).await;
            let mut most = (0, 0, 0);
            for operation in [
                json!({ "updateItem": { "itemId": format!("item-{}", count / 2), "set": { "name": "Other" } } }),
                json!({ "addItem": { "position": count / 3, "item": { "id": "new", "name": "New" } } }),
                json!({ "moveItem": { "itemId": format!("item-{}", count / 4), "position": 0 } }),
                json!({ "removeItem": { "itemId": format!("item-{}", count / 5) } }),
            ] {
                let (nodes, bytes) = kept(&app).await;
                let statements = app.parts.database.statements();
                let input = json!({ "collectionId": pets, "operations": [operation] });
                assert!(ada.mutate("editCollection", "collection { id }", input).await.is_ok());
                let statements = app.parts.database.statements() - statements;
                let (more_nodes, more_bytes) = kept(&app).await;
                most = (most.0.max(statements), most.1.max(more_nodes - nodes), most.2.max(more_bytes - bytes));
            }
            println!("an edit of {count} items: {} statements, {} new nodes, {} bytes at the most", most.0, most.1, most.2);
            costs.push(most);
        }
        let [(statements, nodes, _), (more_statements, more_nodes, more_bytes)] = costs[..] else { unreachable!() };
        // Where nodes end is drawn anew for each collection: ten times as many items make a level more on average, and now and then two.
        assert!(more_statements <= statements + 10, "{statements} statements became {more_statements}");
        assert!(more_nodes <= nodes + 8, "{nodes} nodes became {more_nodes}");
        assert!(more_statements < 60 && more_nodes <= 20 && more_bytes < 80_000, "{costs:?}");
    }
}
