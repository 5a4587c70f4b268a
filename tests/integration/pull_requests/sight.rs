//! Who finds which pull request, and that finding many takes as many statements as finding one.

use super::{NODE, Office, approve, define, heard, office, open, read};
use crate::documents::import;
use crate::forks::fork;
use crate::partner_workspace::{Seed, seed, seed_organization};
use crate::support::{Person, on_both};
use portico::domain::WorkspaceRole::Viewer;
use serde_json::{Value, json};

async fn titles(reader: &Person, parent: &str) -> Vec<String> {
    let answer =
        reader.ask("query($id: ID!) { element(id: $id) { pullRequests(first: 10) { nodes { title } } } }", json!({ "id": parent })).await;
    answer.list("/element/pullRequests/nodes").iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn in_multi_partner_mode_partners_of_another_organization_find_nothing(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (gus, greta, ines) = (app.person("Gus").await, app.person("Greta").await, app.person("Ines").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Fair", "PARTNER").await;
        let (globex, initech) = (Some(seed_organization(&app, &team, "Globex").await), Some(seed_organization(&app, &team, "Initech").await));
        for (person, organization) in [(&gus, globex), (&greta, globex), (&ines, initech)] {
            seed(&app, &team, &workspace, person, Seed::of(organization, Viewer)).await;
        }
        let input = json!({ "workspaceId": workspace, "multiPartner": true });
        assert!(paula.mutate("updateWorkspace", "workspace { id }", input).await.is_ok());
        let parent = import(&paula, &workspace, "type Query { pets: Int }\n").await;
        let mut forks = Vec::new();
        for person in [&gus, &ines, &paula] {
            let own_team = app.team(person, &[]).await;
            let desk = person.workspace(&own_team, "Desk", "PRIVATE").await;
            assert!(person.mutate("watchElement", "element { id }", json!({ "elementId": parent })).await.is_ok());
            let taken = fork(person, &parent, &desk).await;
            define(person, &taken, &format!("type Query {{ of: {} }}\n", person.name)).await;
            forks.push(taken);
        }
        assert_eq!(open(&gus, &forks[0], json!({ "reviewerIds": [ines.id] })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/reviewerIds");
        let of_gus = open(&gus, &forks[0], json!({ "title": "Of Gus", "reviewerIds": [greta.id, paula.id] })).await.text("/pullRequest/id");
        let of_ines = open(&ines, &forks[1], json!({ "title": "Of Ines" })).await.text("/pullRequest/id");
        let of_team = open(&paula, &forks[2], json!({ "title": "Of the team", "reviewerIds": [greta.id, ines.id] })).await.text("/pullRequest/id");
        assert_eq!(titles(&paula, &parent).await, ["Of Gus", "Of Ines", "Of the team"]);
        assert_eq!(titles(&greta, &parent).await, ["Of Gus", "Of the team"]);
        assert_eq!(titles(&ines, &parent).await, ["Of Ines", "Of the team"]);
        assert_eq!(ines.ask(NODE, json!({ "id": of_gus })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert_eq!(approve(&ines, &of_gus, json!({})).await.refusal(), "NOT_FOUND/UNKNOWN_ID/pullRequestId");
        assert_eq!(open(&paula, &forks[2], json!({ "title": "Again" })).await.refusal(), "CONFLICT/REQUEST_PENDING/forkId");

        // What each of them says reaches their own, and the team.
        for (person, of) in [(&greta, &of_team), (&ines, &of_team), (&greta, &of_gus)] {
            assert!(approve(person, of, json!({ "comment": format!("{} says yes.", person.name) })).await.is_ok());
        }
        let query = "query($id: ID!) { node(id: $id) { ... on PullRequest { reviewers { user { name } } comments(first: 10) { nodes { body } } } } }";
        for (person, own, other) in [(&gus, "Greta", "Ines"), (&ines, "Ines", "Greta")] {
            let seen = person.ask(query, json!({ "id": of_team })).await;
            assert_eq!(seen.at("/node/reviewers"), &json!([{ "user": { "name": own } }]));
            assert_eq!(seen.at("/node/comments/nodes"), &json!([{ "body": format!("{own} says yes.") }]));
            let activity = person.ask("query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { message data } } } }", json!({ "id": workspace })).await;
            let notes = person.ask("{ viewer { notifications(last: 50) { nodes { message remark } } } }", json!({})).await;
            assert!(!activity.body.to_string().contains(other) && !notes.body.to_string().contains(other), "{} {}", activity.body, notes.body);
        }
        assert_eq!(read(&paula, &of_team).await["reviewers"].as_array().unwrap().len(), 2);
        // Ines watches the parent, and hears nothing of what Gus proposed.
        assert_eq!(heard(&ines).await, ["PULL_REQUEST_OPENED", "PULL_REQUEST_DECIDED"]);
        let set = json!({ "workspaceId": workspace, "multiPartner": false });
        assert!(paula.mutate("updateWorkspace", "workspace { id }", set).await.is_ok());
        assert_eq!(titles(&ines, &parent).await, ["Of Gus", "Of Ines", "Of the team"]);
        assert_ne!(read(&ines, &of_ines).await, Value::Null);
    }

    async fn the_world_reads_pull_requests_to_what_is_public_and_does_nothing_to_them(app) {
        let (ada, sam, eve) = (app.person("Ada").await, app.person("Sam").await, app.person("Eve").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"])]).await;
        let workspace = sam.workspace(&team, "Open", "PUBLIC").await;
        let parent = import(&sam, &workspace, "type Query { pets: Int }\n").await;
        let desk = sam.workspace(&team, "Desk", "PRIVATE").await;
        let taken = fork(&sam, &parent, &desk).await;
        let id = open(&sam, &taken, json!({})).await.text("/pullRequest/id");
        for (person, refusal) in [(&eve, "FORBIDDEN/ROLE_REQUIRED/-"), (&app.anonymous(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-")] {
            assert_eq!(titles(person, &parent).await, ["Cats"]);
            assert_eq!(read(person, &id).await["viewerCan"], json!([]));
            assert_eq!(approve(person, &id, json!({})).await.refusal(), refusal);
            let comments = person.ask("query($id: ID!) { node(id: $id) { ... on PullRequest { comments(first: 1) { nodes { body } } } } }", json!({ "id": id })).await;
            assert_eq!(comments.refusal(), refusal);
        }
    }

    async fn a_list_of_pull_requests_takes_as_many_statements_however_long(app) {
        let office = office(&app).await;
        let Office { devi, walt, vera, mo, desk, workspace, parent, .. } = &office;
        let query = "query($id: ID!) { element(id: $id) { pullRequests(first: 50) { nodes { title status author { name } fork { id } viewerCan reviewers { user { name } state }
            comments(first: 5) { nodes { body author { name } } } } } } }";
        let (mut counts, reviewers) = (Vec::new(), json!({ "reviewerIds": [walt.id, vera.id, devi.id] }));
        for number in 1..=12 {
            let taken = fork(mo, parent, desk).await;
            let id = open(mo, &taken, reviewers.clone()).await.text("/pullRequest/id");
            for person in [walt, vera] {
                assert!(approve(person, &id, json!({ "comment": "Yes." })).await.is_ok());
            }
            if [2, 12].contains(&number) {
                let before = app.parts.database.statements();
                let answer = mo.ask(query, json!({ "id": parent })).await;
                counts.push(app.parts.database.statements() - before);
                assert_eq!(answer.list("/element/pullRequests/nodes").len(), number);
                assert_eq!(answer.list("/element/pullRequests/nodes/1/comments/nodes").len(), 2);
            }
        }
        // The token with its user, the element, its workspace, the pull requests, their forks with the workspace of those, the reviewers, the comments, and the
        // people, who come in one as far as they are asked for at the same moment.
        assert!(counts.iter().all(|count| *count <= 12), "{counts:?}");
        // Of several elements at once.
        let other = import(devi, workspace, "type Query { cows: Int }\n").await;
        let two = "query($a: ID!, $b: ID!) { a: element(id: $a) { pullRequests(first: 5) { nodes { title } } } b: element(id: $b) { pullRequests(first: 5) { nodes { title } } } }";
        let answer = mo.ask(two, json!({ "a": parent, "b": other })).await;
        assert_eq!((answer.list("/a/pullRequests/nodes").len(), answer.list("/b/pullRequests/nodes").len()), (5, 0));
    }
}
