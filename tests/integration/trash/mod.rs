//! The end of elements, the trash, and the nodes that nothing needs any more.

mod clock;
mod garbage;
mod races;
mod reach;
mod story;
mod workspace;

pub use crate::moves::{collection, give, watch};
use crate::support::app::Answer;
use crate::support::{Person, TestApp};
use portico::app::clock::Clock;
use portico::app::model::Element;
use portico::domain::ElementId;
use portico::domain::element::{ElementFormat, ElementKind};
use serde_json::{Value, json};
use std::time::Duration;
use type_safe_id::{StaticType, TypeSafeId};

pub const DAY: Duration = Duration::from_hours(24);
pub const DELETED: &str = "deletedElementId goneForGood trashEntry { id }";

pub async fn delete(by: &Person, element: &str) -> Answer {
    by.mutate("deleteElement", DELETED, json!({ "elementId": element })).await
}

/// Deletes a collection and answers the id of its entry in the trash.
pub async fn throw_away(by: &Person, element: &str) -> String {
    delete(by, element).await.text("/trashEntry/id")
}

pub async fn restore(by: &Person, entry: &str, workspace: Option<&str>) -> Answer {
    let selection = "element { id name version ... on Collection { workspace { id } } }";
    by.mutate("restoreElement", selection, json!({ "trashEntryId": entry, "workspaceId": workspace })).await
}

pub async fn purge(by: &Person, entry: &str) -> Answer {
    by.mutate("purgeElement", "purgedElementId", json!({ "trashEntryId": entry })).await
}

/// The names of what is in the trash of a workspace.
pub async fn trash(of: &Person, workspace: &str) -> Vec<String> {
    let query = "query($id: ID!) { workspace(id: $id) { trash(first: 100) { nodes { name } } } }";
    names(&of.ask(query, json!({ "id": workspace })).await, "/workspace/trash/nodes")
}

/// The names of what is in the trash and in no workspace any more.
pub async fn homeless(of: &Person) -> Vec<String> {
    names(&of.ask("{ viewer { trash(first: 100) { nodes { name } } } }", json!({})).await, "/viewer/trash/nodes")
}

pub fn names(answer: &Answer, pointer: &str) -> Vec<String> {
    answer.list(pointer).iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

/// What somebody reads of an entry.
pub async fn seen(by: &Person, entry: &str) -> Answer {
    let query = "query($id: ID!) { node(id: $id) { ... on TrashEntry { name workspaceName workspace { id } viewerCanRestore viewerCanPurge deletedBy { name } expiresAt } } }";
    by.ask(query, json!({ "id": entry })).await
}

/// The elements of a workspace by name.
pub async fn elements(of: &Person, workspace: &str) -> Vec<String> {
    let query = "query($id: ID!) { workspace(id: $id) { elements(first: 100) { nodes { name } } } }";
    names(&of.ask(query, json!({ "id": workspace })).await, "/workspace/elements/nodes")
}

/// The kinds of the audit events of a team, oldest first.
pub async fn audit(of: &Person, team: &str) -> Vec<String> {
    let query = "query($id: ID!) { team(id: $id) { auditLog(first: 100) { nodes { kind } } } }";
    let answer = of.ask(query, json!({ "id": team })).await;
    answer.list("/team/auditLog/nodes").iter().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}

/// The id inside of an id.
pub fn bare<T: StaticType>(id: &str) -> uuid::Uuid {
    id.parse::<TypeSafeId<T>>().unwrap().uuid()
}

pub fn element_uuid(id: &str) -> uuid::Uuid {
    bare::<portico::domain::kind::Element>(id)
}

/// Puts an element with this root into a workspace, past the use cases. Answers its id.
pub async fn seed(app: &TestApp, by: &Person, team: &str, workspace: &str, kind: ElementKind, name: &str, root: [u8; 32]) -> String {
    let now = app.clock.now();
    let element = Element {
        id: ElementId::new(),
        team_id: team.parse().unwrap(),
        workspace_id: Some(workspace.parse().unwrap()),
        kind,
        format: match kind {
            ElementKind::Api => ElementFormat::Definition,
            ElementKind::Collection => ElementFormat::CollectionV21,
            ElementKind::Environment => ElementFormat::Environment,
        },
        name: name.to_owned(),
        description: String::new(),
        api_id: None,
        version: 1,
        size_bytes: 2,
        root,
        created_at: now,
        created_by: by.id.parse().unwrap(),
        updated_at: now,
        updated_by: by.id.parse().unwrap(),
    };
    let tx = app.parts.app.store.begin().await.unwrap();
    tx.insert_element(&element, &json!([]), None).await.unwrap();
    tx.commit().await.unwrap();
    element.id.to_string()
}

/// Sets one column of an element, past the use cases.
pub async fn set(app: &TestApp, element: &str, column: &str, value: impl Into<sea_orm::Value>) {
    let text = format!("UPDATE element SET {column} = $2 WHERE id = $1");
    assert_eq!(app.sql(&text, vec![element_uuid(element).into(), value.into()]).await, 1);
}

/// Binds a monitor, or something else, to a collection.
pub async fn bind(app: &TestApp, team: &str, workspace: &str, element: &str, kind: &str, by: &Person) {
    let text = "INSERT INTO related_item (id, team_id, workspace_id, element_id, kind, name, state, created_by, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, 'ACTIVE', $7, 1, 1)";
    let values: Vec<sea_orm::Value> = vec![
        ElementId::new().uuid().into(),
        bare::<portico::domain::kind::Team>(team).into(),
        bare::<portico::domain::kind::Workspace>(workspace).into(),
        element_uuid(element).into(),
        kind.into(),
        format!("The {}", kind.to_lowercase()).into(),
        bare::<portico::domain::kind::User>(&by.id).into(),
    ];
    app.sql(text, values).await;
}

/// How often a kind stands in a list of kinds.
pub fn count(kinds: &[String], kind: &str) -> usize {
    kinds.iter().filter(|found| *found == kind).count()
}

/// One event of an audit log.
pub async fn last_audit(of: &Person, team: &str) -> Value {
    let query = "query($id: ID!) { team(id: $id) { auditLog(last: 1) { nodes { kind actor { name } before after } } } }";
    of.ask(query, json!({ "id": team })).await.at("/team/auditLog/nodes/0").clone()
}
