//! Comments in threads, whom they are told to, and watching.

use crate::element_grants::{collection, environment, give};
use crate::invitations::{bring, partnership};
use crate::partner_workspace::{Seed, seed, seed_organization};
use crate::support::app::Answer;
use crate::support::{Person, TestApp, on_both};
use portico::domain::WorkspaceRole::{Editor, Viewer};
use serde_json::{Value, json};

const COMMENT: &str = "comment { id threadId itemId body isDeleted editedAt resolvedAt author { name } mentions { name } element { id } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { ... on Comment { body isDeleted resolvedAt resolvedBy { name } } } }";

async fn say(by: &Person, input: Value) -> Answer {
    by.mutate("addComment", COMMENT, input).await
}

/// Begins a thread, and answers its id.
async fn begin(by: &Person, element: &str, body: &str) -> String {
    say(by, json!({ "elementId": element, "body": body })).await.text("/comment/id")
}

async fn reply(by: &Person, element: &str, to: &str, body: &str) -> String {
    say(by, json!({ "elementId": element, "body": body, "replyTo": to })).await.text("/comment/id")
}

/// What somebody reads on an element: each thread with its replies, page by page of two.
async fn threads(reader: &Person, element: &str, filter: Value) -> Vec<Vec<String>> {
    let query = "query($id: ID!, $after: String, $item: String, $resolved: Boolean) { element(id: $id) {
        comments(first: 2, after: $after, itemId: $item, resolved: $resolved) {
            nodes { body isDeleted replies(first: 100) { nodes { body replies(first: 1) { nodes { id } } } } } pageInfo { hasNextPage endCursor } } } }";
    let text = |node: &Value| node["body"].as_str().unwrap_or("(deleted)").to_owned();
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut variables = json!({ "id": element, "after": after });
        variables.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        let page = reader.ask(query, variables).await;
        for node in page.list("/element/comments/nodes") {
            let replies = node["replies"]["nodes"].as_array().unwrap();
            assert!(replies.iter().all(|reply| reply["replies"]["nodes"] == json!([])));
            found.push([vec![text(node)], replies.iter().map(text).collect()].concat());
        }
        if page.at("/element/comments/pageInfo/hasNextPage") == false {
            return found;
        }
        after = page.at("/element/comments/pageInfo/endCursor").clone();
    }
}

async fn watch(by: &Person, element: &str) -> Answer {
    by.mutate("watchElement", "element { id viewerIsWatching }", json!({ "elementId": element })).await
}

async fn watched(by: &Person) -> Vec<String> {
    let query = "query($after: String) { viewer { watched(first: 2, after: $after) { nodes { name viewerIsWatching } pageInfo { hasNextPage endCursor } } } }";
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = by.ask(query, json!({ "after": after })).await;
        names.extend(page.list("/viewer/watched/nodes").iter().map(|node| {
            assert_eq!(node["viewerIsWatching"], true);
            node["name"].as_str().unwrap().to_owned()
        }));
        if page.at("/viewer/watched/pageInfo/hasNextPage") == false {
            return names;
        }
        after = page.at("/viewer/watched/pageInfo/endCursor").clone();
    }
}

/// The kinds of what somebody was told since they had so many notifications.
async fn told_since(person: &Person, before: usize) -> Vec<String> {
    person.told().await.split_off(before)
}

async fn set_mode(by: &Person, workspace: &str, multi_partner: bool) {
    let input = json!({ "workspaceId": workspace, "multiPartner": multi_partner });
    assert!(by.mutate("updateWorkspace", "workspace { id }", input).await.is_ok());
}

/// A workspace of a team with a collection in it: Devi is Admin, Mo and Vera are Viewers.
struct Office {
    devi: Person,
    mo: Person,
    vera: Person,
    team: String,
    workspace: String,
    element: String,
}

