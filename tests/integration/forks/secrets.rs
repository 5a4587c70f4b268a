//! Secrets of environments that are forked: whoever may not read one does not get it by a fork, and takes none away.

use super::{fork, merge, pull, read};
use crate::documents::import;
use crate::invitations::{bring, partnership};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

fn environment(secret: &str, open: &str) -> String {
    json!({ "name": "Live", "values": [
        { "key": "token", "value": secret, "type": "secret", "enabled": true }, { "key": "host", "value": open, "type": "default", "enabled": true },
    ] })
    .to_string()
}

/// The values of an environment, as somebody reads them.
async fn values(by: &Person, element: &str) -> Vec<Value> {
    let query = "query($id: ID!) { element(id: $id) { ... on Environment { variables(first: 10) { nodes { value } } } } }";
    by.ask(query, json!({ "id": element })).await.list("/element/variables/nodes").iter().map(|node| node["value"].clone()).collect()
}

async fn set(by: &Person, environment: &str, settings: Value) {
    let input = json!({ "environmentId": environment, "setValues": settings });
    let answer = by.mutate("updateEnvironment", "environment { version }", input).await;
    assert!(answer.is_ok(), "{}", answer.body);
}

on_both! {
    async fn who_may_not_read_a_secret_gets_none_by_a_fork(app) {
        let world = partnership(&app).await;
        let petra = app.person_at("Petra", "petra@globex.example").await;
        bring(&app, &world.paula, &world.workspace, &petra, "VIEWER", false).await;
        let desk = world.paula.workspace(&world.team, "Desk", "PARTNER").await;
        bring(&app, &world.paula, &desk, &petra, "EDITOR", false).await;
        let parent = import(&world.devi, &world.workspace, &environment("hunter2", "one")).await;
        let taken = fork(&petra, &parent, &desk).await;
        assert_eq!(values(&petra, &taken).await, [Value::Null, json!("one")]);
        assert_eq!(read(&petra, &taken).await["incoming"]["nodes"], json!([]));

        set(&world.devi, &parent, json!([{ "key": "token", "value": "hunter3", "type": "secret" }, { "key": "host", "value": "two" }])).await;
        let incoming = read(&petra, &taken).await["incoming"]["nodes"].clone();
        assert_eq!(incoming.as_array().unwrap().len(), 1, "{incoming}");
        assert_eq!(incoming[0]["name"], "host");
        let pulled = pull(&petra, &taken, json!({})).await;
        assert_eq!(pulled.at("/applied"), true, "{}", pulled.body);
        assert_eq!(values(&petra, &taken).await, [Value::Null, json!("two")]);
        assert!(!pulled.body.to_string().contains("hunter"));

        // Who may read both brings it in, and what the fork makes of it goes back without taking the secret away.
        set(&petra, &taken, json!([{ "key": "host", "value": "three" }])).await;
        let merged = merge(&world.paula, &taken, json!({})).await;
        assert_eq!(merged.at("/applied"), true, "{}", merged.body);
        assert_eq!(values(&world.paula, &parent).await, [json!("hunter3"), json!("three")]);
        // A secret of the fork's own that the merger may not read stays there.
        set(&petra, &taken, json!([{ "key": "token", "value": "of the partner", "type": "secret" }])).await;
        assert!(world.devi.ask("query($id: ID!) { element(id: $id) { id } }", json!({ "id": taken })).await.refusal().starts_with("NOT_FOUND"));
        assert!(merge(&world.devi, &taken, json!({})).await.refusal().starts_with("NOT_FOUND"));
    }

    async fn the_same_secret_on_both_sides_is_no_conflict_and_another_one_is_told_without_its_value(app) {
        let world = partnership(&app).await;
        let parent = import(&world.devi, &world.workspace, &environment("hunter2", "one")).await;
        let taken = fork(&world.devi, &parent, &world.workspace).await;
        assert_eq!(values(&world.devi, &taken).await, [json!("hunter2"), json!("one")]);
        for element in [&parent, &taken] {
            set(&world.devi, element, json!([{ "key": "token", "value": "the same", "type": "secret" }])).await;
        }
        let pulled = pull(&world.devi, &taken, json!({})).await;
        assert_eq!((pulled.at("/applied"), pulled.at("/conflicts")), (&json!(true), &json!([])), "{}", pulled.body);
        set(&world.devi, &parent, json!([{ "key": "token", "value": "p4rent", "type": "secret" }])).await;
        set(&world.devi, &taken, json!([{ "key": "token", "value": "f0rk", "type": "secret" }])).await;
        let refused = pull(&world.devi, &taken, json!({})).await;
        let conflict = refused.at("/conflicts/0");
        assert_eq!((&conflict["path"], &conflict["isSecret"], &conflict["parent"]), (&json!("/values/token"), &json!(true), &Value::Null));
        assert!(!refused.body.to_string().contains("sealed") && !refused.body.to_string().contains("p4rent"));
        let taken_over = pull(&world.devi, &taken, json!({ "resolveAll": "PARENT" })).await;
        assert_eq!(taken_over.at("/applied"), true);
        assert_eq!(values(&world.devi, &taken).await, [json!("p4rent"), json!("one")]);
    }
}
