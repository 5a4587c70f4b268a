//! What a reader sees of collections, and what that costs.

use super::{collection, import, workspace};
use crate::support::{Person, on_both};
use portico::server::TransportSettings;
use serde_json::json;
use std::time::Duration;

on_both! {
    async fn a_request_holds_nothing_and_that_is_no_error(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let document = collection("Pets", &json!([{ "id": "f", "name": "F", "item": [{ "id": "a", "name": "A" }] }, { "id": "r", "name": "R" }]));
        let pets = import(&ada, &workspace, &document.to_string()).await;
        let query = "query($id: ID!, $after: String) { element(id: $id) { ... on Collection { items(first: 10) { nodes {
            id items(first: 10, after: $after) { nodes { id items { nodes { id } } } pageInfo { hasNextPage hasPreviousPage endCursor } } } } } } }";
        let answer = ada.ask(query, json!({ "id": pets })).await;
        assert_eq!(answer.at("/element/items/nodes/0/items/nodes"), &json!([{ "id": "a", "items": { "nodes": [] } }]));
        let page = json!({ "hasNextPage": false, "hasPreviousPage": false, "endCursor": null });
        assert_eq!(answer.at("/element/items/nodes/1/items"), &json!({ "nodes": [], "pageInfo": page }));
        let odd = ada.ask(query, json!({ "id": pets, "after": "?" })).await.body;
        assert_eq!(odd["errors"][0]["extensions"]["reason"], "INVALID_CURSOR");
        assert_eq!(odd["errors"].as_array().map(Vec::len), Some(2), "of the request as of the folder");
        // Whoever names it as a folder is told that it is none.
        let named = "query($id: ID!) { element(id: $id) { ... on Collection { items(parentId: \"r\") { nodes { id } } } } }";
        assert_eq!(ada.ask(named, json!({ "id": pets })).await.refusal(), "NOT_FOUND/UNKNOWN_ITEM/parentId");
    }
    async fn what_was_done_to_a_public_collection_is_its_team_s_affair(app) {
        let (ada, sam, eve) = (app.person("Ada").await, app.person("Sam").await, app.person("Eve").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"])]).await;
        let workspace = sam.workspace(&team, "Open", "PUBLIC").await;
        let pets = import(&sam, &workspace, &collection("Pets", &json!([{ "id": "a", "name": "A" }])).to_string()).await;
        let operation = json!({ "updateItem": { "itemId": "a", "set": { "name": "B" } } });
        let input = json!({ "collectionId": pets, "message": "For the audit", "operations": [operation] });
        assert!(sam.mutate("editCollection", "collection { id }", input).await.is_ok());
        let query = "query($id: ID!) { element(id: $id) { revisions(last: 1) { nodes { version sizeBytes message changes } } } }";
        let told = async |person: &Person| person.ask(query, json!({ "id": pets })).await.at("/element/revisions/nodes/0").clone();
        let all = told(&sam).await;
        assert_eq!((&all["message"], &all["changes"]), (&json!("For the audit"), &json!([{ "updateItem": { "itemId": "a", "keys": ["name"] } }])));
        for person in [&eve, &app.anonymous()] {
            let shown = json!({ "version": 2, "sizeBytes": all["sizeBytes"], "message": null, "changes": null });
            assert_eq!(told(person).await, shown);
        }
    }
    async fn searches_of_one_operation_look_at_so_many_items_and_can_be_gone_on_with(app) {
        let mut app = app;
        // Looking at half a million items takes a while where nothing is optimized, and others work too.
        app.restart_with(None, TransportSettings { query_timeout: Duration::from_mins(2), ..TransportSettings::default() }).await;
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let items: Vec<_> = (0..20_000).map(|number| json!({ "id": number.to_string(), "name": if number == 0 { "Needle" } else { "Hay" } })).collect();
        let pets = import(&ada, &workspace, &collection("Pets", &json!(items)).to_string()).await;
        let search = |times: usize| {
            let search = "searchItems(text: $text, first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }";
            let searches: Vec<_> = (0..times).map(|number| format!("s{number}: {search}")).collect();
            let searches = searches.join(" ");
            format!("query($id: ID!, $text: String!, $after: String) {{ element(id: $id) {{ ... on Collection {{ {searches} }} }} }}")
        };
        let all = ada.ask(&search(1), json!({ "id": pets, "text": "needle" })).await;
        assert_eq!(all.at("/element/s0"), &json!({ "nodes": [{ "id": "0" }], "pageInfo": { "hasNextPage": false, "endCursor": all.at("/element/s0/pageInfo/endCursor") } }));
        let many = ada.ask(&search(40), json!({ "id": pets, "text": "needle" })).await;
        let cut = (0..40).map(|number| many.at(&format!("/element/s{number}"))).find(|found| found["pageInfo"]["hasNextPage"] == true).expect("a short page");
        assert_eq!(cut["nodes"], json!([{ "id": "0" }]));
        let rest = ada.ask(&search(1), json!({ "id": pets, "text": "needle", "after": cut["pageInfo"]["endCursor"] })).await;
        assert_eq!(rest.at("/element/s0"), &json!({ "nodes": [], "pageInfo": { "hasNextPage": false, "endCursor": null } }));
        let refused = ada.ask(&search(40), json!({ "id": pets, "text": "nothing" })).await.body;
        assert_eq!(refused["errors"][0]["extensions"]["reason"], "TOO_MANY");
    }
}
