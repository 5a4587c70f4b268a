//! What is wrong is said, with code, reason and argument, and nothing is changed.

use crate::support::on_both;
use serde_json::json;

on_both! {
    async fn wrong_arguments_are_named(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Mine", "PRIVATE").await;
        let hidden = eve.mutate("createTeam", "team { id }", json!({ "name": "Eve", "slug": "eve-corp" })).await.text("/team/id");
        let hidden = eve.workspace(&hidden, "Hidden", "PRIVATE").await;
        let never = "workspace_01h455vb4pex5vsknk084sn02q";
        for (mutation, selection, input, refusal) in [
            ("createWorkspace", "workspace { id }", json!({ "teamId": team, "name": " ", "visibility": "PRIVATE" }), "BAD_USER_INPUT/EMPTY/name"),
            ("createWorkspace", "workspace { id }", json!({ "teamId": team, "name": "x".repeat(256), "visibility": "PRIVATE" }), "BAD_USER_INPUT/TOO_LONG/name"),
            ("createWorkspace", "workspace { id }", json!({ "teamId": team, "name": "x", "summary": "x".repeat(141), "visibility": "PRIVATE" }), "BAD_USER_INPUT/TOO_LONG/summary"),
            ("createWorkspace", "workspace { id }", json!({ "teamId": team, "name": "x", "description": "x".repeat(64 * 1024 + 1), "visibility": "PRIVATE" }), "BAD_USER_INPUT/TOO_LONG/description"),
            ("createWorkspace", "workspace { id }", json!({ "teamId": workspace, "name": "x", "visibility": "PRIVATE" }), "BAD_USER_INPUT/MALFORMED_ID/teamId"),
            ("updateWorkspace", "workspace { id }", json!({ "workspaceId": "nonsense", "name": "x" }), "BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            ("updateWorkspace", "workspace { id }", json!({ "workspaceId": hidden, "name": "x" }), "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            ("updateWorkspace", "workspace { id }", json!({ "workspaceId": never, "name": "x" }), "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            ("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": hidden }), "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            ("approveRequest", "request { id }", json!({ "requestId": "request_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND/UNKNOWN_ID/requestId"),
            ("removeWorkspaceMember", "removedMemberId", json!({ "memberId": "member_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
            ("revokeAccessToken", "revokedAccessTokenId", json!({ "accessTokenId": "token_01h455vb4pex5vsknk084sn02q" }), "NOT_FOUND/UNKNOWN_ID/accessTokenId"),
            ("createAccessToken", "token", json!({ "name": "x", "expiresAt": "2020-01-01T00:00:00Z" }), "BAD_USER_INPUT/OUT_OF_RANGE/expiresAt"),
            ("createTeam", "team { id }", json!({ "name": "x", "slug": "No Slug" }), "BAD_USER_INPUT/INVALID_FORMAT/slug"),
            ("createTeam", "team { id }", json!({ "name": "x", "slug": "ok-slug", "idempotencyKey": "" }), "BAD_USER_INPUT/EMPTY/idempotencyKey"),
            ("inviteTeamMembers", "results { outcome }", json!({ "workspaceId": workspace, "invitees": [], "role": "VIEWER" }), "BAD_USER_INPUT/EMPTY/invitees"),
        ] {
            assert_eq!(ada.mutate(mutation, selection, input.clone()).await.refusal(), refusal, "{mutation} {input}");
        }
        for (arguments, refusal) in [
            ("first: 0", "BAD_USER_INPUT/OUT_OF_RANGE/first"),
            ("first: -1", "BAD_USER_INPUT/OUT_OF_RANGE/first"),
            ("first: 101", "BAD_USER_INPUT/OUT_OF_RANGE/first"),
            ("last: 101", "BAD_USER_INPUT/OUT_OF_RANGE/last"),
            ("first: 1, last: 1", "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/last"),
            ("after: \"nonsense\"", "BAD_USER_INPUT/INVALID_CURSOR/after"),
            ("teamId: \"nonsense\"", "BAD_USER_INPUT/MALFORMED_ID/teamId"),
        ] {
            let answer = ada.ask(&format!("{{ viewer {{ workspaces({arguments}) {{ nodes {{ id }} }} }} }}"), json!({})).await;
            assert_eq!(answer.refusal(), refusal, "{arguments}");
        }
        let unknown = ada.ask("mutation($v: Visibility!) { createWorkspace(input: { teamId: \"x\", name: \"x\", visibility: $v }) { workspace { id } } }", json!({ "v": "SECRET" })).await;
        assert!(!unknown.is_ok());
        assert!(matches!(unknown.body["errors"][0]["extensions"]["code"].as_str(), Some("BAD_USER_INPUT" | "GRAPHQL_VALIDATION_FAILED")), "{}", unknown.body);
        let listed = ada.ask("{ viewer { workspaces(first: 10) { nodes { name } } teams { team { slug } } accessTokens { id } } }", json!({})).await;
        assert_eq!((listed.list("/viewer/workspaces/nodes").len(), listed.list("/viewer/teams").len(), listed.list("/viewer/accessTokens").len()), (1, 1, 1), "nothing was changed");
    }

    async fn what_is_hidden_answers_as_what_was_never_there(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "MARKER-7", "PRIVATE").await;
        let activity = ada.ask("query($id: ID!) { workspace(id: $id) { activity(first: 1) { nodes { id } } members(first: 1) { nodes { id } } } }", json!({ "id": workspace })).await;
        let ids = [team.clone(), workspace.clone(), activity.text("/workspace/activity/nodes/0/id"), activity.text("/workspace/members/nodes/0/id"), ada.id.clone()];
        for id in ids {
            let (prefix, _) = id.rsplit_once('_').unwrap();
            let never = format!("{prefix}_01h455vb4pex5vsknk084sn02q");
            for person in [&eve, &app.anonymous()] {
                let query = "query($id: ID!) { node(id: $id) { id __typename } }";
                let (hidden, absent) = (person.ask(query, json!({ "id": id })).await, person.ask(query, json!({ "id": never })).await);
                assert_eq!(hidden.body.to_string().replace(&id, "ID"), absent.body.to_string().replace(&never, "ID"));
                assert!(!hidden.body.to_string().contains("MARKER"));
                let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
                let both = person.ask(query, json!({ "ids": [id, never, "nonsense"] })).await;
                assert_eq!(both.at("/nodes"), &json!([null, null, null]));
            }
        }
    }

    async fn tokens_that_are_not_good_open_nothing(app) {
        let ada = app.person("Ada").await;
        let good = ada.token.clone().unwrap();
        for token in ["", "nonsense", "portico_01h455vb4pex5vsknk084sn02q_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &good.replacen(&good[60..61], if &good[60..61] == "A" { "B" } else { "A" }, 100), &format!("{good}x")] {
            let bad = crate::support::Person { token: Some(token.to_owned()), ..ada.clone() };
            let answer = bad.ask("{ viewer { user { id } } }", json!({})).await;
            assert_eq!(answer.status, 401, "{token}: {}", answer.body);
            assert_eq!(answer.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
        assert_eq!(app.anonymous().ask("{ viewer { user { id } } }", json!({})).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");
        assert_eq!(app.anonymous().mutate("createTeam", "team { id }", json!({ "name": "x", "slug": "xx" })).await.refusal(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-");
        let answer = ada.mutate("createAccessToken", "token accessToken { id name }", json!({ "name": "CI", "idempotencyKey": "k" })).await;
        let second = ada.mutate("createAccessToken", "token accessToken { id name }", json!({ "name": "CI", "idempotencyKey": "k" })).await;
        assert_eq!(answer.text("/accessToken/id"), second.text("/accessToken/id"));
        assert!(second.at("/token").is_null(), "the secret is shown once");
    }

    async fn bombs_are_refused_at_once_and_the_server_lives(app) {
        let ada = app.person("Ada").await;
        let spread: Vec<_> = (0..24).map(|depth| format!("fragment f{depth} on Viewer {{ ...f{0} ...f{0} }}", depth + 1)).collect();
        let fragments = format!("{{ viewer {{ ...f0 }} }} {} fragment f24 on Viewer {{ unreadNotificationCount }}", spread.join(" "));
        let nested = format!("{{ a(x: {}{}) }}", "[".repeat(2000), "]".repeat(2000));
        let costly = "{ viewer { workspaces(first: 100) { nodes { members(first: 100) { nodes { workspace { members(first: 100) { nodes { id } } } } } } } } }".to_owned();
        for bomb in [fragments, nested, costly] {
            // The best of a few: the machine may be busy with other tests.
            let mut fastest = std::time::Duration::MAX;
            for _ in 0..5 {
                let begun = std::time::Instant::now();
                let answer = ada.ask(&bomb, json!({})).await;
                fastest = fastest.min(begun.elapsed());
                assert!(!answer.is_ok() && answer.status == 400, "{}", answer.body);
            }
            assert!(fastest < std::time::Duration::from_millis(50), "{fastest:?}");
        }
        assert!(ada.ask("{ viewer { user { id } } }", json!({})).await.is_ok());
    }
}
