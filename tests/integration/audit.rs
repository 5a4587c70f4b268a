//! The audit log of a team: who reads what of it, as a list, by id and as a file, and what stands in it.

use crate::partner_workspace::seed_partner;
use crate::support::{Person, TestApp, on_both};
use portico::app::actor::Origin;
use portico::app::audit::{AuditEntry, Export, PAGE};
use portico::app::ports::AuditFilter;
use portico::app::{AppError, token};
use portico::domain::audit::{AuditEvent, AuditKind};
use portico::domain::{Code, TeamId, Timestamp, WorkspaceRole};
use serde_json::{Value, json};
use std::time::Duration;
use type_safe_id::TypeSafeId;
use uuid::Uuid;

const FIELDS: &str = "id kind actor { id } actorName address userAgent workspaceId targetId before after createdAt";
const DAY: Duration = Duration::from_hours(24);

/// A page of the log, with these arguments as they stand in the query.
async fn page(person: &Person, team: &str, arguments: &str) -> crate::support::app::Answer {
    let query = format!(
        "query($id: ID!) {{ team(id: $id) {{ auditLog({arguments}) {{ edges {{ cursor }} nodes {{ {FIELDS} }} pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }} }} }} }}"
    );
    person.ask(&query, json!({ "id": team })).await
}

async fn events(person: &Person, team: &str, arguments: &str) -> Vec<Value> {
    page(person, team, arguments).await.list("/team/auditLog/nodes").clone()
}

