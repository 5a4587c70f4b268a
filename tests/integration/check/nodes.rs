//! Nodes that are missing, or are not what they should be.

use super::{look, told, unchecked};
use crate::documents::{collection, import, workspace};
use crate::isolation::database::Direct;
use crate::support::on_both;
use crate::trash::element_uuid;
use portico::app::check::FindingKind;
use serde_json::json;

async fn hashes(direct: &Direct, of: &str) -> Vec<Vec<u8>> {
    direct.all(of).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

on_both! {
    async fn every_node_that_a_document_needs_is_missed(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let items = json!([{ "name": "List" }, { "name": "Folder", "item": [{ "name": "Find" }, { "name": "Put" }] }]);
        let pets = import(&ada, &workspace, &collection("Pets", &items).to_string()).await;
        let environment = json!({ "name": "Staging", "values": [{ "key": "host", "value": "https://example.com", "enabled": true }], "_postman_variable_scope": "environment" });
        let staging = import(&ada, &workspace, &environment.to_string()).await;
        let input = json!({ "workspaceId": workspace, "name": "Pets", "definition": "openapi: 3.1.0\ninfo: { title: Pets, version: '1' }\npaths: {}\n" });
        let api = ada.mutate("createApi", "api { id }", input).await.text("/api/id");
        let report = look(&app).await;
        assert!(report.is_clean(), "{report}");
        let direct = unchecked(&app).await;
        let all = hashes(&direct, "SELECT hash FROM node ORDER BY hash").await;
        // A root, a head, two maps, four items; an environment; a definition. Where a map is divided is drawn with its salt.
        assert!((10..20).contains(&all.len()), "{}", all.len());
        let roots = hashes(&direct, "SELECT root_hash FROM element WHERE kind <> 'COLLECTION' ORDER BY created_at").await;
        for hash in all {
            direct.run("CREATE TABLE aside AS SELECT * FROM node WHERE hash = $1", vec![hash.clone().into()]).await;
            direct.run("DELETE FROM node WHERE hash = $1", vec![hash.clone().into()]).await;
            let report = look(&app).await;
            let of = match roots.iter().position(|root| *root == hash) {
                Some(0) => &staging,
                Some(_) => &api,
                None => &pets,
            };
            let line = format!("MISSING_NODE node {}, needed by version 1 of the element {}: it is not there", hex(&hash), element_uuid(of));
            assert_eq!(told(&report, FindingKind::MissingNode), [line], "{report}");
            assert_eq!(report.count(FindingKind::WrongHash), 0);
            direct.run("INSERT INTO node (hash, touched_at, bytes) SELECT hash, touched_at, bytes FROM aside", Vec::new()).await;
            direct.run("DROP TABLE aside", Vec::new()).await;
        }
        assert!(look(&app).await.is_clean());
    }

    async fn bytes_that_are_not_what_the_hash_says_are_named(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let items: Vec<_> = (0..2_500).map(|number| json!({ "name": format!("Request {number}") })).collect();
        import(&ada, &workspace, &collection("Many", &json!(items)).to_string()).await;
        assert!(look(&app).await.is_clean());
        let direct = unchecked(&app).await;
        let last = hashes(&direct, "SELECT hash FROM node ORDER BY hash DESC LIMIT 1").await.remove(0);
        let root = hashes(&direct, "SELECT root_hash FROM element").await.remove(0);
        for hash in [&last, &root] {
            direct.run("UPDATE node SET bytes = $2 WHERE hash = $1", vec![hash.clone().into(), b"{}".to_vec().into()]).await;
        }
        let report = look(&app).await;
        // The SHA-256 of `{}`.
        let found = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let mut lines: Vec<_> = [&last, &root].map(|hash| format!("WRONG_HASH node {}: its bytes have the hash {found}", hex(hash))).into();
        lines.sort();
        lines.dedup();
        assert_eq!(told(&report, FindingKind::WrongHash), lines);
        let unreadable = told(&report, FindingKind::UnreadableNode);
        // The other one is content, unless it happens to be a part of a map.
        let line = format!("UNREADABLE_NODE node {}, needed by version 1 of ", hex(&root));
        assert!(unreadable.iter().any(|told| told.starts_with(&line)) && unreadable.len() <= lines.len(), "{report}");
    }

    async fn nodes_that_nothing_needs_are_no_finding(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let pets = import(&ada, &workspace, &collection("Pets", &json!([{ "name": "List" }])).to_string()).await;
        let direct = unchecked(&app).await;
        let root = hashes(&direct, "SELECT root_hash FROM element").await.remove(0);
        for text in ["DELETE FROM revision", "DELETE FROM element"] {
            direct.run(text, Vec::new()).await;
        }
        // A collection of garbage that was cut off has taken the root, and not yet what it needs.
        direct.run("DELETE FROM node WHERE hash = $1", vec![root.into()]).await;
        let report = look(&app).await;
        assert!(report.is_clean(), "{pets}: {report}");
    }
}
