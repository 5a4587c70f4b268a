//! What happens when two do the same thing at once.

use crate::invitations::{Partnership, bring, invite, mailed_token, partnership};
use crate::support::{Person, on_both};
use serde_json::json;

const ROUNDS: usize = 200;

impl Partnership {
    /// How many partners hold a grant in the workspace.
    async fn partners(&self) -> usize {
        let query = "query($id: ID!) { workspace(id: $id) { members(first: 10, side: PARTNER) { nodes { id } } } }";
        self.devi.ask(query, json!({ "id": self.workspace })).await.list("/workspace/members/nodes").len()
    }
}

on_both! {
    async fn of_two_reviewers_at_once_exactly_one_decides(app) {
        let (ada, paula, pete, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Pete").await, app.person("Devi").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&pete, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
        for round in 0..ROUNDS {
            let input = json!({ "teamId": team, "name": format!("Round {round}"), "visibility": "PARTNER" });
            let request = devi.mutate("createWorkspace", "request { id }", input).await.text("/request/id");
            let decide = |person: &Person, mutation: &'static str| {
                let (person, input) = (person.clone(), json!({ "requestId": request }));
                async move { person.mutate(mutation, "request { status }", input).await }
            };
            let (one, other) = tokio::join!(decide(&paula, "approveRequest"), decide(&pete, "denyRequest"));
            let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
            let decided = winner.text("/request/status");
            assert_eq!(loser.refusal(), "CONFLICT/ALREADY_DECIDED/-");
            assert_eq!(loser.body["errors"][0]["extensions"]["status"], decided.as_str());
        }
        let mut decisions = 0;
        let mut after = json!(null);
        loop {
            let page = devi.ask("query($after: String) { viewer { notifications(first: 100, after: $after) { nodes { kind } pageInfo { hasNextPage endCursor } } } }", json!({ "after": after })).await;
            decisions += page.list("/viewer/notifications/nodes").iter().filter(|node| matches!(node["kind"].as_str(), Some("REQUEST_APPROVED" | "REQUEST_DENIED"))).count();
            if page.at("/viewer/notifications/pageInfo/hasNextPage") == false { break }
            after = page.at("/viewer/notifications/pageInfo/endCursor").clone();
        }
        assert_eq!(decisions, ROUNDS, "one notification for each decision");
    }

    async fn two_admins_who_remove_each_other_leave_one(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        for round in 0..20 {
            let workspace = ada.workspace(&team, &format!("Duel {round}"), "PRIVATE").await;
            let of_mo = ada.invite(&workspace, &mo, "ADMIN").await;
            let members = ada.ask("query($id: ID!) { workspace(id: $id) { members(first: 1) { nodes { id } } } }", json!({ "id": workspace })).await;
            let of_ada = members.text("/workspace/members/nodes/0/id");
            let (one, other) = tokio::join!(
                ada.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": of_mo })),
                mo.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": of_ada })),
            );
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
            let loser = if one.is_ok() { other } else { one };
            assert_eq!(loser.refusal(), "NOT_FOUND/UNKNOWN_ID/memberId");
        }
    }

    async fn the_same_idempotency_key_at_once_does_it_once(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        for round in 0..20 {
            let input = json!({ "teamId": team, "name": "Once", "visibility": "PRIVATE", "idempotencyKey": format!("key-{round}") });
            let create = || ada.mutate("createWorkspace", "workspace { id }", input.clone());
            let (one, two, three) = tokio::join!(create(), create(), create());
            assert_eq!(one.text("/workspace/id"), two.text("/workspace/id"));
            assert_eq!(one.text("/workspace/id"), three.text("/workspace/id"));
        }
        let page = ada.ask("{ viewer { workspaces(first: 100) { nodes { id } } } }", json!({})).await;
        assert_eq!(page.list("/viewer/workspaces/nodes").len(), 20);
        let other = json!({ "teamId": team, "name": "Another", "visibility": "PRIVATE", "idempotencyKey": "key-0" });
        assert_eq!(ada.mutate("createWorkspace", "workspace { id }", other.clone()).await.refusal(), "CONFLICT/IDEMPOTENCY_KEY_REUSED/idempotencyKey");
        app.advance(std::time::Duration::from_secs(24 * 60 * 60 + 1));
        assert!(ada.mutate("createWorkspace", "workspace { id }", other).await.is_ok(), "the key is forgotten after a day");
    }

    async fn whoever_is_removed_from_the_team_while_being_invited_keeps_no_grant(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
        for _ in 0..ROUNDS {
            let add = json!({ "teamId": team, "emails": [mo.email], "roles": ["DEVELOPER"] });
            assert!(ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
            let invite = json!({ "workspaceId": workspace, "invitees": [{ "userId": mo.id }], "role": "EDITOR" });
            let (invited, removed) = tokio::join!(
                ada.mutate("inviteTeamMembers", "results { outcome reason }", invite),
                ada.mutate("removeFromTeam", "removedUserId", json!({ "teamId": team, "userId": mo.id })),
            );
            assert!(invited.is_ok() && removed.is_ok(), "{invited:?} {removed:?}");
            let left = ada.ask("query($id: ID!) { workspace(id: $id) { members(first: 10) { totalCount } } }", json!({ "id": workspace })).await;
            assert_eq!(left.at("/workspace/members/totalCount"), 1, "never a grant left over");
        }
    }

    async fn accepting_an_invitation_meets_revoking_it(app) {
        let world = partnership(&app).await;
        let pia = app.person_at("Pia", "pia@globex.example").await;
        let mut accepted = 0;
        for _ in 0..ROUNDS {
            let result = invite(&world.devi, &world.workspace, &pia.email, "VIEWER", false).await;
            let token = mailed_token(&app, &pia.email).await;
            let (accept, revoke) = tokio::join!(
                pia.mutate("acceptInvitation", "member { id }", json!({ "token": token })),
                world.devi.mutate("revokeInvitation", "invitation { status }", json!({ "invitationId": result["invitation"]["id"] })),
            );
            assert!(accept.is_ok() != revoke.is_ok(), "{accept:?} {revoke:?}");
            let (loser, argument) = if accept.is_ok() { (&revoke, "-") } else { (&accept, "token") };
            assert_eq!(loser.refusal(), format!("FAILED_PRECONDITION/WRONG_STATE/{argument}"));
            assert_eq!(world.partners().await, usize::from(accept.is_ok()), "never a grant left over");
            if accept.is_ok() {
                accepted += 1;
                let input = json!({ "memberId": accept.text("/member/id") });
                assert!(world.devi.mutate("removeWorkspaceMember", "removedMemberId", input).await.is_ok());
            }
        }
        println!("accepted first in {accepted} of {ROUNDS} rounds");
    }

    async fn an_invitation_accepted_twice_at_once_is_accepted_once(app) {
        let world = partnership(&app).await;
        let pia = app.person_at("Pia", "pia@globex.example").await;
        for _ in 0..ROUNDS {
            invite(&world.devi, &world.workspace, &pia.email, "VIEWER", false).await;
            let token = mailed_token(&app, &pia.email).await;
            let accept = || pia.mutate("acceptInvitation", "member { id }", json!({ "token": token }));
            let (one, other) = tokio::join!(accept(), accept());
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
            let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
            assert_eq!(loser.refusal(), "FAILED_PRECONDITION/WRONG_STATE/token");
            assert_eq!(world.partners().await, 1);
            let input = json!({ "memberId": winner.text("/member/id") });
            assert!(world.devi.mutate("removeWorkspaceMember", "removedMemberId", input).await.is_ok());
        }
    }

    async fn two_leads_who_invite_one_address_invite_it_once(app) {
        let world = partnership(&app).await;
        let (lea, leo) = (app.person_at("Lea", "lea@globex.example").await, app.person_at("Leo", "leo@globex.example").await);
        for lead in [&lea, &leo] {
            bring(&app, &world.devi, &world.workspace, lead, "EDITOR", true).await;
        }
        for round in 0..ROUNDS {
            let email = format!("p{round}@globex.example");
            let (one, other) = tokio::join!(
                invite(&lea, &world.workspace, &email, "VIEWER", false),
                invite(&leo, &world.workspace, &email, "EDITOR", false),
            );
            let mut outcomes = [one["outcome"].as_str().unwrap(), other["outcome"].as_str().unwrap()];
            outcomes.sort_unstable();
            assert_eq!(outcomes, ["ALREADY_INVITED", "INVITED"]);
            assert_eq!(one["invitation"]["id"], other["invitation"]["id"], "both know which it is");
        }
        assert_eq!(app.mails().await.iter().filter(|mail| mail.to.starts_with('p')).count(), ROUNDS, "one mail for each address");
    }

    async fn deleting_a_group_meets_the_use_of_its_grant(app) {
        let world = partnership(&app).await;
        let mo = app.person("Mo").await;
        let add = json!({ "teamId": world.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let mut used = 0;
        for round in 0..ROUNDS {
            let input = json!({ "teamId": world.team, "name": format!("Group {round}"), "side": "TEAM", "userIds": [mo.id] });
            let group = world.ada.mutate("createGroup", "group { id }", input).await.text("/group/id");
            let input = json!({ "workspaceId": world.workspace, "invitees": [{ "groupId": group }], "role": "ADMIN" });
            assert!(world.devi.mutate("inviteTeamMembers", "results { outcome }", input.clone()).await.is_ok());
            let summary = format!("Round {round}");
            let (deleted, edited, again) = tokio::join!(
                world.ada.mutate("deleteGroup", "deletedGroupId", json!({ "groupId": group })),
                mo.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": world.workspace, "summary": summary })),
                world.devi.mutate("inviteTeamMembers", "results { outcome reason }", input),
            );
            assert!(deleted.is_ok(), "{deleted:?}");
            let outcome = again.text("/results/0/outcome");
            assert!(outcome == "ALREADY_MEMBER" || again.at("/results/0/reason") == "UNKNOWN_ID", "{again:?}");
            if edited.is_ok() {
                used += 1;
            } else {
                assert_eq!(edited.refusal(), "NOT_FOUND/UNKNOWN_ID/workspaceId");
            }
            let query = "query($id: ID!) { workspace(id: $id) { summary members(first: 10, side: TEAM) { totalCount } } }";
            let seen = world.devi.ask(query, json!({ "id": world.workspace })).await;
            assert_eq!(seen.at("/workspace/members/totalCount"), 2, "never a grant left over");
            assert_eq!(seen.text("/workspace/summary") == summary, edited.is_ok(), "what was answered is what was done");
            assert!(!mo.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": world.workspace })).await.is_ok());
        }
        println!("the grant was used first in {used} of {ROUNDS} rounds");
    }
}
