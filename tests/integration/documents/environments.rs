//! Environments: made, edited by several people, and come out as they were.

use super::files::files;
use super::{export, import, workspace};
use crate::support::{Answer, Person, on_both};
use serde_json::{Value, json};
use std::fs;

pub const VARIABLES: &str = "query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { element(id: $id) { name version sizeBytes ... on Environment { scope
    variables(first: $first, after: $after, last: $last, before: $before) { pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
        nodes { key value type enabled isSecret isMasked description } } } } }";

/// Makes an environment with these variables.
pub async fn create(person: &Person, workspace: &str, values: Value) -> String {
    let input = json!({ "workspaceId": workspace, "name": "Staging", "values": values });
    person.mutate("createEnvironment", "environment { id }", input).await.text("/environment/id")
}

/// Edits an environment.
pub async fn update(person: &Person, environment: &str, edit: Value) -> Answer {
    let mut input = edit;
    input["environmentId"] = json!(environment);
    person.mutate("updateEnvironment", "environment { version name }", input).await
}

/// The variables of an environment, as this person reads them.
pub async fn read(person: &Person, environment: &str) -> Vec<Value> {
    person.ask(VARIABLES, json!({ "id": environment, "first": 100 })).await.list("/element/variables/nodes").clone()
}

/// The document of an environment.
async fn document(person: &Person, environment: &str) -> Value {
    serde_json::from_str(&export(person, environment, None).await).unwrap()
}

