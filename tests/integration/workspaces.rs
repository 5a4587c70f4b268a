//! Workspaces and their people, of every visibility.

use crate::support::on_both;
use serde_json::json;

const SEE: &str = "query($id: ID!) { workspace(id: $id) { viewerRole viewerCan } }";

on_both! {
    async fn each_visibility_lets_in_whom_it_should(app) {
        let (ada, sam, paula, mo, tess, eve) = (app.person("Ada").await, app.person("Sam").await, app.person("Paula").await, app.person("Mo").await, app.person("Tess").await, app.person("Eve").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"]), (&tess, &["DEVELOPER"])]).await;
        // Who gets in: the owner Mo, the Super Admin, the Partner Manager, a teammate, the Team Admin, an outsider.
        for (visibility, expected) in [
            ("PERSONAL", [true, true, false, false, false, false]),
            ("PRIVATE", [true, true, false, false, false, false]),
            ("TEAM", [true, true, true, true, true, false]),
        ] {
            let workspace = mo.workspace(&team, visibility, visibility).await;
            for (person, may) in [&mo, &sam, &paula, &tess, &ada, &eve].into_iter().zip(expected) {
                let answer = person.ask(SEE, json!({ "id": workspace })).await;
                assert_eq!(answer.is_ok(), may, "{visibility} {}: {}", person.name, answer.body);
                let listed = person.ask("{ viewer { workspaces(first: 100) { nodes { id } } } }", json!({})).await;
                assert_eq!(listed.list("/viewer/workspaces/nodes").iter().any(|node| node["id"] == workspace.as_str()), may, "{visibility} {}", person.name);
            }
        }
        let partner = paula.workspace(&team, "Partner", "PARTNER").await;
        let public = sam.workspace(&team, "Public", "PUBLIC").await;
        for (person, sees_partner) in [(&sam, true), (&paula, true), (&mo, false), (&ada, false), (&eve, false)] {
            assert_eq!(person.ask(SEE, json!({ "id": partner })).await.is_ok(), sees_partner, "{}", person.name);
            assert!(person.ask(SEE, json!({ "id": public })).await.is_ok(), "{}", person.name);
        }
        assert_eq!(mo.ask(SEE, json!({ "id": public })).await.text("/workspace/viewerRole"), "VIEWER");
        assert!(eve.ask(SEE, json!({ "id": public })).await.at("/workspace/viewerRole").is_null());
    }

    async fn every_change_of_visibility_is_made_asked_for_or_refused(app) {
        let (ada, sam, devi) = (app.person("Ada").await, app.person("Sam").await, app.person("Devi").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&devi, &["DEVELOPER"])]).await;
        for from in ["PERSONAL", "PRIVATE", "TEAM", "PARTNER", "PUBLIC"] {
            for to in ["PERSONAL", "PRIVATE", "TEAM", "PARTNER", "PUBLIC"] {
                let workspace = sam.workspace(&team, &format!("{from} {to}"), from).await;
                if from != "PERSONAL" {
                    sam.invite(&workspace, &devi, "ADMIN").await;
                    // A Workspace Admin without a deciding role asks where an approval is needed.
                    let input = json!({ "workspaceId": workspace, "visibility": to });
                    let answer = devi.mutate("changeWorkspaceVisibility", "workspace { visibility } request { kind }", input).await;
                    let expected = match (from, to) {
                        (from, to) if from == to => "VISIBILITY_UNCHANGED",
                        (_, "PERSONAL") => "CANNOT_BECOME_PERSONAL",
                        ("PARTNER", "PUBLIC") => "VISIBILITY_IS_PARTNER",
                        (_, "PARTNER") => "CONVERT_TO_PARTNER",
                        (_, "PUBLIC") => "MAKE_PUBLIC",
                        _ => "-",
                    };
                    let got = if answer.is_ok() { answer.at("/request/kind").as_str().unwrap_or("-").to_owned() } else { answer.refusal().split('/').nth(1).unwrap().to_owned() };
                    assert_eq!(got, expected, "{from} to {to}");
                    continue;
                }
                let answer = sam.mutate("changeWorkspaceVisibility", "workspace { visibility }", json!({ "workspaceId": workspace, "visibility": to })).await;
                if to == "PERSONAL" {
                    assert_eq!(answer.refusal(), "FAILED_PRECONDITION/VISIBILITY_UNCHANGED/visibility");
                } else {
                    assert_eq!(answer.text("/workspace/visibility"), to);
                }
            }
        }
    }

    async fn details_are_edited_by_version(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Draft", "PRIVATE").await;
        ada.invite(&workspace, &mo, "EDITOR").await;
        let edit = json!({ "workspaceId": workspace, "name": "Final", "summary": "In a line", "expectedVersion": 1 });
        assert_eq!(mo.mutate("updateWorkspace", "workspace { id }", edit.clone()).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        let answer = ada.mutate("updateWorkspace", "workspace { name summary description version }", edit.clone()).await;
        assert_eq!(answer.at("/workspace"), &json!({ "name": "Final", "summary": "In a line", "description": "", "version": 2 }));
        let stale = ada.mutate("updateWorkspace", "workspace { id }", edit).await;
        assert_eq!(stale.refusal(), "CONFLICT/STALE_VERSION/expectedVersion");
        assert_eq!(stale.body["errors"][0]["extensions"]["currentVersion"], 2);
    }

    async fn members_come_change_and_go(app) {
        let (ada, mo, eve) = (app.person("Ada").await, app.person("Mo").await, app.person("Eve").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
        let input = json!({ "workspaceId": workspace, "role": "VIEWER", "message": "Welcome", "invitees": [
            { "userId": mo.id }, { "email": "MO@example.com" }, { "email": eve.email }, { "email": "nobody@example.com" }, { "userId": eve.id }, { "userId": "nonsense" }, { "email": "nonsense" },
        ] });
        app.mails().await;
        let answer = ada.mutate("inviteTeamMembers", "results { outcome code reason member { id role subject { ... on User { name email } } } }", input).await;
        let results: Vec<_> = answer.list("/results").iter().map(|result| format!("{} {}", result["outcome"].as_str().unwrap(), result["reason"].as_str().unwrap_or("-"))).collect();
        assert_eq!(results, ["ADDED -", "ALREADY_MEMBER -", "INVITED -", "INVITED -", "FAILED UNKNOWN_ID", "FAILED MALFORMED_ID", "FAILED INVALID_FORMAT"]);
        assert_eq!(answer.at("/results/0/member/subject"), &json!({ "name": "Mo", "email": "mo@example.com" }));
        let mails = app.mails().await;
        assert_eq!(mails.len(), 3, "two of them are invitations");
        assert!(mails[0].text.contains("> Welcome"));

        let member = answer.text("/results/0/member/id");
        let changed = ada.mutate("updateWorkspaceMember", "member { role }", json!({ "memberId": member, "role": "EDITOR" })).await;
        assert_eq!(changed.text("/member/role"), "EDITOR");
        assert_eq!(mo.told().await, ["MEMBER_ADDED", "MEMBER_ADDED", "ROLE_CHANGED"]);
        assert_eq!(mo.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(ada.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-");
        let own = ada.ask("query($id: ID!) { workspace(id: $id) { members(first: 1) { nodes { id } } } }", json!({ "id": workspace })).await.text("/workspace/members/nodes/0/id");
        assert_eq!(ada.mutate("updateWorkspaceMember", "member { role }", json!({ "memberId": own, "role": "VIEWER" })).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-");
        assert_eq!(ada.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": own })).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-");
        assert!(mo.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        assert_eq!(ada.activity(&workspace).await, ["WORKSPACE_CREATED", "MEMBER_ADDED", "INVITATION_SENT", "INVITATION_SENT", "MEMBER_ROLE_CHANGED", "MEMBER_LEFT"]);
    }

    async fn notifications_are_read_one_by_one_or_up_to_a_place(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        for number in 0..4 {
            let workspace = ada.workspace(&team, &format!("W{number}"), "PRIVATE").await;
            ada.invite(&workspace, &mo, "VIEWER").await;
        }
        let page = mo.ask("{ viewer { unreadNotificationCount notifications(first: 10) { nodes { id cursor readAt } } } }", json!({})).await;
        assert_eq!(page.at("/viewer/unreadNotificationCount"), 5);
        let node = |at: usize, field: &str| page.text(&format!("/viewer/notifications/nodes/{at}/{field}"));
        let marked = mo.mutate("markNotificationsRead", "unreadNotificationCount", json!({ "ids": [node(4, "id")] })).await;
        assert_eq!(marked.at("/unreadNotificationCount"), 4);
        assert_eq!(ada.mutate("markNotificationsRead", "unreadNotificationCount", json!({ "ids": [node(0, "id")] })).await.at("/unreadNotificationCount"), 0);
        let marked = mo.mutate("markNotificationsRead", "unreadNotificationCount", json!({ "upToCursor": node(2, "cursor") })).await;
        assert_eq!(marked.at("/unreadNotificationCount"), 1);
        let unread = mo.ask("{ viewer { notifications(first: 10, unreadOnly: true) { nodes { id } } } }", json!({})).await;
        assert_eq!(unread.list("/viewer/notifications/nodes").len(), 1);
        assert_eq!(unread.text("/viewer/notifications/nodes/0/id"), node(3, "id"));
        assert_eq!(ada.mutate("markNotificationsRead", "unreadNotificationCount", json!({ "upToCursor": node(2, "cursor") })).await.refusal(), "BAD_USER_INPUT/INVALID_CURSOR/upToCursor");
    }

    async fn answers_come_in_the_order_of_the_question(app) {
        let ada = app.person("Ada").await;
        let answer = ada.ask("{ viewer { unreadNotificationCount user { name id } teams { roles } } server { version name } }", json!({})).await;
        let keys = |pointer: &str| answer.at(pointer).as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys("/viewer"), ["unreadNotificationCount", "user", "teams"]);
        assert_eq!(keys("/viewer/user"), ["name", "id"]);
        assert_eq!(keys(""), ["viewer", "server"]);
    }
}
