//! What stands in the log, and for how long.

use super::{DAY, events, kinds, rows, seed};
use crate::support::on_both;
use portico::domain::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

on_both! {
    async fn an_event_tells_who_did_what_from_where_and_what_it_was_before(app) {
        let (ada, sam, mo) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&mo, &["DEVELOPER"])]).await;
        let input = json!({ "input": { "teamId": team, "userId": mo.id, "roles": ["DEVELOPER", "BILLING"] } });
        let body = json!({ "query": "mutation($input: SetTeamRolesInput!) { setTeamRoles(input: $input) { membership { roles } } }", "variables": input });
        let request = app.client.post(&ada.url).bearer_auth(ada.token.as_ref().unwrap()).header("user-agent", "Auditor/1.0 (\"test\")").json(&body);
        app.advance(Duration::from_millis(1));
        assert_eq!(request.send().await.unwrap().json::<Value>().await.unwrap()["errors"], Value::Null);
        let event = events(&ada, &team, "last: 1").await.remove(0);
        let expected = json!({
            "id": event["id"], "createdAt": event["createdAt"], "kind": "TEAM_ROLES_CHANGED", "actor": { "id": ada.id }, "actorName": "Ada",
            "address": "127.0.0.1", "userAgent": "Auditor/1.0 (\"test\")", "workspaceId": null, "targetId": mo.id,
            "before": { "roles": ["DEVELOPER"] }, "after": { "roles": ["BILLING", "DEVELOPER"] },
        });
        assert_eq!(event, expected);
        // Nothing that stays as it is.
        let same = json!({ "teamId": team, "userId": mo.id, "roles": ["DEVELOPER", "BILLING"] });
        assert!(ada.mutate("setTeamRoles", "membership { roles }", same).await.is_ok());
        for plan in ["FREE", "FREE", "ENTERPRISE"] {
            assert!(sam.mutate("setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": plan })).await.is_ok());
        }
        let plans = events(&ada, &team, "last: 2").await;
        assert_eq!(plans.iter().map(|event| (&event["before"]["plan"], &event["after"]["plan"])).collect::<Vec<_>>(), [(&json!("ENTERPRISE"), &json!("FREE")), (&json!("FREE"), &json!("ENTERPRISE"))]);

        let workspace = mo.workspace(&team, "Docs", "TEAM").await;
        let details = json!({ "workspaceId": workspace, "name": "Docs", "summary": "Short", "description": "# Secret plan" });
        assert!(mo.mutate("updateWorkspace", "workspace { id }", details).await.is_ok());
        let asked = json!({ "workspaceId": workspace, "visibility": "PARTNER", "note": "Please." });
        let request = mo.mutate("changeWorkspaceVisibility", "request { id }", asked).await.text("/request/id");
        assert!(sam.mutate("approveRequest", "request { status }", json!({ "requestId": request, "comment": "Go." })).await.is_ok());
        let told = events(&ada, &team, &format!("first: 10, workspaceId: \"{workspace}\"")).await;
        let told: Vec<_> = told.iter().map(|event| (event["kind"].as_str().unwrap(), event["actorName"].as_str().unwrap(), event["targetId"].as_str().unwrap_or("-"), event["before"].clone(), event["after"].clone())).collect();
        assert_eq!(told, [
            ("WORKSPACE_CREATED", "Mo", "-", Value::Null, json!({ "name": "Docs", "visibility": "TEAM" })),
            ("WORKSPACE_CHANGED", "Mo", "-", json!({ "summary": "", "descriptionLength": 0 }), json!({ "summary": "Short", "descriptionLength": 13 })),
            ("REQUEST_SUBMITTED", "Mo", &request, Value::Null, json!({ "kind": "CONVERT_TO_PARTNER", "status": "PENDING", "workspaceName": "Docs" })),
            ("REQUEST_APPROVED", "Sam", &request, json!({ "kind": "CONVERT_TO_PARTNER", "status": "PENDING" }), json!({ "kind": "CONVERT_TO_PARTNER", "status": "APPROVED" })),
            ("VISIBILITY_CHANGED", "Sam", "-", json!({ "visibility": "TEAM" }), json!({ "visibility": "PARTNER" })),
        ]);
    }

    async fn a_request_can_end_in_every_way_and_what_the_system_does_has_no_actor(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let ask = async |name: &str| {
            let answer = mo.mutate("createWorkspace", "request { id } workspace { id }", json!({ "teamId": team, "name": name, "visibility": "PARTNER" })).await;
            (answer.text("/request/id"), answer.text("/workspace/id"))
        };
        let (denied, cancelled, superseded, expired) = (ask("Denied").await, ask("Cancelled").await, ask("Superseded").await, ask("Expired").await);
        assert!(paula.mutate("denyRequest", "request { id }", json!({ "requestId": denied.0 })).await.is_ok());
        assert!(mo.mutate("cancelRequest", "request { id }", json!({ "requestId": cancelled.0 })).await.is_ok());
        assert!(mo.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": superseded.1 })).await.is_ok());
        app.advance(15 * DAY);
        app.run_jobs().await;
        let last = async |request: &str| {
            let event = events(&ada, &team, &format!("last: 1, targetId: \"{request}\"")).await.remove(0);
            (event["kind"].as_str().unwrap().to_owned(), event["actorName"].clone(), event["after"]["status"].clone())
        };
        for (request, kind, actor) in [(denied.0, "DENIED", json!("Paula")), (cancelled.0, "CANCELLED", json!("Mo")), (superseded.0, "SUPERSEDED", json!("Mo")), (expired.0, "EXPIRED", Value::Null)] {
            assert_eq!(last(&request).await, (format!("REQUEST_{kind}"), actor, json!(kind)));
        }
        let system = events(&ada, &team, "last: 1").await.remove(0);
        assert_eq!([&system["actor"], &system["address"], &system["userAgent"]], [&Value::Null; 3]);
    }

    async fn names_stay_when_people_leave(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = mo.workspace(&team, "Docs", "PRIVATE").await;
        assert!(ada.mutate("removeFromTeam", "teamId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        let told = events(&ada, &team, "last: 3").await;
        assert_eq!(kinds(&told), ["WORKSPACE_CREATED", "TEAM_MEMBER_REMOVED", "MEMBER_REMOVED"]);
        assert_eq!((&told[0]["actor"], &told[0]["actorName"]), (&Value::Null, &json!("Mo")));
        assert_eq!((&told[1]["targetId"], &told[1]["before"]), (&json!(mo.id), &json!({ "name": "Mo", "roles": ["DEVELOPER"] })));
        assert_eq!((&told[2]["workspaceId"], &told[2]["before"]), (&json!(workspace), &json!({ "userId": mo.id, "name": "Mo" })));
    }

    async fn what_is_refused_leaves_no_trace(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let asked = mo.mutate("createWorkspace", "request { id } workspace { id }", json!({ "teamId": team, "name": "Docs", "visibility": "PARTNER" })).await;
        let (request, workspace) = (asked.text("/request/id"), asked.text("/workspace/id"));
        let before = events(&ada, &team, "first: 100").await;
        for (person, mutation, selection, input) in [
            (&mo, "setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": paula.id, "roles": ["DEVELOPER"] })),
            (&ada, "setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": ada.id, "roles": ["DEVELOPER"] })),
            (&mo, "removeFromTeam", "teamId", json!({ "teamId": team, "userId": paula.id })),
            (&mo, "addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": ["eve@example.com"], "roles": ["DEVELOPER"] })),
            (&ada, "setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": "FREE" })),
            (&mo, "approveRequest", "request { id }", json!({ "requestId": request })),
            (&mo, "updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "name": "New", "expectedVersion": 7 })),
            (&mo, "changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": workspace, "visibility": "PARTNER" })),
            (&mo, "changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": workspace, "visibility": "PRIVATE" })),
        ] {
            assert!(!person.mutate(mutation, selection, input.clone()).await.is_ok(), "{mutation} {input}");
        }
        assert_eq!(events(&ada, &team, "first: 100").await, before);
        // The same key again is the same answer, and no second event.
        let input = json!({ "teamId": team, "name": "Once", "visibility": "PRIVATE", "idempotencyKey": "once" });
        for _ in 0..2 {
            assert!(mo.mutate("createWorkspace", "workspace { id }", input.clone()).await.is_ok());
        }
        assert_eq!(events(&ada, &team, "first: 100").await.len(), before.len() + 1);
    }

    async fn an_event_is_kept_for_180_days(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        seed(&app, &team, 1_100, "Ada").await;
        app.advance(DAY);
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let made = events(&ada, &team, "last: 1").await.remove(0)["createdAt"].as_str().and_then(Timestamp::from_rfc3339).unwrap();
        app.advance(178 * DAY);
        app.run_jobs().await;
        assert_eq!(rows(&ada, &team, "").await.len(), 1 + 1_100 + 3, "nothing is that old yet");
        app.advance(DAY);
        app.run_jobs().await;
        let left = events(&ada, &team, "first: 100").await;
        assert_eq!((kinds(&left), left[0]["workspaceId"].as_str()), (vec!["WORKSPACE_CREATED".to_owned()], Some(workspace.as_str())));
        let left = (made + 180 * DAY).as_micros() - app.parts.app.now().as_micros();
        app.advance(Duration::from_micros(u64::try_from(left).unwrap()));
        app.run_jobs().await;
        assert_eq!(events(&ada, &team, "first: 100").await.len(), 1, "on the day itself it is there");
        app.advance(Duration::from_micros(1));
        app.run_jobs().await;
        assert!(events(&ada, &team, "first: 100").await.is_empty());
    }
}
