//! Who hears that the parent of a fork has changed.

use super::{fork, merge, pull};
use crate::documents::import;
use crate::invitations::{bring, partnership};
use crate::support::{Person, on_both};
use serde_json::json;

async fn update(by: &Person, api: &str, definition: &str) {
    let input = json!({ "apiId": api, "definition": definition });
    assert!(by.mutate("updateApi", "api { id }", input).await.is_ok());
}

async fn heard(person: &Person) -> usize {
    person.told().await.iter().filter(|kind| *kind == "PARENT_CHANGED").count()
}

on_both! {
    async fn editors_of_the_fork_hear_once_that_it_is_behind(app) {
        let world = partnership(&app).await;
        let [petra, pavel] = [app.person_at("Petra", "petra@globex.example").await, app.person_at("Pavel", "pavel@globex.example").await];
        let member = bring(&app, &world.paula, &world.workspace, &petra, "VIEWER", false).await;
        let own_team = app.team(&petra, &[]).await;
        let desk = petra.workspace(&own_team, "Desk", "PARTNER").await;
        // An editor of the fork who cannot open its parent.
        bring(&app, &petra, &desk, &pavel, "EDITOR", false).await;
        let parent = import(&world.devi, &world.workspace, "type Query { pets: Int }\n").await;
        let taken = fork(&petra, &parent, &desk).await;
        assert_eq!(heard(&petra).await, 0);
        update(&world.devi, &parent, "type Query { pets: Int, dogs: Int }\n").await;
        update(&world.devi, &parent, "type Query { pets: Int, dogs: Int, cats: Int }\n").await;
        assert_eq!((heard(&petra).await, heard(&pavel).await, heard(&world.devi).await), (1, 0, 0));
        let news = petra.ask("{ viewer { notifications(last: 1) { nodes { message actor { name } subject { ... on Api { id } } } } } }", json!({})).await;
        assert_eq!(news.text("/viewer/notifications/nodes/0/subject/id"), taken);

        assert!(pull(&petra, &taken, json!({})).await.is_ok());
        update(&world.devi, &parent, "type Query { pets: Int, dogs: Int, cats: Int, cows: Int }\n").await;
        assert_eq!(heard(&petra).await, 2, "once it was up to date, the next change is news again");
        assert!(pull(&petra, &taken, json!({})).await.is_ok());
        assert!(world.paula.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        update(&world.devi, &parent, "type Query { pets: Int }\n").await;
        assert_eq!(heard(&petra).await, 2, "who cannot open the parent any more is told nothing of it");
    }

    async fn a_fork_is_not_told_of_what_came_from_itself(app) {
        let world = partnership(&app).await;
        let parent = import(&world.devi, &world.workspace, "type Query { pets: Int }\n").await;
        let (one, other) = (fork(&world.devi, &parent, &world.workspace).await, fork(&world.devi, &parent, &world.workspace).await);
        let _ = &other;
        let walt = app.person("Walt").await;
        let input = json!({ "teamId": world.team, "emails": [walt.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        world.devi.invite(&world.workspace, &walt, "EDITOR").await;
        update(&world.devi, &one, "type Query { pets: Int, dogs: Int }\n").await;
        assert!(merge(&world.devi, &one, json!({})).await.is_ok());
        assert_eq!(heard(&walt).await, 1, "of the other fork, and not of the one that was merged");
    }
}