fn kinds(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

async fn download(person: &Person, team: &str, query: &str) -> reqwest::Response {
    let url = person.url.replace("/graphql", &format!("/teams/{team}/audit-log.csv{query}"));
    let mut request = person.client.get(url);
    if let Some(token) = &person.token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

/// The status of the answer and, where it is an error, its code and reason.
async fn outcome(response: reqwest::Response) -> String {
    let status = response.status().as_u16();
    if status == 200 {
        return "200".to_owned();
    }
    let body: Value = response.json().await.unwrap();
    let extensions = &body["errors"][0]["extensions"];
    let parts = ["code", "reason", "argument"].map(|key| extensions[key].as_str().unwrap_or("-").to_owned());
    format!("{status} {}", parts.join("/"))
}

/// The rows of the file, the head first.
async fn rows(person: &Person, team: &str, query: &str) -> Vec<Vec<String>> {
    let response = download(person, team, query).await;
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Puts so many events into the log of a team, a millisecond apart, the last of them now.
async fn seed(app: &TestApp, team: &str, count: u32, actor_name: &str) {
    let team: TeamId = team.parse().unwrap();
    let now = app.parts.app.now();
    let entries: Vec<_> = (0..count)
        .map(|place| {
            let created_at = now - Duration::from_millis(u64::from(count - place));
            let id = u128::from(created_at.as_millis()) << 80 | 0x7000_8000_0000_0000_0000 | u128::from(place);
            AuditEntry {
                id: TypeSafeId::from_uuid(Uuid::from_u128(id)),
                event: AuditEvent::new(team, AuditKind::GroupCreated).about(format!("group_{place}")),
                actor_id: None,
                actor_name: Some(actor_name.to_owned()),
                origin: Origin::default(),
                created_at,
            }
        })
        .collect();
    let tx = app.parts.app.store.begin().await.unwrap();
    tx.insert_audit_events(&entries).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn the_log_is_read_by_admins_and_partner_managers_and_hidden_from_partners_and_outsiders(app) {
        let ada = app.person("Ada").await;
        let names = ["Sam", "Paula", "Devi", "Bill", "Cora"];
        let roles = ["SUPER_ADMIN", "PARTNER_MANAGER", "DEVELOPER", "BILLING", "COMMUNITY_MANAGER"];
        let mut people = Vec::new();
        for name in names {
            people.push(app.person(name).await);
        }
        let roles: Vec<[&str; 1]> = roles.iter().map(|role| [*role]).collect();
        let team = app.team(&ada, &people.iter().zip(&roles).map(|(person, role)| (person, &role[..])).collect::<Vec<_>>()).await;
        let (pia, eve) = (app.person("Pia").await, app.person("Eve").await);
        let workspace = people[1].workspace(&team, "Shared", "PARTNER").await;
        seed_partner(&app, &team, &workspace, &pia, WorkspaceRole::Viewer).await;
        let event = events(&people[1], &team, "last: 1").await[0]["id"].as_str().unwrap().to_owned();
        let forbidden = "FORBIDDEN/ROLE_REQUIRED/-";
        for (person, listed, file) in [
            (&ada, "", "200"),
            (&people[0], "", "200"),
            (&people[1], "", "200"),
            (&people[2], forbidden, "403 FORBIDDEN/ROLE_REQUIRED/-"),
            (&people[3], forbidden, "403 FORBIDDEN/ROLE_REQUIRED/-"),
            (&people[4], forbidden, "403 FORBIDDEN/ROLE_REQUIRED/-"),
            (&pia, "NOT_FOUND/UNKNOWN_ID/-", "404 NOT_FOUND/UNKNOWN_ID/-"),
            (&eve, "NOT_FOUND/UNKNOWN_ID/id", "404 NOT_FOUND/UNKNOWN_ID/-"),
            (&app.anonymous(), "NOT_FOUND/UNKNOWN_ID/id", "401 UNAUTHENTICATED/SIGN_IN_REQUIRED/-"),
        ] {
            let list = page(person, &team, "first: 5").await;
            assert_eq!(if list.is_ok() { String::new() } else { list.refusal() }, listed, "{}", person.name);
            assert_eq!(outcome(download(person, &team, "").await).await, file, "{}", person.name);
            let node = person.ask("query($id: ID!) { node(id: $id) { id ... on AuditEvent { kind } } }", json!({ "id": event })).await;
            let refused = if node.is_ok() { String::new() } else { node.refusal() };
            assert_eq!(refused, if listed.is_empty() { "" } else { "NOT_FOUND/UNKNOWN_ID/id" }, "{}", person.name);
        }
        let refused = page(&people[2], &team, "first: 5").await;
        assert_eq!(refused.body["errors"][0]["extensions"]["action"], "VIEW_AUDIT_LOG");
        // A partner is told the same, whatever they ask for.
        assert_eq!(page(&pia, &team, "first: 5, actorId: \"nonsense\"").await.refusal(), "NOT_FOUND/UNKNOWN_ID/-");
        assert_eq!(outcome(download(&pia, &team, "?kind=NONSENSE").await).await, "404 NOT_FOUND/UNKNOWN_ID/-");
    }

    async fn the_file_is_refused_in_the_words_of_the_schema(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let liar = Person { token: Some("portico_nonsense".to_owned()), ..ada.clone() };
        assert_eq!(outcome(download(&liar, &team, "").await).await, "401 UNAUTHENTICATED/INVALID_TOKEN/-");
        for id in ["nonsense", "team_01h455vb4pex5vsknk084sn02q", &ada.id, "%ff"] {
            assert_eq!(outcome(download(&ada, id, "").await).await, "404 NOT_FOUND/UNKNOWN_ID/-", "{id}");
        }
        for (query, refusal) in [
            ("?kind=NONSENSE", "400 BAD_USER_INPUT/INVALID_FORMAT/kind"),
            ("?since=yesterday", "400 BAD_USER_INPUT/INVALID_FORMAT/since"),
            ("?until=", "400 BAD_USER_INPUT/INVALID_FORMAT/until"),
            ("?actorId=nonsense", "400 BAD_USER_INPUT/MALFORMED_ID/actorId"),
            ("?workspaceId=nonsense", "400 BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            ("?targetId=no%20id", "400 BAD_USER_INPUT/MALFORMED_ID/targetId"),
            ("?knid=TEAM_CREATED", "400 BAD_USER_INPUT/MALFORMED_REQUEST/-"),
            ("?kind=TEAM_CREATED&kind=TEAM_CREATED", "400 BAD_USER_INPUT/MALFORMED_REQUEST/-"),
        ] {
            assert_eq!(outcome(download(&ada, &team, query).await).await, refusal, "{query}");
        }
        let url = app.http(&format!("/teams/{team}/audit-log.csv"));
        let response = app.client.post(url).bearer_auth(ada.token.as_ref().unwrap()).send().await.unwrap();
        assert_eq!(response.headers()["allow"], "GET, HEAD");
        assert_eq!(outcome(response).await, "405 BAD_USER_INPUT/METHOD_NOT_ALLOWED/-");
        let response = download(&ada, &team, "").await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!((header("content-disposition"), header("cache-control")), ("attachment; filename=\"audit-log.csv\"".to_owned(), "no-store".to_owned()));
    }

    async fn a_partner_manager_reads_what_is_about_partners_only(app) {
        let (ada, paula, devi) = (app.person("Ada").await, app.person("Paula").await, app.person("Devi").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&devi, &["DEVELOPER"])]).await;
        devi.workspace(&team, "Hidden", "PRIVATE").await;
        let asked = devi.mutate("createWorkspace", "request { id } workspace { id }", json!({ "teamId": team, "name": "Shared", "visibility": "PARTNER" })).await;
        assert!(paula.mutate("approveRequest", "request { status }", json!({ "requestId": asked.text("/request/id") })).await.is_ok());
        let workspace = asked.text("/workspace/id");
        let pia = app.person("Pia").await;
        seed_partner(&app, &team, &workspace, &pia, WorkspaceRole::Viewer).await;
        assert!(paula.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "summary": "New" })).await.is_ok());
        let input = json!({ "workspaceId": workspace, "visibility": "PRIVATE", "removePartners": true });
        assert!(paula.mutate("changeWorkspaceVisibility", "workspace { id }", input).await.is_ok());
        assert!(paula.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await.is_ok());
        let expected = [
            "REQUEST_SUBMITTED", "REQUEST_APPROVED", "VISIBILITY_CHANGED", "WORKSPACE_CHANGED", "MEMBER_REMOVED", "TEAM_MEMBER_REMOVED",
            "VISIBILITY_CHANGED", "WORKSPACE_DELETED",
        ];
        let seen = events(&paula, &team, "first: 100").await;
        assert_eq!(kinds(&seen), expected);
        assert_eq!(rows(&paula, &team, "").await[1..].iter().map(|row| row[1].clone()).collect::<Vec<_>>(), expected);
        let all = events(&ada, &team, "first: 100").await;
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for event in &all {
            let may = seen.contains(event);
            let answer = paula.ask(node, json!({ "id": event["id"] })).await;
            assert_eq!(if may { answer.text("/node/id") } else { answer.refusal() }, if may { event["id"].as_str().unwrap() } else { "NOT_FOUND/UNKNOWN_ID/id" });
            assert!(ada.ask(node, json!({ "id": event["id"] })).await.is_ok());
        }
        for kind in ["TEAM_CREATED", "TEAM_MEMBER_ADDED", "WORKSPACE_CREATED"] {
            assert!(kinds(&all).contains(&kind.to_owned()));
            assert!(events(&paula, &team, &format!("first: 100, kind: {kind}")).await.is_empty(), "{kind}");
        }
        // A Partner Manager who is Admin too reads it all.
        let both = json!({ "teamId": team, "userId": paula.id, "roles": ["PARTNER_MANAGER", "ADMIN"] });
        assert!(ada.mutate("setTeamRoles", "membership { roles }", both).await.is_ok());
        assert_eq!(events(&paula, &team, "first: 100").await.len(), all.len() + 1);
    }

    async fn every_filter_narrows_and_they_combine(app) {
        let (ada, sam, mo) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&mo, &["DEVELOPER"])]).await;
        let first = sam.workspace(&team, "First", "PRIVATE").await;
        app.advance(DAY);
        let second = mo.workspace(&team, "Second", "TEAM").await;
        app.advance(DAY);
        assert!(ada.mutate("setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": mo.id, "roles": ["DEVELOPER", "BILLING"] })).await.is_ok());
        assert!(sam.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": first, "name": "Renamed" })).await.is_ok());
        let all = events(&ada, &team, "first: 100").await;
        assert_eq!(kinds(&all), ["TEAM_CREATED", "TEAM_MEMBER_ADDED", "TEAM_MEMBER_ADDED", "TEAM_MEMBER_ADDED", "WORKSPACE_CREATED", "WORKSPACE_CREATED", "TEAM_ROLES_CHANGED", "WORKSPACE_CHANGED"]);
        let (created, changed) = (all[5]["createdAt"].as_str().unwrap(), all[6]["createdAt"].as_str().unwrap());
        let unknown = "user_01h455vb4pex5vsknk084sn02q";
        for (filter, expected) in [
            ("kind: WORKSPACE_CREATED".to_owned(), vec![4, 5]),
            (format!("actorId: \"{}\"", sam.id), vec![4, 7]),
            (format!("workspaceId: \"{second}\""), vec![5]),
            (format!("targetId: \"{}\"", mo.id), vec![3, 6]),
            (format!("since: \"{created}\""), vec![5, 6, 7]),
            (format!("until: \"{created}\""), vec![0, 1, 2, 3, 4]),
            (format!("since: \"{created}\", until: \"{changed}\""), vec![5]),
            (format!("since: \"{changed}\", until: \"{created}\""), vec![]),
            (format!("actorId: \"{}\", workspaceId: \"{first}\", kind: WORKSPACE_CHANGED", sam.id), vec![7]),
            (format!("actorId: \"{}\", workspaceId: \"{first}\"", mo.id), vec![]),
            (format!("actorId: \"{unknown}\""), vec![]),
            (format!("targetId: \"{unknown}\""), vec![]),
            ("workspaceId: \"workspace_01h455vb4pex5vsknk084sn02q\"".to_owned(), vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|place: usize| all[place].clone()).collect();
            assert_eq!(events(&ada, &team, &format!("first: 100, {filter}")).await, expected, "{filter}");
            let query = filter.replace(": ", "=").replace(", ", "&").replace('"', "");
            let ids: Vec<_> = rows(&ada, &team, &format!("?{query}")).await.into_iter().skip(1).map(|row| json!(row[0])).collect();
            assert_eq!(ids, expected.iter().map(|event| event["id"].clone()).collect::<Vec<_>>(), "{query}");
        }
        for (filter, refusal) in [
            ("actorId: \"nonsense\"", "BAD_USER_INPUT/MALFORMED_ID/actorId"),
            ("workspaceId: \"nonsense\"", "BAD_USER_INPUT/MALFORMED_ID/workspaceId"),
            ("targetId: \"no id\"", "BAD_USER_INPUT/MALFORMED_ID/targetId"),
            ("first: 101", "BAD_USER_INPUT/OUT_OF_RANGE/first"),
            ("after: \"nonsense\"", "BAD_USER_INPUT/INVALID_CURSOR/after"),
        ] {
            assert_eq!(page(&ada, &team, filter).await.refusal(), refusal, "{filter}");
        }
        assert_eq!(ada.ask("{ node(id: \"auditevent_nonsense\") { id } }", json!({})).await.refusal(), "BAD_USER_INPUT/MALFORMED_ID/id");
    }

    async fn the_log_is_paged_from_both_ends_in_as_many_statements_whatever_its_length(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let other = ada.mutate("createTeam", "team { id }", json!({ "name": "Other", "slug": "other-team" })).await.text("/team/id");
        let statements = async || {
            let before = app.parts.database.statements();
            page(&ada, &team, "last: 50").await.list("/team/auditLog/nodes");
            app.parts.database.statements() - before
        };
        let few = statements().await;
        seed(&app, &team, 120, "Ada").await;
        assert_eq!(statements().await, few);
        assert_eq!(few, 5, "the token, the team, the team again for the log, a page, and the people in it");
        let (mut forward, mut backward, mut cursor) = (Vec::new(), Vec::new(), String::new());
        for arguments in ["first: 7", "last: 7"] {
            cursor.clear();
            loop {
                let (end, more, place, found) = match arguments {
                    "first: 7" => ("after", "hasNextPage", "endCursor", &mut forward),
                    _ => ("before", "hasPreviousPage", "startCursor", &mut backward),
                };
                let bound = if cursor.is_empty() { String::new() } else { format!(", {end}: \"{cursor}\"") };
                let answer = page(&ada, &team, &format!("{arguments}{bound}")).await;
                let nodes = answer.list("/team/auditLog/nodes").clone();
                if end == "after" { found.extend(nodes) } else { found.splice(0..0, nodes); }
                if answer.at(&format!("/team/auditLog/pageInfo/{more}")) == false { break }
                cursor = answer.text(&format!("/team/auditLog/pageInfo/{place}"));
            }
        }
        assert_eq!((forward.len(), &forward), (122, &backward));
        assert!(forward.is_sorted_by_key(|event| event["id"].as_str().unwrap().to_owned()), "oldest first");
        assert_eq!(page(&ada, &other, &format!("first: 1, after: \"{cursor}\"")).await.refusal(), "BAD_USER_INPUT/INVALID_CURSOR/after");
        assert_eq!(events(&ada, &other, "first: 100").await.len(), 2, "another team has its own log");
    }

    async fn an_event_tells_who_did_what_from_where_and_what_it_was_before(app) {
        let (ada, sam, mo) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&mo, &["DEVELOPER"])]).await;
        let input = json!({ "input": { "teamId": team, "userId": mo.id, "roles": ["DEVELOPER", "BILLING"] } });
        let body = json!({ "query": "mutation($input: SetTeamRolesInput!) { setTeamRoles(input: $input) { membership { roles } } }", "variables": input });
        let request = app.client.post(&ada.url).bearer_auth(ada.token.as_ref().unwrap()).header("user-agent", "Auditor/1.0 (\"test\")").json(&body);
        app.advance(Duration::from_millis(1));
        assert_eq!(request.send().await.unwrap().json::<Value>().await.unwrap()["errors"], Value::Null);
        let event = events(&ada, &team, "last: 1").await.remove(0);
        let expected = json!({
            "id": event["id"], "createdAt": event["createdAt"], "kind": "TEAM_ROLES_CHANGED", "actor": { "id": ada.id }, "actorName": "Ada",
            "address": "127.0.0.1", "userAgent": "Auditor/1.0 (\"test\")", "workspaceId": null, "targetId": mo.id,
            "before": { "roles": ["DEVELOPER"] }, "after": { "roles": ["BILLING", "DEVELOPER"] },
        });
        assert_eq!(event, expected);
        // Nothing that stays as it is.
        let same = json!({ "teamId": team, "userId": mo.id, "roles": ["DEVELOPER", "BILLING"] });
        assert!(ada.mutate("setTeamRoles", "membership { roles }", same).await.is_ok());
        for plan in ["FREE", "FREE", "ENTERPRISE"] {
            assert!(sam.mutate("setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": plan })).await.is_ok());
        }
        let plans = events(&ada, &team, "last: 2").await;
        assert_eq!(plans.iter().map(|event| (&event["before"]["plan"], &event["after"]["plan"])).collect::<Vec<_>>(), [(&json!("ENTERPRISE"), &json!("FREE")), (&json!("FREE"), &json!("ENTERPRISE"))]);

        let workspace = mo.workspace(&team, "Docs", "TEAM").await;
        let details = json!({ "workspaceId": workspace, "name": "Docs", "summary": "Short", "description": "# Secret plan" });
        assert!(mo.mutate("updateWorkspace", "workspace { id }", details).await.is_ok());
        let asked = json!({ "workspaceId": workspace, "visibility": "PARTNER", "note": "Please." });
        let request = mo.mutate("changeWorkspaceVisibility", "request { id }", asked).await.text("/request/id");
        assert!(sam.mutate("approveRequest", "request { status }", json!({ "requestId": request, "comment": "Go." })).await.is_ok());
        let told = events(&ada, &team, &format!("first: 10, workspaceId: \"{workspace}\"")).await;
        let told: Vec<_> = told.iter().map(|event| (event["kind"].as_str().unwrap(), event["actorName"].as_str().unwrap(), event["targetId"].as_str().unwrap_or("-"), event["before"].clone(), event["after"].clone())).collect();
        assert_eq!(told, [
            ("WORKSPACE_CREATED", "Mo", "-", Value::Null, json!({ "name": "Docs", "visibility": "TEAM" })),
            ("WORKSPACE_CHANGED", "Mo", "-", json!({ "summary": "", "descriptionLength": 0 }), json!({ "summary": "Short", "descriptionLength": 13 })),
            ("REQUEST_SUBMITTED", "Mo", &request, Value::Null, json!({ "kind": "CONVERT_TO_PARTNER", "status": "PENDING", "workspaceName": "Docs" })),
            ("REQUEST_APPROVED", "Sam", &request, json!({ "kind": "CONVERT_TO_PARTNER", "status": "PENDING" }), json!({ "kind": "CONVERT_TO_PARTNER", "status": "APPROVED" })),
            ("VISIBILITY_CHANGED", "Sam", "-", json!({ "visibility": "TEAM" }), json!({ "visibility": "PARTNER" })),
        ]);
    }

    async fn a_request_can_end_in_every_way_and_what_the_system_does_has_no_actor(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let ask = async |name: &str| {
            let answer = mo.mutate("createWorkspace", "request { id } workspace { id }", json!({ "teamId": team, "name": name, "visibility": "PARTNER" })).await;
            (answer.text("/request/id"), answer.text("/workspace/id"))
        };
        let (denied, cancelled, superseded, expired) = (ask("Denied").await, ask("Cancelled").await, ask("Superseded").await, ask("Expired").await);
        assert!(paula.mutate("denyRequest", "request { id }", json!({ "requestId": denied.0 })).await.is_ok());
        assert!(mo.mutate("cancelRequest", "request { id }", json!({ "requestId": cancelled.0 })).await.is_ok());
        assert!(mo.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": superseded.1 })).await.is_ok());
        app.advance(15 * DAY);
        app.run_jobs().await;
        let last = async |request: &str| {
            let event = events(&ada, &team, &format!("last: 1, targetId: \"{request}\"")).await.remove(0);
            (event["kind"].as_str().unwrap().to_owned(), event["actorName"].clone(), event["after"]["status"].clone())
        };
        for (request, kind, actor) in [(denied.0, "DENIED", json!("Paula")), (cancelled.0, "CANCELLED", json!("Mo")), (superseded.0, "SUPERSEDED", json!("Mo")), (expired.0, "EXPIRED", Value::Null)] {
            assert_eq!(last(&request).await, (format!("REQUEST_{kind}"), actor, json!(kind)));
        }
        let system = events(&ada, &team, "last: 1").await.remove(0);
        assert_eq!([&system["actor"], &system["address"], &system["userAgent"]], [&Value::Null; 3]);
    }

    async fn names_stay_when_people_leave(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = mo.workspace(&team, "Docs", "PRIVATE").await;
        assert!(ada.mutate("removeFromTeam", "teamId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        let told = events(&ada, &team, "last: 3").await;
        assert_eq!(kinds(&told), ["WORKSPACE_CREATED", "TEAM_MEMBER_REMOVED", "MEMBER_REMOVED"]);
        assert_eq!((&told[0]["actor"], &told[0]["actorName"]), (&Value::Null, &json!("Mo")));
        assert_eq!((&told[1]["targetId"], &told[1]["before"]), (&json!(mo.id), &json!({ "name": "Mo", "roles": ["DEVELOPER"] })));
        assert_eq!((&told[2]["workspaceId"], &told[2]["before"]), (&json!(workspace), &json!({ "userId": mo.id, "name": "Mo" })));
    }

    async fn what_is_refused_leaves_no_trace(app) {
        let (ada, paula, mo) = (app.person("Ada").await, app.person("Paula").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&paula, &["PARTNER_MANAGER"]), (&mo, &["DEVELOPER"])]).await;
        let asked = mo.mutate("createWorkspace", "request { id } workspace { id }", json!({ "teamId": team, "name": "Docs", "visibility": "PARTNER" })).await;
        let (request, workspace) = (asked.text("/request/id"), asked.text("/workspace/id"));
        let before = events(&ada, &team, "first: 100").await;
        for (person, mutation, selection, input) in [
            (&mo, "setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": paula.id, "roles": ["DEVELOPER"] })),
            (&ada, "setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": ada.id, "roles": ["DEVELOPER"] })),
            (&mo, "removeFromTeam", "teamId", json!({ "teamId": team, "userId": paula.id })),
            (&mo, "addTeamMembers", "results { outcome }", json!({ "teamId": team, "emails": ["eve@example.com"], "roles": ["DEVELOPER"] })),
            (&ada, "setTeamPlan", "team { plan }", json!({ "teamId": team, "plan": "FREE" })),
            (&mo, "approveRequest", "request { id }", json!({ "requestId": request })),
            (&mo, "updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "name": "New", "expectedVersion": 7 })),
            (&mo, "changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": workspace, "visibility": "PARTNER" })),
            (&mo, "changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": workspace, "visibility": "PRIVATE" })),
        ] {
            assert!(!person.mutate(mutation, selection, input.clone()).await.is_ok(), "{mutation} {input}");
        }
        assert_eq!(events(&ada, &team, "first: 100").await, before);
        // The same key again is the same answer, and no second event.
        let input = json!({ "teamId": team, "name": "Once", "visibility": "PRIVATE", "idempotencyKey": "once" });
        for _ in 0..2 {
            assert!(mo.mutate("createWorkspace", "workspace { id }", input.clone()).await.is_ok());
        }
        assert_eq!(events(&ada, &team, "first: 100").await.len(), before.len() + 1);
    }

    async fn the_file_holds_quotes_newlines_and_no_formulas(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let name = "=HYPERLINK(\"x\"),\r\n\"Ada\"; ünïcode";
        seed(&app, &team, 1, name).await;
        let text = download(&ada, &team, "?kind=GROUP_CREATED").await.text().await.unwrap();
        assert!(text.starts_with("id,kind,createdAt,actorId,actorName,address,userAgent,workspaceId,targetId,before,after\r\nauditevent_"), "{text}");
        assert!(text.ends_with(",,,,group_0,,\r\n"), "{text}");
        assert!(text.contains("\"'=HYPERLINK(\"\"x\"\"),\r\n\"\"Ada\"\"; ünïcode\""), "{text}");
        assert_eq!(rows(&ada, &team, "?kind=GROUP_CREATED").await[1][4], format!("'{name}"));
        let made = rows(&ada, &team, "?kind=TEAM_CREATED").await.remove(1);
        let listed = events(&ada, &team, "first: 1, kind: TEAM_CREATED").await.remove(0);
        for (place, field) in ["id", "kind", "createdAt"].into_iter().enumerate() {
            assert_eq!(listed[field], made[place]);
        }
        assert_eq!((&made[3], &made[4], &made[5]), (&ada.id, &ada.name, &"127.0.0.1".to_owned()));
        assert_eq!(serde_json::from_str::<Value>(&made[10]).unwrap(), listed["after"]);
        assert_eq!(rows(&ada, &team, "?kind=GROUP_DELETED").await.len(), 1, "the head alone");
    }

    async fn a_long_log_is_streamed_whole_and_an_export_ends_with_the_permission(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["ADMIN"])]).await;
        let count = u32::try_from(PAGE * 2 + 50).unwrap();
        app.advance(Duration::from_secs(1));
        seed(&app, &team, count, "Ada").await;
        let told = rows(&ada, &team, "?kind=GROUP_CREATED").await;
        assert_eq!(told[1..].iter().map(|row| row[8].clone()).collect::<Vec<_>>(), (0..count).map(|place| format!("group_{place}")).collect::<Vec<_>>());
        let begin = async |person: &Person| {
            let actor = token::authenticate(&app.parts.app, &person.token.clone().unwrap().into(), Origin::default()).await.unwrap().unwrap();
            let mut export = Export::new(app.parts.app.clone(), actor, team.parse().unwrap(), AuditFilter::default());
            assert_eq!(export.next_page().await.unwrap().unwrap().len(), PAGE);
            export
        };
        let refused = |answer| match answer {
            Err(AppError::Refused(refusal)) => refusal.code,
            answer => panic!("{answer:?}"),
        };
        let (mut whole, mut demoted, mut revoked) = (begin(&ada).await, begin(&mo).await, begin(&ada).await);
        assert!(ada.mutate("setTeamRoles", "membership { roles }", json!({ "teamId": team, "userId": mo.id, "roles": ["DEVELOPER"] })).await.is_ok());
        assert_eq!(refused(demoted.next_page().await), Code::Forbidden);
        let mut left = Vec::new();
        while let Some(page) = whole.next_page().await.unwrap() {
            left.push(page.len());
        }
        assert_eq!(left, [PAGE, 50 + 4], "the team, two people and the other roles come beside them");
        let token = ada.ask("{ viewer { accessTokens { id } } }", json!({})).await.text("/viewer/accessTokens/0/id");
        assert!(ada.mutate("revokeAccessToken", "revokedAccessTokenId", json!({ "accessTokenId": token })).await.is_ok());
        assert_eq!(refused(revoked.next_page().await), Code::Unauthenticated);
    }

    async fn a_file_breaks_off_when_the_permission_ends(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["ADMIN"])]).await;
        // More than what fits into the buffers between the server and a client that does not read.
        seed(&app, &team, 1_500, &"x".repeat(20_000)).await;
        let mut response = download(&mo, &team, "").await;
        assert!(response.chunk().await.unwrap().is_some());
        assert!(ada.mutate("removeFromTeam", "teamId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        let end = loop {
            match response.chunk().await {
                Ok(Some(_)) => {}
                end => break end,
            }
        };
        assert!(end.is_err(), "half a log does not end like a whole one");
    }

    async fn an_event_is_kept_for_180_days(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        seed(&app, &team, 1_100, "Ada").await;
        app.advance(DAY);
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        let made = events(&ada, &team, "last: 1").await.remove(0)["createdAt"].as_str().and_then(Timestamp::from_rfc3339).unwrap();
        app.advance(178 * DAY);
        app.run_jobs().await;
        assert_eq!(rows(&ada, &team, "").await.len(), 1 + 1_100 + 3, "nothing is that old yet");
        app.advance(DAY);
        app.run_jobs().await;
        let left = events(&ada, &team, "first: 100").await;
        assert_eq!((kinds(&left), left[0]["workspaceId"].as_str()), (vec!["WORKSPACE_CREATED".to_owned()], Some(workspace.as_str())));
        let left = (made + 180 * DAY).as_micros() - app.parts.app.now().as_micros();
        app.advance(Duration::from_micros(u64::try_from(left).unwrap()));
        app.run_jobs().await;
        assert_eq!(events(&ada, &team, "first: 100").await.len(), 1, "on the day itself it is there");
        app.advance(Duration::from_micros(1));
        app.run_jobs().await;
        assert!(events(&ada, &team, "first: 100").await.is_empty());
    }
}
