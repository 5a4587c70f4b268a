//! A workspace as one file: out, and in again.

use super::zips::unzip;
use super::{Answered, bytes, documents, elements, export, get, import, import_with};
use crate::documents::files::{BROKEN, files};
use crate::documents::workspace;
use crate::support::{Person, TestApp, on_both};
use portico::app::element::Archive;
use portico::domain::ElementId;
use serde_json::{Value, json};

/// Each element of a workspace without its id, and with its document.
async fn contents(person: &Person, workspace: &str) -> Vec<(Value, Vec<u8>)> {
    let mut contents = Vec::new();
    for mut element in elements(person, workspace).await {
        let id = element["id"].as_str().unwrap().to_owned();
        element["id"] = Value::Null;
        contents.push((element, export(person, &id, "").await));
    }
    contents
}

async fn archive(person: &Person, workspace: &str, query: &str) -> Vec<u8> {
    bytes(person, &format!("/workspaces/{workspace}/archive{query}")).await
}

async fn put(app: &TestApp, element: &str, column: &str, value: sea_orm::Value) {
    let id: ElementId = element.parse().unwrap();
    let text = format!("UPDATE element SET {column} = $1 WHERE id = $2");
    assert_eq!(app.sql(&text, vec![value, id.uuid().into()]).await, 1);
}

