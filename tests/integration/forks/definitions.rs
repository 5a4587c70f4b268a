//! Pulling and merging, with documents that are one node: definitions and environments.

use super::{fork, merge, paths, pull, read, with};
use crate::documents::{export, import, workspace};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

const FIRST: &str = "type Query {\n  pets: Int\n}\n\n\n\ntype Pet {\n  name: String\n}\n";

async fn update(by: &Person, api: &str, definition: &str) {
    let input = json!({ "apiId": api, "definition": definition });
    assert!(by.mutate("updateApi", "api { version }", input).await.is_ok());
}

async fn set(by: &Person, environment: &str, key: &str, value: &str) {
    let input = json!({ "environmentId": environment, "setValues": [{ "key": key, "value": value }] });
    assert!(by.mutate("updateEnvironment", "environment { version }", input).await.is_ok());
}

fn environment(values: &[(&str, &str)]) -> String {
    let values: Vec<Value> = values.iter().map(|(key, value)| json!({ "key": key, "value": value, "enabled": true })).collect();
    json!({ "name": "Test", "values": values }).to_string()
}

on_both! {
    async fn changes_of_both_sides_hold(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, FIRST).await;
        let taken = fork(&ada, &parent, &home).await;
        update(&ada, &parent, &FIRST.replace("pets: Int", "pets: Int\n  dogs: Int")).await;
        update(&ada, &taken, &FIRST.replace("name: String", "name: String\n  age: Int")).await;
        let link = read(&ada, &taken).await;
        assert_eq!((&link["behind"], &link["incoming"]["nodes"][0]["kind"], &link["outgoing"]["nodes"][0]["kind"]), (&json!(true), &json!("CHANGED"), &json!("CHANGED")));

        let tried = pull(&ada, &taken, json!({ "dryRun": true })).await;
        assert_eq!((tried.at("/applied"), tried.at("/changeCount"), tried.at("/element/version")), (&json!(false), &json!(1), &json!(2)));
        let pulled = pull(&ada, &taken, json!({})).await;
        assert_eq!((pulled.at("/applied"), pulled.at("/element/version"), pulled.at("/conflicts")), (&json!(true), &json!(3), &json!([])));
        let both = FIRST.replace("pets: Int", "pets: Int\n  dogs: Int").replace("name: String", "name: String\n  age: Int");
        assert_eq!(export(&ada, &taken, None).await, json!(both).to_string());
        let link = read(&ada, &taken).await;
        assert_eq!((&link["behind"], &link["parentVersion"], &link["incoming"]["nodes"]), (&json!(false), &json!(2), &json!([])));
        let again = pull(&ada, &taken, json!({})).await;
        assert_eq!((again.at("/applied"), again.at("/changeCount"), again.at("/element/version")), (&json!(true), &json!(0), &json!(3)));

        let merged = merge(&ada, &taken, json!({})).await;
        assert_eq!((merged.at("/applied"), merged.at("/element/id"), merged.at("/element/version")), (&json!(true), &json!(parent), &json!(3)));
        assert_eq!(export(&ada, &parent, None).await, json!(both).to_string());
        assert_eq!(read(&ada, &taken).await["behind"], false, "what it was merged into is what it has");
    }

    async fn merges_go_on_from_where_the_sides_last_met(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &environment(&[("a", "1"), ("b", "1"), ("c", "1")])).await;
        let taken = fork(&ada, &parent, &home).await;
        for round in 2..6 {
            let (round, other) = (round.to_string(), format!("{round}{round}"));
            set(&ada, &parent, "a", &round).await;
            set(&ada, &taken, "b", &other).await;
            // Crosswise: into the parent while the fork has not seen what the parent has.
            let merged = merge(&ada, &taken, json!({})).await;
            assert_eq!(merged.at("/applied"), true, "{}", merged.body);
            assert_eq!(read(&ada, &taken).await["behind"], true, "the parent has what the fork has not");
            set(&ada, &taken, "c", &other).await;
            let pulled = pull(&ada, &taken, json!({})).await;
            assert_eq!((pulled.at("/applied"), pulled.at("/conflicts")), (&json!(true), &json!([])), "{}", pulled.body);
            let now = export(&ada, &taken, None).await;
            for (key, value) in [("a", &round), ("b", &other), ("c", &other)] {
                assert!(now.contains(&format!(r#""key":"{key}","value":"{value}""#)), "{now}");
            }
        }
    }

    async fn conflicts_are_told_and_nothing_is_written_until_each_is_resolved(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &environment(&[("a", "1"), ("b", "1"), ("c", "1")])).await;
        let taken = fork(&ada, &parent, &home).await;
        for (element, value) in [(&parent, "of the parent"), (&taken, "of the fork")] {
            set(&ada, element, "a", value).await;
            set(&ada, element, "b", value).await;
        }
        set(&ada, &parent, "c", "2").await;
        let refused = pull(&ada, &taken, json!({})).await;
        assert_eq!((refused.at("/applied"), refused.at("/element/version"), refused.at("/conflictCount")), (&json!(false), &json!(3), &json!(2)));
        assert_eq!(paths(&refused), ["/values/a/value", "/values/b/value"]);
        let first = &refused.list("/conflicts")[0];
        assert_eq!((&first["base"], &first["parent"], &first["fork"]), (&json!("1"), &json!("of the parent"), &json!("of the fork")));
        let before = export(&ada, &taken, None).await;
        let take = |path: &str, side: &str| json!({ "path": path, "take": side });
        for (more, refusal) in [
            (json!({ "resolutions": [take("/values/a/value", "FORK"), take("/values/a/value", "PARENT")] }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/resolutions"),
            (json!({ "resolveAll": "FORK", "resolutions": [take("/values/c/value", "FORK")] }), "BAD_USER_INPUT/NO_CONFLICT/resolutions"),
            (json!({ "resolutions": [take("/nowhere", "FORK")] }), "BAD_USER_INPUT/NO_CONFLICT/resolutions"),
        ] {
            assert_eq!(pull(&ada, &taken, more).await.refusal(), refusal);
        }
        let one = pull(&ada, &taken, json!({ "resolutions": [take("/values/a/value", "FORK")] })).await;
        assert_eq!((one.at("/applied"), paths(&one)), (&json!(false), vec!["/values/b/value".to_owned()]));
        assert_eq!(export(&ada, &taken, None).await, before, "nothing was written so far");

        let done = pull(&ada, &taken, json!({ "resolveAll": "PARENT", "resolutions": [take("/values/a/value", "FORK")] })).await;
        assert_eq!((done.at("/applied"), done.at("/element/version")), (&json!(true), &json!(4)));
        let now = export(&ada, &taken, None).await;
        for part in [r#""key":"a","value":"of the fork""#, r#""key":"b","value":"of the parent""#, r#""key":"c","value":"2""#] {
            assert!(now.contains(part), "{now}");
        }
        assert_eq!(read(&ada, &taken).await["incoming"]["nodes"], json!([]));
    }

    async fn every_change_is_counted_and_the_first_of_them_are_told(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &environment(&[])).await;
        let taken = fork(&ada, &parent, &home).await;
        let keys: Vec<String> = (0..600).map(|number| format!("key-{number}")).collect();
        let many: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "1")).collect();
        let input = json!({ "elementId": parent, "content": environment(&many) });
        assert!(ada.mutate("replaceElement", "element { id }", input).await.is_ok());
        assert_eq!(pull(&ada, &taken, json!({})).await.at("/changeCount"), 600);
        let query = "query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { kind data } } } }";
        let told = ada.ask(query, json!({ "id": home })).await;
        let data = told.at("/workspace/activity/nodes/0/data");
        assert_eq!((data["added"].as_array().unwrap().len(), &data["complete"]), (500, &json!(false)));
    }

    async fn what_becomes_of_the_fork_is_chosen(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let parent = import(&ada, &home, &environment(&[("a", "1"), ("b", "1")])).await;
        let (kept, updated, deleted) = (fork(&ada, &parent, &home).await, fork(&ada, &parent, &home).await, fork(&ada, &parent, &home).await);
        set(&ada, &parent, "b", "2").await;
        for (fork, strategy, value) in [(&kept, "KEEP_FORK", "kept"), (&updated, "UPDATE_FORK", "updated"), (&deleted, "DELETE_FORK", "deleted")] {
            set(&ada, fork, "a", value).await;
            let merged = merge(&ada, fork, json!({ "strategy": strategy, "resolveAll": "FORK" })).await;
            assert_eq!(merged.at("/applied"), true, "{strategy}: {}", merged.body);
            assert!(export(&ada, &parent, None).await.contains(value));
        }
        assert!(export(&ada, &kept, None).await.contains(r#""key":"b","value":"1""#));
        assert!(export(&ada, &updated, None).await.contains(r#""key":"b","value":"2""#));
        assert_eq!(ada.ask("query($id: ID!) { element(id: $id) { id } }", json!({ "id": deleted })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
    }

    async fn versions_are_compared(app) {
        let ada = app.person("Ada").await;
        let home = workspace(&app, &ada).await;
        let element = import(&ada, &home, &environment(&[("a", "1"), ("b", "1")])).await;
        set(&ada, &element, "a", "2").await;
        let input = json!({ "environmentId": element, "setValues": [{ "key": "d", "value": "new" }], "removeKeys": ["b"] });
        assert!(ada.mutate("updateEnvironment", "environment { version }", input).await.is_ok());
        let query = "query($id: ID!, $from: Int!, $to: Int, $first: Int, $after: String) { element(id: $id) {
            diff(from: $from, to: $to, first: $first, after: $after) { nodes { kind name before after } pageInfo { hasNextPage endCursor } } } }";
        let all = ada.ask(query, json!({ "id": element, "from": 1 })).await;
        let told: Vec<_> = all.list("/element/diff/nodes").iter().map(|node| (node["kind"].as_str().unwrap(), node["name"].as_str().unwrap())).collect();
        assert_eq!(told, [("CHANGED", "a"), ("REMOVED", "b"), ("ADDED", "d")]);
        assert_eq!(all.at("/element/diff/nodes/0/before/value"), "1");
        assert_eq!(all.at("/element/diff/nodes/0/after/value"), "2");
        let back = ada.ask(query, json!({ "id": element, "from": 3, "to": 2 })).await;
        assert_eq!(back.list("/element/diff/nodes").len(), 2);
        let (mut names, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = ada.ask(query, json!({ "id": element, "from": 1, "first": 1, "after": after })).await;
            names.extend(page.list("/element/diff/nodes").iter().map(|node| node["name"].as_str().unwrap().to_owned()));
            if page.at("/element/diff/pageInfo/hasNextPage") == false {
                break;
            }
            after = page.at("/element/diff/pageInfo/endCursor").clone();
        }
        assert_eq!(names, ["a", "b", "d"]);
        for (more, refusal) in [
            (json!({ "from": 0 }), "BAD_USER_INPUT/OUT_OF_RANGE/from"),
            (json!({ "from": 1, "to": 4 }), "BAD_USER_INPUT/OUT_OF_RANGE/to"),
            (json!({ "from": 1, "after": "nonsense" }), "BAD_USER_INPUT/INVALID_CURSOR/after"),
        ] {
            assert_eq!(ada.ask(query, with(json!({ "id": element }), &more)).await.refusal(), refusal);
        }
    }
}
