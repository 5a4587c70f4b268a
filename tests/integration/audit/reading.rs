//! Who reads what of the log, by which filters, and page by page.

use super::{DAY, download, events, kinds, outcome, page, rows, seed};
use crate::partner_workspace::seed_partner;
use crate::support::on_both;
use portico::domain::WorkspaceRole;
use serde_json::json;

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
}
