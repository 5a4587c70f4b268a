//! Who may be what in a team, and who says so.

use crate::support::on_both;
use serde_json::json;

on_both! {
    async fn the_first_super_admin_is_appointed_by_an_admin_and_then_only_by_super_admins(app) {
        let (ada, sam, mo) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&sam, &["DEVELOPER"]), (&mo, &["DEVELOPER"])]).await;
        let set = |by: &crate::support::Person, user: &str, roles: &[&str]| {
            let (by, input) = (by.clone(), json!({ "teamId": team, "userId": user, "roles": roles }));
            async move { by.mutate("setTeamRoles", "membership { roles }", input).await }
        };
        assert_eq!(set(&mo, &sam.id, &["SUPER_ADMIN"]).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(set(&ada, &sam.id, &["SUPER_ADMIN"]).await.at("/membership/roles"), &json!(["SUPER_ADMIN"]));
        assert_eq!(sam.told().await.last().unwrap(), "ROLE_CHANGED");
        assert_eq!(set(&ada, &mo.id, &["SUPER_ADMIN"]).await.refusal(), "FORBIDDEN/SUPER_ADMIN_ONLY/-");
        assert_eq!(set(&ada, &sam.id, &["DEVELOPER"]).await.refusal(), "FORBIDDEN/SUPER_ADMIN_ONLY/-", "nor dismissed");
        assert_eq!(ada.mutate("removeFromTeam", "teamId", json!({ "teamId": team, "userId": sam.id })).await.refusal(), "FORBIDDEN/SUPER_ADMIN_ONLY/-");
        assert!(set(&sam, &mo.id, &["SUPER_ADMIN", "DEVELOPER"]).await.is_ok());
        assert_eq!(set(&ada, &mo.id, &["PARTNER"]).await.refusal(), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/roles");
        assert_eq!(set(&ada, &mo.id, &[]).await.refusal(), "BAD_USER_INPUT/EMPTY/roles");
    }

    async fn the_last_admin_cannot_leave_or_lose_the_role(app) {
        let (ada, sam, mo) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&mo, &["DEVELOPER"])]).await;
        let leave = json!({ "teamId": team, "userId": ada.id });
        assert_eq!(ada.mutate("removeFromTeam", "teamId", leave.clone()).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/userId");
        assert_eq!(sam.mutate("removeFromTeam", "teamId", leave.clone()).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/userId");
        let demote = json!({ "teamId": team, "userId": ada.id, "roles": ["DEVELOPER"] });
        assert_eq!(sam.mutate("setTeamRoles", "membership { roles }", demote).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/userId");
        assert!(ada.mutate("setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": mo.id, "roles": ["ADMIN"] })).await.is_ok());
        assert!(ada.mutate("removeFromTeam", "teamId", leave).await.is_ok());
        assert_eq!(ada.ask("query($id: ID!) { team(id: $id) { name } }", json!({ "id": team })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
    }

    async fn removal_from_a_team_takes_everything_with_it(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let input = json!({ "teamId": team, "name": "Mine", "visibility": "PARTNER" });
        let request = mo.mutate("createWorkspace", "request { id }", input).await.text("/request/id");
        let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
        ada.invite(&workspace, &mo, "EDITOR").await;
        app.mails().await;
        assert!(ada.mutate("removeFromTeam", "teamId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        assert_eq!(mo.told().await.last().unwrap(), "MEMBER_REMOVED");
        assert_eq!(app.mails().await.len(), 1);
        assert_eq!(mo.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": workspace })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert!(mo.ask("{ viewer { workspaces(first: 10) { nodes { id } } teams { roles } } }", json!({})).await.list("/viewer/workspaces/nodes").is_empty());
        assert_eq!(ada.activity(&workspace).await.last().unwrap(), "MEMBER_REMOVED");
        let seen = paula.ask("query($id: ID!) { node(id: $id) { ... on ApprovalRequest { status } } }", json!({ "id": request })).await;
        assert_eq!(seen.text("/node/status"), "SUPERSEDED");
    }

    async fn part_of_a_batch_of_new_members_can_succeed(app) {
        let (ada, mo, eve) = (app.person("Ada").await, app.person("Mo").await, app.person("Eve").await);
        let team = app.team(&ada, &[]).await;
        let input = json!({ "teamId": team, "emails": ["MO@example.com", "nobody@example.com", "not an address", "ada@example.com"], "roles": ["DEVELOPER"] });
        let answer = ada.mutate("addTeamMembers", "results { email outcome code reason message user { name } }", input.clone()).await;
        let results: Vec<_> = answer.list("/results").iter().map(|result| (result["outcome"].as_str().unwrap(), result["reason"].as_str().unwrap_or("-"))).collect();
        assert_eq!(results, [("ADDED", "-"), ("INVITED", "-"), ("FAILED", "INVALID_FORMAT"), ("ALREADY_MEMBER", "-")]);
        assert_eq!(mo.told().await, ["MEMBER_ADDED"]);
        assert_eq!(eve.mutate("addTeamMembers", "results { outcome }", input.clone()).await.refusal(), "NOT_FOUND/UNKNOWN_ID/teamId");
        assert_eq!(mo.mutate("addTeamMembers", "results { outcome }", input).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        let many: Vec<_> = (0..101).map(|number| format!("p{number}@example.com")).collect();
        let input = json!({ "teamId": team, "emails": many, "roles": ["DEVELOPER"] });
        assert_eq!(ada.mutate("addTeamMembers", "results { outcome }", input).await.refusal(), "BAD_USER_INPUT/TOO_MANY/emails");
        let taken = ada.ask("{ viewer { teams { team { slug } } } }", json!({})).await.text("/viewer/teams/0/team/slug");
        assert_eq!(eve.mutate("createTeam", "team { id }", json!({ "name": "Copy", "slug": taken })).await.refusal(), "CONFLICT/ALREADY_TAKEN/slug");
    }

    async fn whoever_asks_can_take_it_back_whatever_their_role(app) {
        let (ada, paula, bill) = (app.person("Ada").await, app.person("Paula").await, app.person("Bill").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&bill, &["BILLING"])]).await;
        let workspace = bill.workspace(&team, "Bills", "PRIVATE").await;
        let input = json!({ "workspaceId": workspace, "visibility": "PARTNER" });
        let request = bill.mutate("changeWorkspaceVisibility", "request { id }", input).await.text("/request/id");
        assert_eq!(bill.mutate("cancelRequest", "request { status }", json!({ "requestId": request })).await.text("/request/status"), "CANCELLED");
    }

    async fn an_overdue_request_cannot_be_decided_though_no_job_came_round(app) {
        let (ada, paula, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Devi").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
        let input = json!({ "teamId": team, "name": "Late", "visibility": "PARTNER" });
        let request = devi.mutate("createWorkspace", "request { id }", input).await.text("/request/id");
        app.advance(std::time::Duration::from_hours(15 * 24));
        let late = paula.mutate("approveRequest", "request { status }", json!({ "requestId": request })).await;
        assert_eq!(late.refusal(), "CONFLICT/ALREADY_DECIDED/-");
        assert_eq!(late.body["errors"][0]["extensions"]["status"], "EXPIRED");
    }

    async fn who_is_a_partner_is_not_told_to_developers(app) {
        let (ada, paula, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Devi").await);
        let (pia, eve) = (app.person("Pia").await, app.person("Eve").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        crate::partner_workspace::seed_partner(&app, &team, &workspace, &pia, portico::domain::WorkspaceRole::Viewer).await;
        for person in [&pia, &eve] {
            let input = json!({ "teamId": team, "userId": person.id, "roles": ["DEVELOPER"] });
            assert_eq!(devi.mutate("setTeamRoles", "membership { roles }", input).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        }
    }

    async fn strangers_to_a_public_workspace_learn_no_names_and_no_grants(app) {
        let (ada, sam, eve) = (app.person("Ada").await, app.person("Sam").await, app.person("Eve").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"])]).await;
        let workspace = sam.workspace(&team, "Open", "PUBLIC").await;
        let members = sam.ask("query($id: ID!) { workspace(id: $id) { members(first: 1) { nodes { id } } } }", json!({ "id": workspace })).await;
        let member = members.text("/workspace/members/nodes/0/id");
        let seen = eve.ask("query($id: ID!) { workspace(id: $id) { name createdBy { id name } } }", json!({ "id": workspace })).await;
        assert!(seen.at("/workspace/createdBy").is_null());
        let refused = eve.ask("query($id: ID!) { workspace(id: $id) { members(first: 1) { nodes { id } } } }", json!({ "id": workspace })).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["action"], "VIEW_MEMBERS");
        for member in [member.as_str(), "member_01h455vb4pex5vsknk084sn02q"] {
            let answer = eve.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await;
            assert_eq!(answer.refusal(), "NOT_FOUND/UNKNOWN_ID/memberId");
        }
    }
}
