//! What ends with the last grant, and with the membership of the team.

use super::{completion, follow, idle_partners, invitations, remove, seed_invitation, state, teams};
use crate::partner_workspace::{Seed, seed, seed_group, seed_group_grant, seed_organization};
use crate::support::{Person, on_both};
use portico::app::clock::Clock;
use portico::domain::WorkspaceRole::{Admin, Editor, Viewer};
use serde_json::json;
use std::time::Duration;

on_both! {
    async fn the_last_grant_that_ends_takes_a_partner_out_of_the_team(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (pia, gus, greta, ines) = (app.person("Pia").await, app.person("Gus").await, app.person("Greta").await, app.person("Ines").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let other = paula.workspace(&team, "Other", "PARTNER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        // By leaving, once nothing else is left.
        for place in [&workspace, &other] {
            seed(&app, &team, place, &pia, Seed::of(globex, Viewer)).await;
        }
        assert!(pia.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": other })).await.is_ok());
        assert_eq!(teams(&pia).await, 1);
        assert!(pia.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        assert_eq!(teams(&pia).await, 0);

        // By a group that is removed: everybody in it who holds nothing else.
        for person in [&gus, &greta] {
            seed(&app, &team, &other, person, Seed::of(globex, Viewer)).await;
        }
        let group = seed_group(&app, &team, globex, &[&gus, &greta]).await;
        let of_group = seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Viewer)).await;
        assert!(gus.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": other })).await.is_ok());
        assert_eq!(teams(&gus).await, 1, "the group's grant reaches him");
        let mut of_gus = follow(&app, &paula, &gus, &workspace).await;
        app.mails().await;
        assert!(remove(&paula, &of_group).await.is_ok());
        assert!(completion(&mut of_gus).await < Duration::from_secs(1));
        assert_eq!((teams(&gus).await, teams(&greta).await), (0, 1));
        assert_eq!(app.mails().await.iter().map(|mail| mail.to.clone()).collect::<Vec<_>>(), ["greta@example.com", "gus@example.com"]);
        assert_eq!(paula.activity(&workspace).await.last().unwrap(), "MEMBER_REMOVED");

        // By the end of the partner workspace: people, groups and open invitations.
        let of_greta = seed_group(&app, &team, globex, &[&greta]).await;
        seed_group_grant(&app, &team, &workspace, of_greta, &greta, Seed::of(globex, Viewer)).await;
        seed(&app, &team, &workspace, &ines, Seed::of(globex, Viewer)).await;
        seed_invitation(&app, &team, &workspace, &paula, globex, "new@globex.example").await;
        seed_invitation(&app, &team, &workspace, &paula, None, "new@example.com").await;
        let private = json!({ "workspaceId": workspace, "visibility": "PRIVATE" });
        assert_eq!(paula.mutate("changeWorkspaceVisibility", "workspace { id }", private.clone()).await.refusal(), "FAILED_PRECONDITION/PARTNERS_REMAIN/-");
        assert_eq!(invitations(&app, "PENDING").await, 2);
        let (told_greta, told_ines) = (greta.told().await.len(), ines.told().await.len());
        let mut of_ines = follow(&app, &paula, &ines, &workspace).await;
        let mut removing = private;
        removing["removePartners"] = json!(true);
        assert_eq!(paula.mutate("changeWorkspaceVisibility", "workspace { visibility }", removing).await.text("/workspace/visibility"), "PRIVATE");
        assert!(completion(&mut of_ines).await < Duration::from_secs(1));
        for (person, told, teams_left) in [(&greta, told_greta, 1), (&ines, told_ines, 0)] {
            assert_eq!(person.told().await[told..], ["MEMBER_REMOVED"], "{}", person.name);
            assert_eq!(teams(person).await, teams_left, "{}", person.name);
        }
        assert_eq!((invitations(&app, "PENDING").await, invitations(&app, "REVOKED").await), (1, 1), "the team's own stays open");
        let kinds = paula.activity(&workspace).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "INVITATION_REVOKED").count(), 1);
        assert_eq!(kinds.iter().filter(|kind| *kind == "MEMBER_REMOVED").count(), 3);
        // Deleted: what is open to the team's own people ends too, and so does what only the clock has ended.
        let left_over = seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer).until(app.clock.now())).await;
        assert!(left_over.starts_with("member_") && teams(&pia).await == 1);
        assert!(paula.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        assert_eq!((invitations(&app, "PENDING").await, invitations(&app, "REVOKED").await), (0, 2));
        assert_eq!((teams(&pia).await, idle_partners(&app, &team).await), (0, 0));
    }

    async fn a_partner_is_removed_from_the_team_by_whoever_may_know_and_may(app) {
        let (ada, sam, paula, devi) = (app.person("Ada").await, app.person("Sam").await, app.person("Paula").await, app.person("Devi").await);
        let (pia, gus, eve, mo) = (app.person("Pia").await, app.person("Gus").await, app.person("Eve").await, app.person("Mo").await);
        let roles: [(&Person, &[&str]); 4] = [(&sam, &["SUPER_ADMIN"]), (&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"]), (&mo, &["DEVELOPER"])];
        let team = app.team(&ada, &roles).await;
        let workspace = paula.workspace(&team, "Shared", "PARTNER").await;
        let met = paula.workspace(&team, "Met", "PARTNER").await;
        paula.invite(&met, &devi, "VIEWER").await;
        let globex = Some(seed_organization(&app, &team, "Globex").await);
        let again = async || {
            seed(&app, &team, &workspace, &pia, Seed::of(globex, Viewer)).await;
        };
        again().await;
        seed(&app, &team, &met, &gus, Seed::of(globex, Viewer)).await;
        let leave = async |person: &Person, user: &str| person.mutate("removeFromTeam", "removedUserId", json!({ "teamId": team, "userId": user })).await;

        let before = (state(&paula, &workspace).await, state(&paula, &met).await);
        for (person, user, refusal) in [
            (&devi, pia.id.as_str(), "NOT_FOUND/UNKNOWN_ID/userId"),
            (&devi, eve.id.as_str(), "NOT_FOUND/UNKNOWN_ID/userId"),
            (&devi, "user_01h455vb4pex5vsknk084sn02q", "NOT_FOUND/UNKNOWN_ID/userId"),
            (&devi, gus.id.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&devi, mo.id.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&paula, mo.id.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&paula, eve.id.as_str(), "NOT_FOUND/UNKNOWN_ID/userId"),
            (&pia, mo.id.as_str(), "NOT_FOUND/UNKNOWN_ID/teamId"),
            (&gus, devi.id.as_str(), "NOT_FOUND/UNKNOWN_ID/teamId"),
            (&eve, gus.id.as_str(), "NOT_FOUND/UNKNOWN_ID/teamId"),
        ] {
            assert_eq!(leave(person, user).await.refusal(), refusal, "{} {user}", person.name);
        }
        let refused = leave(&devi, &gus.id).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["action"], "REMOVE_PARTNER_FROM_TEAM");
        assert_eq!((state(&paula, &workspace).await, state(&paula, &met).await), before);
        assert_eq!((teams(&pia).await, teams(&gus).await), (1, 1));

        for person in [&paula, &ada, &sam, &pia] {
            let told = pia.told().await.len();
            assert!(leave(person, &pia.id).await.is_ok(), "{}", person.name);
            assert_eq!(teams(&pia).await, 0, "{}", person.name);
            assert_eq!(pia.told().await.len() - told, usize::from(person.id != pia.id), "{}", person.name);
            assert_eq!(paula.activity(&workspace).await.last().unwrap(), "MEMBER_REMOVED");
            again().await;
        }
        // What came through groups ends with it.
        let group = seed_group(&app, &team, globex, &[&gus]).await;
        seed_group_grant(&app, &team, &workspace, group, &gus, Seed::of(globex, Editor)).await;
        let team_group = seed_group(&app, &team, None, &[&mo]).await;
        seed_group_grant(&app, &team, &workspace, team_group, &mo, Seed::of(None, Admin)).await;
        let (mut of_gus, mut of_mo) = (follow(&app, &paula, &gus, &workspace).await, follow(&app, &paula, &mo, &workspace).await);
        let recorded = paula.activity(&workspace).await.len();
        assert!(leave(&paula, &gus.id).await.is_ok());
        assert!(leave(&ada, &mo.id).await.is_ok());
        assert!(completion(&mut of_gus).await < Duration::from_secs(1) && completion(&mut of_mo).await < Duration::from_secs(1));
        assert_eq!(paula.activity(&workspace).await[recorded..], ["MEMBER_REMOVED", "MEMBER_REMOVED"]);
        assert_eq!(paula.activity(&met).await.last().unwrap(), "MEMBER_REMOVED");
        for person in [&gus, &mo] {
            assert_eq!(person.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": workspace })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
            assert_eq!(person.told().await.last().unwrap(), "MEMBER_REMOVED");
        }
    }
}
