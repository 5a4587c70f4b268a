//! What people say about pull requests.

use super::{Office, decline, heard, office, open};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

const COMMENT: &str = "comment { id body editedAt author { name } pullRequest { id } }";

/// What somebody reads on a pull request, page by page of two.
async fn said(reader: &Person, id: &str) -> Vec<String> {
    let query = "query($id: ID!, $after: String) { node(id: $id) { ... on PullRequest { comments(first: 2, after: $after) {
        nodes { body } pageInfo { hasNextPage endCursor } } } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = reader.ask(query, json!({ "id": id, "after": after })).await;
        found.extend(page.list("/node/comments/nodes").iter().map(|node| node["body"].as_str().unwrap().to_owned()));
        if page.at("/node/comments/pageInfo/hasNextPage") == false {
            return found;
        }
        after = page.at("/node/comments/pageInfo/endCursor").clone();
    }
}

on_both! {
    async fn people_talk_about_a_pull_request(app) {
        let office = office(&app).await;
        let Office { devi, walt, mo, vera, workspace, fork, .. } = &office;
        let id = open(mo, fork, json!({ "reviewerIds": [walt.id] })).await.text("/pullRequest/id");
        let say = async |by: &Person, body: &str| by.mutate("addPullRequestComment", COMMENT, json!({ "pullRequestId": id, "body": body })).await;
        let change = async |by: &Person, comment: &str, body: &str| by.mutate("editPullRequestComment", COMMENT, json!({ "commentId": comment, "body": body })).await;
        let delete = async |by: &Person, comment: &str| by.mutate("deletePullRequestComment", "deletedCommentId", json!({ "commentId": comment })).await;
        let first = say(vera, " Why *cats*?\n").await;
        let comment = first.text("/comment/id");
        assert_eq!(first.at("/comment"), &json!({ "id": comment, "body": "Why *cats*?", "editedAt": null, "author": { "name": "Vera" }, "pullRequest": { "id": id } }));
        assert!(comment.starts_with("pullrequestcomment_"));
        let second = say(mo, "Because.").await.text("/comment/id");
        assert!(say(walt, "I see.").await.is_ok());
        assert!(decline(walt, &id).await.is_ok());
        assert!(say(mo, "A pity.").await.is_ok(), "decided ones are talked about as well");
        assert_eq!(said(vera, &id).await, ["Why *cats*?", "Because.", "I see.", "Not now.", "A pity."]);
        assert_eq!(say(mo, " ").await.refusal(), "BAD_USER_INPUT/EMPTY/body");

        assert_eq!(change(walt, &second, "x").await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert!(change(mo, &second, "Because.").await.at("/comment/editedAt").is_null(), "nothing changed");
        assert!(change(mo, &second, "Because of mice.").await.at("/comment/editedAt").is_string());
        assert_eq!(delete(vera, &second).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(delete(devi, &second).await.text("/deletedCommentId"), second, "an Admin moderates");
        assert_eq!(delete(vera, &comment).await.text("/deletedCommentId"), comment);
        assert_eq!(delete(vera, &comment).await.refusal(), "NOT_FOUND/UNKNOWN_ID/commentId");
        assert_eq!(said(vera, &id).await, ["I see.", "Not now.", "A pity."]);

        let comments = |kinds: Vec<String>| kinds.iter().filter(|kind| *kind == "COMMENT_ADDED").count();
        assert_eq!((comments(mo.told().await), comments(walt.told().await), comments(vera.told().await), comments(devi.told().await)), (2, 3, 0, 0));
        assert_eq!(heard(walt).await, ["PULL_REQUEST_OPENED"]);
        let mut kinds = vera.activity(workspace).await;
        kinds.retain(|kind| kind.starts_with("PULL_REQUEST_COMMENT"));
        let (added, deleted) = ("PULL_REQUEST_COMMENT_ADDED", "PULL_REQUEST_COMMENT_DELETED");
        assert_eq!(kinds, [added, added, added, added, "PULL_REQUEST_COMMENT_EDITED", deleted, deleted]);
    }
}