on_both! {
    async fn an_environment_is_made_read_page_by_page_and_exported(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let values: Vec<Value> = (0..120).map(|number| json!({ "key": format!("k{number}"), "value": format!("v{number}") })).collect();
        let staging = create(&ada, &workspace, json!(values)).await;
        let first = ada.ask(VARIABLES, json!({ "id": staging, "first": 100 })).await;
        assert_eq!(first.at("/element/scope"), "ENVIRONMENT");
        assert_eq!(first.list("/element/variables/nodes").len(), 100);
        assert_eq!(first.at("/element/variables/nodes/7"), &json!({
            "key": "k7", "value": "v7", "type": "default", "enabled": true, "isSecret": false, "isMasked": false, "description": null,
        }));
        let rest = ada.ask(VARIABLES, json!({ "id": staging, "first": 100, "after": first.at("/element/variables/pageInfo/endCursor") })).await;
        assert_eq!((rest.list("/element/variables/nodes").len(), rest.at("/element/variables/pageInfo/hasNextPage")), (20, &json!(false)));
        let last = ada.ask(VARIABLES, json!({ "id": staging, "last": 3, "before": rest.at("/element/variables/pageInfo/startCursor") })).await;
        assert_eq!(last.at("/element/variables/nodes/2/key"), "k99");
        let exported = export(&ada, &staging, Some("ENVIRONMENT")).await;
        assert_eq!(first.at("/element/sizeBytes"), exported.len());
        let exported: Value = serde_json::from_str(&exported).unwrap();
        assert_eq!((&exported["name"], &exported["_postman_variable_scope"]), (&json!("Staging"), &json!("environment")));
        assert_eq!(exported["values"][0], json!({ "key": "k0", "value": "v0", "type": "default", "enabled": true }));
        let input = json!({ "workspaceId": workspace, "name": "Everywhere", "scope": "GLOBALS" });
        let globals = ada.mutate("createEnvironment", "environment { id scope }", input).await;
        assert_eq!(globals.at("/environment/scope"), "GLOBALS");
        assert_eq!(document(&ada, &globals.text("/environment/id")).await["_postman_variable_scope"], "globals");
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED", "ELEMENT_CREATED", "ELEMENT_CREATED"]);
    }

    async fn an_edit_changes_what_it_names_and_leaves_the_rest_as_the_file_has_it(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let file = r#"{"id":"e","name":"File","x-own":[1.0],"values":[{"key":"a","value":1.50,"disabled":true,"x":{"y":null}},{"key":"a","value":"two","type":"any","extra":[]},{"key":"b","value":"b","enabled":false,"description":"B"}],"_postman_variable_scope":"environment"}"#;
        let environment = import(&ada, &workspace, file).await;
        let edit = json!({ "message": "Set", "setValues": [{ "key": "a", "value": "2" }, { "key": "b", "enabled": true }, { "key": "c" }], "expectedVersion": 1 });
        assert_eq!(update(&ada, &environment, edit.clone()).await.at("/environment/version"), 2);
        let expected = file.replace(r#""two""#, r#""2""#).replace(r#""enabled":false"#, r#""enabled":true"#)
            .replace(r#""B"}]"#, r#""B"},{"key":"c","value":"","type":"default","enabled":true}]"#);
        assert_eq!(export(&ada, &environment, None).await, expected);
        // The same again changes nothing.
        let mut again = edit;
        again["expectedVersion"] = json!(2);
        assert_eq!(update(&ada, &environment, again).await.at("/environment/version"), 2);
        // So does sending back all that was read.
        let all: Vec<Value> = read(&ada, &environment).await.into_iter().map(|mut variable| {
            let fields = variable.as_object_mut().unwrap();
            fields.remove("isSecret");
            fields.remove("isMasked");
            variable
        }).collect();
        assert_eq!(update(&ada, &environment, json!({ "values": all })).await.at("/environment/version"), 2);
        assert_eq!(update(&ada, &environment, json!({})).await.at("/environment/version"), 2);
        // All of it in another order, without one, under another name.
        let edit = json!({ "name": "Renamed", "values": [all[3], all[0], { "key": "a", "value": "second" }] });
        assert_eq!(update(&ada, &environment, edit).await.at("/environment/name"), "Renamed");
        let now = document(&ada, &environment).await;
        assert_eq!(now["values"], json!([
            { "key": "c", "value": "", "type": "default", "enabled": true },
            { "key": "a", "value": 1.5, "disabled": true, "x": { "y": null } },
            { "key": "a", "value": "second", "type": "any", "extra": [] },
        ]));
        assert_eq!((&now["name"], &now["x-own"]), (&json!("Renamed"), &json!([1.0])));
        assert!(update(&ada, &environment, json!({ "removeKeys": ["a", "nobody"] })).await.is_ok());
        assert_eq!(document(&ada, &environment).await["values"].as_array().unwrap().len(), 1);

        let query = "query($id: ID!) { element(id: $id) { name revisions(first: 10) { nodes { version message changes } } } }";
        let history = ada.ask(query, json!({ "id": environment })).await;
        let changes: Vec<&Value> = history.list("/element/revisions/nodes").iter().map(|revision| &revision["changes"]).collect();
        assert_eq!(json!(changes), json!([
            [],
            [{ "setValues": { "keys": ["a", "b", "c"], "count": 3 } }],
            [{ "name": {} }, { "values": { "keys": ["a"], "count": 1 } }, { "removeKeys": { "keys": ["b"], "count": 1 } }],
            [{ "removeKeys": { "keys": ["a"], "count": 1 } }],
        ]));
        assert_eq!(history.at("/element/revisions/nodes/1/message"), "Set");
        let restore = json!({ "elementId": environment, "version": 1 });
        let restored = ada.mutate("restoreRevision", "element { name version }", restore).await;
        assert_eq!((restored.at("/element/name"), restored.at("/element/version")), (&json!("File"), &json!(5)));
        assert_eq!(export(&ada, &environment, None).await, file);
    }

    async fn a_client_follows_by_what_the_workspace_is_told(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let environment = create(&ada, &workspace, json!([{ "key": "a", "value": "1" }, { "key": "gone" }])).await;
        let set = json!([{ "key": "a", "value": "2" }, { "key": "s", "value": "hush", "type": "secret", "description": "S" }]);
        assert!(update(&ada, &environment, json!({ "setValues": set, "removeKeys": ["gone"] })).await.is_ok());
        assert!(update(&ada, &environment, json!({ "values": [{ "key": "s" }, { "key": "n", "enabled": false }] })).await.is_ok());
        let large = "x".repeat(70_000);
        assert!(update(&ada, &environment, json!({ "setValues": [{ "key": "n", "value": large }] })).await.is_ok());
        let query = "query($id: ID!) { workspace(id: $id) { activity(last: 3) { nodes { kind message targetId data } } } }";
        let told = ada.ask(query, json!({ "id": workspace })).await;
        let secret = json!({ "key": "s", "value": null, "type": "secret", "enabled": true, "isSecret": true, "description": "S" });
        let plain = |key: &str, value: &str, enabled: bool| json!({ "key": key, "value": value, "type": "default", "enabled": enabled, "isSecret": false, "description": null });
        assert_eq!(told.at("/workspace/activity/nodes/0"), &json!({
            "kind": "ENVIRONMENT_UPDATED", "message": "Ada edited the environment Staging.", "targetId": environment,
            "data": {
                "elementId": environment, "name": "Staging", "version": 2, "replaced": false, "complete": true,
                "set": [plain("a", "2", true), secret], "removed": ["gone"],
            },
        }));
        assert_eq!(told.at("/workspace/activity/nodes/1/data"), &json!({
            "elementId": environment, "name": "Staging", "version": 3, "replaced": true, "complete": true,
            "set": [secret, plain("n", "", false)], "removed": ["a"],
        }));
        assert_eq!(told.at("/workspace/activity/nodes/2/data"), &json!({
            "elementId": environment, "name": "Staging", "version": 4, "replaced": false, "complete": false, "set": [], "removed": [],
        }));
    }

    async fn two_people_who_set_different_variables_at_once_both_hold(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
        ada.invite(&workspace, &mo, "EDITOR").await;
        let environment = create(&ada, &workspace, json!([{ "key": "ada", "value": "0" }, { "key": "mo", "value": "0", "type": "secret" }])).await;
        let rounds = 200;
        for round in 1..=rounds {
            let set = |key: &str| json!({ "setValues": [{ "key": key, "value": format!("{key} {round}") }], "removeKeys": [format!("{key} {}", round - 1)] });
            let (one, other) = tokio::join!(update(&ada, &environment, set("ada")), update(&mo, &environment, set("mo")));
            assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
            let values: Vec<Value> = read(&ada, &environment).await.iter().map(|variable| variable["value"].clone()).collect();
            assert_eq!(values, [format!("ada {round}"), format!("mo {round}")]);
        }
        let answer = ada.ask(VARIABLES, json!({ "id": environment })).await;
        assert_eq!(answer.at("/element/version"), 1 + 2 * rounds, "every edit is a revision");
        // Of two who have read the same version one is told what the other did.
        let version = 1 + 2 * rounds;
        let set = |key: &str| json!({ "setValues": [{ "key": key, "value": "last" }], "expectedVersion": version });
        let (one, other) = tokio::join!(update(&ada, &environment, set("ada")), update(&mo, &environment, set("mo")));
        let (winner, loser, key) = if one.is_ok() { (one, other, "ada") } else { (other, one, "mo") };
        assert_eq!(winner.at("/environment/version"), version + 1);
        assert_eq!(loser.refusal(), "CONFLICT/STALE_VERSION/expectedVersion");
        let extensions = &loser.body["errors"][0]["extensions"];
        assert_eq!(extensions["currentVersion"], version + 1);
        assert_eq!(extensions["changes"], json!([{ "version": version + 1, "operations": [{ "setValues": { "keys": [key], "count": 1 } }] }]));
    }

    async fn what_cannot_be_done_is_refused_with_its_place_and_changes_nothing(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let environment = create(&ada, &workspace, json!([{ "key": "a", "value": "1" }])).await;
        let before = export(&ada, &environment, None).await;
        let many: Vec<Value> = (0..10_001).map(|number| json!({ "key": number.to_string() })).collect();
        let large = "x".repeat(usize::try_from(app.parts.app.settings.documents.environment).unwrap());
        let api = ada.mutate("createApi", "api { id }", json!({ "workspaceId": workspace, "name": "A", "definition": "type Query { a: Int }" })).await.text("/api/id");
        for (edit, refusal) in [
            (json!({ "values": [], "setValues": [{ "key": "a" }] }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/values"),
            (json!({ "values": [], "removeKeys": ["a"] }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/values"),
            (json!({ "setValues": [{ "key": "a" }, { "key": "a" }] }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/setValues"),
            (json!({ "setValues": [{ "key": "a" }], "removeKeys": ["a"] }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/removeKeys"),
            (json!({ "setValues": [{ "key": "b" }, { "key": "" }] }), "BAD_USER_INPUT/EMPTY/setValues"),
            (json!({ "setValues": [{ "key": "k".repeat(256) }] }), "BAD_USER_INPUT/TOO_LONG/setValues"),
            (json!({ "values": [{ "key": "a\u{0}" }] }), "BAD_USER_INPUT/INVALID_FORMAT/values"),
            (json!({ "values": [{ "key": "a", "type": "" }] }), "BAD_USER_INPUT/EMPTY/values"),
            (json!({ "setValues": [{ "key": "a", "type": "t".repeat(65) }] }), "BAD_USER_INPUT/TOO_LONG/setValues"),
            (json!({ "name": "" }), "BAD_USER_INPUT/EMPTY/name"),
            (json!({ "setValues": [{ "key": "a", "value": large }] }), "BAD_USER_INPUT/TOO_LARGE/setValues"),
            (json!({ "expectedVersion": 7 }), "CONFLICT/STALE_VERSION/expectedVersion"),
        ] {
            let answer = update(&ada, &environment, edit.clone()).await;
            assert_eq!(answer.refusal(), refusal, "{}", &edit.to_string()[..edit.to_string().len().min(200)]);
        }
        let answer = update(&ada, &environment, json!({ "setValues": [{ "key": "b" }, { "key": "" }] })).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["index"], 1);
        // A document of so many is refused on its way in, if it is not refused for what it holds.
        let answer = update(&ada, &environment, json!({ "values": many })).await;
        assert_eq!(answer.refusal(), "BAD_USER_INPUT/TOO_MANY/values");
        assert_eq!(update(&ada, &api, json!({})).await.refusal(), "BAD_USER_INPUT/WRONG_KIND/environmentId");
        assert_eq!(update(&ada, "element_01h455vb4pex5vsknk084sn02q", json!({})).await.refusal(), "NOT_FOUND/UNKNOWN_ID/environmentId");
        let create = |values: Value| ada.mutate("createEnvironment", "environment { id }", json!({ "workspaceId": workspace, "name": "N", "values": values }));
        assert_eq!(create(json!([{ "key": "" }])).await.refusal(), "BAD_USER_INPUT/EMPTY/values");
        assert_eq!(export(&ada, &environment, None).await, before);
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED", "ELEMENT_CREATED", "ELEMENT_CREATED"]);
    }

    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    async fn environments_of_others_come_back_as_they_were(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut seen = 0;
        for path in files("environments") {
            // What is no UTF-8 cannot be said in GraphQL: it comes in as a file.
            let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) else { continue };
            let environment = import(&ada, &workspace, &text).await;
            let original: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            assert_eq!(export(&ada, &environment, None).await, original.to_string(), "{}", path.display());
            let count = original.as_array().or(original["values"].as_array()).unwrap().len();
            assert_eq!(read(&ada, &environment).await.len(), count, "{}", path.display());
            // An edit leaves everything else as it was, and another one undoes it.
            assert!(update(&ada, &environment, json!({ "setValues": [{ "key": "added by a test" }] })).await.is_ok());
            assert!(update(&ada, &environment, json!({ "removeKeys": ["added by a test"] })).await.is_ok());
            assert_eq!(export(&ada, &environment, None).await, original.to_string(), "{}", path.display());
            seen += 1;
        }
        assert_eq!(seen, 9);
    }
}
