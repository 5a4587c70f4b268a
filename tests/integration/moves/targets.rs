//! Where an element may go: what the list of workspaces says, and what a move answers.

use super::{collection, give, place, shift};
use crate::invitations::bring;
use crate::support::{Person, TestApp, on_both};
use crate::wire_matrix::{Cast, is_invitable};
use portico::app::clock::Clock;
use portico::domain::policy::{Action, Column};
use portico::domain::{UserId, WorkspaceId};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Workspaces of every visibility, in which people of every column are Editors, Viewers or nothing.
async fn workspaces(app: &TestApp, cast: &Cast) -> Vec<(String, &'static str)> {
    let (manager, boss) = (cast.person(Column::PartnerManager), cast.person(Column::SuperAdmin));
    let mut made = Vec::new();
    for (name, role) in [("Second", "EDITOR"), ("Watched", "VIEWER"), ("Empty", ""), ("Fair", "EDITOR")] {
        let workspace = manager.workspace(&cast.team, name, "PARTNER").await;
        for (column, person) in cast.people.iter().filter(|(column, _)| !role.is_empty() && is_invitable(*column)) {
            if column.is_partner() {
                bring(app, boss, &workspace, person, role, false).await;
            } else {
                boss.invite(&workspace, person, role).await;
            }
        }
        if name == "Fair" {
            assert!(
                boss.mutate("updateWorkspace", "workspace { id }", json!({ "workspaceId": workspace, "multiPartner": true })).await.is_ok()
            );
        }
        made.push((workspace, name));
    }
    for (name, visibility) in [("Private", "PRIVATE"), ("Open", "TEAM"), ("Public", "PUBLIC"), ("Own", "PERSONAL"), ("Theirs", "PRIVATE")] {
        let workspace = cast
            .person(Column::WorkspaceAdmin)
            .workspace(&cast.team, name, if visibility == "PUBLIC" { "PRIVATE" } else { visibility })
            .await;
        if name == "Private" || name == "Public" {
            for column in [Column::WorkspaceEditor, Column::Developer, Column::TeamAdmin] {
                boss.invite(&workspace, cast.person(column), if column == Column::TeamAdmin { "VIEWER" } else { "EDITOR" }).await;
            }
        }
        if visibility == "PUBLIC" {
            assert!(
                boss.mutate("changeWorkspaceVisibility", "workspace { id }", json!({ "workspaceId": workspace, "visibility": "PUBLIC" }))
                    .await
                    .is_ok()
            );
        }
        made.push((workspace, name));
    }
    made
}

/// The names of the workspaces that take the element, page by page of two.
async fn listed(person: &Person, element: &str, more: Value) -> BTreeSet<String> {
    let query = "query($element: ID!, $after: String, $search: String, $visibility: Visibility, $team: ID) {
        viewer { workspaces(first: 2, after: $after, search: $search, visibility: $visibility, teamId: $team, acceptsElement: $element) { nodes { name } pageInfo { hasNextPage endCursor } } } }";
    let mut names = BTreeSet::new();
    let mut after = Value::Null;
    loop {
        let mut variables = json!({ "element": element, "after": after });
        variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let page = person.ask(query, variables).await;
        for node in page.list("/viewer/workspaces/nodes") {
            assert!(names.insert(node["name"].as_str().unwrap().to_owned()), "each once");
        }
        if page.at("/viewer/workspaces/pageInfo/hasNextPage") == false {
            return names;
        }
        after = page.at("/viewer/workspaces/pageInfo/endCursor").clone();
    }
}

