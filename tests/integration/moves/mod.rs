//! Elements move, with what goes along and what stays (domain.md, section 3.4).

mod bonds;
mod related;
mod targets;

use crate::invitations::{bring, partnership};
use crate::support::app::Answer;
use crate::support::{Person, TestApp, on_both};
use portico::app::model::Element;
use portico::app::ports::Store;
use portico::domain::element::{ElementFormat, ElementKind};
use portico::domain::{ElementGrantId, ElementId, GroupId, UserId};
use serde_json::{Value, json};

/// What a move answers in these stories.
const MOVED: &str = "element { id name version workspace { id } } leftBehind { name kind state workspace { id } collection { id } }";

pub async fn collection(by: &Person, workspace: &str, name: &str) -> String {
    by.mutate("createCollection", "collection { id }", json!({ "workspaceId": workspace, "name": name })).await.text("/collection/id")
}

/// An API, put into the database directly.
pub async fn api(app: &TestApp, team: &str, workspace: &str, by: &Person, name: &str) -> String {
    let (id, now) = (ElementId::new(), app.parts.app.now());
    let by = by.id.parse().unwrap();
    let element = Element {
        id,
        team_id: team.parse().unwrap(),
        workspace_id: Some(workspace.parse().unwrap()),
        kind: ElementKind::Api,
        format: ElementFormat::Definition,
        name: name.to_owned(),
        description: String::new(),
        api_id: None,
        version: 1,
        size_bytes: 2,
        root: [7; 32],
        created_at: now,
        created_by: by,
        updated_at: now,
        updated_by: by,
    };
    let tx = app.parts.database.begin().await.unwrap();
    tx.insert_nodes(&[(element.root, b"{}".to_vec())], now).await.unwrap();
    tx.insert_element(&element, &json!({}), None).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

pub async fn attach(by: &Person, api: &str, collection: &str) -> Answer {
    by.mutate("attachCollection", "collection { api { id } }", json!({ "apiId": api, "collectionId": collection })).await
}

pub async fn relate(by: &Person, collection: &str, workspace: Option<&str>, kind: &str, name: &str) -> Answer {
    let input = json!({ "collectionId": collection, "workspaceId": workspace, "kind": kind, "name": name });
    by.mutate("createRelatedItem", "relatedItem { id state workspace { id } collection { id } createdBy { id } }", input).await
}

pub async fn shift(by: &Person, element: &str, workspace: &str) -> Answer {
    by.mutate("moveElement", MOVED, json!({ "elementId": element, "workspaceId": workspace })).await
}

/// The workspace that an element is in, as this person sees it.
pub async fn place(person: &Person, element: &str) -> Option<String> {
    let answer = person.ask("query($id: ID!) { element(id: $id) { workspace { id } } }", json!({ "id": element })).await;
    answer.is_ok().then(|| answer.text("/element/workspace/id"))
}

/// Gives an Editor grant on an element, as no mutation does yet.
pub async fn give(app: &TestApp, team: &str, element: &str, user: Option<&Person>, group: Option<&str>, side: &str) {
    let (team, element): (portico::domain::TeamId, ElementId) = (team.parse().unwrap(), element.parse().unwrap());
    let user = user.map(|person| person.id.parse::<UserId>().unwrap().uuid());
    let group = group.map(|group| group.parse::<GroupId>().unwrap().uuid());
    let text = "INSERT INTO element_grant (id, team_id, element_id, user_id, group_id, side, role, granted_at) VALUES ($1, $2, $3, $4, $5, $6, 'EDITOR', 1)";
    let values =
        vec![ElementGrantId::new().uuid().into(), team.uuid().into(), element.uuid().into(), user.into(), group.into(), side.into()];
    app.sql(text, values).await;
}

/// Watches an element, as no mutation does yet.
pub async fn watch(app: &TestApp, element: &str, person: &Person) {
    let (element, user): (ElementId, UserId) = (element.parse().unwrap(), person.id.parse().unwrap());
    let text = "INSERT INTO watch (element_id, user_id, created_at) VALUES ($1, $2, 1)";
    assert_eq!(app.sql(text, vec![element.uuid().into(), user.uuid().into()]).await, 1);
}

/// The messages of a person's notifications of this kind.
pub async fn messages(person: &Person, kind: &str) -> Vec<String> {
    let query = "{ viewer { notifications(last: 100) { nodes { kind message subject { ... on Collection { name } ... on Api { name } ... on Workspace { name } } } } } }";
    let answer = person.ask(query, json!({})).await;
    let nodes = answer.list("/viewer/notifications/nodes").iter().filter(|node| node["kind"] == kind);
    nodes.map(|node| format!("{} [{}]", node["message"].as_str().unwrap(), node["subject"]["name"].as_str().unwrap_or("-"))).collect()
}

/// What happened in a workspace, without its beginnings: kind, message and data.
async fn entries(person: &Person, workspace: &str) -> Vec<Value> {
    let query = "query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { kind message data actor { name } } } } }";
    person.ask(query, json!({ "id": workspace })).await.list("/workspace/activity/nodes").clone()
}

/// Every row that a move could write to, counted.
async fn weight(app: &TestApp) -> Vec<u64> {
    let mut counts = Vec::new();
    for table in ["activity", "notification", "audit_event", "element_grant", "related_item"] {
        // Writing nothing anew tells how many there are.
        let column = if table == "notification" { "user_id" } else { "id" };
        counts.push(app.sql(&format!("UPDATE {table} SET {column} = {column}"), Vec::new()).await);
    }
    counts
}

on_both! {
    async fn an_element_takes_what_is_its_own_along_and_leaves_what_is_bound_to_it(app) {
        let world = partnership(&app).await;
        let (mo, tess, nia) = (app.person("Mo").await, app.person("Tess").await, app.person("Nia").await);
        let add = json!({ "teamId": world.team, "emails": [mo.email, tess.email, nia.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let inner = world.devi.workspace(&world.team, "Inner", "PRIVATE").await;
        for (person, workspace, role) in [(&mo, &world.workspace, "EDITOR"), (&tess, &world.workspace, "VIEWER"), (&tess, &inner, "VIEWER"), (&nia, &inner, "ADMIN")] {
            world.devi.invite(workspace, person, role).await;
        }
        let pia = app.person_at("Pia", "pia@globex.example").await;
        bring(&app, &world.devi, &world.workspace, &pia, "EDITOR", false).await;
        let hidden = world.paula.workspace(&world.team, "Hidden", "PARTNER").await;
        world.paula.invite(&hidden, &mo, "EDITOR").await;

        let payments = collection(&world.devi, &world.workspace, "Payments").await;
        for (by, workspace, kind, name) in [(&mo, None, "MONITOR", "Hourly"), (&pia, None, "MOCK_SERVER", "Stage"), (&world.devi, None, "INTEGRATION", "Chat"), (&mo, Some(hidden.as_str()), "MONITOR", "Secret")] {
            assert!(relate(by, &payments, workspace, kind, name).await.is_ok());
        }
        for person in [&mo, &tess, &pia, &world.devi] {
            watch(&app, &payments, person).await;
        }

        let moved = shift(&world.devi, &payments, &inner).await;
        assert_eq!(moved.at("/element"), &json!({ "id": payments, "name": "Payments", "version": 1, "workspace": { "id": inner } }));
        let stayed = |name: &str, kind: &str, state: &str| json!({ "name": name, "kind": kind, "state": state, "workspace": { "id": world.workspace }, "collection": { "id": payments } });
        assert_eq!(moved.at("/leftBehind"), &json!([stayed("Hourly", "MONITOR", "PAUSED"), stayed("Stage", "MOCK_SERVER", "ACTIVE"), stayed("Chat", "INTEGRATION", "ACTIVE")]));
        assert_eq!((place(&tess, &payments).await, place(&mo, &payments).await, place(&pia, &payments).await), (Some(inner.clone()), None, None));

        // Both workspaces record it, and neither says anything of the other.
        let (left, came) = (entries(&mo, &world.workspace).await, entries(&nia, &inner).await);
        let data = json!({ "elementId": payments, "kind": "COLLECTION", "name": "Payments" });
        let out = left.iter().position(|entry| entry["kind"] == "ELEMENT_MOVED_OUT").unwrap();
        assert_eq!(left[out], json!({ "kind": "ELEMENT_MOVED_OUT", "message": "Devi moved the collection Payments out of this workspace.", "data": data, "actor": { "name": "Devi" } }));
        assert_eq!((&left[out + 1]["kind"], &left[out + 1]["message"]), (&json!("RELATED_ITEM_PAUSED"), &json!("Portico paused the monitor Hourly.")));
        assert_eq!(left.len(), out + 2);
        assert_eq!(came.last().unwrap(), &json!({ "kind": "ELEMENT_MOVED_IN", "message": "Devi moved the collection Payments into this workspace.", "data": data, "actor": { "name": "Devi" } }));
        for (entries, other) in [(&left, &inner), (&came, &world.workspace)] {
            assert!(entries.iter().all(|entry| !entry.to_string().contains(other.as_str())));
        }
        // Where a monitor lives whose people may not know who moved, the system paused it.
        assert_eq!(entries(&world.paula, &hidden).await.last().unwrap(), &json!({ "kind": "RELATED_ITEM_PAUSED", "message": "Portico paused the monitor Secret.", "data": left_data(&world.paula, &hidden).await, "actor": null }));

        // The audit log names both.
        let query = "query($id: ID!) { team(id: $id) { auditLog(last: 1, kind: ELEMENT_MOVED) { nodes { targetId workspaceId before after actorName } } } }";
        let logged = world.ada.ask(query, json!({ "id": world.team })).await;
        assert_eq!(logged.at("/team/auditLog/nodes/0"), &json!({ "targetId": payments, "workspaceId": world.workspace, "actorName": "Devi",
            "before": { "workspaceId": world.workspace, "name": "Payments" }, "after": { "workspaceId": inner, "name": "Payments" } }));
        assert_eq!(world.paula.ask(query, json!({ "id": world.team })).await.list("/team/auditLog/nodes").len(), 1, "it left a partner workspace");

        // Everybody is told as much as they may know, once; whoever moved it is not.
        assert_eq!(messages(&tess, "ELEMENT_MOVED").await, ["The collection Payments was moved from Shared to Inner. [Payments]"]);
        assert_eq!(messages(&nia, "ELEMENT_MOVED").await, ["The collection Payments was moved into Inner. [Payments]"]);
        for person in [&mo, &pia, &world.paula] {
            assert_eq!(messages(person, "ELEMENT_MOVED").await, ["The collection Payments was moved out of Shared. [Shared]"], "{}", person.name);
        }
        assert_eq!(messages(&mo, "MONITOR_PAUSED").await, ["The monitor Hourly in Shared was paused. [Shared]", "The monitor Secret in Hidden was paused. [Hidden]"]);
        assert!(world.devi.told().await.iter().all(|kind| kind != "ELEMENT_MOVED"));

        // Its history and its watchers came along, and it can go back. What watches without seeing is told nothing.
        assert_eq!(app.sql("UPDATE watch SET created_at = 2", Vec::new()).await, 4);
        assert_eq!(app.sql("UPDATE revision SET message = 'kept'", Vec::new()).await, 1);
        let other = world.devi.workspace(&world.team, "Further", "PRIVATE").await;
        assert_eq!(shift(&world.devi, &payments, &other).await.at("/element/workspace/id"), &json!(other));
        assert_eq!((messages(&mo, "ELEMENT_MOVED").await.len(), messages(&pia, "ELEMENT_MOVED").await.len(), messages(&tess, "ELEMENT_MOVED").await.len()), (1, 1, 2));
        assert_eq!(messages(&mo, "MONITOR_PAUSED").await.len(), 2, "it was paused already");
        assert_eq!(shift(&world.devi, &payments, &world.workspace).await.list("/leftBehind").len(), 3);
        assert_eq!(place(&pia, &payments).await, Some(world.workspace.clone()));
    }

    async fn where_it_is_refused_nothing_moves(app) {
        let world = partnership(&app).await;
        let (mo, eve) = (app.person("Mo").await, app.person("Eve").await);
        let add = json!({ "teamId": world.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let pia = app.person_at("Pia", "pia@globex.example").await;
        let inner = world.devi.workspace(&world.team, "Inner", "PRIVATE").await;
        let own = world.devi.workspace(&world.team, "Mine", "PERSONAL").await;
        let second = world.paula.workspace(&world.team, "Second", "PARTNER").await;
        let viewed = world.paula.workspace(&world.team, "Viewed", "PARTNER").await;
        let hidden = world.paula.workspace(&world.team, "Hidden", "PARTNER").await;
        bring(&app, &world.devi, &world.workspace, &pia, "EDITOR", false).await;
        bring(&app, &world.paula, &second, &pia, "EDITOR", false).await;
        bring(&app, &world.paula, &viewed, &pia, "VIEWER", false).await;
        world.devi.invite(&world.workspace, &mo, "VIEWER").await;
        world.devi.invite(&inner, &mo, "EDITOR").await;
        // Devi is in another team too, and Eve is Pia's other life.
        let others = app.team(&eve, &[(&world.devi, &["DEVELOPER"]), (&pia, &["DEVELOPER"])]).await;
        let abroad = world.devi.workspace(&others, "Abroad", "PRIVATE").await;
        let of_pia = pia.workspace(&others, "Pia's", "PRIVATE").await;
        let payments = collection(&world.devi, &world.workspace, "Payments").await;
        assert!(relate(&world.devi, &payments, None, "MONITOR", "Hourly").await.is_ok());
        give(&app, &world.team, &payments, Some(&pia), None, "PARTNER").await;

        let never = ("element_01h455vb4pex5vsknk084sn02q", "workspace_01h455vb4pex5vsknk084sn02q");
        let before = weight(&app).await;
        for (by, element, workspace, refusal) in [
            (&app.anonymous(), payments.as_str(), inner.as_str(), "UNAUTHENTICATED/SIGN_IN_REQUIRED/-"),
            (&world.devi, "nonsense", &inner, "BAD_USER_INPUT/MALFORMED_ID/elementId"),
            (&world.devi, &payments, &payments, "BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            (&world.devi, never.0, &inner, "NOT_FOUND/UNKNOWN_ID/elementId"),
            (&world.devi, &payments, never.1, "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&world.devi, &payments, &hidden, "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&world.devi, &payments, &world.workspace, "FAILED_PRECONDITION/ALREADY_THERE/workspaceId"),
            (&world.devi, &payments, &own, "FORBIDDEN/TARGET_NOT_ALLOWED/workspaceId"),
            (&world.devi, &payments, &abroad, "FORBIDDEN/TARGET_NOT_ALLOWED/workspaceId"),
            (&mo, &payments, &inner, "FORBIDDEN/ROLE_REQUIRED/-"),
            (&mo, &payments, &world.workspace, "FORBIDDEN/ROLE_REQUIRED/-"),
            (&mo, &payments, &hidden, "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&world.ada, &payments, &inner, "NOT_FOUND/UNKNOWN_ID/elementId"),
            (&eve, &payments, &abroad, "NOT_FOUND/UNKNOWN_ID/elementId"),
            (&pia, &payments, &inner, "NOT_FOUND/UNKNOWN_ID/workspaceId"),
            (&pia, &payments, &viewed, "FORBIDDEN/ROLE_REQUIRED/workspaceId"),
            (&pia, &payments, &of_pia, "FORBIDDEN/TARGET_NOT_ALLOWED/workspaceId"),
        ] {
            let answer = shift(by, element, workspace).await;
            assert_eq!(answer.refusal(), refusal, "{} {element} {workspace}", by.name);
        }
        // The team can keep its partners from taking things out.
        let forbid = |may: bool| world.ada.mutate("updateTeamPolicies", "team { id }", json!({ "teamId": world.team, "partnersMayMoveOut": may }));
        assert!(forbid(false).await.is_ok());
        assert_eq!(shift(&pia, &payments, &second).await.refusal(), "FORBIDDEN/RESERVED_BY_POLICY/-");
        let mut after = weight(&app).await;
        after[2] -= 1;
        assert_eq!(before, after, "but for the policy in the audit log, nothing was written");
        let still = world.devi.ask("query($id: ID!) { element(id: $id) { workspace { id relatedItems { nodes { state } } } } }", json!({ "id": payments })).await;
        assert_eq!(still.at("/element/workspace"), &json!({ "id": world.workspace, "relatedItems": { "nodes": [{ "state": "ACTIVE" }] } }));
        assert!(forbid(true).await.is_ok());
        assert_eq!(shift(&pia, &payments, &second).await.at("/leftBehind/0/state"), "PAUSED");
        assert_eq!(place(&pia, &payments).await, Some(second));
    }

    async fn two_moves_in_opposite_directions_at_once_both_arrive(app) {
        let world = partnership(&app).await;
        let other = world.devi.workspace(&world.team, "Other", "PRIVATE").await;
        let (mut here, mut there) = (collection(&world.devi, &world.workspace, "Here").await, collection(&world.devi, &other, "There").await);
        let third = world.devi.workspace(&world.team, "Third", "PRIVATE").await;
        for _ in 0..20 {
            let (one, two) = tokio::join!(shift(&world.devi, &here, &other), shift(&world.paula, &there, &world.workspace));
            assert!(one.is_ok(), "{one:?}");
            // Paula sees partner workspaces only, so that what Devi keeps elsewhere is not hers to move.
            assert_eq!(two.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
            let (one, two) = tokio::join!(shift(&world.devi, &here, &world.workspace), shift(&world.devi, &there, &world.workspace));
            assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
            let (one, two) = tokio::join!(shift(&world.devi, &here, &other), shift(&world.devi, &there, &other));
            assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
            assert!(shift(&world.devi, &here, &world.workspace).await.is_ok());
            let (one, two) = tokio::join!(shift(&world.devi, &here, &other), shift(&world.devi, &there, &world.workspace));
            assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
            std::mem::swap(&mut here, &mut there);
        }
        // The same thing to two places: it goes to one of them first, and ends up in the other, or is there already.
        for _ in 0..10 {
            let (one, two) = tokio::join!(shift(&world.devi, &here, &third), shift(&world.devi, &here, &other));
            let is_told = |answer: &Answer| answer.is_ok() || answer.refusal() == "FAILED_PRECONDITION/ALREADY_THERE/workspaceId";
            assert!(is_told(&one) && is_told(&two), "{one:?} {two:?}");
            let place = place(&world.devi, &here).await.unwrap();
            assert!(place == third || place == other);
            assert!(shift(&world.devi, &here, &world.workspace).await.is_ok());
        }
        // In each workspace what came in and what went out add up.
        for workspace in [&world.workspace, &other, &third] {
            let kinds: Vec<_> = entries(&world.devi, workspace).await.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect();
            assert!(kinds.iter().any(|kind| kind == "ELEMENT_MOVED_IN"));
        }
    }

    async fn a_move_takes_as_many_statements_however_much_goes_along(app) {
        let world = partnership(&app).await;
        let (inner, mo) = (world.devi.workspace(&world.team, "Inner", "PRIVATE").await, app.person("Mo").await);
        let add = json!({ "teamId": world.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        world.devi.invite(&world.workspace, &mo, "EDITOR").await;
        let mut counts = Vec::new();
        for (collections, items) in [(1, 1), (1, 20), (10, 1), (10, 20)] {
            let service = api(&app, &world.team, &world.workspace, &world.devi, "Service").await;
            for number in 0..collections {
                let collection = collection(&world.devi, &world.workspace, &format!("Collection {number}")).await;
                assert!(attach(&world.devi, &service, &collection).await.is_ok());
                give(&app, &world.team, &collection, Some(&mo), None, "TEAM").await;
                watch(&app, &collection, &mo).await;
                for item in 0..items {
                    let kind = if item % 2 == 0 { "MONITOR" } else { "MOCK_SERVER" };
                    assert!(relate(&mo, &collection, None, kind, &format!("Item {item}")).await.is_ok());
                }
            }
            let before = app.parts.database.statements();
            let input = json!({ "elementId": service, "workspaceId": inner });
            let moved = world.devi.mutate("moveElement", "element { id } leftBehind { id name collection { name } workspace { name } }", input).await;
            counts.push(app.parts.database.statements() - before);
            assert_eq!(moved.list("/leftBehind").len(), collections * items);
        }
        assert_eq!(counts, [counts[0]; 4], "it does not grow with what is moved or left");
        assert!(counts[0] < 50, "{counts:?}");
    }
}

/// The data of the newest entry.
async fn left_data(person: &Person, workspace: &str) -> Value {
    entries(person, workspace).await.last().unwrap()["data"].clone()
}
