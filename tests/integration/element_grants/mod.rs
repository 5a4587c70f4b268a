//! Roles on single elements: who gives them to whom, what they add, and that they end with the access that they add to.

mod ends;

use crate::invitations::{Partnership, bring, partnership};
use crate::support::app::Answer;
use crate::support::{Person, TestApp, on_both};
use portico::domain::ElementId;
use serde_json::{Value, json};
use std::time::Duration;

const GRANT: &str = "grant { id role side element { id name } subject { ... on User { name } ... on Group { name } } grantedBy { name } }";
const DAY: Duration = Duration::from_hours(24);

/// Makes a collection, and answers its id.
pub async fn collection(by: &Person, workspace: &str, name: &str) -> String {
    by.mutate("createCollection", "collection { id }", json!({ "workspaceId": workspace, "name": name })).await.text("/collection/id")
}

/// Puts an environment into a workspace. Answers its id.
pub async fn environment(app: &TestApp, team: &str, workspace: &str, by: &Person) -> String {
    let (team, workspace): (portico::domain::TeamId, portico::domain::WorkspaceId) = (team.parse().unwrap(), workspace.parse().unwrap());
    let (id, by): (ElementId, portico::domain::UserId) = (ElementId::new(), by.id.parse().unwrap());
    let text = "INSERT INTO element (id, team_id, workspace_id, kind, format, name, name_key, description, version, size_bytes, root_hash,
                    created_at, created_by, updated_at, updated_by)
                VALUES ($1, $2, $3, 'ENVIRONMENT', 'ENVIRONMENT', 'Staging', 'staging', '', 1, 2, $4, 1, $5, 1, $5)";
    let values = vec![id.uuid().into(), team.uuid().into(), workspace.uuid().into(), vec![0_u8; 32].into(), by.uuid().into()];
    assert_eq!(app.sql(text, values).await, 1);
    id.to_string()
}

pub async fn give(by: &Person, element: &str, to: &Person, role: &str) -> Answer {
    by.mutate("grantElementRole", GRANT, json!({ "elementId": element, "subject": { "userId": to.id }, "role": role })).await
}

async fn give_group(by: &Person, element: &str, group: &str, role: &str) -> Answer {
    by.mutate("grantElementRole", GRANT, json!({ "elementId": element, "subject": { "groupId": group }, "role": role })).await
}

async fn take(by: &Person, grant: &str) -> Answer {
    by.mutate("revokeElementRole", "revokedGrantId", json!({ "grantId": grant })).await
}

/// The names of those who hold a role on the element, as somebody sees them, page by page.
async fn holders(reader: &Person, element: &str) -> Vec<String> {
    let query = "query($id: ID!, $after: String) { element(id: $id) { grants(first: 2, after: $after) {
        nodes { role subject { ... on User { name } ... on Group { name } } } pageInfo { hasNextPage endCursor } } } }";
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = reader.ask(query, json!({ "id": element, "after": after })).await;
        names.extend(page.list("/element/grants/nodes").iter().map(|node| node["subject"]["name"].as_str().unwrap().to_owned()));
        if page.at("/element/grants/pageInfo/hasNextPage") == false {
            return names;
        }
        after = page.at("/element/grants/pageInfo/endCursor").clone();
    }
}

async fn audit(reader: &Person, team: &str) -> Vec<Value> {
    let query = "query($id: ID!) { team(id: $id) { auditLog(last: 100) { nodes { kind actor { name } before after } } } }";
    reader.ask(query, json!({ "id": team })).await.list("/team/auditLog/nodes").clone()
}

async fn ended_by_audit(world: &Partnership) -> usize {
    audit(&world.ada, &world.team).await.iter().filter(|event| event["kind"] == "ELEMENT_ROLE_REVOKED").count()
}

