//! How many SQL statements an operation takes, whatever the amount of data.

use crate::element_grants::{collection, give};
use crate::support::{Person, TestApp, on_both};
use serde_json::json;

const LIST: &str = "{ viewer { workspaces(first: 50) { nodes { id name viewerRole viewerCan team { name } members(first: 10) { totalCount nodes { role subject { ... on User { name email } } } } } } } }";

async fn statements(app: &TestApp, person: &Person, query: &str) -> (u64, usize) {
    let before = app.parts.database.statements();
    let answer = person.ask(query, json!({})).await;
    (app.parts.database.statements() - before, answer.at("/viewer/workspaces/nodes").as_array().map_or(0, Vec::len))
}

on_both! {
    async fn a_list_of_workspaces_takes_three_statements_however_long(app) {
        let ada = app.person("Ada").await;
        let mut people = Vec::new();
        for number in 0..12 {
            people.push(app.person(&format!("Member{number}")).await);
        }
        let roles: &[&str] = &["DEVELOPER"];
        let team = app.team(&ada, &people.iter().map(|person| (person, roles)).collect::<Vec<_>>()).await;
        let invitees: Vec<_> = people.iter().map(|person| json!({ "userId": person.id })).collect();
        let mut counts = Vec::new();
        for number in 1..=50 {
            let workspace = ada.workspace(&team, &format!("Workspace {number}"), "PRIVATE").await;
            let input = json!({ "workspaceId": workspace, "invitees": invitees, "role": "VIEWER" });
            assert!(ada.mutate("inviteTeamMembers", "results { outcome }", input).await.is_ok());
            if [1, 10, 50].contains(&number) {
                counts.push(statements(&app, &ada, LIST).await);
            }
        }
        // The token with its user, the workspaces with their teams and what the reader is there, the members with their people.
        assert_eq!(counts, [(3, 1), (3, 10), (3, 50)]);
    }

    async fn telling_a_thousand_members_takes_no_more_statements_than_telling_two(app) {
        let (ada, sam, mo) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&mo, &["DEVELOPER"])]).await;
        let mut counts = Vec::new();
        for size in [0, 300] {
            let workspace = sam.workspace(&team, "To convert", "PRIVATE").await;
            sam.invite(&workspace, &mo, "VIEWER").await;
            for number in 0..size / 100 {
                let mut emails = Vec::new();
                for person in 0..100 {
                    let person = app.person(&format!("P{number}x{person}")).await;
                    emails.push(person.email);
                }
                let added = ada.mutate("addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": emails, "roles": ["DEVELOPER"] })).await;
                assert!(added.is_ok());
                let invitees: Vec<_> = emails.iter().map(|email| json!({ "email": email })).collect();
                assert!(sam.mutate("inviteTeamMembers", "results { outcome }", json!({ "workspaceId": workspace, "invitees": invitees, "role": "VIEWER" })).await.is_ok());
            }
            let before = app.parts.database.statements();
            assert!(sam.mutate("changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": workspace, "visibility": "PARTNER" })).await.is_ok());
            counts.push(app.parts.database.statements() - before);
        }
        assert_eq!(counts[0], counts[1], "the number of statements does not grow with the members");
    }

    async fn a_list_of_organizations_takes_as_many_statements_however_long(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let query = "query($id: ID!) { team(id: $id) { organizations(first: 100) { nodes { name domains } } } }";
        let mut counts = Vec::new();
        for number in 1..=20 {
            let input = json!({ "teamId": team, "name": format!("Partner {number}"), "domains": [format!("p{number}.example")] });
            assert!(ada.mutate("createOrganization", "organization { id }", input).await.is_ok());
            if [1, 20].contains(&number) {
                let before = app.parts.database.statements();
                let answer = ada.ask(query, json!({ "id": team })).await;
                assert_eq!(answer.list("/team/organizations/nodes").len(), number);
                counts.push(app.parts.database.statements() - before);
            }
        }
        assert_eq!(counts[0], counts[1], "the number of statements does not grow with the organizations");
    }
    async fn a_list_of_notifications_takes_as_many_statements_however_long(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        ada.invite(&workspace, &mo, "VIEWER").await;
        let query = "{ viewer { notifications(last: 100) { nodes { subject { __typename ... on Comment { body element { name } } ... on Collection { name } } } } } }";
        let mut counts = Vec::new();
        for number in 1..=12 {
            let element = collection(&ada, &workspace, &format!("Pets {number}")).await;
            assert!(give(&ada, &element, &mo, "EDITOR").await.is_ok());
            let said = json!({ "elementId": element, "body": "Look.", "mentions": [mo.id] });
            assert!(ada.mutate("addComment", "comment { id }", said).await.is_ok());
            if [1, 12].contains(&number) {
                let before = app.parts.database.statements();
                let answer = mo.ask(query, json!({})).await;
                counts.push(app.parts.database.statements() - before);
                let kind = |wanted: &str| answer.list("/viewer/notifications/nodes").iter().filter(|node| node["subject"]["__typename"] == wanted).count();
                assert_eq!((kind("Comment"), kind("Collection")), (number, number));
            }
        }
        assert_eq!(counts[0], counts[1], "the number of statements does not grow with the notifications");
    }
    async fn folders_side_by_side_take_as_many_statements_as_one(app) {
        let ada = app.person("Ada").await;
        let workspace = crate::documents::workspace(&app, &ada).await;
        let query = "query($id: ID!) { element(id: $id) { ... on Collection { items(first: 100) { nodes { items(first: 10) { nodes { id } } } } } } }";
        let mut counts = Vec::new();
        for folders in [1, 40] {
            // More than one node of each map, in both.
            let items = |folder: usize| (0..400 / folders).map(|item| json!({ "id": format!("{folder}-{item}") })).collect::<Vec<_>>();
            let folders: Vec<_> = (0..folders).map(|folder| json!({ "id": format!("{folder}"), "item": items(folder) })).collect();
            let document = crate::documents::collection("Pets", &json!(folders));
            let pets = crate::documents::import(&ada, &workspace, &document.to_string()).await;
            let before = app.parts.database.statements();
            let answer = ada.ask(query, json!({ "id": pets })).await;
            counts.push(app.parts.database.statements() - before);
            assert_eq!(answer.list("/element/items/nodes").len(), folders.len());
        }
        // Where nodes end is drawn anew for each collection: either map may have a level or two more than that of the other.
        assert!(counts[1] <= counts[0] + 8, "{counts:?}");
    }
}
