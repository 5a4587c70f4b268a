//! Secrets of environments: kept sealed, shown to those only who may edit, and nowhere else.

use super::environments::{VARIABLES, create, read, update};
use super::{export, import, workspace};
use crate::invitations::{Partnership, bring, partnership};
use crate::isolation::database::Direct;
use crate::support::socket::Socket;
use crate::support::{Person, TestApp, on_both};
use portico::domain::{ElementId, TeamId, UserId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use uuid::Uuid;

const SECRET: &str = "hunter2-Größe";

fn secret(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": value, "type": "secret" })
}

/// A text in which every way that the databases write a value is found, in lower case.
async fn everything(app: &TestApp) -> String {
    let dump = Direct::open(&app.database.url).await.dump().await;
    let mut text = format!("{dump:?}").to_lowercase();
    // What is deleted may still stand in the file.
    if let Some(path) = app.database.url.strip_prefix("sqlite://") {
        let path = path.split('?').next().unwrap();
        for suffix in ["", "-wal"] {
            text.push_str(&String::from_utf8_lossy(&fs::read(format!("{path}{suffix}")).unwrap_or_default()).to_lowercase());
        }
    }
    text
}

/// The ways in which a database or JSON may write a text.
fn spellings(plain: &str) -> [String; 3] {
    let hex = plain.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let ascii: String = plain
        .chars()
        .map(|character| if character.is_ascii() { character.to_string() } else { format!("\\u{:04x}", u32::from(character)) })
        .collect();
    [plain.to_lowercase(), hex, ascii.to_lowercase()]
}

/// The sealed values in all that is kept.
async fn sealed(app: &TestApp) -> BTreeSet<String> {
    let rows = Direct::open(&app.database.url).await.all("SELECT bytes FROM node").await;
    let nodes = rows.iter().map(|row| String::from_utf8(row.try_get_by_index::<Vec<u8>>(0).unwrap()).unwrap());
    let texts = nodes.flat_map(|node| node.split('"').filter(|text| text.starts_with("sealed:1:")).map(str::to_owned).collect::<Vec<_>>());
    texts.collect()
}

/// What somebody reads of the first variable: its value, and whether that is masked.
async fn first(person: &Person, environment: &str) -> (Value, bool) {
    let variable = read(person, environment).await.remove(0);
    assert_eq!(variable["isSecret"], true);
    (variable["value"].clone(), variable["isMasked"] == true)
}

/// What somebody exports of an environment, of this version.
async fn exported(person: &Person, environment: &str, version: i32, with_secrets: bool) -> String {
    let query = "query($id: ID!, $version: Int, $with: Boolean!) { element(id: $id) { export(version: $version, withSecrets: $with) } }";
    person.ask(query, json!({ "id": environment, "version": version, "with": with_secrets })).await.at("/element/export").to_string()
}

async fn grant(app: &TestApp, team: &str, element: &str, person: &Person) {
    let text =
        "INSERT INTO element_grant (id, team_id, element_id, user_id, side, role, granted_at) VALUES ($1, $2, $3, $4, 'TEAM', 'EDITOR', 0)";
    let (team, element, user): (TeamId, ElementId, UserId) = (team.parse().unwrap(), element.parse().unwrap(), person.id.parse().unwrap());
    let values = [Uuid::from_u128(7), team.uuid(), element.uuid(), user.uuid()];
    app.sql(text, values.into_iter().map(Into::into).collect()).await;
}

on_both! {
    async fn no_secret_is_anywhere_in_the_database(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let marked = |number: usize| format!("{SECRET}-{number}");
        let creation = json!({ "workspaceId": workspace, "name": "Made", "values": [secret("a", &marked(0)), { "key": "b", "value": "plain-to-see" }], "idempotencyKey": "make" });
        let made = ada.mutate("createEnvironment", "environment { id }", creation.clone()).await.text("/environment/id");
        assert_eq!(ada.mutate("createEnvironment", "environment { id }", creation).await.text("/environment/id"), made);
        let file = json!({ "name": "In", "values": [secret("a", &marked(1)), { "key": "n", "value": { "deep": marked(2) }, "type": "secret" }] });
        let input = json!({ "workspaceId": workspace, "content": file.to_string(), "idempotencyKey": "in" });
        let imported = ada.mutate("importElements", "elements { id }", input.clone()).await.text("/elements/0/id");
        assert_eq!(ada.mutate("importElements", "elements { id }", input).await.text("/elements/0/id"), imported);
        assert_eq!(export(&ada, &imported, None).await, file.to_string());
        for (number, key) in [(3, "setValues"), (4, "values")] {
            let edit = json!({ key: [secret("a", &marked(number))], "message": "New", "idempotencyKey": format!("edit {number}") });
            assert!(update(&ada, &made, edit.clone()).await.is_ok());
            assert!(update(&ada, &made, edit).await.is_ok());
        }
        let replace = json!({ "elementId": imported, "content": json!({ "values": [secret("a", &marked(5))] }).to_string(), "idempotencyKey": "replace" });
        for _ in 0..2 {
            assert_eq!(ada.mutate("replaceElement", "element { version }", replace.clone()).await.at("/element/version"), 2);
        }
        let mut refused = Vec::new();
        for edit in [
            json!({ "setValues": [secret("a", &marked(6))], "expectedVersion": 1 }),
            json!({ "setValues": [secret("a", &marked(7)), { "key": "" }], "idempotencyKey": "refused" }),
            json!({ "values": [secret("a", &marked(8))], "removeKeys": ["a"] }),
            json!({ "setValues": [{ "key": "a", "value": marked(9), "type": "t".repeat(65) }], "idempotencyKey": "edit 3" }),
        ] {
            let answer = update(&ada, &made, edit).await;
            assert!(!answer.body.to_string().contains(SECRET), "{answer:?}");
            refused.push(answer.refusal());
        }
        assert_eq!(refused, [
            "CONFLICT/STALE_VERSION/expectedVersion", "BAD_USER_INPUT/EMPTY/setValues", "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/values",
            "CONFLICT/IDEMPOTENCY_KEY_REUSED/idempotencyKey",
        ]);
        // What becomes secret is sealed, what is no secret any more is not.
        assert!(update(&ada, &made, json!({ "setValues": [{ "key": "a", "type": "default", "value": "opened-to-all" }] })).await.is_ok());
        assert!(update(&ada, &made, json!({ "setValues": [{ "key": "a", "type": "secret", "value": marked(10) }] })).await.is_ok());
        let bring_back = json!({ "elementId": made, "version": 1 });
        assert!(ada.mutate("restoreRevision", "element { version }", bring_back).await.is_ok());
        assert_eq!(first(&ada, &made).await, (json!(marked(0)), false));
        app.run_jobs().await;

        let kept = everything(&app).await;
        for spelling in spellings(SECRET) {
            assert!(!kept.contains(&spelling), "{spelling}");
        }
        for visible in ["plain-to-see", "opened-to-all"] {
            assert!(spellings(visible).iter().any(|spelling| kept.contains(spelling)), "the search finds {visible}");
        }
        assert_eq!(sealed(&app).await.len(), 7, "each value once, whatever was refused");
    }

    async fn what_does_not_change_stays_sealed_as_it_is(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let file = json!({ "name": "In", "values": [
            secret("a", "one"), secret("a", "one"), secret("b", "two"), { "key": "n", "value": null, "type": "secret" }, { "key": "p", "value": "1" },
        ] });
        let environment = import(&ada, &workspace, &file.to_string()).await;
        let before = sealed(&app).await;
        assert_eq!(before.len(), 3, "two that are equal do not look so");
        let edit = json!({ "setValues": [{ "key": "p", "value": "2" }, { "key": "b", "enabled": false }, { "key": "a", "value": "one" }] });
        assert_eq!(update(&ada, &environment, edit).await.at("/environment/version"), 2);
        let replace = |text: String| ada.mutate("replaceElement", "element { version }", json!({ "elementId": environment, "content": text }));
        assert_eq!(replace(file.to_string()).await.at("/element/version"), 3);
        assert_eq!(replace(file.to_string()).await.at("/element/version"), 3, "the same again is nothing new");
        let all: Vec<Value> = read(&ada, &environment).await.iter().map(|variable| json!({ "key": variable["key"], "value": variable["value"] })).collect();
        assert_eq!(update(&ada, &environment, json!({ "values": all })).await.at("/environment/version"), 3);
        assert_eq!(sealed(&app).await, before);
        // One that is changed is sealed anew, with the key of the environment.
        assert!(update(&ada, &environment, json!({ "setValues": [{ "key": "b", "value": "three" }, secret("c", "four")] })).await.is_ok());
        assert_eq!(sealed(&app).await.difference(&before).count(), 2);
        assert_eq!(app.database.number("SELECT count(*) FROM data_key").await, 1);
        // One that is no secret any more is open, and one that looks as if it were sealed is a text like any other.
        let looks = before.first().unwrap();
        let edit = json!({ "setValues": [{ "key": "b", "type": "default" }, secret("c", looks), { "key": "p", "value": looks }] });
        assert!(update(&ada, &environment, edit).await.is_ok());
        let values: Vec<Value> = read(&ada, &environment).await.iter().map(|variable| variable["value"].clone()).collect();
        assert_eq!(json!(values), json!(["one", "one", "three", null, looks, looks]));
        assert_eq!(exported(&ada, &environment, 5, false).await.matches("three").count(), 1);
    }

    async fn only_who_may_edit_reads_secrets(app) {
        let Partnership { ada, paula, devi, team, workspace } = partnership(&app).await;
        let (vera, pete, ned, edna) = (app.person("Vera").await, app.person_at("Pete", "pete@globex.example").await, app.person_at("Ned", "ned@globex.example").await, app.person("Edna").await);
        let input = json!({ "teamId": team, "emails": [vera.email, edna.email], "roles": ["DEVELOPER"] });
        assert!(ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        for person in [&vera, &edna] {
            devi.invite(&workspace, person, "VIEWER").await;
        }
        bring(&app, &paula, &workspace, &pete, "EDITOR", false).await;
        bring(&app, &paula, &workspace, &ned, "VIEWER", false).await;
        let environment = create(&devi, &workspace, json!([secret("a", SECRET), { "key": "b", "value": "open" }])).await;
        grant(&app, &team, &environment, &edna).await;
        let last = "query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { cursor } } } }";
        let after = vera.ask(last, json!({ "id": workspace })).await.text("/workspace/activity/nodes/0/cursor");
        let activity = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { kind message data } }";
        let mut socket = Socket::subscribe(&app, &vera, activity, json!({ "id": workspace, "after": after })).await;
        assert!(update(&devi, &environment, json!({ "setValues": [{ "key": "b", "value": "open 2" }, secret("a", "second secret")] })).await.is_ok());
        let told = socket.next().await;
        assert_eq!(told["workspaceActivity"]["data"]["set"][0], json!({ "key": "a", "value": null, "type": "secret", "enabled": true, "isSecret": true, "description": null }));
        for (person, may) in [(&devi, true), (&pete, true), (&edna, true), (&paula, true), (&vera, false), (&ned, false)] {
            let expected = if may { (json!("second secret"), false) } else { (Value::Null, true) };
            assert_eq!(first(person, &environment).await, expected, "{}", person.name);
            for (version, value) in [(1, SECRET), (2, "second secret")] {
                let (with, without) = (exported(person, &environment, version, true).await, exported(person, &environment, version, false).await);
                assert_eq!(with.contains(value), may, "{} {with}", person.name);
                assert!(!without.contains(value) && without.contains(r#""key":"a","value":"""#) && without.contains("open"), "{without}");
            }
            let query = "query($id: ID!, $workspace: ID!) { element(id: $id) { revisions(first: 9) { nodes { changes } } } workspace(id: $workspace) { activity(last: 20) { nodes { message data } } } }";
            let answer = person.ask(query, json!({ "id": environment, "workspace": workspace })).await;
            assert!(answer.is_ok() && !answer.body.to_string().contains("hunter2") && !answer.body.to_string().contains("second secret"), "{answer:?}");
        }
        for stranger in [ada, app.anonymous()] {
            assert!(stranger.ask(VARIABLES, json!({ "id": environment, "first": 1 })).await.body.pointer("/data/element/variables").is_none());
        }
        // Whoever reads a public workspace sees what a Viewer sees.
        app.sql("UPDATE workspace SET visibility = 'PUBLIC'", vec![]).await;
        assert_eq!(first(&app.anonymous(), &environment).await, (Value::Null, true));
    }

    async fn keys_are_rotated_and_nobody_notices(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let edit = json!({ "setValues": [secret("a", SECRET)], "idempotencyKey": "before" });
        let environment = create(&ada, &workspace, json!([])).await;
        assert_eq!(update(&ada, &environment, edit.clone()).await.at("/environment/version"), 2);
        app.parts.app.vault.rotate(&*app.parts.app.store).await.unwrap();
        assert_eq!(first(&ada, &environment).await, (json!(SECRET), false));
        // What was done before is known again, and what is done by now is sealed with the same data key.
        assert_eq!(update(&ada, &environment, edit).await.at("/environment/version"), 2);
        assert!(update(&ada, &environment, json!({ "setValues": [secret("b", "late")] })).await.is_ok());
        assert_eq!(app.database.number("SELECT count(*) FROM data_key").await, 1);
        assert!(exported(&ada, &environment, 3, true).await.contains("late"));
    }

    async fn without_its_key_a_server_says_so_and_changes_nothing(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let environment = create(&ada, &workspace, json!([{ "key": "p", "value": "open" }, secret("a", SECRET)])).await;
        app.sql("UPDATE data_key SET master_key_id = 'lost'", vec![]).await;
        let missing = "FAILED_PRECONDITION/KEY_MISSING/-";
        assert_eq!(update(&ada, &environment, json!({ "setValues": [{ "key": "p", "value": "other" }] })).await.refusal(), missing);
        let query = "query($id: ID!) { element(id: $id) { export } }";
        assert_eq!(ada.ask(query, json!({ "id": environment })).await.refusal(), missing);
        let query = "query($id: ID!) { element(id: $id) { ... on Environment { variables(last: 1) { nodes { key value } } } } }";
        let answer = ada.ask(query, json!({ "id": environment })).await;
        assert_eq!(answer.refusal(), missing);
        assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("portico keys status"), "{answer:?}");
        assert_eq!(answer.body["data"]["element"]["variables"]["nodes"][0]["key"], "a", "the rest is there");
        // Without its key file, a server keeps no secret that would be lost with it.
        fs::remove_file(&app.config.secrets.key_file).unwrap();
        let input = json!({ "workspaceId": workspace, "name": "New", "values": [secret("a", "new")] });
        assert_eq!(ada.mutate("createEnvironment", "environment { id }", input).await.refusal(), missing);
        let query = "query($id: ID!) { element(id: $id) { version export(withSecrets: false) } }";
        let answer = ada.ask(query, json!({ "id": environment })).await;
        assert_eq!((answer.at("/element/version"), &answer.at("/element/export")["values"][0]["value"]), (&json!(1), &json!("open")));
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED", "ELEMENT_CREATED"]);
        assert_eq!(app.database.number("SELECT count(*) FROM data_key").await, 1);
    }

    async fn a_hundred_secrets_take_as_many_statements_as_one(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let mut counts = Vec::new();
        for count in [1, 100] {
            let values: Vec<Value> = (0..count).map(|number| secret(&format!("k{number}"), &format!("v{number}"))).collect();
            let environment = create(&ada, &workspace, json!(values)).await;
            let before = app.parts.database.statements();
            assert_eq!(read(&ada, &environment).await.len(), count);
            let reading = app.parts.database.statements() - before;
            let edit: Vec<Value> = (0..count).map(|number| json!({ "key": format!("k{number}"), "value": format!("w{number}") })).collect();
            let query = "mutation($input: UpdateEnvironmentInput!) { updateEnvironment(input: $input) { __typename } }";
            let before = app.parts.database.statements();
            assert!(ada.ask(query, json!({ "input": { "environmentId": environment, "setValues": edit } })).await.is_ok());
            counts.push((reading, app.parts.database.statements() - before));
        }
        // Reading: the token with its user, the element, the workspace, the document, its data key.
        assert_eq!(counts[0], counts[1], "whatever the number");
        println!("reading a hundred secrets takes {} statements, changing them {}", counts[1].0, counts[1].1);
        assert!(counts[1].0 == 5 && counts[1].1 <= 16, "{counts:?}");
        // Several environments at once: their documents, and all their keys.
        let query = "query($id: ID!) { workspace(id: $id) { elements(first: 10) { nodes { ... on Environment { variables(first: 50) { nodes { value } } } } } } }";
        let before = app.parts.database.statements();
        assert_eq!(ada.ask(query, json!({ "id": workspace })).await.at("/workspace/elements/nodes/1/variables/nodes/49/value"), "w49");
        assert_eq!(app.parts.database.statements() - before, 5);
    }
}
