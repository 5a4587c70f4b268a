//! Forks: taken, brought up to date, merged back (domain.md, section 3.5).

mod collections;
mod costs;
mod definitions;
mod files;
mod news;
mod rights;
mod secrets;
mod taking;

use crate::support::Person;
use crate::support::app::Answer;
use serde_json::{Value, json};

/// What is asked of a fork.
pub const FORK: &str = "query($id: ID!) { element(id: $id) { id name kind version workspace { id } fork { label behind parentVersion forkedAt forkedBy { name }
    parent { id name } incoming(first: 100) { nodes { kind isMoved itemId name before after } } outgoing(first: 100) { nodes { kind itemId name } } } } }";

/// What pulling and merging answer in these stories.
pub const MERGED: &str =
    "element { id version } applied changeCount conflictCount conflicts { path itemId itemName base parent fork isSecret }";

/// Takes a fork, and answers what came of it.
pub async fn try_fork(by: &Person, element: &str, workspace: &str, label: &str) -> Answer {
    by.mutate("forkElement", "fork { id version }", json!({ "elementId": element, "workspaceId": workspace, "label": label })).await
}

/// Takes a fork, and answers its id.
pub async fn fork(by: &Person, element: &str, workspace: &str) -> String {
    try_fork(by, element, workspace, "Mine").await.text("/fork/id")
}

/// A fork as somebody reads it.
pub async fn read(by: &Person, fork: &str) -> Value {
    by.ask(FORK, json!({ "id": fork })).await.at("/element/fork").clone()
}

/// Brings the changes of the parent into a fork. `more` goes into the input.
pub async fn pull(by: &Person, fork: &str, more: Value) -> Answer {
    by.mutate("pullChanges", MERGED, with(json!({ "forkId": fork }), &more)).await
}

/// Brings the changes of a fork into its parent. `more` goes into the input.
pub async fn merge(by: &Person, fork: &str, more: Value) -> Answer {
    by.mutate("mergeFork", MERGED, with(json!({ "forkId": fork }), &more)).await
}

fn with(mut input: Value, more: &Value) -> Value {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// The paths of the conflicts that were told.
pub fn paths(answer: &Answer) -> Vec<String> {
    answer.list("/conflicts").iter().map(|conflict| conflict["path"].as_str().unwrap().to_owned()).collect()
}