async fn remove(by: &Person, member: &str) {
    assert!(by.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
}

async fn team_group(by: &Person, team: &str, name: &str, people: &[&Person]) -> String {
    let ids: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
    by.mutate("createGroup", "group { id }", json!({ "teamId": team, "name": name, "side": "TEAM", "userIds": ids }))
        .await
        .text("/group/id")
}

async fn invite_group(by: &Person, mutation: &str, workspace: &str, group: &str) -> String {
    let input = json!({ "workspaceId": workspace, "invitees": [{ "groupId": group }], "role": "VIEWER" });
    by.mutate(mutation, "results { member { id } }", input).await.text("/results/0/member/id")
}

async fn see_partners(by: &Person, workspace: &str, visibility: &str) {
    let input = json!({ "workspaceId": workspace, "visibility": visibility, "removePartners": true });
    assert!(by.mutate("changeWorkspaceVisibility", "workspace { id }", input).await.is_ok());
}

/// A partnership with a member of the team more in the team, who is not in the workspace.
async fn with_mo(app: &TestApp) -> (Partnership, Person) {
    let world = partnership(app).await;
    let mo = app.person("Mo").await;
    join(&world, &mo).await;
    (world, mo)
}

async fn join(world: &Partnership, person: &Person) {
    let add = json!({ "teamId": world.team, "emails": [person.email], "roles": ["DEVELOPER"] });
    assert_eq!(world.ada.mutate("addTeamMembers", "results { outcome }", add).await.text("/results/0/outcome"), "ADDED");
}

on_both! {
    async fn whoever_edits_one_element_replaces_it_by_a_document_of_any_length(app) {
        let (ada, vic) = (app.person("Ada").await, app.person("Vic").await);
        let team = app.team(&ada, &[(&vic, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        ada.invite(&workspace, &vic, "VIEWER").await;
        let orders = collection(&ada, &workspace, "Orders").await;
        assert!(give(&ada, &orders, &vic, "EDITOR").await.is_ok());
        // So long that its progress is told.
        let items: Vec<Value> = (0..1_100).map(|number| json!({ "name": number.to_string(), "text": "x".repeat(8_000) })).collect();
        let content = crate::documents::collection("Long", &json!(items)).to_string();
        let replaced = vic.mutate("replaceElement", "element { version name }", json!({ "elementId": orders, "content": content })).await;
        assert_eq!(replaced.at("/element"), &json!({ "version": 2, "name": "Long" }));
        let told = ada.activity(&workspace).await;
        assert_eq!(told[told.len() - 2..], ["IMPORT_PROGRESSED", "ELEMENT_REPLACED"]);
        let refused = vic.mutate("importElements", "elements { id }", json!({ "workspaceId": workspace, "content": content })).await;
        assert_eq!(refused.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
    }

    async fn a_role_on_an_element_adds_to_what_somebody_may_there(app) {
        let (world, mo) = with_mo(&app).await;
        let tess = app.person("Tess").await;
        join(&world, &tess).await;
        for person in [&mo, &tess] {
            world.devi.invite(&world.workspace, person, "VIEWER").await;
        }
        let (one, two) = (collection(&world.devi, &world.workspace, "One").await, collection(&world.devi, &world.workspace, "Two").await);
        assert_eq!(give(&mo, &one, &tess, "VIEWER").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");

        let (told, recorded) = (mo.told().await.len(), world.devi.activity(&world.workspace).await.len());
        let given = give(&world.devi, &one, &mo, "EDITOR").await;
        let id = given.text("/grant/id");
        assert_eq!(given.at("/grant"), &json!({
            "id": id, "role": "EDITOR", "side": "TEAM", "element": { "id": one, "name": "One" }, "subject": { "name": "Mo" }, "grantedBy": { "name": "Devi" },
        }));
        assert_eq!(mo.told().await[told..], ["ROLE_CHANGED"]);
        let notice = mo.ask("{ viewer { notifications(last: 1) { nodes { message subject { ... on Collection { id } } } } } }", json!({})).await;
        assert_eq!(notice.at("/viewer/notifications/nodes/0"), &json!({ "message": "You are now Editor of the collection One in the workspace Shared.", "subject": { "id": one } }));
        assert_eq!(world.devi.activity(&world.workspace).await[recorded..], ["ELEMENT_ROLE_GRANTED"]);
        let event = audit(&world.ada, &world.team).await.last().unwrap().clone();
        assert_eq!((&event["kind"], &event["before"], &event["after"]["role"], &event["after"]["userId"]), (&json!("ELEMENT_ROLE_GRANTED"), &Value::Null, &json!("EDITOR"), &json!(mo.id)));

        // In its workspace they are what they were, also where they come there from the element.
        let query = "query($id: ID!) { element(id: $id) { viewerCan workspace { viewerCan } } }";
        let seen = mo.ask(query, json!({ "id": one })).await;
        assert!(seen.list("/element/viewerCan").contains(&json!("EDIT_ELEMENT")));
        assert!(!seen.list("/element/workspace/viewerCan").contains(&json!("EDIT_ELEMENT")));

        // Whoever is Editor of the element gives roles on it, and on no other (condition C16).
        assert!(give(&mo, &one, &tess, "VIEWER").await.is_ok());
        assert_eq!(give(&mo, &two, &tess, "VIEWER").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(holders(&tess, &one).await, ["Mo", "Tess"]);

        // The same again changes nothing; another role is the same grant with another role.
        let (told, recorded, kept) = (mo.told().await.len(), world.devi.activity(&world.workspace).await.len(), audit(&world.ada, &world.team).await.len());
        assert_eq!(give(&world.devi, &one, &mo, "EDITOR").await.text("/grant/id"), id);
        assert_eq!((mo.told().await.len(), world.devi.activity(&world.workspace).await.len(), audit(&world.ada, &world.team).await.len()), (told, recorded, kept));
        let changed = give(&world.devi, &one, &mo, "VIEWER").await;
        assert_eq!((changed.text("/grant/id"), changed.text("/grant/role")), (id.clone(), "VIEWER".to_owned()));
        let event = audit(&world.ada, &world.team).await.last().unwrap().clone();
        assert_eq!((&event["before"]["role"], &event["after"]["role"]), (&json!("EDITOR"), &json!("VIEWER")));
        assert_eq!(give(&mo, &one, &tess, "EDITOR").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!(take(&mo, &id).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");

        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert!(tess.ask(node, json!({ "id": id })).await.is_ok());
        assert_eq!(take(&world.devi, &id).await.text("/revokedGrantId"), id);
        assert_eq!(mo.told().await.last().unwrap(), "ROLE_CHANGED");
        assert_eq!(world.devi.activity(&world.workspace).await.last().unwrap(), "ELEMENT_ROLE_REVOKED");
        let event = audit(&world.ada, &world.team).await.last().unwrap().clone();
        assert_eq!((&event["kind"], &event["before"]["role"], &event["after"]), (&json!("ELEMENT_ROLE_REVOKED"), &json!("VIEWER"), &Value::Null));
        assert_eq!(take(&world.devi, &id).await.refusal(), "NOT_FOUND/UNKNOWN_ID/grantId");
        assert_eq!(tess.ask(node, json!({ "id": id })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        assert_eq!(holders(&tess, &one).await, ["Tess"]);
    }

    async fn what_cannot_be_given_is_refused_and_changes_nothing(app) {
        let (world, mo) = with_mo(&app).await;
        let (pia, eve) = (app.person_at("Pia", "pia@globex.example").await, app.person("Eve").await);
        bring(&app, &world.devi, &world.workspace, &pia, "VIEWER", false).await;
        let (one, staging) = (collection(&world.devi, &world.workspace, "One").await, environment(&app, &world.team, &world.workspace, &world.devi).await);
        let outside = team_group(&world.ada, &world.team, "Outside", &[&mo]).await;
        let other_team = app.team(&world.devi, &[]).await;
        let elsewhere = team_group(&world.devi, &other_team, "Elsewhere", &[]).await;
        let never = |kind: &str| format!("{kind}_01h455vb4pex5vsknk084sn02q");
        let (before, kept) = (world.devi.activity(&world.workspace).await.len(), audit(&world.ada, &world.team).await.len());
        for (element, subject, role, refusal) in [
            (&one, json!({ "userId": pia.id }), "ADMIN", "BAD_USER_INPUT/ROLE_NOT_ASSIGNABLE/role"),
            (&one, json!({ "userId": "nobody" }), "EDITOR", "BAD_USER_INPUT/MALFORMED_ID/userId"),
            (&one, json!({ "groupId": pia.id }), "EDITOR", "BAD_USER_INPUT/MALFORMED_ID/groupId"),
            (&one, json!({ "userId": never("user") }), "EDITOR", "NOT_FOUND/UNKNOWN_ID/userId"),
            (&one, json!({ "userId": eve.id }), "EDITOR", "NOT_FOUND/UNKNOWN_ID/userId"),
            (&one, json!({ "userId": mo.id }), "EDITOR", "FAILED_PRECONDITION/WRONG_STATE/userId"),
            (&one, json!({ "groupId": outside }), "EDITOR", "FAILED_PRECONDITION/WRONG_STATE/groupId"),
            (&one, json!({ "groupId": elsewhere }), "EDITOR", "NOT_FOUND/UNKNOWN_ID/groupId"),
            (&one, json!({ "groupId": never("group") }), "EDITOR", "NOT_FOUND/UNKNOWN_ID/groupId"),
            (&staging, json!({ "userId": pia.id }), "VIEWER", "BAD_USER_INPUT/WRONG_KIND/elementId"),
            (&never("element"), json!({ "userId": pia.id }), "VIEWER", "NOT_FOUND/UNKNOWN_ID/elementId"),
        ] {
            let input = json!({ "elementId": element, "subject": subject, "role": role });
            assert_eq!(world.devi.mutate("grantElementRole", GRANT, input.clone()).await.refusal(), refusal, "{input}");
        }
        // The grant lets nobody in, so nobody is led to believe that it does.
        for person in [&mo, &eve] {
            assert_eq!(give(person, &one, &pia, "VIEWER").await.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
            assert_eq!(person.ask("query($id: ID!) { element(id: $id) { grants(first: 1) { nodes { id } } } }", json!({ "id": one })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        }
        assert_eq!(give(&pia, &one, &pia, "EDITOR").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert_eq!((world.devi.activity(&world.workspace).await.len(), audit(&world.ada, &world.team).await.len()), (before, kept));
        assert!(give(&world.devi, &staging, &world.devi, "VIEWER").await.is_ok(), "of the team's own side, on anything");
    }

    async fn leads_give_roles_to_their_own_and_partners_see_no_more_than_of_members(app) {
        let world = partnership(&app).await;
        let globex = |name: &str| format!("{name}@globex.example");
        let (lea, leo, pia) = (app.person_at("Lea", &globex("lea")).await, app.person_at("Leo", &globex("leo")).await, app.person_at("Pia", &globex("pia")).await);
        let (lars, pal, ivo) = (app.person_at("Lars", &globex("lars")).await, app.person_at("Pal", &globex("pal")).await, app.person_at("Ivo", "ivo@initech.example").await);
        for (person, role, lead) in [(&lea, "EDITOR", true), (&leo, "VIEWER", true), (&pia, "VIEWER", false), (&lars, "VIEWER", true), (&ivo, "VIEWER", false)] {
            bring(&app, &world.devi, &world.workspace, person, role, lead).await;
        }
        // A colleague whom the Lead knows from elsewhere.
        let other = world.paula.workspace(&world.team, "Other", "PARTNER").await;
        for person in [&lea, &pal] {
            bring(&app, &world.paula, &other, person, "VIEWER", false).await;
        }
        let (one, staging) = (collection(&world.devi, &world.workspace, "One").await, environment(&app, &world.team, &world.workspace, &world.devi).await);
        for (by, to, refusal) in [
            (&lea, &ivo, "FORBIDDEN/OUTSIDE_ORGANIZATION/-"),
            (&lea, &world.devi, "FORBIDDEN/OUTSIDE_ORGANIZATION/-"),
            (&lea, &leo, "FORBIDDEN/LEAD_PROTECTED/-"),
            (&lea, &pal, "FAILED_PRECONDITION/WRONG_STATE/userId"),
            (&lea, &world.paula, "FORBIDDEN/OUTSIDE_ORGANIZATION/-"),
            (&lars, &pia, "FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, &pia, "FORBIDDEN/ROLE_REQUIRED/-"),
        ] {
            assert_eq!(give(by, &one, to, "EDITOR").await.refusal(), refusal, "{} to {}", by.name, to.name);
        }
        assert!(world.paula.mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": world.workspace })).await.is_ok());
        assert_eq!(give(&lea, &one, &world.paula, "EDITOR").await.refusal(), "FAILED_PRECONDITION/WRONG_STATE/userId", "as for anybody who is not there");
        let of_pia = give(&lea, &one, &pia, "EDITOR").await.text("/grant/id");
        assert_eq!(give(&lea, &staging, &pia, "VIEWER").await.refusal(), "BAD_USER_INPUT/WRONG_KIND/elementId");
        assert_eq!(give(&pia, &one, &pia, "VIEWER").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-", "a partner gives none, whatever they hold");

        // Groups: partners never learn of them, but for Leads of those of their own organization.
        let query = "query($id: ID!) { team(id: $id) { organizations(first: 10) { nodes { id name } } } }";
        let organizations = world.ada.ask(query, json!({ "id": world.team })).await;
        let (globex, initech) = (organizations.text("/team/organizations/nodes/0/id"), organizations.text("/team/organizations/nodes/1/id"));
        let group = async |name: &str, organization: &str| {
            let input = json!({ "teamId": world.team, "name": name, "side": "PARTNER", "organizationId": organization });
            let group = world.ada.mutate("createGroup", "group { id }", input).await.text("/group/id");
            invite_group(&world.devi, "invitePartners", &world.workspace, &group).await;
            group
        };
        let (own, others) = (group("Globex people", &globex).await, group("Initech people", &initech).await);
        let team = team_group(&world.ada, &world.team, "Team people", &[]).await;
        invite_group(&world.devi, "inviteTeamMembers", &world.workspace, &team).await;
        assert_eq!(give_group(&lea, &one, &others, "VIEWER").await.refusal(), "NOT_FOUND/UNKNOWN_ID/groupId");
        assert_eq!(give_group(&lea, &one, &team, "VIEWER").await.refusal(), "NOT_FOUND/UNKNOWN_ID/groupId");
        let of_own = give_group(&lea, &one, &own, "EDITOR").await.text("/grant/id");
        assert_eq!(give_group(&world.devi, &staging, &own, "VIEWER").await.refusal(), "BAD_USER_INPUT/WRONG_KIND/elementId");
        let of_others = give_group(&world.devi, &one, &others, "VIEWER").await.text("/grant/id");
        let of_team = give_group(&world.devi, &one, &team, "EDITOR").await.text("/grant/id");
        let of_ivo = give(&world.devi, &one, &ivo, "EDITOR").await.text("/grant/id");
        assert_eq!(holders(&world.devi, &one).await, ["Pia", "Globex people", "Initech people", "Team people", "Ivo"]);
        assert_eq!(holders(&lea, &one).await, ["Pia", "Globex people", "Ivo"]);
        assert_eq!(holders(&pia, &one).await, ["Pia", "Ivo"]);
        assert!(!pia.activity(&world.workspace).await.is_empty());
        let of_groups = pia.ask("query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { message } } } }", json!({ "id": world.workspace })).await;
        assert!(!of_groups.body.to_string().contains("people"), "{}", of_groups.body);

        // In multi-partner mode they see of their own organization only, and are Viewers whatever they were given.
        let mode = json!({ "workspaceId": world.workspace, "multiPartner": true });
        assert!(world.devi.mutate("updateWorkspace", "workspace { id }", mode).await.is_ok());
        assert_eq!((holders(&pia, &one).await, holders(&ivo, &one).await), (vec!["Pia".to_owned()], vec!["Ivo".to_owned()]));
        assert_eq!(holders(&lea, &one).await, ["Pia", "Globex people", "Ivo"]);
        assert_eq!(give(&world.devi, &one, &leo, "EDITOR").await.refusal(), "FAILED_PRECONDITION/ROLE_NOT_ASSIGNABLE/role");
        assert!(give(&world.devi, &one, &leo, "VIEWER").await.is_ok());
        assert_eq!(take(&lea, &of_pia).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-", "who is a Viewer here now");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for (grant, readers) in [(&of_pia, "devi lea pia"), (&of_own, "devi lea"), (&of_others, "devi"), (&of_team, "devi"), (&of_ivo, "devi lea ivo")] {
            for (person, name) in [(&world.devi, "devi"), (&lea, "lea"), (&pia, "pia"), (&ivo, "ivo")] {
                let (seen, taken) = (person.ask(node, json!({ "id": grant })).await, if name == "devi" { None } else { Some(take(person, grant).await.refusal()) });
                if readers.contains(name) {
                    assert!(seen.is_ok(), "{name} {grant}");
                    assert!(taken.is_none_or(|refusal| refusal.starts_with("FORBIDDEN")));
                } else {
                    assert_eq!((seen.refusal(), taken.as_deref()), ("NOT_FOUND/UNKNOWN_ID/id".to_owned(), Some("NOT_FOUND/UNKNOWN_ID/grantId")), "{name} {grant}");
                }
            }
        }
    }

    async fn a_group_s_role_reaches_those_of_it_who_are_in_the_workspace(app) {
        let (world, mo) = with_mo(&app).await;
        let tess = app.person("Tess").await;
        join(&world, &tess).await;
        let group = team_group(&world.ada, &world.team, "Editors", &[&mo]).await;
        let member = invite_group(&world.devi, "inviteTeamMembers", &world.workspace, &group).await;
        let one = collection(&world.devi, &world.workspace, "One").await;
        let grant = give_group(&world.devi, &one, &group, "EDITOR").await.text("/grant/id");
        assert_eq!(mo.told().await.last().unwrap(), "ROLE_CHANGED");
        assert!(give(&mo, &one, &world.devi, "VIEWER").await.is_ok());
        // Whoever joins gains it, whoever leaves loses it.
        let change = async |mutation: &str, person: &Person| {
            assert!(world.ada.mutate(mutation, "group { id }", json!({ "groupId": group, "userIds": [person.id] })).await.is_ok());
        };
        change("addGroupMembers", &tess).await;
        assert!(give(&tess, &one, &world.devi, "EDITOR").await.is_ok());
        change("removeGroupMembers", &tess).await;
        assert_eq!(give(&tess, &one, &world.devi, "VIEWER").await.refusal(), "NOT_FOUND/UNKNOWN_ID/elementId");
        // It ends with the group's own access, however it is invited again.
        remove(&world.devi, &member).await;
        assert_eq!(holders(&world.devi, &one).await, ["Devi"]);
        assert_eq!(world.devi.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": grant })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        invite_group(&world.devi, "inviteTeamMembers", &world.workspace, &group).await;
        assert_eq!(give(&mo, &one, &world.devi, "VIEWER").await.refusal(), "FORBIDDEN/ROLE_REQUIRED/-");
        assert!(give_group(&world.devi, &one, &group, "EDITOR").await.is_ok());
        assert!(world.ada.mutate("deleteGroup", "deletedGroupId", json!({ "groupId": group })).await.is_ok());
        assert_eq!(holders(&world.devi, &one).await, ["Devi"]);
    }
}
