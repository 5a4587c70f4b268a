//! APIs and their collections, and roles on elements that move.

use super::{api, attach, collection, entries, give, place, relate, shift};
use crate::invitations::{bring, partnership};
use crate::support::{Person, on_both};
use serde_json::{Value, json};

async fn collections(person: &Person, api: &str) -> Vec<String> {
    let query = "query($id: ID!) { element(id: $id) { ... on Api { collections(first: 10) { nodes { name } } } } }";
    let answer = person.ask(query, json!({ "id": api })).await;
    answer.list("/element/collections/nodes").iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn collections_belong_to_an_api_of_their_workspace(app) {
        let world = partnership(&app).await;
        let inner = world.devi.workspace(&world.team, "Inner", "PRIVATE").await;
        let mo = app.person("Mo").await;
        let add = json!({ "teamId": world.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        world.devi.invite(&world.workspace, &mo, "VIEWER").await;
        let (service, second) = (api(&app, &world.team, &world.workspace, &world.devi, "Service").await, api(&app, &world.team, &world.workspace, &world.devi, "Second").await);
        let (payments, orders, far) = (collection(&world.devi, &world.workspace, "Payments").await, collection(&world.devi, &world.workspace, "Orders").await, collection(&world.devi, &inner, "Far").await);
        assert_eq!(attach(&world.devi, &service, &payments).await.at("/collection/api/id"), &json!(service));
        assert!(attach(&world.devi, &service, &orders).await.is_ok());
        assert_eq!(collections(&mo, &service).await, ["Payments", "Orders"]);
        assert_eq!(entries(&mo, &world.workspace).await.last().unwrap()["data"], json!({ "elementId": orders, "name": "Orders", "apiId": service }));
        let never = "element_01h455vb4pex5vsknk084sn02q";
        let eve = app.person("Eve").await;
        for (by, api, collection, refusal) in [
            (&world.devi, service.as_str(), payments.as_str(), "FAILED_PRECONDITION/ALREADY_THERE/collectionId"),
            (&world.devi, &payments, &orders, "BAD_USER_INPUT/WRONG_KIND/apiId"),
            (&world.devi, &service, &second, "BAD_USER_INPUT/WRONG_KIND/collectionId"),
            (&world.devi, &service, &far, "FAILED_PRECONDITION/TARGET_NOT_ALLOWED/apiId"),
            (&world.devi, never, &payments, "NOT_FOUND/UNKNOWN_ID/apiId"),
            (&world.devi, &service, never, "NOT_FOUND/UNKNOWN_ID/collectionId"),
            (&mo, &service, &payments, "FORBIDDEN/ROLE_REQUIRED/-"),
            (&mo, &service, &far, "NOT_FOUND/UNKNOWN_ID/collectionId"),
            (&eve, &service, &payments, "NOT_FOUND/UNKNOWN_ID/collectionId"),
        ] {
            assert_eq!(attach(by, api, collection).await.refusal(), refusal, "{api} {collection}");
        }
        assert_eq!(attach(&world.devi, &second, &orders).await.at("/collection/api/id"), &json!(second), "it leaves the one that it belonged to");
        assert_eq!((collections(&mo, &service).await, collections(&mo, &second).await), (vec!["Payments".to_owned()], vec!["Orders".to_owned()]));
        let detach = async |by: &Person, id: &str| by.mutate("detachCollection", "collection { api { id } }", json!({ "collectionId": id })).await;
        for (by, id, refusal) in [(&mo, &orders, "FORBIDDEN/ROLE_REQUIRED/-"), (&eve, &orders, "NOT_FOUND/UNKNOWN_ID/collectionId"), (&world.devi, &far, "FAILED_PRECONDITION/WRONG_STATE/collectionId"), (&world.devi, &service, "BAD_USER_INPUT/WRONG_KIND/collectionId")] {
            assert_eq!(detach(by, id).await.refusal(), refusal);
        }
        assert!(detach(&world.devi, &orders).await.at("/collection/api").is_null());
        assert_eq!(entries(&mo, &world.workspace).await.last().unwrap()["message"], "Devi took the collection Orders out of its API.");

        // Collections go along with their API, and what is bound to them stays.
        assert!(attach(&world.devi, &service, &orders).await.is_ok());
        assert!(relate(&world.devi, &orders, None, "MONITOR", "Hourly").await.is_ok());
        let moved = shift(&world.devi, &service, &inner).await;
        assert_eq!((moved.at("/element/name"), moved.at("/leftBehind/0/state"), moved.at("/leftBehind/0/collection/id")), (&json!("Service"), &json!("PAUSED"), &json!(orders)));
        assert_eq!(collections(&world.devi, &service).await, ["Payments", "Orders"]);
        for id in [&service, &payments, &orders] {
            assert_eq!((place(&world.devi, id).await, place(&mo, id).await), (Some(inner.clone()), None));
        }
        let kinds = |entries: &[Value], last: usize| entries[entries.len() - last..].iter().map(|entry| format!("{} {}", entry["kind"].as_str().unwrap(), entry["data"]["name"].as_str().unwrap())).collect::<Vec<_>>();
        assert_eq!(kinds(&entries(&world.devi, &inner).await, 3), ["ELEMENT_MOVED_IN Service", "ELEMENT_MOVED_IN Payments", "ELEMENT_MOVED_IN Orders"]);
        assert_eq!(kinds(&entries(&mo, &world.workspace).await, 4), ["ELEMENT_MOVED_OUT Service", "ELEMENT_MOVED_OUT Payments", "ELEMENT_MOVED_OUT Orders", "RELATED_ITEM_PAUSED Hourly"]);

        // One that goes alone leaves its API.
        assert!(shift(&world.devi, &orders, &world.workspace).await.is_ok());
        assert_eq!(collections(&world.devi, &service).await, ["Payments"]);
        assert_eq!(kinds(&entries(&world.devi, &inner).await, 2), ["COLLECTION_API_CHANGED Orders", "ELEMENT_MOVED_OUT Orders"]);
        let seen = mo.ask("query($id: ID!) { element(id: $id) { ... on Collection { api { id } } } }", json!({ "id": orders })).await;
        assert!(seen.at("/element/api").is_null());
    }

    async fn an_api_has_only_so_many_collections(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let service = api(&app, &team, &workspace, &ada, "Service").await;
        let (first, last) = (collection(&ada, &workspace, "First").await, collection(&ada, &workspace, "Last").await);
        let id = |text: &str| text.parse::<portico::domain::ElementId>().unwrap();
        let model = app.parts.app.queries().find_element(None, id(&first)).await.unwrap().unwrap().element;
        let tx = app.parts.app.store.begin().await.unwrap();
        for _ in 0..999 {
            let one = portico::app::model::Element { id: portico::domain::ElementId::new(), api_id: Some(id(&service)), ..model.clone() };
            tx.insert_element(&one, &json!([]), None).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert!(attach(&ada, &service, &first).await.is_ok());
        assert_eq!(attach(&ada, &service, &last).await.refusal(), "FAILED_PRECONDITION/TOO_MANY/apiId");
        // What is in the trash would come back to it.
        assert!(ada.mutate("deleteElement", "goneForGood", json!({ "elementId": first })).await.is_ok());
        assert_eq!(attach(&ada, &service, &last).await.refusal(), "FAILED_PRECONDITION/TOO_MANY/apiId");
        let of_service = ada.ask("query($id: ID!) { element(id: $id) { ... on Api { collections(first: 1) { nodes { id } } } } }", json!({ "id": service })).await;
        let one = of_service.text("/element/collections/nodes/0/id");
        assert!(ada.mutate("detachCollection", "collection { id }", json!({ "collectionId": one })).await.is_ok());
        assert!(attach(&ada, &service, &last).await.is_ok());
        // All of them move together.
        let other = ada.workspace(&team, "Other", "PRIVATE").await;
        assert!(shift(&ada, &service, &other).await.is_ok());
    }

    async fn an_api_moves_only_with_every_collection_that_belongs_to_it(app) {
        let world = partnership(&app).await;
        let mo = app.person("Mo").await;
        let add = json!({ "teamId": world.team, "emails": [mo.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        world.devi.invite(&world.workspace, &mo, "VIEWER").await;
        let inner = mo.workspace(&world.team, "Inner", "PRIVATE").await;
        let service = api(&app, &world.team, &world.workspace, &world.devi, "Service").await;
        let payments = collection(&world.devi, &world.workspace, "Payments").await;
        assert!(attach(&world.devi, &service, &payments).await.is_ok());
        let targets = async || mo.ask("query($id: ID!) { viewer { workspaces(acceptsElement: $id) { nodes { name } } } }", json!({ "id": service })).await.at("/viewer/workspaces/nodes").clone();
        assert_eq!(shift(&mo, &service, &inner).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        give(&app, &world.team, &service, Some(&mo), None, "TEAM").await;
        let refused = shift(&mo, &service, &inner).await;
        assert_eq!(refused.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert!(refused.body["errors"][0]["message"].as_str().unwrap().ends_with("The collection Payments goes along."), "{refused:?}");
        assert_eq!((place(&mo, &service).await, targets().await), (Some(world.workspace.clone()), json!([])));
        give(&app, &world.team, &payments, Some(&mo), None, "TEAM").await;
        assert_eq!(targets().await, json!([{ "name": "Inner" }]));
        assert!(shift(&mo, &service, &inner).await.is_ok());
        assert_eq!((place(&mo, &payments).await, place(&world.devi, &payments).await), (Some(inner), None));
    }

    async fn roles_on_an_element_stay_with_whoever_can_open_where_it_went(app) {
        let world = partnership(&app).await;
        let (mo, tess) = (app.person("Mo").await, app.person("Tess").await);
        let add = json!({ "teamId": world.team, "emails": [mo.email, tess.email], "roles": ["DEVELOPER"] });
        assert!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.is_ok());
        let (pia, ivo) = (app.person_at("Pia", "pia@globex.example").await, app.person_at("Ivo", "ivo@initech.example").await);
        let second = world.devi.workspace(&world.team, "To share", "PRIVATE").await;
        assert!(world.paula.mutate("approveRequest", "request { id }", {
            let asked = world.devi.mutate("changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": second, "visibility": "PARTNER" })).await;
            json!({ "requestId": asked.text("/request/id") })
        }).await.is_ok());
        let open = world.devi.workspace(&world.team, "Open", "TEAM").await;
        for workspace in [&world.workspace, &second] {
            bring(&app, &world.devi, workspace, &pia, "VIEWER", false).await;
        }
        bring(&app, &world.devi, &world.workspace, &ivo, "VIEWER", false).await;
        let groups = async |name: &str, of: &Person| {
            let input = json!({ "teamId": world.team, "name": name, "side": "TEAM", "userIds": [of.id] });
            world.ada.mutate("createGroup", "group { id }", input).await.text("/group/id")
        };
        let (known, unknown) = (groups("Known", &mo).await, groups("Unknown", &tess).await);
        for workspace in [&world.workspace, &second] {
            let input = json!({ "workspaceId": workspace, "role": "VIEWER", "invitees": [{ "groupId": known }] });
            assert!(world.devi.mutate("inviteTeamMembers", "results { outcome }", input).await.is_ok());
        }
        let payments = collection(&world.devi, &world.workspace, "Payments").await;
        for (user, group, side) in [(Some(&pia), None, "PARTNER"), (Some(&ivo), None, "PARTNER"), (Some(&mo), None, "TEAM"), (Some(&tess), None, "TEAM"), (None, Some(&known), "TEAM"), (None, Some(&unknown), "TEAM")] {
            give(&app, &world.team, &payments, user, group.map(String::as_str), side).await;
        }
        let ended = async |workspace: &str| {
            let entries = entries(&world.devi, workspace).await;
            let mut names: Vec<_> = entries.iter().filter(|entry| entry["kind"] == "ELEMENT_ROLE_REVOKED").map(|entry| entry["data"]["subjectName"].as_str().unwrap().to_owned()).collect();
            names.sort_unstable();
            names
        };
        assert!(shift(&world.devi, &payments, &second).await.is_ok());
        assert_eq!(ended(&world.workspace).await, ["Ivo", "Tess", "Unknown"], "a person who may not open it, a group without a grant there");
        assert!(ended(&second).await.is_empty());
        let read = entries(&pia, &world.workspace).await;
        assert!(read.iter().all(|entry| entry["data"]["subjectName"] != "Unknown"), "partners never learn of groups");
        let logged = world.ada.ask("query($id: ID!) { team(id: $id) { auditLog(last: 10, kind: ELEMENT_ROLE_REVOKED) { nodes { before workspaceId } } } }", json!({ "id": world.team })).await;
        assert_eq!(logged.list("/team/auditLog/nodes").len(), 3);
        assert_eq!(app.sql("UPDATE element_grant SET granted_at = 2", Vec::new()).await, 3);
        // Where every member of the team looks in, groups of it do too; partners have no place there.
        assert!(shift(&world.devi, &payments, &open).await.is_ok());
        assert_eq!(ended(&second).await, ["Pia"]);
        assert_eq!(app.sql("UPDATE element_grant SET granted_at = 3", Vec::new()).await, 2);
        let target = mo.workspace(&world.team, "Mo's", "PRIVATE").await;
        assert!(shift(&mo, &payments, &target).await.is_ok(), "an Editor of the element, where they look in as a Viewer");
    }
}
