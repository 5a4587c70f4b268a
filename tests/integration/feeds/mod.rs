//! Feeds: how long they are kept, what becomes of cursors, and readers who are slow, many, or read several at once.

mod client;
mod cursors;
mod retention;
mod sharing;
mod slow;
mod thousand;

use crate::support::{Answer, Person, TestApp};
use portico::app::{App, Command, Result, Work};
use portico::domain::activity::{Activity, RelatedItemRef, SubjectRef};
use portico::domain::element::RelatedItemKind;
use portico::domain::{GroupId, MemberId, RelatedItemId, WorkspaceId};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// How long feeds are kept by default.
const TERM: Duration = Duration::from_hours(400 * 24);

/// So near the end of the term that what is a day older is beyond it.
const ALMOST: Duration = Duration::from_hours(399 * 24 + 12);

const ACTIVITY: &str =
    "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { id cursor kind message data } }";

const NOTIFICATIONS: &str = "subscription($after: String) { notifications(after: $after) { id cursor kind message } }";

/// Things that happen in a workspace, all at once: each says its name.
#[derive(Debug, Clone, Serialize)]
struct Happen {
    workspace: WorkspaceId,
    names: Vec<String>,
    /// Whether only the team's own side reads of them.
    team_only: bool,
}

impl Command for Happen {
    const NAME: &'static str = "happen";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        for name in self.names.clone() {
            let activity = if self.team_only {
                Activity::MemberLeft { member_id: MemberId::new(), subject: SubjectRef::Group { group_id: GroupId::new() }, name }
            } else {
                Activity::RelatedItemCreated(RelatedItemRef {
                    related_item_id: RelatedItemId::new(),
                    kind: RelatedItemKind::MockServer,
                    name,
                })
            };
            work.record(self.workspace, activity);
        }
        Ok(())
    }
}

async fn happen(app: &TestApp, workspace: &str, names: impl IntoIterator<Item = impl ToString>) {
    let names = names.into_iter().map(|name| name.to_string()).collect();
    let command = Happen { workspace: workspace.parse().unwrap(), names, team_only: false };
    app.parts.app.execute(None, None, &command).await.unwrap();
}

/// The same, which partners do not read of.
async fn happen_to_team(app: &TestApp, workspace: &str, names: impl IntoIterator<Item = impl ToString>) {
    let names = names.into_iter().map(|name| name.to_string()).collect();
    let command = Happen { workspace: workspace.parse().unwrap(), names, team_only: true };
    app.parts.app.execute(None, None, &command).await.unwrap();
}

/// A page of a workspace's activity, by these arguments.
async fn activity(person: &Person, workspace: &str, arguments: Value) -> Answer {
    let query = "query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { workspace(id: $id) {
        page: activity(first: $first, after: $after, last: $last, before: $before) { nodes { id cursor kind data } pageInfo { hasNextPage hasPreviousPage } } } }";
    let mut variables = arguments;
    variables["id"] = json!(workspace);
    person.ask(query, variables).await
}

/// A page of somebody's notifications, by these arguments.
async fn notifications(person: &Person, arguments: Value) -> Answer {
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $unread: Boolean! = false) { viewer { unreadNotificationCount
        page: notifications(first: $first, after: $after, last: $last, before: $before, unreadOnly: $unread) { nodes { id cursor kind } pageInfo { hasNextPage hasPreviousPage } } } }";
    person.ask(query, arguments).await
}

/// Something of each node of a page.
fn each(answer: &Answer, field: &str) -> Vec<String> {
    let root = if answer.at("/viewer").is_null() { "/workspace" } else { "/viewer" };
    let nodes = answer.list(&format!("{root}/page/nodes"));
    nodes.iter().map(|node| node.pointer(field).and_then(Value::as_str).unwrap().to_owned()).collect()
}

/// How many entries are missing in, or too many for, the feeds of these: every feed is dense from what is forgotten of it to its end.
async fn gaps(app: &TestApp) -> i64 {
    let text = "SELECT COUNT(*) FROM feed WHERE last_seq - forgotten_seq <>
        (SELECT COUNT(*) FROM activity WHERE workspace_id = owner_id AND seq > forgotten_seq AND seq <= last_seq) +
        (SELECT COUNT(*) FROM notification WHERE user_id = owner_id AND seq > forgotten_seq AND seq <= last_seq)";
    let beyond = "SELECT COUNT(*) FROM feed WHERE
        EXISTS (SELECT 1 FROM activity WHERE workspace_id = owner_id AND (seq <= forgotten_seq OR seq > last_seq)) OR
        EXISTS (SELECT 1 FROM notification WHERE user_id = owner_id AND (seq <= forgotten_seq OR seq > last_seq))";
    app.database.number(text).await + app.database.number(beyond).await
}
