//! The audit log of a team: who reads what of it, as a list, by id and as a file, and what stands in it.

mod events;
mod file;
mod reading;

use crate::support::{Person, TestApp};
use portico::app::actor::Origin;
use portico::app::audit::AuditEntry;
use portico::domain::TeamId;
use portico::domain::audit::{AuditEvent, AuditKind};
use serde_json::{Value, json};
use std::time::Duration;
use type_safe_id::TypeSafeId;
use uuid::Uuid;

const FIELDS: &str = "id kind actor { id } actorName address userAgent workspaceId targetId before after createdAt";
const DAY: Duration = Duration::from_hours(24);

/// A page of the log, with these arguments as they stand in the query.
async fn page(person: &Person, team: &str, arguments: &str) -> crate::support::app::Answer {
    let query = format!(
        "query($id: ID!) {{ team(id: $id) {{ auditLog({arguments}) {{ edges {{ cursor }} nodes {{ {FIELDS} }} pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }} }} }} }}"
    );
    person.ask(&query, json!({ "id": team })).await
}

async fn events(person: &Person, team: &str, arguments: &str) -> Vec<Value> {
    page(person, team, arguments).await.list("/team/auditLog/nodes").clone()
}

fn kinds(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

async fn download(person: &Person, team: &str, query: &str) -> reqwest::Response {
    let url = person.url.replace("/graphql", &format!("/teams/{team}/audit-log.csv{query}"));
    let mut request = person.client.get(url);
    if let Some(token) = &person.token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

/// The status of the answer and, where it is an error, its code and reason.
async fn outcome(response: reqwest::Response) -> String {
    let status = response.status().as_u16();
    if status == 200 {
        return "200".to_owned();
    }
    let body: Value = response.json().await.unwrap();
    let extensions = &body["errors"][0]["extensions"];
    let parts = ["code", "reason", "argument"].map(|key| extensions[key].as_str().unwrap_or("-").to_owned());
    format!("{status} {}", parts.join("/"))
}

/// The rows of the file, the head first.
async fn rows(person: &Person, team: &str, query: &str) -> Vec<Vec<String>> {
    let response = download(person, team, query).await;
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Puts so many events into the log of a team, a millisecond apart, the last of them now.
async fn seed(app: &TestApp, team: &str, count: u32, actor_name: &str) {
    let team: TeamId = team.parse().unwrap();
    let now = app.parts.app.now();
    let entries: Vec<_> = (0..count)
        .map(|place| {
            let created_at = now - Duration::from_millis(u64::from(count - place));
            let id = u128::from(created_at.as_millis()) << 80 | 0x7000_8000_0000_0000_0000 | u128::from(place);
            AuditEntry {
                id: TypeSafeId::from_uuid(Uuid::from_u128(id)),
                event: AuditEvent::new(team, AuditKind::GroupCreated).about(format!("group_{place}")),
                actor_id: None,
                actor_name: Some(actor_name.to_owned()),
                origin: Origin::default(),
                created_at,
            }
        })
        .collect();
    let tx = app.parts.app.store.begin().await.unwrap();
    tx.insert_audit_events(&entries).await.unwrap();
    tx.commit().await.unwrap();
}
