//! The whole life of a pull request.

use super::{API, Office, approve, decline, define, definition, entries, heard, merge, office, office_with, open, read, update, withdraw};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

const CATS: &str = "type Query { pets: Int, cats: Int }\n";

/// Who was written to, as the first parts of addresses, sorted.
fn written(mails: &[crate::support::app::Mail]) -> Vec<String> {
    let mut people: Vec<String> = mails.iter().map(|mail| mail.to.split('@').next().unwrap().to_owned()).collect();
    people.sort();
    people
}

on_both! {
    async fn changes_are_proposed_reviewed_and_merged_by_somebody_who_cannot_open_the_fork(app) {
        let office = office(&app).await;
        let Office { devi, walt, mo, vera, workspace, desk, parent, fork, .. } = &office;
        assert!(devi.mutate("watchElement", "element { id }", json!({ "elementId": parent })).await.is_ok());
        define(mo, fork, CATS).await;
        let opened = open(mo, fork, json!({ "description": "*Cats*, too.", "reviewerIds": [walt.id, vera.id] })).await;
        let id = opened.text("/pullRequest/id");
        let reviewer = |name: &str, state: &str, counts: bool, version: Value| json!({ "user": { "name": name }, "state": state, "counts": counts, "forkVersion": version });
        assert_eq!(opened.at("/pullRequest"), &json!({
            "id": id, "title": "Cats", "description": "*Cats*, too.", "status": "OPEN", "isApproved": false, "author": { "name": "Mo" }, "parent": { "id": parent },
            "fork": { "id": fork }, "forkVersion": 2, "openedWithVersion": 2, "mergedVersion": null, "decidedAt": null, "decidedBy": null,
            "viewerCan": ["OPEN_PULL_REQUEST", "REVIEW_PULL_REQUEST", "COMMENT"], "version": 1,
            "reviewers": [reviewer("Walt", "PENDING", false, Value::Null), reviewer("Vera", "PENDING", false, Value::Null)],
        }));
        assert!(id.starts_with("pullrequest_"));
        for person in [walt, vera] {
            assert_eq!(heard(person).await, ["PULL_REQUEST_OPENED"]);
        }
        assert_eq!(written(&app.mails().await), ["vera", "walt"]);
        let news = walt.ask("{ viewer { notifications(last: 1) { nodes { message subject { ... on PullRequest { id } } } } } }", json!({})).await;
        assert_eq!(news.text("/viewer/notifications/nodes/0/subject/id"), id);
        assert_eq!(news.text("/viewer/notifications/nodes/0/message"), "The pull request Cats for the API Untitled API waits for your review.");

        // Readers see what it proposes and not where it comes from.
        let seen = read(walt, &id).await;
        assert_eq!((&seen["fork"], &seen["changes"]["nodes"][0]["before"], &seen["changes"]["nodes"][0]["after"]), (&Value::Null, &json!(API), &json!(CATS)));
        assert_eq!(seen["viewerCan"], json!(["REVIEW_PULL_REQUEST", "COMMENT"]));

        // Whoever is no Editor of the parent says yes as well, and it does not count.
        assert_eq!(merge(devi, &id, json!({})).await.refusal(), "FORBIDDEN/APPROVAL_REQUIRED/-");
        let nice = approve(vera, &id, json!({ "comment": "Nice." })).await;
        assert_eq!((nice.text("/pullRequest/status"), nice.at("/pullRequest/reviewers/1")), ("OPEN".to_owned(), &reviewer("Vera", "APPROVED", false, json!(2))));
        assert_eq!(merge(devi, &id, json!({})).await.refusal(), "FORBIDDEN/APPROVAL_REQUIRED/-");
        assert_eq!(approve(walt, &id, json!({ "forkVersion": 2 })).await.text("/pullRequest/status"), "APPROVED");
        assert_eq!(read(devi, &id).await["viewerCan"], json!(["REVIEW_PULL_REQUEST", "MERGE_PULL_REQUEST", "COMMENT"]));
        let told = [heard(mo).await.len(), heard(walt).await.len()];
        assert!(approve(walt, &id, json!({})).await.is_ok());
        assert_eq!([heard(mo).await.len(), heard(walt).await.len()], told, "saying it again is no news");

        // The fork changes, and waits for another approval.
        define(mo, fork, "type Query { pets: Int, cats: Int, cows: Int }\n").await;
        let changed = read(walt, &id).await;
        assert_eq!((&changed["status"], &changed["isApproved"], &changed["reviewers"][0]["state"]), (&json!("OPEN"), &json!(false), &json!("OUTDATED")));
        assert_eq!(merge(walt, &id, json!({})).await.refusal(), "FORBIDDEN/APPROVAL_REQUIRED/-");
        let tried = merge(walt, &id, json!({ "dryRun": true })).await;
        assert_eq!((tried.at("/applied"), tried.at("/changeCount"), tried.at("/conflictCount")), (&json!(false), &json!(1), &json!(0)));
        assert_eq!(approve(walt, &id, json!({ "forkVersion": 2 })).await.refusal(), "CONFLICT/STALE_VERSION/forkVersion");
        assert_eq!(approve(walt, &id, json!({ "forkVersion": 3 })).await.text("/pullRequest/status"), "APPROVED");

        for strategy in ["UPDATE_FORK", "DELETE_FORK"] {
            assert_eq!(merge(walt, &id, json!({ "strategy": strategy })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/strategy");
        }
        assert_eq!(definition(devi, parent).await, API);
        app.mails().await;
        let merged = merge(walt, &id, json!({})).await;
        assert_eq!((merged.at("/applied"), merged.at("/element/version"), merged.at("/pullRequest/mergedVersion")), (&json!(true), &json!(2), &json!(2)));
        assert_eq!((merged.text("/pullRequest/status"), merged.text("/pullRequest/decidedBy/name")), ("MERGED".to_owned(), "Walt".to_owned()));
        assert_eq!(merged.at("/pullRequest/viewerCan"), &json!(["COMMENT"]));
        assert_eq!(definition(devi, parent).await, "type Query { pets: Int, cats: Int, cows: Int }\n");
        assert_eq!(read(vera, &id).await["reviewers"][0]["state"], "APPROVED");
        assert_eq!(written(&app.mails().await), ["vera"], "reviewers are written to, but for whoever did it");
        let (decided, done) = ("PULL_REQUEST_DECIDED", "PULL_REQUEST_MERGED");
        assert_eq!(heard(mo).await, [decided, decided, decided, done]);
        assert_eq!(heard(devi).await, [decided, decided, decided, done], "who watches the parent hears of it");
        assert_eq!(heard(walt).await, ["PULL_REQUEST_OPENED", decided]);

        // It is final, and what becomes of the fork is nobody's business.
        define(mo, fork, API).await;
        assert_eq!(read(walt, &id).await["changes"]["nodes"], json!([]));
        for refused in [approve(walt, &id, json!({})).await, decline(walt, &id).await, merge(walt, &id, json!({})).await, withdraw(mo, &id).await, update(mo, &id, json!({ "title": "x" })).await] {
            assert_eq!(refused.refusal(), "CONFLICT/ALREADY_DECIDED/-", "{}", refused.body);
            assert!(refused.body.to_string().contains("MERGED"));
        }

        // Each side reads of it, and the one where the fork lives of nobody and nothing on the other.
        let (opened, approved, merged) = ("PULL_REQUEST_OPENED", "PULL_REQUEST_APPROVED", "PULL_REQUEST_MERGED");
        for place in [workspace, desk] {
            assert_eq!(entries(mo, place).await, [opened, approved, approved, approved, merged]);
        }
        let there = mo.ask("query($id: ID!) { workspace(id: $id) { activity(last: 50) { nodes { kind message data targetId actor { name } } } } }", json!({ "id": desk })).await;
        for hidden in [&id, workspace, parent, &"Walt".to_owned(), &"Vera".to_owned(), &"Cats".to_owned()] {
            assert!(!there.body.to_string().contains(hidden.as_str()), "{hidden}: {}", there.body);
        }
        let here = devi.ask("query($id: ID!) { workspace(id: $id) { activity(last: 50) { nodes { kind message data targetId } } } }", json!({ "id": workspace })).await;
        for hidden in [desk, fork, &"Hidden desk".to_owned()] {
            assert!(!here.body.to_string().contains(hidden.as_str()), "{hidden}: {}", here.body);
        }
    }

    async fn one_is_declined_and_another_withdrawn(app) {
        let office = office(&app).await;
        let Office { walt, mo, vera, workspace, parent, fork, .. } = &office;
        define(mo, fork, CATS).await;
        let first = open(mo, fork, json!({ "reviewerIds": [vera.id] })).await.text("/pullRequest/id");
        let second = open(mo, fork, json!({})).await;
        assert_eq!(second.refusal(), "CONFLICT/REQUEST_PENDING/forkId");
        assert!(second.body.to_string().contains(&first));
        let declined = decline(vera, &first).await;
        assert_eq!((declined.text("/pullRequest/status"), declined.text("/pullRequest/decidedBy/name")), ("DECLINED".to_owned(), "Vera".to_owned()));
        assert_eq!(declined.at("/pullRequest/reviewers/0/state"), "DECLINED");
        assert_eq!(heard(mo).await, ["PULL_REQUEST_DECIDED"]);
        let news = mo.ask("{ viewer { notifications(last: 1) { nodes { message remark } } } }", json!({})).await;
        assert_eq!((news.text("/viewer/notifications/nodes/0/message"), news.text("/viewer/notifications/nodes/0/remark")), ("The pull request Cats for the API Untitled API was declined.".to_owned(), "Not now.".to_owned()));

        let again = open(mo, fork, json!({ "title": "Cats again" })).await.text("/pullRequest/id");
        assert_eq!(withdraw(walt, &again).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(withdraw(mo, &again).await.text("/pullRequest/status"), "WITHDRAWN");
        let third = open(mo, fork, json!({ "title": "Third" })).await.text("/pullRequest/id");
        assert!(approve(walt, &third, json!({})).await.is_ok());
        let of = async |status: Value| -> Vec<String> {
            let query = "query($id: ID!, $status: PullRequestStatus) { element(id: $id) { pullRequests(status: $status, first: 10) { nodes { title } } } }";
            let answer = vera.ask(query, json!({ "id": parent, "status": status })).await;
            answer.list("/element/pullRequests/nodes").iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(of(Value::Null).await, ["Cats", "Cats again", "Third"]);
        for (status, titles) in [("OPEN", vec![]), ("APPROVED", vec!["Third"]), ("DECLINED", vec!["Cats"]), ("WITHDRAWN", vec!["Cats again"]), ("MERGED", vec![])] {
            assert_eq!(of(json!(status)).await, titles, "{status}");
        }
        let last = vera.ask("query($id: ID!) { element(id: $id) { pullRequests(last: 1) { nodes { title } pageInfo { hasPreviousPage } } } }", json!({ "id": parent })).await;
        assert_eq!((last.text("/element/pullRequests/nodes/0/title"), last.at("/element/pullRequests/pageInfo/hasPreviousPage")), ("Third".to_owned(), &json!(true)));
        let (opened, declined) = ("PULL_REQUEST_OPENED", "PULL_REQUEST_DECLINED");
        assert_eq!(entries(vera, workspace).await, [opened, declined, opened, "PULL_REQUEST_WITHDRAWN", opened, "PULL_REQUEST_APPROVED"]);
    }

    async fn conflicts_are_told_and_nothing_is_decided_until_they_are_resolved(app) {
        let office = office(&app).await;
        let Office { devi, walt, mo, parent, fork, team, .. } = &office;
        define(mo, fork, CATS).await;
        define(devi, parent, "type Query { pets: Int, dogs: Int }\n").await;
        let id = open(mo, fork, json!({})).await.text("/pullRequest/id");
        // A team that needs no approval.
        assert!(devi.mutate("updateTeamPolicies", "team { id }", json!({ "teamId": team, "mergeNeedsApproval": false })).await.is_ok());
        let open = merge(walt, &id, json!({})).await;
        assert_eq!((open.at("/applied"), open.at("/conflictCount"), open.text("/pullRequest/status")), (&json!(false), &json!(1), "OPEN".to_owned()));
        let done = merge(walt, &id, json!({ "resolveAll": "FORK" })).await;
        assert_eq!((done.at("/applied"), done.text("/pullRequest/status"), done.at("/pullRequest/mergedVersion")), (&json!(true), "MERGED".to_owned(), &json!(3)));
        assert_eq!(definition(devi, parent).await, CATS);
    }

    async fn the_author_merges_their_own_where_they_edit_both_and_deletes_the_fork(app) {
        let office = office(&app).await;
        let Office { devi, walt, mo, workspace, parent, fork, .. } = &office;
        let own = crate::forks::fork(walt, parent, workspace).await;
        define(walt, &own, CATS).await;
        let id = open(walt, &own, json!({})).await.text("/pullRequest/id");
        assert_eq!(approve(walt, &id, json!({})).await.refusal(), "FORBIDDEN/TARGET_NOT_ALLOWED/-", "nobody approves their own");
        assert_eq!(decline(walt, &id).await.refusal(), "FORBIDDEN/TARGET_NOT_ALLOWED/-");
        assert!(approve(devi, &id, json!({})).await.is_ok());
        let merged = merge(walt, &id, json!({ "strategy": "DELETE_FORK" })).await;
        assert_eq!((merged.at("/applied"), merged.at("/pullRequest/status"), merged.at("/pullRequest/fork")), (&json!(true), &json!("MERGED"), &Value::Null));
        assert_eq!(definition(devi, parent).await, CATS);
        assert_eq!(definition(mo, fork).await, API, "another fork is as it was");
    }

    async fn secrets_of_a_fork_do_not_go_along_with_whoever_cannot_read_them(app) {
        let document = |secret: &str, host: &str| json!({ "name": "Live", "values": [
            { "key": "token", "value": secret, "type": "secret", "enabled": true }, { "key": "host", "value": host, "type": "default", "enabled": true },
        ] }).to_string();
        let office = office_with(&app, &document("hunter2", "one")).await;
        let Office { devi, walt, mo, parent, fork, .. } = &office;
        let set = json!({ "environmentId": fork, "setValues": [{ "key": "token", "value": "hunter3", "type": "secret" }, { "key": "host", "value": "two" }] });
        assert!(mo.mutate("updateEnvironment", "environment { version }", set).await.is_ok());
        let id = open(mo, fork, json!({})).await.text("/pullRequest/id");
        assert!(!read(walt, &id).await.to_string().contains("hunter"));
        assert!(approve(devi, &id, json!({})).await.is_ok());
        let merged = merge(walt, &id, json!({})).await;
        assert_eq!(merged.at("/applied"), true, "{}", merged.body);
        let values = async |by: &Person| -> Vec<Value> {
            let query = "query($id: ID!) { element(id: $id) { ... on Environment { variables(first: 10) { nodes { value } } } } }";
            by.ask(query, json!({ "id": parent })).await.list("/element/variables/nodes").iter().map(|node| node["value"].clone()).collect()
        };
        assert_eq!(values(walt).await, [json!("hunter2"), json!("two")]);
    }

    async fn of_two_reviewers_at_once_one_decides(app) {
        let office = office(&app).await;
        let Office { devi, walt, mo, vera, fork, .. } = &office;
        for _ in 0..3 {
            let id = open(mo, fork, json!({ "reviewerIds": [walt.id, vera.id] })).await.text("/pullRequest/id");
            let answers = tokio::join!(decline(walt, &id), decline(vera, &id), withdraw(mo, &id), decline(devi, &id));
            let answers = [answers.0, answers.1, answers.2, answers.3];
            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
            for refused in answers.iter().filter(|answer| !answer.is_ok()) {
                assert_eq!(refused.refusal(), "CONFLICT/ALREADY_DECIDED/-");
            }
        }
        let id = open(mo, fork, json!({ "reviewerIds": [walt.id, vera.id] })).await.text("/pullRequest/id");
        let (one, other, again) = tokio::join!(approve(walt, &id, json!({})), approve(vera, &id, json!({})), open(mo, fork, json!({})));
        assert!(one.is_ok() && other.is_ok());
        assert_eq!(again.refusal(), "CONFLICT/REQUEST_PENDING/forkId");
        assert_eq!(read(mo, &id).await["status"], "APPROVED");
    }
}
