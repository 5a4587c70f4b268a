//! What a reader sees of collections, and what that costs.

use super::{collection, import, workspace};
use crate::support::on_both;
use serde_json::json;

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
}
