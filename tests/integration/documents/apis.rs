//! APIs: definitions of every kind, kept byte for byte.

use super::workspace;
use crate::support::{Answer, Person, on_both};
use serde_json::{Value, json};

const API: &str = "query($id: ID!) { element(id: $id) { name description version sizeBytes export ... on Api { definitionKind definitionVersion definitionSyntax definition } } }";

/// A definition of each kind, with what it is told to be.
fn definitions() -> Vec<(String, [&'static str; 3])> {
    let openapi = |version: &str, key: &str| {
        format!(
            "{{\r\n  \"{key}\" : \"{version}\",\n\t\"info\": {{ \"title\": \"Pets \u{1F43E}\", \"version\": \"1\" }}, \"paths\": {{}}, \"x\": [1.0, 1e2] }}\n\n"
        )
    };
    vec![
        (openapi("2.0", "swagger"), ["OPENAPI_2_0", "2.0", "JSON"]),
        (openapi("3.0.3", "openapi"), ["OPENAPI_3_0", "3.0.3", "JSON"]),
        (
            "# Über\nopenapi: \"3.1.0\"   \ninfo:\n  title:  Pets\n  version: '1'\npaths: {}\r\n".to_owned(),
            ["OPENAPI_3_1", "3.1.0", "YAML"],
        ),
        ("\"\"\" Pets \"\"\"\ntype Query {\n\tpets: [String!]  # all\n}".to_owned(), ["GRAPHQL_SDL", "", "TEXT"]),
        ("#%RAML 1.0\ntitle: Pets\n/pets:\n  get:\n".to_owned(), ["RAML", "1.0", "YAML"]),
        ("syntax = \"proto3\";\n\nmessage Pet { string name = 1; }\n".to_owned(), ["PROTOBUF", "proto3", "TEXT"]),
        (
            "<?xml version=\"1.0\"?>\n<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" name='Pets'>\n</definitions>\n".to_owned(),
            ["WSDL", "1.1", "XML"],
        ),
    ]
}

async fn create(person: &Person, workspace: &str, definition: &str) -> String {
    let input = json!({ "workspaceId": workspace, "name": "Mine", "description": "My *own*", "definition": definition });
    person.mutate("createApi", "api { id }", input).await.text("/api/id")
}

async fn update(person: &Person, api: &str, edit: Value) -> Answer {
    let mut input = edit;
    input["apiId"] = json!(api);
    person.mutate("updateApi", "api { version name definitionKind }", input).await
}

on_both! {
    async fn definitions_of_every_kind_come_back_byte_for_byte(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let api = create(&ada, &workspace, "type Query { first: Int }").await;
        let mut version = 1;
        for (definition, [kind, language_version, syntax]) in definitions() {
            let input = json!({ "workspaceId": workspace, "content": definition });
            let imported = ada.mutate("importElements", "elements { id }", input).await.text("/elements/0/id");
            let made = create(&ada, &workspace, &definition).await;
            // A change of kind is a change like any other.
            version += 1;
            assert_eq!(update(&ada, &api, json!({ "definition": definition })).await.at("/api/version"), version);
            for id in [&imported, &made, &api] {
                let answer = ada.ask(API, json!({ "id": id })).await;
                let found = answer.at("/element");
                assert_eq!((&found["definition"], &found["export"]), (&json!(definition), &json!(definition)), "{kind}");
                assert_eq!(json!([found["definitionKind"], found["definitionVersion"], found["definitionSyntax"]]), json!([kind, language_version, syntax]));
                assert_eq!(found["sizeBytes"], definition.len());
            }
        }
        let answer = ada.ask(API, json!({ "id": api })).await;
        assert_eq!((answer.at("/element/name"), answer.at("/element/description")), (&json!("Mine"), &json!("My *own*")), "whatever the definition says");
        // What is kept beside a definition can be lost without harm.
        app.sql("DELETE FROM definition", vec![]).await;
        assert_eq!(ada.ask(API, json!({ "id": api })).await.at("/element/definitionKind"), "WSDL");
    }

    async fn another_document_leaves_what_it_does_not_say_as_it_is(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let api = create(&ada, &workspace, "type Query { first: Int }").await;
        let environment = crate::documents::environments::create(&ada, &workspace, json!([{ "key": "host", "value": "a.example" }])).await;
        let name = ada.ask(API, json!({ "id": environment })).await.at("/element/name").clone();
        let id: portico::domain::ElementId = environment.parse().unwrap();
        app.sql("UPDATE element SET description = 'Where it runs' WHERE id = $1", vec![id.uuid().into()]).await;
        let variables = json!([{ "key": "host", "value": "b.example" }]);
        for (element, document, expected) in [
            (&api, "openapi: 3.1.0\ninfo:\n  title: Theirs\npaths: {}\n".to_owned(), json!(["Mine", "My *own*", 2])),
            (&environment, variables.to_string(), json!([name, "Where it runs", 2])),
            (&environment, json!({ "name": "Renamed", "values": variables }).to_string(), json!(["Renamed", "Where it runs", 3])),
        ] {
            assert!(ada.mutate("replaceElement", "element { id }", json!({ "elementId": element, "content": document })).await.is_ok());
            let answer = ada.ask(API, json!({ "id": element })).await;
            assert_eq!(json!([answer.at("/element/name"), answer.at("/element/description"), answer.at("/element/version")]), expected);
        }
        let query = "query($id: ID!) { workspace(id: $id) { activity(last: 3) { nodes { data } } } }";
        let told = ada.ask(query, json!({ "id": workspace })).await;
        assert_eq!(told.at("/workspace/activity/nodes/0/data/name"), "Mine");
    }

    async fn a_name_is_a_version_of_its_own_and_the_definition_stays(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let (first, second) = ("type Query { first: Int }", "type Query { second: Int }");
        let api = create(&ada, &workspace, first).await;
        assert_eq!(update(&ada, &api, json!({ "name": "Other", "expectedVersion": 1, "message": "A name" })).await.at("/api/version"), 2);
        assert_eq!(update(&ada, &api, json!({ "definition": second, "description": "" })).await.at("/api/version"), 3);
        for nothing in [json!({}), json!({ "name": "Other", "description": "", "definition": second }), json!({ "expectedVersion": 3 })] {
            assert_eq!(update(&ada, &api, nothing).await.at("/api/version"), 3);
        }
        let query = "query($id: ID!) { element(id: $id) { one: export(version: 1) two: export(version: 2) three: export(version: 3) revisions(first: 9) { nodes { changes message } } } }";
        let answer = ada.ask(query, json!({ "id": api })).await;
        assert_eq!(json!([answer.at("/element/one"), answer.at("/element/two"), answer.at("/element/three")]), json!([first, first, second]));
        assert_eq!(answer.at("/element/revisions/nodes"), &json!([
            { "changes": [], "message": null },
            { "changes": [{ "updateApi": { "keys": ["name"] } }], "message": "A name" },
            { "changes": [{ "updateApi": { "keys": ["description", "definition"] } }], "message": null },
        ]));
        let restore = json!({ "elementId": api, "version": 1 });
        let restored = ada.mutate("restoreRevision", "element { name version ... on Api { definition } }", restore).await;
        assert_eq!(restored.at("/element"), &json!({ "name": "Other", "version": 4, "definition": first }), "a definition does not hold the name");
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED", "ELEMENT_CREATED", "API_UPDATED", "API_UPDATED", "ELEMENT_REVISION_RESTORED"]);
        let told = ada.ask("query($id: ID!) { workspace(id: $id) { activity(last: 2) { nodes { data } } } }", json!({ "id": workspace })).await;
        assert_eq!(told.at("/workspace/activity/nodes/0/data"), &json!({ "elementId": api, "name": "Other", "version": 3 }));
    }

    async fn what_is_no_definition_is_refused_with_its_place_and_changes_nothing(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        let api = create(&ada, &workspace, "type Query { first: Int }").await;
        for (definition, refusal) in [
            ("hello: world", "BAD_USER_INPUT/UNSUPPORTED_FORMAT/definition"),
            ("{\"openapi\":\"4.0.0\"}", "BAD_USER_INPUT/UNSUPPORTED_FORMAT/definition"),
            ("{\"openapi\":\"3.0.0\",}", "BAD_USER_INPUT/MALFORMED_DOCUMENT/definition"),
            ("<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>", "BAD_USER_INPUT/MALFORMED_DOCUMENT/definition"),
            ("", "BAD_USER_INPUT/UNSUPPORTED_FORMAT/definition"),
        ] {
            assert_eq!(update(&ada, &api, json!({ "definition": definition })).await.refusal(), refusal, "{definition}");
            let input = json!({ "workspaceId": workspace, "name": "N", "definition": definition });
            assert_eq!(ada.mutate("createApi", "api { id }", input).await.refusal(), refusal, "{definition}");
        }
        assert!(update(&ada, &api, json!({ "name": "Second" })).await.is_ok());
        let answer = update(&ada, &api, json!({ "name": "Third", "expectedVersion": 1 })).await;
        assert_eq!(answer.refusal(), "CONFLICT/STALE_VERSION/expectedVersion");
        let extensions = &answer.body["errors"][0]["extensions"];
        assert_eq!((&extensions["currentVersion"], &extensions["changes"]), (&json!(2), &json!([{ "version": 2, "operations": [{ "updateApi": { "keys": ["name"] } }] }])));
        assert_eq!(update(&mo, &api, json!({ "name": "Mine" })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/apiId");
        ada.invite(&workspace, &mo, "VIEWER").await;
        assert_eq!(update(&mo, &api, json!({ "name": "Mine" })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(mo.ask(API, json!({ "id": api })).await.at("/element/definition"), "type Query { first: Int }", "whoever sees an API sees its definition");
        let query = "query($id: ID!) { element(id: $id) { name version } }";
        assert_eq!(ada.ask(query, json!({ "id": api })).await.at("/element"), &json!({ "name": "Second", "version": 2 }));
    }

    async fn an_api_is_made_once_under_one_key(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let make = |definition: &str| ada.mutate("createApi", "api { id }", json!({ "workspaceId": workspace, "name": "A", "definition": definition, "idempotencyKey": "once" }));
        let first = make("type Query { a: Int }").await.text("/api/id");
        assert_eq!(make("type Query { a: Int }").await.text("/api/id"), first);
        assert_eq!(make("type Query { b: Int }").await.refusal(), "CONFLICT/IDEMPOTENCY_KEY_REUSED/idempotencyKey");
    }

    async fn lists_of_apis_do_not_read_their_definitions(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let list = "query($id: ID!) { workspace(id: $id) { elements(first: 100, kind: API) { nodes { name ... on Api { definitionKind definitionVersion } } } } }";
        let mut counts = Vec::new();
        for number in 1..=20 {
            create(&ada, &workspace, &format!("type Query {{ a{number}: Int }}")).await;
            if [1, 20].contains(&number) {
                let before = app.parts.database.statements();
                let answer = ada.ask(list, json!({ "id": workspace })).await;
                assert_eq!(answer.list("/workspace/elements/nodes").len(), number);
                counts.push(app.parts.database.statements() - before);
            }
        }
        // The token with its user, the workspace, the elements, what their definitions are.
        assert_eq!(counts, [4, 4]);
    }
}
