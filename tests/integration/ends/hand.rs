//! Grants that somebody changes or takes, and who may.

use super::{remove, state, teams, update};
use crate::partner_workspace::{Seed, seed, seed_group, seed_group_grant, seed_organization};
use crate::support::on_both;
use portico::domain::WorkspaceRole::{Editor, Viewer};
use portico::domain::{TeamId, days};
use serde_json::json;

on_both! {
    async fn every_part_of_a_grant_is_changed_by_whoever_may(app) {
        let (ada, paula, wanda, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Wanda").await, app.person("Mo").await);
        let (pia, gus) = (app.person("Pia").await, app.person("Gus").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&wanda, &["DEVELOPER"]), (&mo, &["DEVELOPER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let of_wanda = paula.invite(&workspace, &wanda, "ADMIN").await;
        assert!(paula.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        let of_mo = paula.invite(&workspace, &mo, "EDITOR").await;
        let of_pia = seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer)).await;
        seed(&app, &team, &workspace, &gus, Seed::of(globex, Viewer)).await;
        let group = seed_group(&app, &team, globex, &[&gus]).await;
        let of_group = seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer)).await;
        let soon = app.moment(days(3));

        let before = state(&paula, &workspace).await;
        for (person, member, change, refusal) in [
            (&wanda, &of_pia, json!({}), "BAD_USER_INPUT/EMPTY/input"),
            (&wanda, &of_pia, json!({ "removeExpiry": false }), "BAD_USER_INPUT/EMPTY/input"),
            (&wanda, &of_pia, json!({ "expiresAt": soon, "removeExpiry": true }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/removeExpiry"),
            (&wanda, &of_pia, json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "BAD_USER_INPUT/OUT_OF_RANGE/expiresAt"),
            (&wanda, &of_pia, json!({ "role": "ADMIN" }), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role"),
            (&wanda, &of_group, json!({ "role": "ADMIN" }), "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role"),
            (&wanda, &of_mo, json!({ "partnerLead": true }), "BAD_USER_INPUT/WRONG_SIDE/partnerLead"),
            (&wanda, &of_mo, json!({ "partnerLead": false, "role": "VIEWER" }), "BAD_USER_INPUT/WRONG_SIDE/partnerLead"),
            (&wanda, &of_wanda, json!({ "expiresAt": soon }), "FAILED_PRECONDITION/LAST_ADMIN/-"),
            (&wanda, &of_wanda, json!({ "role": "EDITOR" }), "FAILED_PRECONDITION/LAST_ADMIN/-"),
            (&paula, &of_wanda, json!({ "role": "EDITOR" }), "FAILED_PRECONDITION/LAST_ADMIN/-"),
            (&mo, &of_pia, json!({ "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&mo, &of_pia, json!({ "expiresAt": soon }), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, &of_pia, json!({ "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, &of_group, json!({ "role": "EDITOR" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
            (&ada, &of_pia, json!({ "role": "EDITOR" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
        ] {
            assert_eq!(update(person, change.clone(), member).await.refusal(), refusal, "{} {change}", person.name);
        }
        assert_eq!(state(&paula, &workspace).await, before);
        assert!(pia.told().await.is_empty() && gus.told().await.is_empty());

        let policy = |days: &str| (r#"{"partnerAccessMaxDays":DAYS}"#.replace("DAYS", days), team.parse::<TeamId>().unwrap().uuid());
        let (text, id) = policy("10");
        app.sql("UPDATE team SET policies = $1 WHERE id = $2", vec![text.into(), id.into()]).await;
        let too_late = app.moment(days(11));
        for (change, refusal) in [
            (json!({ "expiresAt": too_late }), "BAD_USER_INPUT/OUT_OF_RANGE/expiresAt"),
            (json!({ "removeExpiry": true }), "BAD_USER_INPUT/OUT_OF_RANGE/removeExpiry"),
        ] {
            for member in [&of_pia, &of_group] {
                assert_eq!(update(&paula, change.clone(), member).await.refusal(), refusal);
            }
        }
        assert_eq!(state(&paula, &workspace).await, before);
        assert!(update(&wanda, json!({ "expiresAt": too_late }), &of_mo).await.is_ok(), "the policy is about partners");

        // All at once: one change, each part recorded, told in one notification.
        let changed = update(&wanda, json!({ "role": "EDITOR", "partnerLead": true, "expiresAt": soon }), &of_pia).await;
        assert_eq!(changed.at("/member"), &json!({ "role": "EDITOR", "partnerLead": true, "expiresAt": soon }));
        assert_eq!(pia.told().await, ["ROLE_CHANGED"]);
        let told = pia.ask("{ viewer { notifications(last: 1) { nodes { message } } } }", json!({})).await;
        assert_eq!(told.text("/viewer/notifications/nodes/0/message"), "Your role in the workspace Shared changed from Viewer to Editor. You are now Partner Lead in the workspace Shared.");
        let kinds = paula.activity(&workspace).await;
        assert_eq!(kinds[kinds.len() - 3..], ["MEMBER_ROLE_CHANGED", "PARTNER_LEAD_CHANGED", "MEMBER_TERM_CHANGED"]);
        let same = update(&wanda, json!({ "role": "EDITOR", "partnerLead": true, "expiresAt": soon }), &of_pia).await;
        assert!(same.is_ok());
        assert_eq!(paula.activity(&workspace).await, kinds, "nothing changed, nothing happened");
        // A group's people are all told.
        assert_eq!(update(&wanda, json!({ "role": "EDITOR" }), &of_group).await.text("/member/role"), "EDITOR");
        assert_eq!(gus.told().await, ["ROLE_CHANGED"]);
        let seen = gus.ask("query($id: ID!) { workspace(id: $id) { viewerRole } }", json!({ "id": workspace })).await;
        assert_eq!(seen.text("/workspace/viewerRole"), "EDITOR");
        // With another Admin without a term, the first can have one; then the other cannot.
        assert!(update(&paula, json!({ "role": "ADMIN" }), &of_mo).await.is_ok());
        assert_eq!(update(&paula, json!({ "expiresAt": soon }), &of_wanda).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-", "Mo's own access ends");
        assert!(update(&paula, json!({ "removeExpiry": true }), &of_mo).await.at("/member/expiresAt").is_null());
        assert!(update(&paula, json!({ "expiresAt": soon }), &of_wanda).await.is_ok());
        assert_eq!(update(&paula, json!({ "expiresAt": soon }), &of_mo).await.refusal(), "FAILED_PRECONDITION/LAST_ADMIN/-");
    }

    async fn a_lead_manages_colleagues_only_within_their_own_role(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let (globex, initech) = (Some(seed_organization(&app, &team, "Globex").await), Some(seed_organization(&app, &team, "Initech").await));
        for (number, own) in [Editor, Viewer].into_iter().enumerate() {
            let person = async |name: &str| app.person(&format!("{name}{number}")).await;
            let (lead, other_lead, viewer, editor) = (person("Lead").await, person("Other").await, person("Viewer").await, person("Editor").await);
            let (hidden_lead, stranger) = (person("Hidden").await, person("Stranger").await);
            let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
            let of_mo = paula.invite(&workspace, &mo, "VIEWER").await;
            let of_lead = seed(&app, &team, &workspace, &lead, Seed::of(globex, own).lead()).await;
            let of_other_lead = seed(&app, &team, &workspace, &other_lead, Seed::of(globex, Viewer).lead()).await;
            let of_viewer = seed(&app, &team, &workspace, &viewer, Seed::of(globex, Viewer)).await;
            let of_editor = seed(&app, &team, &workspace, &editor, Seed::of(globex, Editor)).await;
            let of_stranger = seed(&app, &team, &workspace, &stranger, Seed::of(initech, Viewer)).await;
            // Lead by a group, beside a plain grant.
            let of_hidden = seed(&app, &team, &workspace, &hidden_lead, Seed::of(globex, Viewer)).await;
            let leads = seed_group(&app, &team, globex, &[&hidden_lead]).await;
            let of_leads = seed_group_grant(&app, &team, &workspace, leads, &hidden_lead, Seed::of(globex, Viewer).lead()).await;
            let strangers = seed_group(&app, &team, initech, &[&stranger]).await;
            let of_strangers = seed_group_grant(&app, &team, &workspace, strangers, &stranger, Seed::of(initech, Viewer)).await;
            let colleagues = seed_group(&app, &team, globex, &[&viewer]).await;
            let of_colleagues = seed_group_grant(&app, &team, &workspace, colleagues, &viewer, Seed::of(globex, Viewer)).await;

            let before = state(&paula, &workspace).await;
            let up = json!({ "role": "EDITOR" });
            for (member, change, refusal) in [
                (&of_stranger, json!({ "role": "VIEWER" }), "FORBIDDEN/OUTSIDE_ORGANIZATION/-"),
                (&of_strangers, json!({ "role": "VIEWER" }), "NOT_FOUND/UNKNOWN_ID/memberId"),
                (&of_mo, json!({ "role": "VIEWER" }), "FORBIDDEN/ROLE_REQUIRED/-"),
                (&of_other_lead, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_lead, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_hidden, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_leads, json!({ "role": "VIEWER" }), "FORBIDDEN/LEAD_PROTECTED/-"),
                (&of_viewer, json!({ "role": "ADMIN" }), "FORBIDDEN/ROLE_NOT_ASSIGNABLE/-"),
                (&of_viewer, json!({ "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
                (&of_viewer, json!({ "role": "VIEWER", "partnerLead": true }), "FORBIDDEN/ROLE_REQUIRED/-"),
                (&of_other_lead, json!({ "partnerLead": false }), "FORBIDDEN/ROLE_REQUIRED/-"),
            ] {
                assert_eq!(update(&lead, change.clone(), member).await.refusal(), refusal, "{own} {change}");
                if change == json!({ "role": "VIEWER" }) {
                    assert_eq!(remove(&lead, member).await.refusal(), refusal, "{own}");
                }
            }
            if own == Viewer {
                assert_eq!(update(&lead, up.clone(), &of_viewer).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
                assert_eq!(update(&lead, up.clone(), &of_colleagues).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
                assert_eq!(update(&lead, json!({ "role": "VIEWER" }), &of_editor).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-", "nor taken down");
                assert_eq!(update(&lead, json!({ "expiresAt": app.moment(days(1)) }), &of_editor).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
                assert_eq!(remove(&lead, &of_editor).await.refusal(), "FORBIDDEN/ABOVE_OWN_ROLE/-");
            }
            assert_eq!(state(&paula, &workspace).await, before);
            for person in [&other_lead, &viewer, &editor, &stranger, &hidden_lead] {
                assert!(person.told().await.is_empty(), "{own} {}", person.name);
            }
            if own == Editor {
                for member in [&of_viewer, &of_colleagues] {
                    assert_eq!(update(&lead, up.clone(), member).await.text("/member/role"), "EDITOR");
                }
                assert!(remove(&lead, &of_editor).await.is_ok());
                assert_eq!(editor.told().await, ["MEMBER_REMOVED"]);
            }
            assert!(update(&lead, json!({ "expiresAt": app.moment(days(9)) }), &of_viewer).await.is_ok());
            assert!(remove(&lead, &of_viewer).await.is_ok());
            assert_eq!(teams(&viewer).await, 1, "{own}: the group's grant is left");
            assert!(remove(&lead, &of_colleagues).await.is_ok());
            assert_eq!((viewer.told().await.last().unwrap().as_str(), teams(&viewer).await), ("MEMBER_REMOVED", 0));
            assert_eq!(remove(&viewer, &of_stranger).await.refusal(), "NOT_FOUND/UNKNOWN_ID/memberId");
        }
    }
}
