//! How much memory a large document takes: measured at the process of a server that does nothing else.

use super::{documents, elements, export, import};
use crate::support::Person;
use crate::support::process::Serving;
use serde_json::{Value, json};
use std::fmt::Write;

const SIZE: usize = 30_000_000;

/// What a document of that size may take at the most.
const MOST: u64 = 4 * SIZE as u64;

/// A collection of 30 MB, item by item as people have them.
fn large() -> String {
    let mut text = String::with_capacity(SIZE + 1_000);
    text.push_str(r#"{"info":{"name":"Large","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":["#);
    let mut number = 0_u32;
    while text.len() < SIZE {
        let noise = number.wrapping_mul(2_654_435_761);
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{"name":"Item {number}","request":{{"method":"POST","url":"https://a.example/{noise}","body":{{"mode":"raw","raw":"{}"}}}}}}"#,
            format!("\\\"{noise:x}\\\"").repeat(60)
        )
        .unwrap();
        number += 1;
    }
    text.push_str("]}");
    text
}

/// Runs `work` and says how much memory the server took for it at the most, beyond what it had.
async fn growth(serving: &Serving, what: &str, work: impl Future<Output = ()>) -> u64 {
    let before = serving.memory("VmRSS");
    serving.forget_peak();
    work.await;
    let grown = serving.memory("VmHWM").saturating_sub(before);
    println!("{what}: {} MB beyond {} MB", grown / 1_000_000, before / 1_000_000);
    grown
}

#[tokio::test]
async fn a_large_document_takes_no_more_memory_than_a_few_times_its_size() {
    let serving = Serving::start().await;
    let ada = serving.person("ada@example.com").await;
    let team = ada.mutate("createTeam", "team { id }", json!({ "name": "Team", "slug": "team" })).await.text("/team/id");
    let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
    // Whatever a server takes once and for all is not counted.
    import(&ada, &workspace, documents().remove(0).1).await.ids();
    let document = large();
    let (mut element, mut figures) = (String::new(), Vec::new());

    let by_http = async { element = import(&ada, &workspace, document.clone()).await.ids().remove(0) };
    figures.push(growth(&serving, "import by HTTP", by_http).await);
    let exported = async { assert!(export(&ada, &element, "").await == document.as_bytes()) };
    figures.push(growth(&serving, "export by HTTP", exported).await);
    let mut zip = Vec::new();
    let archived = async { zip = super::bytes(&ada, &format!("/workspaces/{workspace}/archive")).await };
    figures.push(growth(&serving, "archive", archived).await);
    let unpacked = async { assert_eq!(import(&ada, &workspace, zip).await.ids().len(), 2) };
    figures.push(growth(&serving, "import of the archive", unpacked).await);
    let by_graphql = async {
        let answer = ada.mutate("importElements", "elements { id }", json!({ "workspaceId": workspace, "content": document })).await;
        assert!(answer.is_ok());
    };
    let in_memory = growth(&serving, "import by GraphQL", by_graphql).await;
    assert!(figures.iter().all(|grown| *grown < MOST), "{figures:?}");
    assert!(in_memory < 5 * SIZE as u64, "{in_memory}");
    assert_eq!(elements(&ada, &workspace).await.len(), 5);
    let told = progress(&ada, &workspace).await;
    assert!(told.len() >= 3 && told.is_sorted(), "{told:?}");
}

/// How far the first import had come, each time that it was told.
async fn progress(person: &Person, workspace: &str) -> Vec<u64> {
    let query = "query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { kind data } } } }";
    let answer = person.ask(query, json!({ "id": workspace })).await;
    let told = answer.list("/workspace/activity/nodes").iter().filter(|node| node["kind"] == "IMPORT_PROGRESSED");
    let told: Vec<&Value> = told.map(|node| &node["data"]).collect();
    let first = told.iter().take_while(|data| data["importId"] == told[0]["importId"]);
    first.map(|data| data["bytes"].as_u64().unwrap()).collect()
}
