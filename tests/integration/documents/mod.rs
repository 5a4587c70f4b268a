//! Documents: what comes in comes out as it was, and can be worked on meanwhile.

mod apis;
mod bounds;
mod editing;
mod environments;
pub mod files;
mod nodes;
mod reading;
mod secrets;
mod together;

use crate::support::{Person, TestApp};
use serde_json::{Value, json};

/// A team of this founder with a workspace that they can write to.
pub async fn workspace(app: &TestApp, founder: &Person) -> String {
    let team = app.team(founder, &[]).await;
    founder.workspace(&team, "Work", "PRIVATE").await
}

/// Imports a document and answers the id of its element.
pub async fn import(person: &Person, workspace: &str, content: &str) -> String {
    let input = json!({ "workspaceId": workspace, "content": content });
    person.mutate("importElements", "elements { id } warnings", input).await.text("/elements/0/id")
}

/// The document of an element, as its text.
pub async fn export(person: &Person, element: &str, format: Option<&str>) -> String {
    let query = "query($id: ID!, $format: ExportFormat) { element(id: $id) { export(format: $format) } }";
    let body = person.ask_text(query, json!({ "id": element, "format": format })).await;
    let text = body.strip_prefix(r#"{"data":{"element":{"export":"#).unwrap_or_else(|| panic!("{}", &body[..body.len().min(1_000)]));
    text.strip_suffix("}}}").unwrap().to_owned()
}

/// A collection of v2.1 with these items.
pub fn collection(name: &str, items: &Value) -> Value {
    let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
    json!({ "info": { "name": name, "_postman_id": "5a1b2c3d-0000-4000-8000-000000000000", "schema": schema }, "item": items })
}
