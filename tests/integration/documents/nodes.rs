//! Elements by their ids, whatever the field that finds them.

use super::{collection, import, workspace};
use crate::support::on_both;
use serde_json::json;

on_both! {
    async fn an_element_is_found_by_its_id_as_what_it_is(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        for (document, kind) in [
            (collection("Pets", &json!([])).to_string(), "Collection"),
            (json!({ "name": "Test", "values": [] }).to_string(), "Environment"),
            ("type Query { pets: Int }".to_owned(), "Api"),
        ] {
            let id = import(&ada, &workspace, &document).await;
            let part = format!("fragment Part on Node {{ __typename id ... on Element {{ kind }} ... on {kind} {{ name }} }}");
            let query = format!("query($id: ID!) {{ node(id: $id) {{ ...Part }} nodes(ids: [$id]) {{ ...Part }} element(id: $id) {{ ...Part }} }} {part}");
            let found = ada.ask(&query, json!({ "id": id })).await;
            for place in ["/node", "/nodes/0", "/element"] {
                let is = |field: &str| found.text(&format!("{place}/{field}"));
                assert_eq!((is("__typename"), is("id"), is("kind")), (kind.to_owned(), id.clone(), kind.to_uppercase()), "{place}");
                assert!(found.at(&format!("{place}/name")).is_string(), "{place}: {}", found.body);
            }
        }
    }
}
