//! Who may take forks, and bring changes from one side to the other, across workspaces and teams.

use super::{fork, merge, pull, read, try_fork};
use crate::documents::import;
use crate::invitations::{bring, partnership};
use crate::support::on_both;
use serde_json::{Value, json};

const API: &str = "type Query { pets: Int }\n\n\n\n\ntype Pet { id: ID }\n";

on_both! {
    async fn a_partner_takes_a_fork_to_another_team_and_pulls_while_they_have_access(app) {
        let world = partnership(&app).await;
        let petra = app.person_at("Petra", "petra@globex.example").await;
        let member = bring(&app, &world.paula, &world.workspace, &petra, "VIEWER", false).await;
        let own_team = app.team(&petra, &[]).await;
        let desk = petra.workspace(&own_team, "Desk", "PRIVATE").await;
        let parent = import(&world.devi, &world.workspace, API).await;
        let taken = fork(&petra, &parent, &desk).await;
        let update = |definition: &str| json!({ "apiId": parent, "definition": definition });
        assert!(world.devi.mutate("updateApi", "api { id }", update(&API.replace("pets: Int", "pets: Int, dogs: Int"))).await.is_ok());
        let mine = format!("{API}type Mine {{ id: ID }}\n");
        let own = json!({ "apiId": taken, "definition": mine });
        assert!(petra.mutate("updateApi", "api { id }", own).await.is_ok());
        assert_eq!(read(&petra, &taken).await["outgoing"]["nodes"].as_array().unwrap().len(), 1);
        assert_eq!(read(&petra, &taken).await["behind"], true);

        assert!(world.paula.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        let link = read(&petra, &taken).await;
        assert_eq!((&link["label"], &link["parent"], &link["behind"]), (&json!("Mine"), &Value::Null, &json!(false)));
        assert_eq!((&link["incoming"]["nodes"], &link["outgoing"]["nodes"]), (&json!([]), &json!([])));
        assert_eq!(pull(&petra, &taken, json!({})).await.refusal(), "FORBIDDEN/PARENT_OUT_OF_REACH/-");
        assert_eq!(petra.ask("query($id: ID!) { element(id: $id) { export } }", json!({ "id": taken })).await.text("/element/export"), mine);

        bring(&app, &world.paula, &world.workspace, &petra, "VIEWER", false).await;
        assert_eq!(pull(&petra, &taken, json!({})).await.at("/applied"), true);
        assert_eq!(merge(&petra, &taken, json!({})).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        // Who is of the parent's team learns nothing of where the fork is.
        let source = world.devi.ask("query($id: ID!) { workspace(id: $id) { activity(last: 50) { nodes { kind message data targetId } } } }", json!({ "id": world.workspace })).await;
        for hidden in [&desk, &taken, &own_team, &"Desk".to_owned()] {
            assert!(!source.body.to_string().contains(hidden.as_str()), "{hidden}: {}", source.body);
        }
    }

    async fn the_policy_says_how_far_partners_take_forks(app) {
        let world = partnership(&app).await;
        let petra = app.person_at("Petra", "petra@globex.example").await;
        bring(&app, &world.paula, &world.workspace, &petra, "EDITOR", false).await;
        let own_team = app.team(&petra, &[]).await;
        let desk = petra.workspace(&own_team, "Desk", "PRIVATE").await;
        let parent = import(&world.devi, &world.workspace, API).await;
        for (scope, elsewhere, here) in [("SAME_TEAM", false, true), ("NOWHERE", false, false), ("ANYWHERE", true, true)] {
            let input = json!({ "teamId": world.team, "partnerForkScope": scope });
            assert!(world.ada.mutate("updateTeamPolicies", "team { id }", input).await.is_ok());
            for (target, allowed) in [(&desk, elsewhere), (&world.workspace, here)] {
                let answer = try_fork(&petra, &parent, target, "Mine").await;
                let refusal = if allowed { None } else { Some("FORBIDDEN/RESERVED_BY_POLICY/-") };
                assert_eq!((!answer.is_ok()).then(|| answer.refusal()).as_deref(), refusal, "{scope}");
            }
        }
    }

    async fn updating_and_deleting_the_fork_need_the_right_to(app) {
        let world = partnership(&app).await;
        let walt = app.person("Walt").await;
        let input = json!({ "teamId": world.team, "emails": [walt.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        world.devi.invite(&world.workspace, &walt, "EDITOR").await;
        let desk = world.devi.workspace(&world.team, "Desk", "PRIVATE").await;
        world.devi.invite(&desk, &walt, "VIEWER").await;
        let parent = import(&world.devi, &world.workspace, API).await;
        let taken = fork(&world.devi, &parent, &desk).await;
        let input = json!({ "apiId": taken, "definition": "type Query { cats: Int }\n" });
        assert!(world.devi.mutate("updateApi", "api { id }", input).await.is_ok());
        for strategy in ["UPDATE_FORK", "DELETE_FORK"] {
            let refused = merge(&walt, &taken, json!({ "strategy": strategy })).await;
            assert!(refused.refusal().starts_with("FORBIDDEN/ROLE_REQUIRED"), "{strategy}: {}", refused.body);
            let export = walt.ask("query($id: ID!) { element(id: $id) { export } }", json!({ "id": parent })).await;
            assert_eq!(export.at("/element/export"), API, "nothing was merged by {strategy}");
        }
        assert_eq!(merge(&walt, &taken, json!({ "strategy": "KEEP_FORK" })).await.at("/applied"), true);
    }
}
