//! What cannot be done with pull requests, and that nothing is left of the attempt.

use super::{API, NODE, Office, approve, decline, define, entries, heard, merge, office, office_with, open, read, update, with, withdraw};
use crate::documents::{collection, import};
use crate::support::on_both;
use crate::trash;
use serde_json::{Value, json};

fn never(kind: &str) -> String {
    format!("{kind}_01h455vb4pex5vsknk084sn02q")
}

on_both! {
    async fn only_forks_that_one_edits_are_proposed_to_people_who_can_read_it(app) {
        let office = office(&app).await;
        let Office { devi, walt, mo, vera, team, workspace, desk, parent, fork } = &office;
        let tess = app.person("Tess").await;
        assert!(devi.mutate("addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": [tess.email], "roles": ["DEVELOPER"] })).await.is_ok());
        mo.invite(desk, vera, "VIEWER").await;
        let many: Vec<String> = (0..51).map(|_| portico::domain::UserId::new().to_string()).collect();
        for (extra, refusal) in [
            (json!({ "title": " " }), "BAD_USER_INPUT/EMPTY/title"),
            (json!({ "title": "x".repeat(256) }), "BAD_USER_INPUT/TOO_LONG/title"),
            (json!({ "description": "x".repeat(65_537) }), "BAD_USER_INPUT/TOO_LONG/description"),
            (json!({ "forkId": workspace }), "BAD_USER_INPUT/MALFORMED_ID/forkId"),
            (json!({ "forkId": never("element") }), "NOT_FOUND/UNKNOWN_ID/forkId"),
            (json!({ "forkId": parent }), "BAD_USER_INPUT/NOT_A_FORK/forkId"),
            (json!({ "reviewerIds": many }), "BAD_USER_INPUT/TOO_MANY/reviewerIds"),
            (json!({ "reviewerIds": [mo.id] }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/reviewerIds"),
            (json!({ "reviewerIds": [never("user")] }), "NOT_FOUND/UNKNOWN_ID/reviewerIds"),
            // Of the team, and known, but not in the workspace of the parent.
            (json!({ "reviewerIds": [walt.id, tess.id] }), "NOT_FOUND/UNKNOWN_ID/reviewerIds"),
        ] {
            assert_eq!(open(mo, fork, extra.clone()).await.refusal(), refusal, "{extra}");
        }
        assert_eq!(open(vera, fork, json!({})).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-", "a Viewer of the fork");
        assert_eq!(open(devi, fork, json!({})).await.refusal(), "NOT_FOUND/UNKNOWN_ID/forkId", "who cannot open where it lives");
        assert_eq!((entries(devi, workspace).await.len(), heard(walt).await.len()), (0, 0));
        assert!(open(mo, fork, json!({ "title": "x".repeat(255), "reviewerIds": [walt.id, walt.id] })).await.is_ok());

        let member = devi.ask("query($id: ID!) { workspace(id: $id) { members(first: 10) { nodes { id subject { ... on User { name } } } } } }", json!({ "id": workspace })).await;
        let member = member.list("/workspace/members/nodes").iter().find(|node| node["subject"]["name"] == "Mo").unwrap()["id"].clone();
        assert!(devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        assert_eq!(open(mo, fork, json!({})).await.refusal(), "FAILED_PRECONDITION/PARENT_OUT_OF_REACH/forkId");
    }

    async fn the_author_changes_what_it_says_and_whom_it_asks(app) {
        let office = office(&app).await;
        let Office { walt, mo, vera, devi, workspace, fork, .. } = &office;
        let id = open(mo, fork, json!({ "reviewerIds": [walt.id, vera.id] })).await.text("/pullRequest/id");
        assert!(approve(vera, &id, json!({})).await.is_ok());
        assert_eq!(update(walt, &id, json!({ "title": "Mine" })).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(update(mo, &id, json!({ "title": "x", "expectedVersion": 1 })).await.refusal(), "CONFLICT/STALE_VERSION/expectedVersion");
        assert_eq!(update(mo, &id, json!({ "reviewerIds": [mo.id] })).await.refusal(), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/reviewerIds");
        assert_eq!(update(mo, &id, json!({ "title": "Cats" })).await.at("/pullRequest/version"), &json!(2), "nothing changed");
        let changed = update(mo, &id, json!({ "title": "More cats", "description": "All.", "reviewerIds": [devi.id], "expectedVersion": 2 })).await;
        assert_eq!((changed.text("/pullRequest/title"), changed.text("/pullRequest/description"), changed.at("/pullRequest/version")), ("More cats".to_owned(), "All.".to_owned(), &json!(3)));
        let names: Vec<&Value> = changed.list("/pullRequest/reviewers").iter().map(|reviewer| &reviewer["user"]["name"]).collect();
        assert!(names.contains(&&json!("Devi")) && names.contains(&&json!("Vera")) && names.len() == 2, "whoever has reviewed it stays: {names:?}");
        assert_eq!(heard(devi).await, ["PULL_REQUEST_OPENED"]);
        assert_eq!(entries(devi, workspace).await, ["PULL_REQUEST_OPENED", "PULL_REQUEST_APPROVED", "PULL_REQUEST_UPDATED"]);
        assert_eq!(read(walt, &id).await["viewerCan"], json!(["REVIEW_PULL_REQUEST", "COMMENT"]), "an Editor of the parent reviews unasked");
        let (none, viewer) = (app.person("Nora").await, json!(["COMMENT"]));
        let add = json!({ "teamId": office.team, "emails": [none.email], "roles": ["DEVELOPER"] });
        assert!(devi.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        devi.invite(workspace, &none, "VIEWER").await;
        assert_eq!(read(&none, &id).await["viewerCan"], viewer);
        assert_eq!(approve(&none, &id, json!({})).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(decline(&none, &id).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(merge(&none, &id, json!({ "dryRun": true })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
    }

    async fn without_its_fork_or_its_parent_nothing_is_merged(app) {
        let document = |names: &[&str]| collection("Pets", &names.iter().map(|name| json!({ "id": name, "name": name, "request": "https://example.com" })).collect()).to_string();
        let office = office_with(&app, &document(&["a"])).await;
        let Office { devi, walt, mo, parent, fork, .. } = &office;
        let edit = json!({ "collectionId": fork, "operations": [{ "addItem": { "item": { "name": "b" } } }] });
        assert!(mo.mutate("editCollection", "collection { version }", edit).await.is_ok());
        let id = open(mo, fork, json!({})).await.text("/pullRequest/id");
        assert!(approve(walt, &id, json!({})).await.is_ok());
        let entry = trash::throw_away(mo, fork).await;
        assert_eq!((&read(walt, &id).await["forkVersion"], &read(walt, &id).await["changes"]["nodes"]), (&Value::Null, &json!([])));
        assert_eq!(merge(walt, &id, json!({})).await.refusal(), "FAILED_PRECONDITION/FORK_GONE/-");
        assert_eq!(approve(devi, &id, json!({})).await.refusal(), "FAILED_PRECONDITION/FORK_GONE/-");
        assert!(trash::restore(mo, &entry, None).await.is_ok());
        assert_eq!(read(walt, &id).await["status"], "APPROVED", "it is what it was");

        let entry = trash::throw_away(devi, parent).await;
        for answer in [merge(walt, &id, json!({})).await, approve(devi, &id, json!({})).await, withdraw(mo, &id).await] {
            assert_eq!(answer.refusal(), "NOT_FOUND/UNKNOWN_ID/pullRequestId");
        }
        assert_eq!(open(mo, fork, json!({})).await.refusal(), "FAILED_PRECONDITION/PARENT_OUT_OF_REACH/forkId");
        assert!(trash::restore(devi, &entry, None).await.is_ok());
        let merged = merge(walt, &id, json!({})).await;
        assert_eq!((merged.at("/applied"), merged.at("/changeCount")), (&json!(true), &json!(1)), "{}", merged.body);

        // A fork that is gone for good leaves a pull request that can only be declined or withdrawn.
        let api = import(devi, &office.workspace, API).await;
        let taken = crate::forks::fork(mo, &api, &office.desk).await;
        define(mo, &taken, "type Query { cats: Int }\n").await;
        let id = open(mo, &taken, json!({})).await.text("/pullRequest/id");
        assert!(trash::delete(mo, &taken).await.is_ok());
        assert_eq!(merge(walt, &id, json!({ "dryRun": true })).await.refusal(), "FAILED_PRECONDITION/FORK_GONE/-");
        assert_eq!(decline(walt, &id).await.text("/pullRequest/status"), "DECLINED");
        // A parent that is gone for good takes its pull requests along.
        assert!(trash::delete(devi, &api).await.is_ok());
        assert_eq!(mo.ask(NODE, json!({ "id": id })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
    }

    async fn what_is_hidden_is_not_found(app) {
        let office = office(&app).await;
        let Office { devi, mo, team, fork, walt, .. } = &office;
        let (eve, tess) = (app.person("Eve").await, app.person("Tess").await);
        assert!(devi.mutate("addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": [tess.email], "roles": ["DEVELOPER"] })).await.is_ok());
        let id = open(mo, fork, json!({ "reviewerIds": [walt.id] })).await.text("/pullRequest/id");
        let comment = mo.mutate("addPullRequestComment", "comment { id }", json!({ "pullRequestId": id, "body": "x" })).await.text("/comment/id");
        for person in [&eve, &tess, &app.anonymous()] {
            let signed_in = person.token.is_some();
            let expected = |argument: &str| if signed_in { format!("NOT_FOUND/UNKNOWN_ID/{argument}") } else { "UNAUTHENTICATED/SIGN_IN_REQUIRED/-".to_owned() };
            for of in [id.clone(), never("pullrequest")] {
                for (mutation, more) in [
                    ("updatePullRequest", json!({ "title": "x" })), ("approvePullRequest", json!({})), ("declinePullRequest", json!({})),
                    ("withdrawPullRequest", json!({})), ("mergePullRequest", json!({})),
                ] {
                    let answer = person.mutate(mutation, "pullRequest { id }", with(json!({ "pullRequestId": of }), &more)).await;
                    assert_eq!(answer.refusal(), expected("pullRequestId"), "{mutation}");
                }
                let said = person.mutate("addPullRequestComment", "comment { id }", json!({ "pullRequestId": of, "body": "x" })).await;
                assert_eq!(said.refusal(), expected("pullRequestId"));
                assert_eq!(person.ask(NODE, json!({ "id": of })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
            }
            for of in [comment.clone(), never("pullrequestcomment")] {
                let edited = person.mutate("editPullRequestComment", "comment { id }", json!({ "commentId": of, "body": "y" })).await;
                let deleted = person.mutate("deletePullRequestComment", "deletedCommentId", json!({ "commentId": of })).await;
                assert_eq!([edited.refusal(), deleted.refusal()], [expected("commentId"), expected("commentId")]);
                assert_eq!(person.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": of })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
            }
        }
        // A reviewer who cannot open the parent any more hears nothing.
        let before = heard(walt).await;
        let members = devi.ask("query($id: ID!) { workspace(id: $id) { members(first: 10) { nodes { id subject { ... on User { name } } } } } }", json!({ "id": office.workspace })).await;
        let member = members.list("/workspace/members/nodes").iter().find(|node| node["subject"]["name"] == "Walt").unwrap()["id"].clone();
        assert!(devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        assert!(decline(devi, &id).await.is_ok());
        assert_eq!((heard(walt).await, approve(walt, &id, json!({})).await.refusal()), (before, "NOT_FOUND/UNKNOWN_ID/pullRequestId".to_owned()));
    }
}
