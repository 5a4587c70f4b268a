//! The main story: a partner workspace is asked for, approved, told of, and deleted again.

use crate::support::app::TestApp;
use crate::support::socket::Socket;
use crate::support::{Person, on_both};
use portico::app::model::TeamMember;
use portico::app::ports::{NewMember, StoreError};
use portico::domain::activity::SubjectRef;
use portico::domain::{GroupId, OrganizationId, Side, TeamId, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceRole};
use serde_json::json;
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

fn fresh_id<T: StaticType>() -> TypeSafeId<T> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    TypeSafeId::from_uuid(Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::SeqCst)) | 0x9999_0000_7000_8000_0000_0000_0000))
}

/// Puts a partner into a workspace, as an accepted invitation does.
pub async fn seed_partner(app: &TestApp, team: &str, workspace: &str, partner: &Person, role: WorkspaceRole) {
    seed(app, team, workspace, partner, Seed::of(None, role)).await;
}

/// What a partner is to be in a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    pub organization: Option<OrganizationId>,
    pub role: WorkspaceRole,
    pub lead: bool,
    pub expires_at: Option<Timestamp>,
}

impl Seed {
    pub fn of(organization: Option<OrganizationId>, role: WorkspaceRole) -> Self {
        Self { organization, role, lead: false, expires_at: None }
    }

    pub fn lead(self) -> Self {
        Self { lead: true, ..self }
    }

    pub fn until(self, end: Timestamp) -> Self {
        Self { expires_at: Some(end), ..self }
    }

    fn member(self, team: &str, workspace: &str, subject: SubjectRef, by: &Person) -> NewMember {
        NewMember {
            id: fresh_id(),
            team_id: team.parse().unwrap(),
            workspace_id: workspace.parse().unwrap(),
            subject,
            side: Side::Partner,
            role: self.role,
            partner_lead: self.lead,
            organization_id: self.organization,
            granted_by: by.id.parse().unwrap(),
            granted_at: Timestamp::from_micros(1),
            expires_at: self.expires_at,
        }
    }
}

/// Puts a partner into a workspace as this, and into the team. Answers the grant.
pub async fn seed(app: &TestApp, team: &str, workspace: &str, partner: &Person, seed: Seed) -> String {
    try_seed(app, team, workspace, partner, seed).await.unwrap()
}

/// The same, which can meet another transaction.
pub async fn try_seed(app: &TestApp, team: &str, workspace: &str, partner: &Person, seed: Seed) -> Result<String, StoreError> {
    let tx = app.parts.app.store.begin().await?;
    let membership = TeamMember {
        id: fresh_id(),
        team_id: team.parse().unwrap(),
        user_id: partner.id.parse().unwrap(),
        roles: TeamRoles::NONE.with(TeamRole::Partner),
        organization_id: seed.organization,
        joined_at: Timestamp::from_micros(1),
    };
    tx.insert_team_member(&membership).await?;
    let member = seed.member(team, workspace, SubjectRef::Person { user_id: membership.user_id }, partner);
    assert!(tx.insert_member(&member).await?);
    tx.commit().await?;
    Ok(member.id.to_string())
}

/// An organization of the team.
pub async fn seed_organization(app: &TestApp, team: &str, name: &str) -> OrganizationId {
    let (id, team): (OrganizationId, TeamId) = (fresh_id(), team.parse().unwrap());
    let text = "INSERT INTO organization (id, team_id, name, name_key, created_at) VALUES ($1, $2, $3, $4, 1)";
    app.sql(text, vec![id.uuid().into(), team.uuid().into(), name.into(), name.to_lowercase().into()]).await;
    id
}

/// A group of these people, who are in the team.
pub async fn seed_group(app: &TestApp, team: &str, organization: Option<OrganizationId>, people: &[&Person]) -> GroupId {
    let (id, team): (GroupId, TeamId) = (fresh_id(), team.parse().unwrap());
    let side = if organization.is_some() { "PARTNER" } else { "TEAM" };
    let by: UserId = people[0].id.parse().unwrap();
    let text = r#"INSERT INTO "group" (id, team_id, name, name_key, side, organization_id, created_by, created_at) VALUES ($1, $2, $3, $3, $4, $5, $6, 1)"#;
    let organization = organization.map(|organization| organization.uuid());
    let name = format!("group {}", id.uuid().simple());
    app.sql(text, vec![id.uuid().into(), team.uuid().into(), name.into(), side.into(), organization.into(), by.uuid().into()]).await;
    for person in people {
        let user: UserId = person.id.parse().unwrap();
        let text = "INSERT INTO group_member (group_id, user_id, team_id, added_at) VALUES ($1, $2, $3, 1)";
        app.sql(text, vec![id.uuid().into(), user.uuid().into(), team.uuid().into()]).await;
    }
    id
}

