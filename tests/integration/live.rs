//! Subscriptions: caught up, live, and over when access is.

use crate::support::socket::{Event, Socket};
use crate::support::{Person, on_both};
use serde_json::json;
use std::time::{Duration, Instant};

const ACTIVITY: &str =
    "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { cursor kind message data } }";

async fn first_activity(person: &Person, workspace: &str) -> String {
    let answer =
        person.ask("query($id: ID!) { workspace(id: $id) { activity(first: 1) { nodes { cursor } } } }", json!({ "id": workspace })).await;
    answer.text("/workspace/activity/nodes/0/cursor")
}

fn kind(event: &serde_json::Value) -> &str {
    event["workspaceActivity"]["kind"].as_str().unwrap()
}

on_both! {
    async fn a_subscription_catches_up_and_goes_on_without_a_gap(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
        let rename = |number: usize| ada.mutate("updateWorkspace", "workspace { version }", json!({ "workspaceId": workspace, "name": format!("Busy {number}") }));
        // More than a page, and more than the bus keeps.
        for number in 0..130 {
            assert!(rename(number).await.is_ok());
        }
        let after = first_activity(&ada, &workspace).await;
        let mut socket = Socket::subscribe(&app, &ada, ACTIVITY, json!({ "id": workspace, "after": after })).await;
        let mut cursor = String::new();
        for number in 0..200 {
            if number < 70 {
                assert!(rename(130 + number).await.is_ok());
            }
            let event = socket.next().await;
            assert_eq!(event["workspaceActivity"]["data"]["version"], number + 2, "none is skipped, none comes twice");
            event["workspaceActivity"]["cursor"].as_str().unwrap().clone_into(&mut cursor);
        }
        drop(socket);
        assert!(rename(200).await.is_ok());
        let mut resumed = Socket::subscribe(&app, &ada, ACTIVITY, json!({ "id": workspace, "after": cursor })).await;
        assert_eq!(resumed.next().await["workspaceActivity"]["data"]["version"], 202);
    }

    async fn a_subscription_completes_within_a_second_when_access_is_lost(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let mut slowest = Duration::ZERO;
        for way in 0..5 {
            let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
            let member = ada.invite(&workspace, &mo, "VIEWER").await;
            let after = first_activity(&ada, &workspace).await;
            let mut socket = Socket::subscribe(&app, &mo, ACTIVITY, json!({ "id": workspace, "after": after })).await;
            assert_eq!(kind(&socket.next().await), "MEMBER_ADDED");
            let answer = match way {
                0 => ada.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await,
                1 => ada.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await,
                2 => mo.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await,
                3 => {
                    let tokens = mo.ask("{ viewer { accessTokens { id } } }", json!({})).await;
                    let id = tokens.text("/viewer/accessTokens/0/id");
                    mo.mutate("revokeAccessToken", "revokedAccessTokenId", json!({ "accessTokenId": id })).await
                }
                _ => unreachable!(),
            };
            assert!(answer.is_ok(), "{answer:?}");
            let lost = Instant::now();
            assert_eq!(socket.event().await, Event::Complete, "and nothing of what came after");
            slowest = slowest.max(lost.elapsed());
            if way == 3 {
                break;
            }
        }
        assert!(slowest < Duration::from_secs(1), "{slowest:?}");
        assert_eq!(mo.ask("{ viewer { user { id } } }", json!({})).await.status, 401, "a revoked token opens nothing");
    }

    async fn removal_from_the_team_ends_every_subscription_to_its_workspaces(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let open = ada.workspace(&team, "Open to the team", "TEAM").await;
        let after = first_activity(&ada, &open).await;
        let mut socket = Socket::subscribe(&app, &mo, ACTIVITY, json!({ "id": open, "after": after })).await;
        assert!(ada.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": open, "name": "Still open" })).await.is_ok());
        assert_eq!(kind(&socket.next().await), "WORKSPACE_UPDATED");
        assert!(ada.mutate("removeFromTeam", "removedUserId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        assert_eq!(socket.event().await, Event::Complete);
    }

    async fn an_expired_token_ends_its_subscription(app) {
        let ada = app.person("Ada").await;
        let end = "2027-01-15T09:00:00Z";
        let answer = ada.mutate("createAccessToken", "token accessToken { id expiresAt }", json!({ "name": "Short", "expiresAt": end })).await;
        let short = Person { token: Some(answer.text("/token")), ..ada.clone() };
        assert!(short.ask("{ viewer { user { id } } }", json!({})).await.is_ok());
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Quiet", "PRIVATE").await;
        let after = first_activity(&ada, &workspace).await;
        let mut socket = Socket::subscribe(&app, &short, ACTIVITY, json!({ "id": workspace, "after": after })).await;
        assert!(ada.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "name": "Still" })).await.is_ok());
        assert_eq!(kind(&socket.next().await), "WORKSPACE_UPDATED");
        app.advance(Duration::from_hours(2));
        assert_eq!(socket.event().await, Event::Complete);
        assert_eq!(short.ask("{ viewer { user { id } } }", json!({})).await.status, 401);
    }

    async fn what_cannot_be_subscribed_to_is_refused(app) {
        let (ada, eve) = (app.person("Ada").await, app.person("Eve").await);
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Private", "PRIVATE").await;
        let cursor = first_activity(&ada, &workspace).await;
        for (person, id, after, reason) in [
            (&eve, workspace.as_str(), None, "UNKNOWN_ID"),
            (&ada, "workspace_7zzzzzzzzzzzzzzzzzzzzzzzzz", None, "UNKNOWN_ID"),
            (&ada, "nonsense", None, "MALFORMED_ID"),
            (&ada, workspace.as_str(), Some("nonsense"), "INVALID_CURSOR"),
        ] {
            let mut socket = Socket::subscribe(&app, person, ACTIVITY, json!({ "id": id, "after": after })).await;
            match socket.event().await {
                Event::Error(errors) => assert_eq!(errors[0]["extensions"]["reason"], reason),
                Event::Next(_) | Event::Complete => panic!("{id} {after:?} was not refused"),
            }
        }
        let mut foreign = Socket::subscribe(&app, &ada, "subscription($after: String) { notifications(after: $after) { kind } }", json!({ "after": cursor })).await;
        assert!(matches!(foreign.event().await, Event::Error(errors) if errors[0]["extensions"]["reason"] == "INVALID_CURSOR"));
    }
}
