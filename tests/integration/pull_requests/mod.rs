//! Pull requests: opened, reviewed, talked about, merged (domain.md, section 3.5).

mod comments;
mod life;
mod refused;
mod sight;

use crate::documents::import;
use crate::forks::fork;
use crate::support::app::Answer;
use crate::support::{Person, TestApp};
use serde_json::{Value, json};

/// What is asked of a pull request.
pub const PULL: &str =
    "pullRequest { id title description status isApproved author { name } parent { id } fork { id } forkVersion openedWithVersion
    mergedVersion decidedAt decidedBy { name } viewerCan version reviewers { user { name } state counts forkVersion } }";

/// What is asked of one by its id.
pub const NODE: &str =
    "query($id: ID!) { node(id: $id) { ... on PullRequest { id title status isApproved fork { id } forkVersion viewerCan version
    reviewers { user { name } state counts } changes(first: 100) { nodes { kind name before after } } } } }";

const API: &str = "type Query { pets: Int }\n";

fn with(mut input: Value, more: &Value) -> Value {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// Opens one. `more` goes into the input.
pub async fn open(by: &Person, fork: &str, more: Value) -> Answer {
    by.mutate("createPullRequest", PULL, with(json!({ "forkId": fork, "title": "Cats" }), &more)).await
}

pub async fn approve(by: &Person, id: &str, more: Value) -> Answer {
    by.mutate("approvePullRequest", PULL, with(json!({ "pullRequestId": id }), &more)).await
}

pub async fn merge(by: &Person, id: &str, more: Value) -> Answer {
    let selection = format!("element {{ id version }} applied changeCount conflictCount conflicts {{ path }} {PULL}");
    by.mutate("mergePullRequest", &selection, with(json!({ "pullRequestId": id }), &more)).await
}

async fn decline(by: &Person, id: &str) -> Answer {
    by.mutate("declinePullRequest", PULL, json!({ "pullRequestId": id, "comment": "Not now." })).await
}

async fn withdraw(by: &Person, id: &str) -> Answer {
    by.mutate("withdrawPullRequest", PULL, json!({ "pullRequestId": id })).await
}

async fn update(by: &Person, id: &str, more: Value) -> Answer {
    by.mutate("updatePullRequest", PULL, with(json!({ "pullRequestId": id }), &more)).await
}

/// One as somebody reads it.
async fn read(by: &Person, id: &str) -> Value {
    by.ask(NODE, json!({ "id": id })).await.at("/node").clone()
}

async fn define(by: &Person, api: &str, definition: &str) {
    let input = json!({ "apiId": api, "definition": definition });
    assert!(by.mutate("updateApi", "api { id }", input).await.is_ok());
}

async fn definition(by: &Person, api: &str) -> Value {
    by.ask("query($id: ID!) { element(id: $id) { export } }", json!({ "id": api })).await.at("/element/export").clone()
}

/// The kinds of entries about pull requests in a workspace.
async fn entries(by: &Person, workspace: &str) -> Vec<String> {
    let mut kinds = by.activity(workspace).await;
    kinds.retain(|kind| kind.starts_with("PULL_REQUEST"));
    kinds
}

/// What somebody was told of pull requests.
async fn heard(person: &Person) -> Vec<String> {
    let mut kinds = person.told().await;
    kinds.retain(|kind| kind.starts_with("PULL_REQUEST"));
    kinds
}

/// A workspace with an API in it, of which Mo has a fork at a desk that nobody else knows. Devi is Admin, Walt Editor, Mo and Vera are Viewers.
struct Office {
    devi: Person,
    walt: Person,
    mo: Person,
    vera: Person,
    team: String,
    workspace: String,
    desk: String,
    parent: String,
    fork: String,
}

async fn office(app: &TestApp) -> Office {
    office_with(app, API).await
}

async fn office_with(app: &TestApp, document: &str) -> Office {
    let [devi, walt, mo, vera] = [app.person("Devi").await, app.person("Walt").await, app.person("Mo").await, app.person("Vera").await];
    let roles: &[&str] = &["DEVELOPER"];
    let team = app.team(&devi, &[(&walt, roles), (&mo, roles), (&vera, roles)]).await;
    let workspace = devi.workspace(&team, "Office", "PRIVATE").await;
    for (person, role) in [(&walt, "EDITOR"), (&mo, "VIEWER"), (&vera, "VIEWER")] {
        devi.invite(&workspace, person, role).await;
    }
    let desk = mo.workspace(&team, "Hidden desk", "PRIVATE").await;
    let parent = import(&devi, &workspace, document).await;
    let fork = fork(&mo, &parent, &desk).await;
    app.mails().await;
    Office { devi, walt, mo, vera, team, workspace, desk, parent, fork }
}
