//! Monitors, mock servers and integrations: made, paused, resumed, deleted, and seen by whom.

use super::{api, collection, entries, messages, relate, shift};
use crate::invitations::{bring, partnership};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

async fn change(by: &Person, mutation: &str, id: &str) -> crate::support::app::Answer {
    let selection = if mutation == "deleteRelatedItem" { "deletedRelatedItemId" } else { "relatedItem { state }" };
    by.mutate(mutation, selection, json!({ "relatedItemId": id })).await
}

async fn names(person: &Person, query: &str, variables: Value, pointer: &str) -> Vec<String> {
    let answer = person.ask(query, variables).await;
    answer.list(pointer).iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn related_items_are_kept_by_whoever_may_create_elements_where_they_live(app) {
        let world = partnership(&app).await;
        let (mo, tess, eve) = (app.person("Mo").await, app.person("Tess").await, app.person("Eve").await);
        let add = json!({ "teamId": world.team, "emails": [mo.email, tess.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        world.devi.invite(&world.workspace, &mo, "EDITOR").await;
        world.devi.invite(&world.workspace, &tess, "VIEWER").await;
        let pia = app.person_at("Pia", "pia@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &pia, "EDITOR", false).await;
        let inner = mo.workspace(&world.team, "Inner", "PRIVATE").await;
        mo.invite(&inner, &tess, "VIEWER").await;
        let payments = collection(&world.devi, &world.workspace, "Payments").await;
        let service = api(&app, &world.team, &world.workspace, &world.devi, "Service").await;

        let made = relate(&pia, &payments, None, "MONITOR", " Hourly ").await;
        assert_eq!(made.at("/relatedItem/state"), "ACTIVE");
        assert_eq!((made.at("/relatedItem/workspace/id"), made.at("/relatedItem/collection/id"), made.at("/relatedItem/createdBy/id")), (&json!(world.workspace), &json!(payments), &json!(pia.id)));
        let monitor = made.text("/relatedItem/id");
        let last = entries(&tess, &world.workspace).await.last().unwrap().clone();
        assert_eq!((&last["kind"], &last["message"], &last["data"]), (&json!("RELATED_ITEM_CREATED"), &json!("Pia made the monitor Hourly."), &json!({ "relatedItemId": monitor, "kind": "MONITOR", "name": "Hourly" })));
        let mock = relate(&mo, &payments, Some(&inner), "MOCK_SERVER", "Stage").await.text("/relatedItem/id");
        let never = ("element_01h455vb4pex5vsknk084sn02q", "workspace_01h455vb4pex5vsknk084sn02q", "relateditem_01h455vb4pex5vsknk084sn02q");
        let others = app.team(&eve, &[(&mo, &["DEVELOPER"])]).await;
        let abroad = mo.workspace(&others, "Abroad", "PRIVATE").await;
        for (by, collection, workspace, name, refusal) in [
            (&tess, payments.as_str(), None, "M", "FORBIDDEN/ROLE_REQUIRED/workspaceId"),
            (&tess, &payments, Some(inner.as_str()), "M", "FORBIDDEN/ROLE_REQUIRED/workspaceId"),
            (&pia, &payments, Some(inner.as_str()), "M", "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&mo, &payments, Some(never.1), "M", "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&mo, &payments, Some(abroad.as_str()), "M", "FORBIDDEN/TARGET_NOT_ALLOWED/workspaceId"),
            (&mo, never.0, None, "M", "NOT_FOUND/UNKNOWN_ID/collectionId"),
            (&eve, &payments, None, "M", "NOT_FOUND/UNKNOWN_ID/collectionId"),
            (&mo, &service, None, "M", "BAD_USER_INPUT/WRONG_KIND/collectionId"),
            (&mo, &payments, None, " ", "BAD_USER_INPUT/EMPTY/name"),
            (&mo, &payments, Some(&payments), "M", "BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            (&app.anonymous(), &payments, None, "M", "UNAUTHENTICATED/SIGN_IN_REQUIRED/-"),
        ] {
            assert_eq!(relate(by, collection, workspace, "MONITOR", name).await.refusal(), refusal, "{} {collection} {workspace:?}", by.name);
        }

        // Each is seen by whoever may open the workspace that it lives in.
        let of_workspace = "query($id: ID!, $kind: RelatedItemKind) { workspace(id: $id) { relatedItems(first: 10, kind: $kind) { nodes { name } } } }";
        let of_collection = "query($id: ID!) { element(id: $id) { ... on Collection { relatedItems(first: 10) { nodes { name } } } } }";
        let bound = async |person: &Person| names(person, of_collection, json!({ "id": payments }), "/element/relatedItems/nodes").await;
        assert_eq!((bound(&tess).await, bound(&pia).await, bound(&world.devi).await), (vec!["Hourly".into(), "Stage".into()], vec!["Hourly".into()], vec!["Hourly".into()]));
        let living = async |workspace: &str, kind: Option<&str>| names(&tess, of_workspace, json!({ "id": workspace, "kind": kind }), "/workspace/relatedItems/nodes").await;
        assert_eq!((living(&world.workspace, None).await, living(&inner, Some("MOCK_SERVER")).await), (vec!["Hourly".to_owned()], vec!["Stage".to_owned()]));
        assert!(living(&inner, Some("MONITOR")).await.is_empty());
        let node = "query($id: ID!) { node(id: $id) { ... on RelatedItem { name kind state createdBy { name } } } }";
        assert_eq!(tess.ask(node, json!({ "id": mock })).await.at("/node"), &json!({ "name": "Stage", "kind": "MOCK_SERVER", "state": "ACTIVE", "createdBy": { "name": "Mo" } }));
        for (person, id) in [(&pia, mock.as_str()), (&eve, &monitor), (&world.devi, &mock), (&mo, never.2)] {
            assert_eq!(person.ask(node, json!({ "id": id })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        }

        // Paused by somebody else: who made a monitor is told, as long as they may look in.
        for (by, mutation, id, refusal) in [
            (&tess, "pauseRelatedItem", monitor.as_str(), "FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, "pauseRelatedItem", &mock, "NOT_FOUND/UNKNOWN_ID/relatedItemId"),
            (&eve, "deleteRelatedItem", &monitor, "NOT_FOUND/UNKNOWN_ID/relatedItemId"),
            (&mo, "deleteRelatedItem", never.2, "NOT_FOUND/UNKNOWN_ID/relatedItemId"),
            (&mo, "resumeRelatedItem", &monitor, "FAILED_PRECONDITION/WRONG_STATE/relatedItemId"),
            (&mo, "pauseRelatedItem", "nonsense", "BAD_USER_INPUT/MALFORMED_ID/relatedItemId"),
            (&tess, "deleteRelatedItem", &monitor, "FORBIDDEN/ROLE_REQUIRED/-"),
        ] {
            assert_eq!(change(by, mutation, id).await.refusal(), refusal, "{} {mutation}", by.name);
        }
        assert_eq!(change(&mo, "pauseRelatedItem", &monitor).await.at("/relatedItem/state"), "PAUSED");
        assert_eq!(change(&mo, "pauseRelatedItem", &monitor).await.refusal(), "FAILED_PRECONDITION/WRONG_STATE/relatedItemId");
        assert_eq!(messages(&pia, "MONITOR_PAUSED").await, ["The monitor Hourly in Shared was paused. [Shared]"]);
        assert_eq!(change(&pia, "resumeRelatedItem", &monitor).await.at("/relatedItem/state"), "ACTIVE");
        assert!(change(&pia, "pauseRelatedItem", &monitor).await.is_ok() && change(&mo, "pauseRelatedItem", &mock).await.is_ok());
        assert_eq!(messages(&pia, "MONITOR_PAUSED").await.len(), 1, "not of what they did themselves");
        assert!(messages(&mo, "MONITOR_PAUSED").await.is_empty());
        assert!(change(&mo, "resumeRelatedItem", &monitor).await.is_ok());
        let members = world.devi.ask("query($id: ID!) { workspace(id: $id) { members(first: 10, search: \"Pia\") { nodes { id } } } }", json!({ "id": world.workspace })).await;
        assert!(world.devi.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": members.text("/workspace/members/nodes/0/id") })).await.is_ok());
        assert!(change(&mo, "pauseRelatedItem", &monitor).await.is_ok());
        assert_eq!(messages(&pia, "MONITOR_PAUSED").await.len(), 1, "they cannot open it any more");

        // Where the collection is out of reach, it is not shown, and nobody lets the thing work on it.
        let further = world.devi.workspace(&world.team, "Further", "PRIVATE").await;
        assert!(shift(&world.devi, &payments, &further).await.is_ok());
        let seen = mo.ask("query($id: ID!) { node(id: $id) { ... on RelatedItem { name collection { id } } } }", json!({ "id": monitor })).await;
        assert_eq!(seen.at("/node"), &json!({ "name": "Hourly", "collection": null }));
        assert_eq!(change(&mo, "resumeRelatedItem", &monitor).await.refusal(), "FORBIDDEN/TARGET_NOT_ALLOWED/-");
        assert!(change(&world.devi, "resumeRelatedItem", &monitor).await.is_ok());
        assert_eq!(change(&mo, "deleteRelatedItem", &monitor).await.at("/deletedRelatedItemId"), &json!(monitor));
        assert_eq!(entries(&tess, &world.workspace).await.last().unwrap()["message"], "Mo deleted the monitor Hourly.");
        assert_eq!(change(&mo, "deleteRelatedItem", &monitor).await.refusal(), "NOT_FOUND/UNKNOWN_ID/relatedItemId");
        assert!(living(&world.workspace, None).await.is_empty());
    }
}
