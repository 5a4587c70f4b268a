//! Grants that the clock ends: what was open by them, who is warned and told.

use super::{completion, follow, idle_partners, kind, teams, touch, update};
use crate::partner_workspace::{Seed, seed, seed_group, seed_group_grant, seed_organization, seed_partner};
use crate::support::on_both;
use portico::app::clock::Clock;
use portico::domain::WorkspaceRole::{Editor, Viewer};
use portico::domain::days;
use serde_json::json;
use std::time::Duration;

on_both! {
    async fn a_grant_that_the_clock_ends_ends_what_was_open_by_it(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (pia, gus, ron) = (app.person("Pia").await, app.person("Gus").await, app.person("Ron").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let end = app.clock.now() + Duration::from_hours(1);
        let mut grants = Vec::new();
        for person in [&pia, &gus, &ron] {
            grants.push(seed(&app, &team, &workspace, person, Seed::of(globex, Viewer).until(end)).await);
        }
        let group = seed_group(&app, &team, globex, &[&gus]).await;
        seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer).until(end + Duration::from_hours(1))).await;
        let mut of_pia = follow(&app, &paula, &pia, &workspace).await;
        let mut of_gus = follow(&app, &paula, &gus, &workspace).await;
        let mut of_ron = follow(&app, &paula, &ron, &workspace).await;
        // Ron's access is prolonged while he follows.
        assert!(update(&paula, json!({ "expiresAt": app.moment(Duration::from_hours(3)) }), &grants[2]).await.is_ok());

        app.advance(Duration::from_mins(59));
        tokio::time::sleep(Duration::from_millis(700)).await;
        touch(&paula, &workspace).await;
        for socket in [&mut of_pia, &mut of_gus, &mut of_ron] {
            while kind(&socket.next().await) != "WORKSPACE_UPDATED" {}
        }
        app.advance(Duration::from_mins(2));
        let took = completion(&mut of_pia).await;
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert_eq!(pia.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": workspace })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert!(paula.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "multiPartner": true })).await.is_ok());
        assert!(paula.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "multiPartner": false })).await.is_ok());
        for socket in [&mut of_gus, &mut of_ron] {
            while kind(&socket.next().await) != "WORKSPACE_UPDATED" {}
        }
        app.advance(Duration::from_hours(1));
        let took = completion(&mut of_gus).await;
        assert!(took < Duration::from_secs(1), "the group's grant has ended too: {took:?}");
        let mut live = false;
        touch(&paula, &workspace).await;
        for _ in 0..3 {
            live = live || kind(&of_ron.next().await) == "WORKSPACE_UPDATED";
        }
        assert!(live);
    }

    async fn grants_that_have_ended_are_cleared_away_recorded_and_told(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (pia, gus, greta, two) = (app.person("Pia").await, app.person("Gus").await, app.person("Greta").await, app.person("Two").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let other = paula.workspace(&team, "Other", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let end = app.clock.now() + days(30);
        let of_pia = seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer).until(end)).await;
        seed(&app, &team, &workspace, &two, Seed::of(globex, Viewer).until(end)).await;
        for person in [&gus, &greta, &two] {
            seed(&app, &team, &other, person, Seed::of(globex, Editor)).await;
        }
        let group = seed_group(&app, &team, globex, &[&gus, &greta]).await;
        seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer).until(end)).await;
        // Greta has a grant of her own beside the group's, which goes on.
        seed(&app, &team, &workspace, &greta, Seed::of(globex, Viewer)).await;

        app.run_jobs().await;
        assert!(pia.told().await.is_empty(), "30 days are long");
        app.advance(days(23));
        app.mails().await;
        app.run_jobs().await;
        for person in [&pia, &gus, &greta, &two] {
            assert_eq!(person.told().await, ["ACCESS_EXPIRING"], "{}: told once", person.name);
        }
        let told = pia.ask("{ viewer { notifications(last: 1) { nodes { message } } } }", json!({})).await;
        assert_eq!(told.text("/viewer/notifications/nodes/0/message"), "Your access to the workspace Shared ends within 7 days.");
        assert!(app.mails().await.is_empty(), "in the app only");
        // Another term is told of anew, and an end that was taken away is not.
        let later = app.moment(days(8));
        assert_eq!(update(&paula, json!({ "expiresAt": later }), &of_pia).await.text("/member/expiresAt"), later);
        app.run_jobs().await;
        assert_eq!(pia.told().await.len(), 1);
        app.advance(days(1) + Duration::from_secs(1));
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(pia.told().await, ["ACCESS_EXPIRING", "ACCESS_EXPIRING"]);
        assert_eq!(two.told().await, ["ACCESS_EXPIRING"]);

        app.advance(days(6));
        let mails = app.mails().await;
        let mut to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["gus@example.com", "two@example.com"]);
        assert!(mails[0].text.contains("Your access to the workspace Shared has ended."), "{}", mails[0].text);
        assert_eq!(greta.told().await, ["ACCESS_EXPIRING"], "she is still in");
        assert_eq!((teams(&two).await, teams(&gus).await), (1, 1), "there is the other workspace");
        app.advance(days(2));
        app.run_jobs().await;
        app.run_jobs().await;
        assert_eq!(pia.told().await, ["ACCESS_EXPIRING", "ACCESS_EXPIRING", "MEMBER_REMOVED"]);
        assert_eq!(teams(&pia).await, 0, "the last grant has ended");
        let expired = paula.activity(&workspace).await.into_iter().filter(|kind| kind == "MEMBER_EXPIRED").count();
        assert_eq!(expired, 3, "two people and a group");
        assert_eq!(greta.activity(&workspace).await.into_iter().filter(|kind| kind == "MEMBER_EXPIRED").count(), 2, "a partner reads nothing of groups");
        assert_eq!(idle_partners(&app, &team).await, 0);
        // They can come again.
        seed_partner(&app, &team, &workspace, &pia, Viewer).await;
        assert_eq!(teams(&pia).await, 1);
    }
}