on_both! {
    async fn an_archive_gives_the_workspace_back(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let [from, to] = [ada.workspace(&team, "Work: \"1\"", "PRIVATE").await, ada.workspace(&team, "Back", "PRIVATE").await];
        let mut ids = Vec::new();
        for (_, document) in documents().into_iter().chain(documents()) {
            ids.extend(import(&ada, &from, document).await.ids());
        }
        let api: ElementId = ids[4].parse().unwrap();
        put(&app, &ids[0], "api_id", api.uuid().into()).await;
        put(&app, &ids[4], "description", "What *pets* do".into()).await;
        put(&app, &ids[4], "name", "Pets, renamed".into()).await;

        let response = get(&ada, &format!("/workspaces/{from}/archive")).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("content-type").as_str(), header("cache-control").as_str()), ("application/zip", "no-store"));
        assert!(header("content-disposition").starts_with("attachment; filename=\"Work_ _1_.zip\""));
        let zip = response.bytes().await.unwrap().to_vec();
        let files = unzip(&zip);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(&names[..6], [
            "manifest.json",
            "collections/Pets 2.1.0.postman_collection.json",
            "collections/Pets 2.0.0.postman_collection.json",
            "environments/Staging.postman_environment.json",
            "environments/Globals.postman_globals.json",
            "apis/Pets, renamed.yaml",
        ]);
        assert_eq!(names[9], "collections/Pets 2.1.0 (2).postman_collection.json");
        assert_eq!(files[1].1, documents()[0].1);
        let manifest: Value = serde_json::from_slice(&files[0].1).unwrap();
        assert_eq!((&manifest["format"], &manifest["version"], &manifest["workspace"]["name"]), (&json!("portico-workspace"), &json!(1), &json!("Work: \"1\"")));
        assert_eq!(manifest["elements"][0], json!({
            "file": names[1], "kind": "COLLECTION", "name": "Pets 2.1.0", "description": "All of them", "format": "COLLECTION_V2_1",
            "id": ids[0], "api": ids[4],
        }));

        let answer = import_with(&ada, &to, &[("content-type", "application/zip")], zip.clone()).await;
        let back = answer.ids();
        assert_eq!(back.len(), ids.len());
        assert_eq!(contents(&ada, &to).await, contents(&ada, &from).await);
        let linked = app.parts.app.queries().list_collections_with_roles(None, back[4].parse().unwrap()).await.unwrap();
        assert_eq!(linked.iter().map(|row| row.element.id.to_string()).collect::<Vec<_>>(), [back[0].clone()]);
        assert_eq!(ada.activity(&to).await.iter().filter(|kind| *kind == "ELEMENT_IMPORTED").count(), ids.len());
        // And the archive of what came back says the same but for ids.
        let again = unzip(&archive(&ada, &to, "").await);
        assert_eq!(again[1..], files[1..]);
    }

    #[cfg_attr(not(shared_data), ignore = "../shared/data is not there")]
    async fn an_archive_of_files_of_others_gives_them_back(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let [from, to] = [ada.workspace(&team, "From", "PRIVATE").await, ada.workspace(&team, "To", "PRIVATE").await];
        for path in files("collections").into_iter().chain(files("environments")) {
            if BROKEN.iter().any(|(broken, _)| path.ends_with(broken)) {
                continue;
            }
            assert_eq!(import(&ada, &from, std::fs::read(&path).unwrap()).await.status, 201, "{}", path.display());
        }
        let zip = archive(&ada, &from, "").await;
        assert_eq!(import(&ada, &to, zip).await.status, 201);
        let (back, before) = (contents(&ada, &to).await, contents(&ada, &from).await);
        assert!(before.len() > 90 && back == before);
    }

    async fn secrets_are_left_out_where_asked_and_for_who_may_not_edit(app) {
        let (ada, vic) = (app.person("Ada").await, app.person("Vic").await);
        let team = app.team(&ada, &[(&vic, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        ada.invite(&workspace, &vic, "VIEWER").await;
        import(&ada, &workspace, documents()[2].1.clone()).await.ids();
        for (person, query, has_secrets) in
            [(&ada, "", true), (&ada, "?secrets=true", true), (&ada, "?secrets=false", false), (&vic, "", false), (&vic, "?secrets=true", false)]
        {
            let files = unzip(&archive(person, &workspace, query).await);
            assert_eq!(String::from_utf8_lossy(&files[1].1).contains("hunter2"), has_secrets, "{query}");
        }
        let wrong = Answered::of(get(&ada, &format!("/workspaces/{workspace}/archive?format=zip")).await).await;
        assert_eq!(wrong.outcome(), "400 BAD_USER_INPUT/MALFORMED_REQUEST");
    }

    async fn an_empty_workspace_has_an_archive_too(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let zip = archive(&ada, &workspace, "").await;
        assert_eq!(import(&ada, &workspace, zip).await.ids(), [] as [String; 0]);
        // What can be made smaller without end is still taken in again.
        let spaces = crate::documents::collection("Spaces", &json!([{ "name": " ".repeat(20_000_000) }])).to_string();
        import(&ada, &workspace, spaces).await.ids();
        let zip = archive(&ada, &workspace, "").await;
        assert_eq!(import(&ada, &workspace, zip).await.ids().len(), 1);
        assert_eq!(contents(&ada, &workspace).await[0], contents(&ada, &workspace).await[1]);
    }

    async fn an_archive_begins_without_a_look_at_its_definitions(app) {
        let (ada, sam) = (app.person("Ada").await, app.person("Sam").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"])]).await;
        let workspace = sam.workspace(&team, "Public", "PUBLIC").await;
        let mut counts = Vec::new();
        for last in [1, 20] {
            for number in counts.len()..last {
                import(&sam, &workspace, format!("# {number}\nopenapi: 3.0.0\n")).await.ids();
            }
            let before = app.parts.database.statements();
            Archive::open(&app.parts.app, None, workspace.parse().unwrap(), false).await.unwrap();
            counts.push(app.parts.database.statements() - before);
        }
        assert_eq!(counts[0], counts[1]);
        // What is kept beside a definition can be lost without harm.
        let names = async || unzip(&archive(&sam, &workspace, "").await).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let before = names().await;
        assert_eq!(&before[..3], ["manifest.json", "apis/Untitled API.yaml", "apis/Untitled API (2).yaml"]);
        app.sql("DELETE FROM definition", vec![]).await;
        assert_eq!(names().await, before);
    }

    async fn the_archive_of_odd_names_is_taken_in(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let [from, to] = [ada.workspace(&team, "From", "PRIVATE").await, ada.workspace(&team, "To", "PRIVATE").await];
        let name = format!("\u{7} {} and more", "é".repeat(254));
        for content in [
            crate::documents::collection(&name, &json!([])).to_string(),
            json!({ "name": name, "values": [] , "_postman_variable_scope": "environment" }).to_string(),
        ] {
            import(&ada, &from, content).await.ids();
        }
        // And those that were kept before names were checked so.
        let api = import(&ada, &from, "openapi: 3.0.0\n").await.ids().remove(0);
        put(&app, &api, "name", format!(" {} ", "n".repeat(300)).into()).await;
        let answer = import(&ada, &to, archive(&ada, &from, "").await).await;
        assert_eq!(answer.ids().len(), 3);
        assert_eq!(answer.body["elements"][1]["name"], "é".repeat(254));
        assert_eq!(answer.body["elements"][2]["name"], "n".repeat(255));
    }

    async fn many_elements_come_in_together(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let [from, to] = [ada.workspace(&team, "From", "PRIVATE").await, ada.workspace(&team, "To", "PRIVATE").await];
        // More than is held in memory, and more activity than one statement takes.
        for number in 0..12 {
            let text = format!("# {number}\nopenapi: 3.0.0\n# {}", "x".repeat(1_000_000));
            import(&ada, &from, text).await.ids();
        }
        let zip = archive(&ada, &from, "").await;
        assert_eq!(import(&ada, &to, zip).await.ids().len(), 12);
        assert!(contents(&ada, &to).await == contents(&ada, &from).await);
    }
}
