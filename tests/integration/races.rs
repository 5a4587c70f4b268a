//! What happens when two do the same thing at once.

use crate::support::{Person, on_both};
use serde_json::json;

const ROUNDS: usize = 200;

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
}