async fn office(app: &TestApp) -> Office {
    let (devi, mo, vera) = (app.person("Devi").await, app.person("Mo").await, app.person("Vera").await);
    let team = app.team(&devi, &[(&mo, &["DEVELOPER"]), (&vera, &["DEVELOPER"])]).await;
    let workspace = devi.workspace(&team, "Office", "PRIVATE").await;
    for person in [&mo, &vera] {
        devi.invite(&workspace, person, "VIEWER").await;
    }
    let items: Vec<_> =
        ["item-1", "a", "b", &"x".repeat(128)].map(|id| json!({ "id": id, "name": id, "request": "https://example.com" })).into();
    let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
    let content = json!({ "info": { "name": "Pets", "schema": schema }, "item": items });
    let input = json!({ "workspaceId": workspace, "content": content.to_string() });
    let element = devi.mutate("importElements", "elements { id }", input).await.text("/elements/0/id");
    Office { devi, mo, vera, team, workspace, element }
}

on_both! {
    async fn people_talk_in_threads(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, workspace, element, .. } = &office;
        let first = say(mo, json!({ "elementId": element, "body": " Is `GET /pets` *paged*?\n" })).await;
        let id = first.text("/comment/id");
        assert_eq!(first.at("/comment"), &json!({
            "id": id, "threadId": id, "itemId": null, "body": "Is `GET /pets` *paged*?", "isDeleted": false, "editedAt": null, "resolvedAt": null,
            "author": { "name": "Mo" }, "mentions": [], "element": { "id": element },
        }));
        let answer = say(devi, json!({ "elementId": element, "body": "Yes.", "replyTo": id })).await;
        assert_eq!((answer.text("/comment/threadId"), answer.at("/comment/itemId")), (id.clone(), &Value::Null));
        let to_reply = reply(vera, element, &answer.text("/comment/id"), "Since when?").await;
        let on_item = say(vera, json!({ "elementId": element, "itemId": "item-1", "body": "This one fails." })).await.text("/comment/id");
        let follows = say(mo, json!({ "elementId": element, "body": "Not here.", "replyTo": on_item })).await;
        assert_eq!(follows.text("/comment/itemId"), "item-1");
        begin(mo, element, "Third.").await;

        let all = [vec!["Is `GET /pets` *paged*?", "Yes.", "Since when?"], vec!["This one fails.", "Not here."], vec!["Third."]];
        assert_eq!(threads(vera, element, json!({})).await, all);
        assert_eq!(threads(vera, element, json!({ "item": "item-1" })).await, all[1..2]);
        for item in ["item-2", "", "\u{0}"] {
            assert_eq!(threads(vera, element, json!({ "item": item })).await, Vec::<Vec<String>>::new());
        }

        // Settled and opened again, by anybody who may comment, at any comment of it.
        let settled = vera.mutate("resolveCommentThread", "thread { id resolvedBy { name } replies { nodes { resolvedBy { name } } } }", json!({ "commentId": to_reply })).await;
        assert_eq!((settled.text("/thread/id"), settled.text("/thread/resolvedBy/name"), settled.text("/thread/replies/nodes/1/resolvedBy/name")), (id.clone(), "Vera".to_owned(), "Vera".to_owned()));
        assert_eq!(threads(mo, element, json!({ "resolved": true })).await, all[..1]);
        assert_eq!(threads(mo, element, json!({ "resolved": false })).await, all[1..]);
        let again = mo.mutate("resolveCommentThread", "thread { resolvedBy { name } }", json!({ "commentId": id })).await;
        assert_eq!(again.text("/thread/resolvedBy/name"), "Vera", "it is settled already");
        reply(mo, element, &id, "One more thing.").await;
        assert_eq!(threads(mo, element, json!({ "resolved": true })).await.len(), 1, "a reply leaves it settled");
        for _ in 0..2 {
            assert_eq!(mo.mutate("reopenCommentThread", "thread { resolvedAt }", json!({ "commentId": id })).await.at("/thread/resolvedAt"), &Value::Null);
        }

        // Changed by whoever wrote it, and by nobody else.
        let change = async |by: &Person, comment: &str, body: &str| by.mutate("editComment", COMMENT, json!({ "commentId": comment, "body": body })).await;
        assert_eq!(change(devi, &id, "No.").await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert!(change(mo, &id, "Is `GET /pets` *paged*?").await.at("/comment/editedAt").is_null(), "nothing changed");
        let changed = change(mo, &id, "Is it paged?").await;
        assert_eq!((changed.text("/comment/body"), changed.at("/comment/editedAt").is_string()), ("Is it paged?".to_owned(), true));

        // Deleted by whoever wrote it or may moderate. The first keeps its place for the replies, and goes with the last.
        let delete = async |by: &Person, comment: &str| by.mutate("deleteComment", "deletedCommentId", json!({ "commentId": comment })).await;
        assert_eq!(delete(vera, &id).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(delete(mo, &id).await.text("/deletedCommentId"), id);
        assert_eq!(threads(vera, element, json!({})).await[0], ["(deleted)", "Yes.", "Since when?", "One more thing."]);
        let seen = vera.ask("query($id: ID!) { node(id: $id) { ... on Comment { body isDeleted author { name } mentions { name } } } }", json!({ "id": id })).await;
        assert_eq!(seen.at("/node"), &json!({ "body": null, "isDeleted": true, "author": null, "mentions": [] }));
        for refused in [delete(mo, &id).await, change(mo, &id, "Again?").await] {
            assert_eq!(refused.refusal(), "FAILED_PRECONDITION/WRONG_STATE/-");
        }
        let last = reply(devi, element, &id, "The thread goes on.").await;
        for comment in [&answer.text("/comment/id"), &to_reply, &last] {
            assert_eq!(delete(devi, comment).await.text("/deletedCommentId"), *comment, "an Admin deletes anybody's");
        }
        assert_eq!(threads(vera, element, json!({})).await[0], ["(deleted)", "One more thing."]);
        let query = "query($id: ID!) { element(id: $id) { comments(first: 1) { nodes { replies { nodes { id } } } } } }";
        let left = mo.ask(query, json!({ "id": element })).await.text("/element/comments/nodes/0/replies/nodes/0/id");
        assert!(delete(mo, &left).await.is_ok());
        assert_eq!(threads(vera, element, json!({})).await, [vec!["This one fails.", "Not here."], vec!["Third."]]);
        assert_eq!(vera.ask(NODE, json!({ "id": id })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert_eq!(delete(mo, &left).await.refusal(), "NOT_FOUND/UNKNOWN_ID/commentId");

        let mut kinds = vera.activity(workspace).await;
        kinds.retain(|kind| kind.starts_with("COMMENT"));
        let (added, deleted) = ("COMMENT_ADDED", "COMMENT_DELETED");
        assert_eq!(kinds, [
            added, added, added, added, added, added, "COMMENT_THREAD_RESOLVED", added, "COMMENT_THREAD_REOPENED", "COMMENT_EDITED",
            deleted, added, deleted, deleted, deleted, deleted,
        ]);
    }

    async fn what_cannot_be_said_is_refused_and_nobody_is_told(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        let (eve, tess) = (app.person("Eve").await, app.person("Tess").await);
        let add = json!({ "teamId": team, "emails": [tess.email], "roles": ["DEVELOPER"] });
        assert!(devi.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let (other, staging) = (collection(devi, workspace, "Other").await, environment(&app, team, workspace, devi).await);
        let (here, there) = (begin(devi, element, "Here.").await, begin(devi, &other, "There.").await);
        let on_item = say(devi, json!({ "elementId": element, "itemId": "a", "body": "On a." })).await.text("/comment/id");
        watch(vera, element).await.text("/element/id");
        let before = (vera.told().await, mo.told().await, devi.activity(workspace).await);
        let never = |kind: &str| format!("{kind}_01h455vb4pex5vsknk084sn02q");
        let input = |extra: Value| {
            let mut input = json!({ "elementId": element, "body": "Text" });
            input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            input
        };
        for (extra, refusal) in [
            (json!({ "body": " \n" }), "BAD_USER_INPUT/EMPTY/body"),
            (json!({ "body": "x".repeat(10_001) }), "BAD_USER_INPUT/TOO_LONG/body"),
            (json!({ "body": "a\u{0}b" }), "BAD_USER_INPUT/INVALID_FORMAT/body"),
            (json!({ "elementId": never("element") }), "NOT_FOUND/UNKNOWN_ID/elementId"),
            (json!({ "elementId": workspace }), "BAD_USER_INPUT/MALFORMED_ID/elementId"),
            (json!({ "itemId": "" }), "NOT_FOUND/UNKNOWN_ITEM/itemId"),
            (json!({ "itemId": "x".repeat(129) }), "NOT_FOUND/UNKNOWN_ITEM/itemId"),
            (json!({ "itemId": "a\u{0}" }), "NOT_FOUND/UNKNOWN_ITEM/itemId"),
            (json!({ "itemId": "c" }), "NOT_FOUND/UNKNOWN_ITEM/itemId"),
            (json!({ "elementId": staging, "itemId": "a" }), "BAD_USER_INPUT/WRONG_KIND/itemId"),
            (json!({ "replyTo": never("comment") }), "NOT_FOUND/UNKNOWN_ID/replyTo"),
            (json!({ "replyTo": there }), "NOT_FOUND/UNKNOWN_ID/replyTo"),
            (json!({ "replyTo": here, "itemId": "a" }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/itemId"),
            (json!({ "replyTo": on_item, "itemId": "b" }), "BAD_USER_INPUT/CONTRADICTORY_ARGUMENTS/itemId"),
            (json!({ "mentions": [never("user")] }), "NOT_FOUND/UNKNOWN_ID/mentions"),
            (json!({ "mentions": [vera.id, eve.id] }), "NOT_FOUND/UNKNOWN_ID/mentions"),
            // Of the team, and known, but not in the workspace.
            (json!({ "mentions": [tess.id] }), "NOT_FOUND/UNKNOWN_ID/mentions"),
            (json!({ "mentions": ["nobody"] }), "BAD_USER_INPUT/MALFORMED_ID/mentions"),
        ] {
            assert_eq!(say(mo, input(extra.clone())).await.refusal(), refusal, "{extra}");
        }
        let many: Vec<String> = (0..51).map(|_| portico::domain::UserId::new().to_string()).collect();
        assert_eq!(say(mo, input(json!({ "mentions": many }))).await.refusal(), "BAD_USER_INPUT/TOO_MANY/mentions");
        assert_eq!((vera.told().await, mo.told().await, devi.activity(workspace).await), before);

        // Whoever cannot open the workspace finds nothing of it.
        for person in [&eve, &tess, &app.anonymous()] {
            let signed_in = person.token.is_some();
            let expected = |argument: &str| if signed_in { format!("NOT_FOUND/UNKNOWN_ID/{argument}") } else { "UNAUTHENTICATED/SIGN_IN_REQUIRED/-".to_owned() };
            assert_eq!(say(person, input(json!({}))).await.refusal(), expected("elementId"));
            for (mutation, selection, extra) in [
                ("editComment", "comment { id }", json!({ "body": "x" })),
                ("deleteComment", "deletedCommentId", json!({})),
                ("resolveCommentThread", "thread { id }", json!({})),
                ("reopenCommentThread", "thread { id }", json!({})),
            ] {
                for comment in [&here, &never("comment")] {
                    let mut input = json!({ "commentId": comment });
                    input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
                    assert_eq!(person.mutate(mutation, selection, input).await.refusal(), expected("commentId"), "{mutation}");
                }
            }
            for mutation in ["watchElement", "unwatchElement"] {
                assert_eq!(person.mutate(mutation, "element { id }", json!({ "elementId": element })).await.refusal(), expected("elementId"));
            }
            assert_eq!(person.ask(NODE, json!({ "id": here })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        }
        assert!(say(mo, input(json!({ "body": "ä".repeat(10_000), "itemId": "x".repeat(128), "mentions": [vera.id, vera.id, mo.id] }))).await.is_ok());
    }

    async fn a_public_workspace_shows_the_world_no_comments(app) {
        let (ada, sam) = (app.person("Ada").await, app.person("Sam").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"])]).await;
        let workspace = sam.workspace(&team, "Open", "PUBLIC").await;
        let element = collection(&sam, &workspace, "Pets").await;
        let comment = begin(&sam, &element, "Between us.").await;
        let query = "query($id: ID!) { element(id: $id) { name viewerIsWatching comments(first: 1) { nodes { body } } } }";
        let eve = app.person("Eve").await;
        let (by_type, grants) = (query.replace("name viewer", "... on Collection { name viewer").replace("body } }", "body } } }"), query.replace("comments(first: 1) { nodes { body", "grants(first: 1) { nodes { role"));
        for (person, refusal) in [(&eve, "FORBIDDEN/ROLE_REQUIRED/-"), (&app.anonymous(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-")] {
            for query in [&by_type, &grants] {
                assert_eq!(person.ask(query, json!({ "id": element })).await.refusal(), refusal);
            }
            assert!(person.ask("query($id: ID!) { element(id: $id) { name viewerIsWatching } }", json!({ "id": element })).await.is_ok());
            assert_eq!(person.ask(query, json!({ "id": element })).await.refusal(), refusal);
            assert_eq!(person.ask(NODE, json!({ "id": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        }
        assert_eq!(say(&eve, json!({ "elementId": element, "body": "Hello" })).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(watch(&eve, &element).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(threads(&ada, &element, json!({})).await, [["Between us."]], "everybody of the team reads them");
    }

    async fn whoever_is_concerned_is_told_once(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        let (nils, olaf) = (app.person("Nils").await, app.person("Olaf").await);
        let add = json!({ "teamId": team, "emails": [nils.email, olaf.email], "roles": ["DEVELOPER"] });
        assert!(devi.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let nils_in = devi.invite(workspace, &nils, "VIEWER").await;
        devi.invite(workspace, &olaf, "VIEWER").await;
        for person in [devi, mo, &nils] {
            assert_eq!(watch(person, element).await.at("/element/viewerIsWatching"), true);
        }
        // Whoever cannot open the workspace any more is told of nothing.
        assert!(devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": nils_in })).await.is_ok());
        let people = [devi, mo, vera, &nils, &olaf];
        let mut before = Vec::new();
        for person in people {
            before.push(person.told().await.len());
        }
        let comment = say(mo, json!({ "elementId": element, "body": "Look, @Vera and @Devi.", "mentions": [vera.id, devi.id, mo.id] })).await;
        assert_eq!(comment.at("/comment/mentions"), &json!([{ "name": "Devi" }, { "name": "Mo" }, { "name": "Vera" }]));
        let thread = comment.text("/comment/id");
        // Devi watches and is mentioned: told of the mention. Mo wrote it.
        let expected: [&[&str]; 5] = [&["MENTIONED"], &[], &["MENTIONED"], &[], &[]];
        for ((person, before), expected) in people.iter().zip(&before).zip(expected) {
            assert_eq!(told_since(person, *before).await, expected, "{}", person.name);
        }
        let notice = vera.ask("{ viewer { notifications(last: 1) { nodes { message remark actor { name } subject { ... on Comment { id body } } } } } }", json!({})).await;
        assert_eq!(notice.at("/viewer/notifications/nodes/0"), &json!({
            "message": "You were mentioned in a comment on the collection Pets.", "remark": null, "actor": { "name": "Mo" },
            "subject": { "id": thread, "body": "Look, @Vera and @Devi." },
        }));
        // Olaf replies: who watches and who wrote in the thread are told, whoever was mentioned before is not.
        let answer = reply(&olaf, element, &thread, "I see.").await;
        reply(vera, element, &answer, "Me too.").await;
        let expected: [&[&str]; 5] = [&["MENTIONED", "COMMENT_ADDED", "COMMENT_ADDED"], &["COMMENT_ADDED", "COMMENT_ADDED"], &["MENTIONED"], &[], &["COMMENT_ADDED"]];
        for ((person, before), expected) in people.iter().zip(&before).zip(expected) {
            assert_eq!(told_since(person, *before).await, expected, "{}", person.name);
        }
        assert!(app.mails().await.iter().all(|mail| !mail.text.contains("comment")), "comments are told in the app");
        // What a deleted comment said is not kept in what was told.
        assert!(mo.mutate("deleteComment", "deletedCommentId", json!({ "commentId": thread })).await.is_ok());
        let notice = vera.ask("{ viewer { notifications(last: 1) { nodes { subject { ... on Comment { body isDeleted } } } } } }", json!({})).await;
        assert_eq!(notice.at("/viewer/notifications/nodes/0/subject"), &json!({ "body": null, "isDeleted": true }));
    }

    async fn watching_begins_once_and_shows_what_may_still_be_opened(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        let hidden = devi.workspace(team, "Hidden", "PRIVATE").await;
        let member = devi.invite(&hidden, mo, "VIEWER").await;
        let (other, last) = (collection(devi, &hidden, "Other").await, collection(devi, workspace, "Last").await);
        for element in [element, &other, &last, element] {
            assert_eq!(watch(mo, element).await.at("/element/viewerIsWatching"), true);
        }
        assert_eq!((watched(mo).await, watched(vera).await), (vec!["Pets".to_owned(), "Other".to_owned(), "Last".to_owned()], Vec::new()));
        let recorded = devi.activity(workspace).await;
        assert!(!recorded.iter().any(|kind| kind.contains("WATCH")), "it is nobody else's affair");
        assert!(devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
        assert_eq!(watched(mo).await, ["Pets", "Last"]);
        assert_eq!(mo.mutate("unwatchElement", "element { id }", json!({ "elementId": other })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
        devi.invite(&hidden, mo, "VIEWER").await;
        assert_eq!(watched(mo).await, ["Pets", "Other", "Last"], "whoever gets in again watches on");
        for _ in 0..2 {
            let answer = mo.mutate("unwatchElement", "element { viewerIsWatching }", json!({ "elementId": element })).await;
            assert_eq!(answer.at("/element/viewerIsWatching"), false);
        }
        assert_eq!(watched(mo).await, ["Other", "Last"]);
        assert!(app.anonymous().ask("{ viewer { watched(first: 1) { nodes { id } } } }", json!({})).await.refusal().starts_with("UNAUTHENTICATED"));
    }

    async fn in_multi_partner_mode_partners_of_another_organization_say_nothing(app) {
        let (ada, paula) = (app.person("Ada").await, app.person("Paula").await);
        let (lead, gus, greta, ines) = (app.person("Lea").await, app.person("Gus").await, app.person("Greta").await, app.person("Ines").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"])]).await;
        let workspace = paula.workspace(&team, "Fair", "PARTNER").await;
        let (globex, initech) = (Some(seed_organization(&app, &team, "Globex").await), Some(seed_organization(&app, &team, "Initech").await));
        seed(&app, &team, &workspace, &lead, Seed::of(globex, Editor).lead()).await;
        for (person, organization) in [(&gus, globex), (&greta, globex), (&ines, initech)] {
            seed(&app, &team, &workspace, person, Seed::of(organization, Viewer)).await;
        }
        let element = collection(&paula, &workspace, "Pets").await;
        let everybody = [&paula, &lead, &gus, &greta, &ines];
        for person in everybody {
            watch(person, &element).await.text("/element/id");
        }
        // Before the mode begins, everybody reads everything.
        let open = begin(&ines, &element, "Of Ines").await;
        assert_eq!(threads(&gus, &element, json!({})).await, [["Of Ines"]]);
        let under_ines = reply(&gus, &element, &open, "Gus to Ines").await;
        set_mode(&paula, &workspace, true).await;
        let from_team = begin(&paula, &element, "Of the team").await;
        let mut before = Vec::new();
        for person in everybody {
            before.push(person.told().await.len());
        }
        let of_gus = begin(&gus, &element, "Of Gus").await;
        let on_team = reply(&ines, &element, &from_team, "Ines to the team").await;
        let gus_on_team = reply(&gus, &element, &from_team, "Gus to the team").await;
        let answered = reply(&paula, &element, &of_gus, "The team to Gus").await;
        let of_lead = reply(&lead, &element, &open, "The Lead to Ines").await;

        // Who knows of which, in lists, by id, in the activity, and of whom they are told.
        let (all, of_globex) = ("paula lea", "paula lea gus greta");
        let known = [
            (&open, "Of Ines", "paula lea ines"), (&under_ines, "Gus to Ines", all), (&from_team, "Of the team", "paula lea gus greta ines"), (&of_gus, "Of Gus", of_globex),
            (&on_team, "Ines to the team", "paula lea ines"), (&gus_on_team, "Gus to the team", of_globex), (&answered, "The team to Gus", of_globex), (&of_lead, "The Lead to Ines", all),
        ];
        for person in everybody {
            let name = person.name.to_lowercase();
            let read: Vec<String> = threads(person, &element, json!({})).await.concat();
            let activity = person.ask("query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { data } } } }", json!({ "id": workspace })).await;
            let activity = activity.at("/workspace/activity/nodes").to_string();
            for (comment, text, readers) in &known {
                let reads = readers.split(' ').any(|reader| reader == name);
                assert_eq!(read.iter().any(|found| found == text), reads, "{name} lists {text}: {read:?}");
                let by_id = person.ask(NODE, json!({ "id": comment })).await;
                if reads { assert_eq!(by_id.text("/node/body"), *text) } else { assert_eq!(by_id.refusal(), "NOT_FOUND/UNKNOWN_ID/id", "{name} {text}") }
                // What Gus said before the mode began was said to all; its entry is of his organization.
                if *comment != &under_ines {
                    assert_eq!(activity.contains(comment.as_str()), reads, "{name} reads of {text}");
                }
            }
            let hidden = |comment: &str| known.iter().any(|(id, _, readers)| *id == comment && !readers.split(' ').any(|reader| reader == name));
            for comment in [&open, &of_gus].into_iter().filter(|comment| hidden(comment)) {
                assert_eq!(say(person, json!({ "elementId": element, "body": "x", "replyTo": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/replyTo");
                assert_eq!(person.mutate("resolveCommentThread", "thread { id }", json!({ "commentId": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/commentId");
                assert_eq!(person.mutate("deleteComment", "deletedCommentId", json!({ "commentId": comment })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/commentId");
            }
        }
        // Ines reads nothing of what Globex said, and of the Lead's neither: four comments of the five are not hers to know.
        for (person, expected) in everybody.iter().zip([4, 4, 1, 3, 0]) {
            let told = told_since(person, before[everybody.iter().position(|found| found.id == person.id).unwrap()]).await;
            assert_eq!(told, vec!["COMMENT_ADDED"; expected], "{}", person.name);
        }
        // Nobody is mentioned in what they cannot read, or by whom they may not be known to.
        assert_eq!(say(&gus, json!({ "elementId": element, "body": "x", "mentions": [ines.id] })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mentions");
        let mention = async |by: &Person, thread: &str, who: &Person| say(by, json!({ "elementId": element, "body": "x", "replyTo": thread, "mentions": [who.id] })).await;
        assert_eq!(mention(&paula, &of_gus, &ines).await.refusal(), "FAILED_PRECONDITION/TARGET_NOT_ALLOWED/mentions");
        assert!(mention(&paula, &of_gus, &greta).await.is_ok());
        assert!(mention(&paula, &from_team, &ines).await.is_ok());
        // A first comment that was deleted is there for those alone who read a reply.
        let lonely = begin(&paula, &element, "Of the team, too").await;
        reply(&ines, &element, &lonely, "Ines again").await;
        assert!(paula.mutate("deleteComment", "deletedCommentId", json!({ "commentId": lonely })).await.is_ok());
        assert!(ines.ask(NODE, json!({ "id": lonely })).await.is_ok());
        assert_eq!(gus.ask(NODE, json!({ "id": lonely })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert!(threads(&gus, &element, json!({})).await.iter().all(|thread| thread[0] != "(deleted)"));
        assert!(threads(&ines, &element, json!({})).await.contains(&vec!["(deleted)".to_owned(), "Ines again".to_owned()]));
        set_mode(&paula, &workspace, false).await;
        assert!(threads(&gus, &element, json!({})).await.contains(&vec!["(deleted)".to_owned(), "Ines again".to_owned()]));
    }

    async fn who_is_not_known_to_the_reader_is_not_named(app) {
        let world = partnership(&app).await;
        let (sam, pia) = (app.person("Sam").await, app.person_at("Pia", "pia@globex.example").await);
        let add = json!({ "teamId": world.team, "emails": [sam.email], "roles": ["SUPER_ADMIN"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        let element = collection(&world.devi, &world.workspace, "Pets").await;
        watch(&pia, &element).await.text("/element/id");
        // A Super Admin who is not in the workspace: partners do not know that there is such a person.
        let comment = say(&sam, json!({ "elementId": element, "body": "Hello", "mentions": [world.devi.id, sam.id] })).await.text("/comment/id");
        assert_eq!(say(&pia, json!({ "elementId": element, "body": "x", "mentions": [sam.id] })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/mentions");
        assert!(sam.mutate("resolveCommentThread", "thread { id }", json!({ "commentId": comment })).await.is_ok());
        assert!(give(&sam, &element, &pia, "VIEWER").await.is_ok());
        let seen = pia.ask("query($id: ID!) { node(id: $id) { ... on Comment { author { name } resolvedBy { name } mentions { name } resolvedAt } } }", json!({ "id": comment })).await;
        assert_eq!((seen.at("/node/author"), seen.at("/node/resolvedBy"), seen.at("/node/mentions")), (&Value::Null, &Value::Null, &json!([{ "name": "Devi" }])));
        assert!(seen.at("/node/resolvedAt").is_string());
        let told = pia.ask("{ viewer { notifications(last: 2) { nodes { kind message remark actor { name } } } } }", json!({})).await;
        assert!(told.body.to_string().contains("COMMENT_ADDED") && !told.body.to_string().contains("Sam"), "{}", told.body);
    }

    async fn a_page_of_comments_takes_as_many_statements_however_long(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, element, .. } = &office;
        let query = "query($id: ID!) { element(id: $id) { viewerIsWatching comments(first: 20) { nodes {
            body author { name } mentions { name } resolvedBy { name } replies(first: 5) { nodes { body author { name } mentions { name } } } } } } }";
        let mut counts = Vec::new();
        for number in 1..=20 {
            let author = [devi, mo, vera][number % 3];
            let input = json!({ "elementId": element, "body": format!("Thread {number}"), "mentions": [devi.id, mo.id, vera.id] });
            let thread = say(author, input).await.text("/comment/id");
            for by in [devi, vera] {
                let input = json!({ "elementId": element, "body": "Reply", "replyTo": thread, "mentions": [mo.id] });
                assert!(say(by, input).await.is_ok());
            }
            if [2, 20].contains(&number) {
                let before = app.parts.database.statements();
                let answer = mo.ask(query, json!({ "id": element })).await;
                counts.push(app.parts.database.statements() - before);
                assert_eq!(answer.list("/element/comments/nodes").len(), number);
                assert_eq!(answer.list("/element/comments/nodes/1/replies/nodes").len(), 2);
            }
        }
        // The token with its user, the element, its workspace, whether it is watched, the threads, their authors, mentions and replies, the people mentioned, and
        // the last three of the replies. People who are asked for at the same moment come in one.
        assert!(counts.iter().all(|count| *count <= 12), "{counts:?}");
    }

    async fn telling_two_hundred_watchers_takes_no_more_statements_than_telling_two(app) {
        let office = office(&app).await;
        let Office { devi, mo, vera, team, workspace, element } = &office;
        for person in [mo, vera] {
            watch(person, element).await.text("/element/id");
        }
        let mut counts = Vec::new();
        for round in 0..2 {
            if round == 1 {
                let mut people = Vec::new();
                for number in 0..200 {
                    people.push(app.person(&format!("P{number}")).await);
                }
                for some in people.chunks(100) {
                    let emails: Vec<_> = some.iter().map(|person| person.email.clone()).collect();
                    let added = devi.mutate("addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": emails, "roles": ["DEVELOPER"] })).await;
                    assert!(added.is_ok());
                    let invitees: Vec<_> = emails.iter().map(|email| json!({ "email": email })).collect();
                    assert!(devi.mutate("inviteTeamMembers", "results { outcome }", json!({ "workspaceId": workspace, "invitees": invitees, "role": "VIEWER" })).await.is_ok());
                }
                for person in &people {
                    watch(person, element).await.text("/element/id");
                }
            }
            let thread = begin(mo, element, "Before").await;
            let before = app.parts.database.statements();
            let input = json!({ "elementId": element, "body": "News", "replyTo": thread, "mentions": [vera.id] });
            assert!(devi.mutate("addComment", "comment { id }", input).await.is_ok());
            counts.push(app.parts.database.statements() - before);
        }
        assert_eq!(counts[0], counts[1]);
    }
}