/// Gives everybody in a group a grant of the partner side, or of the team's own where there is no organization. Answers the grant.
pub async fn seed_group_grant(app: &TestApp, team: &str, workspace: &str, group: GroupId, by: &Person, seed: Seed) -> String {
    let side = if seed.organization.is_some() { Side::Partner } else { Side::Team };
    let member = NewMember { side, ..seed.member(team, workspace, SubjectRef::Group { group_id: group }, by) };
    let tx = app.parts.app.store.begin().await.unwrap();
    assert!(tx.insert_member(&member).await.unwrap());
    tx.commit().await.unwrap();
    member.id.to_string()
}

const LIVE: &str = "subscription($after: String) { notifications(after: $after) { cursor kind message actor { name } subject { __typename ... on ApprovalRequest { id note workspaceName workspace { id } } } } }";

async fn last_cursor(person: &Person) -> String {
    let answer = person.ask("{ viewer { notifications(last: 1) { nodes { cursor } } } }", json!({})).await;
    answer.text("/viewer/notifications/nodes/0/cursor")
}

on_both! {
    async fn a_partner_workspace_from_request_to_deletion(app) {
        let (ada, sam, paula, pete) = (app.person("Ada").await, app.person("Sam").await, app.person("Paula").await, app.person("Pete").await);
        let (devi, mo, tess) = (app.person("Devi").await, app.person("Mo").await, app.person("Tess").await);
        let team = app.team(&ada, &[
            (&sam, &["SUPER_ADMIN"]), (&paula, &["PARTNER_MANAGER"]), (&pete, &["PARTNER_MANAGER"]),
            (&devi, &["DEVELOPER"]), (&mo, &["DEVELOPER"]), (&tess, &["DEVELOPER"]),
        ]).await;
        let after = last_cursor(&paula).await;
        let mut live = Socket::subscribe(&app, &paula, LIVE, json!({ "after": after })).await;
        app.mails().await;

        // Asked for: it exists at once, as a private one, and the reviewers hear of it.
        let input = json!({ "teamId": team, "name": "Acme and Globex", "visibility": "PARTNER", "note": "Globex signed." });
        let answer = devi.mutate("createWorkspace", "workspace { id visibility pendingRequest { id } } request { id status kind }", input).await;
        let (workspace, request) = (answer.text("/workspace/id"), answer.text("/request/id"));
        assert_eq!(answer.text("/workspace/visibility"), "PRIVATE");
        assert_eq!(answer.text("/workspace/pendingRequest/id"), request);
        assert_eq!(answer.text("/request/kind"), "CREATE_PARTNER_WORKSPACE");
        let event = live.next().await;
        assert_eq!(event["notifications"]["kind"], "REQUEST_SUBMITTED");
        assert_eq!(event["notifications"]["actor"]["name"], "Devi");
        assert_eq!(event["notifications"]["subject"]["note"], "Globex signed.");
        assert_eq!(event["notifications"]["subject"]["workspaceName"], "Acme and Globex");
        assert!(event["notifications"]["subject"]["workspace"].is_null(), "a reviewer cannot open a private workspace");
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["paula@example.com", "pete@example.com", "sam@example.com"]);
        assert!(mails[0].text.contains("> Globex signed."));

        // The first decision wins.
        let queue = paula.ask("{ viewer { requestsToReview(first: 10) { nodes { id requester { name } } } } }", json!({})).await;
        assert_eq!(queue.text("/viewer/requestsToReview/nodes/0/id"), request);
        let approved = paula.mutate("approveRequest", "request { status reviewer { name } comment }", json!({ "requestId": request, "comment": "Go." })).await;
        assert_eq!(approved.text("/request/status"), "APPROVED");
        let second = pete.mutate("denyRequest", "request { status }", json!({ "requestId": request })).await;
        assert_eq!(second.refusal(), "CONFLICT/ALREADY_DECIDED/-");
        assert_eq!(second.body["errors"][0]["extensions"]["status"], "APPROVED");
        assert_eq!(devi.told().await, ["MEMBER_ADDED", "REQUEST_APPROVED"]);
        let seen = devi.ask("query($id: ID!) { workspace(id: $id) { visibility pendingRequest { id } } }", json!({ "id": workspace })).await;
        assert_eq!(seen.text("/workspace/visibility"), "PARTNER");
        assert!(seen.at("/workspace/pendingRequest").is_null());
        assert_eq!(devi.activity(&workspace).await, ["WORKSPACE_CREATED", "REQUEST_SUBMITTED", "REQUEST_APPROVED", "VISIBILITY_CHANGED"]);

        // A conversion is told to every member, and to those who look in no longer.
        let shared = devi.workspace(&team, "Payments", "TEAM").await;
        devi.invite(&shared, &mo, "EDITOR").await;
        let preview = devi.ask("query($id: ID!) { workspace(id: $id) { wouldLoseAccess(first: 10) { nodes { name } } } }", json!({ "id": shared })).await;
        let losing: Vec<_> = preview.list("/workspace/wouldLoseAccess/nodes").iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(losing, ["Ada", "Tess"], "Super Admins and Partner Managers keep their access");
        let answer = devi.mutate("changeWorkspaceVisibility", "workspace { visibility } request { id }", json!({ "workspaceId": shared, "visibility": "PARTNER" })).await;
        assert_eq!(answer.text("/workspace/visibility"), "TEAM");
        let again = devi.mutate("changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": shared, "visibility": "PARTNER" })).await;
        assert_eq!(again.refusal(), "CONFLICT/REQUEST_PENDING/-");
        app.mails().await;
        paula.mutate("approveRequest", "request { status }", json!({ "requestId": answer.text("/request/id") })).await.text("/request/status");
        assert_eq!(devi.told().await.iter().filter(|kind| *kind == "WORKSPACE_CONVERTED").count(), 1);
        assert_eq!(mo.told().await.last().unwrap(), "WORKSPACE_CONVERTED");
        assert_eq!(tess.told().await.last().unwrap(), "WORKSPACE_ACCESS_LOST");
        let converted: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.subject.contains("is now a partner workspace")).map(|mail| mail.to).collect();
        assert_eq!(converted, ["devi@example.com", "mo@example.com"]);
        let hidden = tess.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": shared })).await;
        assert_eq!(hidden.refusal(), "NOT_FOUND/UNKNOWN_ID/id");

        // The three steps of deleting, each refused while the one before is undone.
        let pia = app.person("Pia").await;
        seed_partner(&app, &team, &shared, &pia, WorkspaceRole::Editor).await;
        assert!(pia.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": shared })).await.is_ok());
        let refused = devi.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": shared })).await;
        assert_eq!(refused.refusal(), "FAILED_PRECONDITION/VISIBILITY_IS_PARTNER/-");
        let refused = devi.mutate("changeWorkspaceVisibility", "workspace { id }", json!({ "workspaceId": shared, "visibility": "PRIVATE" })).await;
        assert_eq!(refused.refusal(), "FAILED_PRECONDITION/PARTNERS_REMAIN/-");
        let input = json!({ "workspaceId": shared, "visibility": "PRIVATE", "removePartners": true });
        let changed = devi.mutate("changeWorkspaceVisibility", "workspace { visibility }", input).await;
        assert_eq!(changed.text("/workspace/visibility"), "PRIVATE");
        assert_eq!(pia.told().await, ["MEMBER_REMOVED"]);
        assert_eq!(pia.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": shared })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        app.mails().await;
        let deleted = paula.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": shared })).await;
        assert_eq!(deleted.text("/deletedWorkspaceId"), shared);
        assert_eq!(devi.told().await.last().unwrap(), "WORKSPACE_DELETED");
        let told: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.subject.contains("deleted the workspace")).map(|mail| mail.to).collect();
        assert_eq!(told, ["devi@example.com", "mo@example.com"]);
        assert_eq!(devi.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": shared })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        app.stop().await;
    }

    async fn a_request_can_be_denied_cancelled_superseded_or_expire(app) {
        let (ada, paula, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Devi").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
        let ask = async |name: &str| {
            let input = json!({ "teamId": team, "name": name, "visibility": "PARTNER" });
            let answer = devi.mutate("createWorkspace", "workspace { id } request { id }", input).await;
            (answer.text("/workspace/id"), answer.text("/request/id"))
        };
        let status = async |request: &str| devi.ask("query($id: ID!) { node(id: $id) { ... on ApprovalRequest { status } } }", json!({ "id": request })).await.text("/node/status");

        let (denied_workspace, denied) = ask("Denied").await;
        assert!(paula.mutate("denyRequest", "request { status }", json!({ "requestId": denied, "comment": "Not now." })).await.is_ok());
        assert_eq!(status(&denied).await, "DENIED");
        assert_eq!(devi.ask("query($id: ID!) { workspace(id: $id) { visibility } }", json!({ "id": denied_workspace })).await.text("/workspace/visibility"), "PRIVATE");

        let (_, cancelled) = ask("Cancelled").await;
        assert_eq!(paula.mutate("cancelRequest", "request { status }", json!({ "requestId": cancelled })).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(devi.mutate("cancelRequest", "request { status }", json!({ "requestId": cancelled })).await.text("/request/status"), "CANCELLED");
        assert_eq!(paula.told().await.last().unwrap(), "REQUEST_CANCELLED");
        assert_eq!(paula.mutate("approveRequest", "request { status }", json!({ "requestId": cancelled })).await.refusal(), "CONFLICT/ALREADY_DECIDED/-");

        let (changed, superseded) = ask("Superseded").await;
        assert!(devi.mutate("changeWorkspaceVisibility", "workspace { id }", json!({ "workspaceId": changed, "visibility": "TEAM" })).await.is_ok());
        assert_eq!(status(&superseded).await, "SUPERSEDED");
        let (gone, deleted) = ask("Deleted").await;
        assert!(devi.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": gone })).await.is_ok());
        assert_eq!(status(&deleted).await, "SUPERSEDED");

        let (_, expired) = ask("Expired").await;
        app.advance(std::time::Duration::from_secs(15 * 24 * 60 * 60 - 1));
        app.run_jobs().await;
        assert_eq!(status(&expired).await, "PENDING");
        app.advance(std::time::Duration::from_secs(1));
        app.run_jobs().await;
        assert_eq!(status(&expired).await, "EXPIRED");
        assert_eq!(devi.told().await.last().unwrap(), "REQUEST_EXPIRED");
        app.run_jobs().await;
        assert_eq!(devi.told().await.iter().filter(|kind| *kind == "REQUEST_EXPIRED").count(), 1, "told once");
    }

    async fn making_a_workspace_public_is_decided_by_community_managers(app) {
        let (ada, paula, coco, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Coco").await, app.person("Devi").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&coco, &["COMMUNITY_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
        let workspace = devi.workspace(&team, "Open", "TEAM").await;
        let answer = devi.mutate("changeWorkspaceVisibility", "workspace { visibility } request { id kind }", json!({ "workspaceId": workspace, "visibility": "PUBLIC" })).await;
        assert_eq!(answer.text("/request/kind"), "MAKE_PUBLIC");
        let request = answer.text("/request/id");
        assert_eq!(paula.mutate("approveRequest", "request { id }", json!({ "requestId": request })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/requestId");
        assert!(coco.mutate("approveRequest", "request { id }", json!({ "requestId": request })).await.is_ok());
        let stranger = app.anonymous().ask("query($id: ID!) { workspace(id: $id) { name visibility viewerCan } }", json!({ "id": workspace })).await;
        assert_eq!(stranger.text("/workspace/visibility"), "PUBLIC");
        assert_eq!(stranger.at("/workspace/viewerCan"), &json!(["VIEW_WORKSPACE", "EXPORT_ELEMENT"]));
    }

    async fn the_first_partner_workspace_makes_its_admin_partner_manager_and_the_plan_is_needed(app) {
        let (ada, bill) = (app.person("Ada").await, app.person("Bill").await);
        let team = app.team(&ada, &[(&bill, &["BILLING"])]).await;
        assert_eq!(ada.mutate("setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": "FREE" })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert!(bill.mutate("setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": "PROFESSIONAL" })).await.is_ok());
        let input = json!({ "teamId": team, "name": "First", "visibility": "PARTNER" });
        assert_eq!(ada.mutate("createWorkspace", "workspace { id }", input.clone()).await.refusal(), "FAILED_PRECONDITION/PLAN_REQUIRED/-");
        assert!(bill.mutate("setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": "ENTERPRISE" })).await.is_ok());
        let answer = ada.mutate("createWorkspace", "workspace { visibility } request { id }", input).await;
        assert_eq!(answer.text("/workspace/visibility"), "PARTNER");
        assert!(answer.at("/request").is_null());
        let roles = ada.ask("{ viewer { teams { roles } } }", json!({})).await;
        assert_eq!(roles.at("/viewer/teams/0/roles"), &json!(["ADMIN", "DEVELOPER", "PARTNER_MANAGER"]));
    }
}
