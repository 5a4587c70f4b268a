//! How access ends: by the clock, by somebody's hand, with the last grant; and who may bring it about.

mod at_once;
mod clock;
mod hand;
mod partnership;

use crate::support::app::Answer;
use crate::support::socket::{Event, Socket};
use crate::support::{Person, TestApp};
use portico::app::clock::Clock;
use portico::domain::{OrganizationId, TeamId, UserId, days};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ACTIVITY: &str = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { kind message } }";

/// A follower of a workspace, which has shown that it is up by one entry.
async fn follow(app: &TestApp, admin: &Person, person: &Person, workspace: &str) -> Socket {
    let first =
        admin.ask("query($id: ID!) { workspace(id: $id) { activity(first: 1) { nodes { cursor } } } }", json!({ "id": workspace })).await;
    let after = first.text("/workspace/activity/nodes/0/cursor");
    touch(admin, workspace).await;
    let mut socket = Socket::subscribe(app, person, ACTIVITY, json!({ "id": workspace, "after": after })).await;
    while kind(&socket.next().await) != "WORKSPACE_UPDATED" {}
    socket
}

async fn touch(admin: &Person, workspace: &str) {
    assert!(admin.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "summary": "Touched." })).await.is_ok());
}

fn kind(event: &Value) -> String {
    event["workspaceActivity"]["kind"].as_str().unwrap().to_owned()
}

/// How long it takes until the subscription completes, passing over what was on its way.
async fn completion(socket: &mut Socket) -> Duration {
    let lost = Instant::now();
    while socket.event().await != Event::Complete {}
    lost.elapsed()
}

async fn update(person: &Person, mut change: Value, member: &str) -> Answer {
    change["memberId"] = json!(member);
    person.mutate("updateWorkspaceMember", "member { role partnerLead expiresAt }", change).await
}

async fn remove(person: &Person, member: &str) -> Answer {
    person.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await
}

/// Everything that a change would show in: grants, activity.
async fn state(admin: &Person, workspace: &str) -> Value {
    let query = "query($id: ID!) { workspace(id: $id) { version visibility members(first: 100) { nodes { id role partnerLead expiresAt } } activity(last: 100) { nodes { id } } } }";
    admin.ask(query, json!({ "id": workspace })).await.at("/workspace").clone()
}

async fn teams(person: &Person) -> usize {
    person.ask("{ viewer { teams { team { id } } } }", json!({})).await.list("/viewer/teams").len()
}

/// Counts the partners of a team who hold nothing in it.
async fn idle_partners(app: &TestApp, team: &str) -> u64 {
    let team: TeamId = team.parse().unwrap();
    let text = "UPDATE team_member SET roles = roles WHERE team_id = $1 AND roles = 64
        AND NOT EXISTS (SELECT 1 FROM workspace_member m WHERE m.team_id = team_member.team_id AND m.user_id = team_member.user_id)
        AND NOT EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id WHERE gm.user_id = team_member.user_id)";
    app.sql(text, vec![team.uuid().into()]).await
}

async fn seed_invitation(app: &TestApp, team: &str, workspace: &str, by: &Person, organization: Option<OrganizationId>, email: &str) {
    let (team, by, workspace): (TeamId, UserId, portico::domain::WorkspaceId) =
        (team.parse().unwrap(), by.id.parse().unwrap(), workspace.parse().unwrap());
    let side = if organization.is_some() { "PARTNER" } else { "TEAM" };
    let id = uuid::Uuid::from_u128(app.clock.now().as_micros().unsigned_abs().into());
    app.advance(Duration::from_millis(1));
    let text = "INSERT INTO invitation (id, team_id, workspace_id, workspace_name, email, email_key, side, role, team_roles, partner_lead, organization_id,
                    status, secret_hash, invited_by, created_at, expires_at)
                VALUES ($1, $2, $3, 'W', $4, $4, $5, 'VIEWER', 0, FALSE, $6, 'PENDING', $7, $8, 1, $9)";
    let end = (app.clock.now() + days(30)).as_micros();
    let organization = organization.map(|organization| organization.uuid());
    let values = vec![
        id.into(),
        team.uuid().into(),
        workspace.uuid().into(),
        email.into(),
        side.into(),
        organization.into(),
        vec![0_u8; 32].into(),
        by.uuid().into(),
        end.into(),
    ];
    assert_eq!(app.sql(text, values).await, 1);
}

async fn invitations(app: &TestApp, status: &str) -> u64 {
    app.sql("UPDATE invitation SET status = status WHERE status = $1", vec![status.into()]).await
}
