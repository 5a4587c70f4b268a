//! Comments in threads, whom they are told to, and watching.

mod told;

use crate::element_grants::{collection, environment};
use crate::support::app::Answer;
use crate::support::{Person, TestApp, on_both};
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
}
