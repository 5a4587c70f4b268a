//! What a fork costs, and bringing changes into it, whatever the size of the collection.

use super::{fork, pull};
use crate::documents::{collection, import, workspace};
use crate::support::{TestApp, on_both};
use serde_json::{Value, json};

async fn nodes(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) AS number FROM node").await
}

on_both! {
    async fn a_fork_of_a_hundred_thousand_items_costs_what_one_of_ten_does(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let (mut forks, mut pulls) = (Vec::new(), Vec::new());
        for count in [10, 100_000] {
            let items: Vec<Value> = (0..count).map(|number| json!({ "id": format!("i{number}"), "name": format!("Item {number}"), "request": "https://pets.example" })).collect();
            let parent = import(&ada, &home, &collection("Large", &json!(items)).to_string()).await;
            let (before, kept) = (app.parts.database.statements(), nodes(&app).await);
            let taken = fork(&ada, &parent, &home).await;
            forks.push((app.parts.database.statements() - before - 1, nodes(&app).await - kept));

            let edits: Vec<Value> = (0..10).map(|number| json!({ "updateItem": { "itemId": format!("i{}", number * count / 10), "set": { "name": "Other" } } })).collect();
            let edited = ada.mutate("editCollection", "collection { version }", json!({ "collectionId": parent, "operations": edits })).await;
            assert!(edited.is_ok(), "{}", edited.body);
            let edit = json!([{ "addItem": { "item": { "id": "of-the-fork", "name": "Mine" } } }]);
            assert!(ada.mutate("editCollection", "collection { version }", json!({ "collectionId": taken, "operations": edit })).await.is_ok());
            let (before, kept) = (app.parts.database.statements(), nodes(&app).await);
            let pulled = pull(&ada, &taken, json!({})).await;
            assert_eq!((pulled.at("/applied"), pulled.at("/changeCount")), (&json!(true), &json!(10)), "{}", pulled.body);
            pulls.push((app.parts.database.statements() - before - 1, nodes(&app).await - kept));
        }
        println!("statements and new nodes: forks {forks:?}, pulls of ten changes {pulls:?}");
        assert_eq!(forks[0], forks[1], "a fork takes as many statements, and no node");
        assert_eq!(forks[1].1, 0);
        assert!(pulls[1].0 <= pulls[0].0 + 40 && pulls[1].0 < 120, "{pulls:?}");
        assert!(pulls[1].1 < 80, "ten paths to the root, and not the collection: {pulls:?}");
    }
}