on_both! {
    async fn the_list_holds_exactly_the_workspaces_that_take_the_element(app) {
        let cast = crate::wire_matrix::cast(&app).await;
        let boss = cast.person(Column::SuperAdmin);
        let home = cast.scene(&app).await.workspace;
        let mut all = workspaces(&app, &cast).await;
        all.extend([(home.clone(), "Partners"), (cast.dock.clone(), "Dock")]);
        let payments = collection(boss, &home, "Payments").await;
        for may_move_out in [true, false] {
            let policy = json!({ "teamId": cast.team, "partnersMayMoveOut": may_move_out });
            assert!(cast.admin.mutate("updateTeamPolicies", "team { id }", policy).await.is_ok());
            for is_editor_of_it in [false, true] {
                for (column, person) in &cast.people {
                    // Whoever is not in the team holds no role on anything of it.
                    if is_editor_of_it && *column != Column::Outsider {
                        app.sql("DELETE FROM element_grant", Vec::new()).await;
                        give(&app, &cast.team, &payments, Some(person), None, if column.is_partner() { "PARTNER" } else { "TEAM" }).await;
                    }
                    let mut accepted = BTreeSet::new();
                    let query = "query($element: ID!) { viewer { workspaces(acceptsElement: $element) { nodes { name } } } }";
                    if place(person, &payments).await.is_none() {
                        assert_eq!(person.ask(query, json!({ "element": payments })).await.refusal(), "NOT_FOUND/UNKNOWN_ID/acceptsElement", "{column}");
                        continue;
                    }
                    let found = listed(person, &payments, json!({})).await;
                    for (workspace, name) in &all {
                        if shift(person, &payments, workspace).await.is_ok() {
                            accepted.insert((*name).to_owned());
                            assert!(shift(boss, &payments, &home).await.is_ok());
                            if is_editor_of_it {
                                // It may have ended on the way, where they could not use it.
                                app.sql("DELETE FROM element_grant", Vec::new()).await;
                                give(&app, &cast.team, &payments, Some(person), None, if column.is_partner() { "PARTNER" } else { "TEAM" }).await;
                            }
                        }
                    }
                    // The cast came with another one.
                    let found: BTreeSet<_> = found.into_iter().filter(|name| name != "Anchor").collect();
                    assert_eq!(found, accepted, "{column}, may move out: {may_move_out}, Editor: {is_editor_of_it}");
                    if column.is_partner() {
                        assert!(may_move_out || found.is_empty());
                    }
                }
            }
        }
        let policy = json!({ "teamId": cast.team, "partnersMayMoveOut": true });
        assert!(cast.admin.mutate("updateTeamPolicies", "team { id }", policy).await.is_ok());
        app.sql("DELETE FROM element_grant", Vec::new()).await;

        // It goes with the other filters, and knows what it was not given.
        let editor = cast.person(Column::WorkspaceEditor);
        assert_eq!(listed(editor, &payments, json!({ "search": "riv" })).await, BTreeSet::from(["Private".to_owned()]));
        assert_eq!(listed(editor, &payments, json!({ "visibility": "PARTNER", "team": cast.team })).await, BTreeSet::from(["Dock".to_owned(), "Fair".to_owned(), "Second".to_owned()]));
        assert!(listed(boss, &payments, json!({ "visibility": "PERSONAL" })).await.is_empty());
        let other_team = app.team(editor, &[]).await;
        editor.workspace(&other_team, "Abroad", "PRIVATE").await;
        assert!(listed(editor, &payments, json!({ "team": other_team })).await.is_empty());
        let lead = cast.person(Column::LeadEditor);
        assert_eq!(listed(lead, &payments, json!({})).await, BTreeSet::from(["Dock".to_owned(), "Second".to_owned()]));
        let query = "query($element: ID!) { viewer { workspaces(acceptsElement: $element) { nodes { name } } } }";
        for (element, refusal) in [("element_01h455vb4pex5vsknk084sn02q", "NOT_FOUND/UNKNOWN_ID/acceptsElement"), ("nonsense", "BAD_USER_INPUT/MALFORMED_ID/acceptsElement")] {
            assert_eq!(editor.ask(query, json!({ "element": element })).await.refusal(), refusal);
        }

        // One statement for the list, however many: with the token, the element and its workspace.
        let before = app.parts.database.statements();
        assert_eq!(listed(lead, &payments, json!({ "search": "second" })).await.len(), 1);
        assert_eq!(app.parts.database.statements() - before, 4);
    }

    async fn who_may_be_told_of_a_workspace_is_who_may_open_it(app) {
        let cast = crate::wire_matrix::cast(&app).await;
        let mut all = workspaces(&app, &cast).await;
        all.push((cast.scene(&app).await.workspace, "Partners"));
        // One that was a partner workspace until now, and one whose grants have ended.
        let converted = cast.person(Column::PartnerManager).workspace(&cast.team, "Former", "PARTNER").await;
        cast.person(Column::SuperAdmin).invite(&converted, cast.person(Column::Developer), "EDITOR").await;
        let change = json!({ "workspaceId": converted, "visibility": "PRIVATE" });
        assert!(cast.person(Column::SuperAdmin).mutate("changeWorkspaceVisibility", "workspace { id }", change).await.is_ok());
        all.push((converted, "Former"));
        let ended = app.clock.now().as_micros() + 1;
        let watched: WorkspaceId = all.iter().find(|(_, name)| *name == "Watched").unwrap().0.parse().unwrap();
        app.sql("UPDATE workspace_member SET expires_at = $1 WHERE workspace_id = $2", vec![ended.into(), watched.uuid().into()]).await;
        app.advance(std::time::Duration::from_secs(1));

        let (queries, now) = (app.parts.app.queries(), app.parts.app.now());
        let people: Vec<UserId> = cast.people.iter().map(|(_, person)| person.id.parse().unwrap()).collect();
        for (workspace, name) in &all {
            let id: WorkspaceId = workspace.parse().unwrap();
            let told: BTreeSet<_> = queries.list_openers(&people, id, now).await.unwrap().into_iter().map(|person| person.user_id).collect();
            for (column, person) in &cast.people {
                let user: UserId = person.id.parse().unwrap();
                let sight = queries.find_workspace(Some(user), id, now).await.unwrap().unwrap();
                let opens = sight.check(Action::ViewWorkspace, now).is_ok() && !sight.standing.team_roles.is_empty();
                assert_eq!(told.contains(&user), opens, "{column} {name}");
            }
        }
    }
}
