//! A workspace is deleted: what becomes of what was in it, and who brings that back.

use super::{bind, collection, count, homeless, last_audit, purge, restore, seed, seen, set, throw_away, watch};
use crate::invitations::{bring, partnership};
use crate::support::{Person, TestApp, on_both};
use portico::domain::element::{ElementKind, TRASH_LIMIT};
use serde_json::json;

const HIDDEN: &str = "NOT_FOUND/UNKNOWN_ID/trashEntryId";

async fn delete_workspace(by: &Person, workspace: &str) {
    let deleted = by.mutate("deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await;
    assert!(deleted.is_ok(), "{deleted:?}");
}

/// The ids of what is in the trash and in no workspace any more.
async fn entries(of: &Person) -> Vec<String> {
    let answer = of.ask("{ viewer { trash(first: 100) { nodes { id } } } }", json!({})).await;
    answer.list("/viewer/trash/nodes").iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

async fn fill(app: &TestApp, by: &Person, workspace: &str, collections: usize) {
    for number in 0..collections {
        let id = collection(by, workspace, &format!("C{number}")).await;
        watch(app, &id, by).await;
    }
}

on_both! {
    async fn collections_of_a_deleted_workspace_wait_in_the_trash(app) {
        let (ada, sam, mo, ed) = (app.person("Ada").await, app.person("Sam").await, app.person("Mo").await, app.person("Ed").await);
        let team = app.team(&ada, &[(&sam, &["SUPER_ADMIN"]), (&mo, &["DEVELOPER"]), (&ed, &["DEVELOPER"])]).await;
        let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
        ada.invite(&workspace, &mo, "EDITOR").await;
        let left = ada.invite(&workspace, &ed, "EDITOR").await;
        let orders = collection(&mo, &workspace, "Orders").await;
        collection(&ada, &workspace, "Users").await;
        collection(&ed, &workspace, "Of who left").await;
        let large = collection(&ada, &workspace, "Large").await;
        set(&app, &large, "size_bytes", TRASH_LIMIT).await;
        seed(&app, &ada, &team, &workspace, ElementKind::Environment, "Environment", [1; 32]).await;
        let runs = mo.workspace(&team, "Runs", "PRIVATE").await;
        bind(&app, &team, &runs, &orders, "MONITOR", &mo).await;
        bind(&app, &team, &runs, &large, "MOCK_SERVER", &mo).await;
        bind(&app, &team, &workspace, &orders, "INTEGRATION", &mo).await;
        bind(&app, &team, &workspace, &orders, "MONITOR", &mo).await;
        assert!(ada.mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": left })).await.is_ok());
        assert!(homeless(&mo).await.is_empty());
        delete_workspace(&ada, &workspace).await;

        // Who deleted it has all of it, who made something has that if they could open the workspace, a Super Admin has everything.
        assert_eq!(homeless(&ada).await, ["Orders", "Users", "Of who left"]);
        assert_eq!(homeless(&sam).await, ["Orders", "Users", "Of who left"]);
        assert_eq!(homeless(&mo).await, ["Orders"]);
        assert!(homeless(&ed).await.is_empty());
        assert_eq!(last_audit(&ada, &team).await["before"]["collectionsInTrash"], 3);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM element").await, 3);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM related_item WHERE state = 'PAUSED'").await, 1);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM related_item").await, 1, "what lived there, or was bound to what is gone, is gone");
        let activity = mo.activity(&runs).await;
        assert_eq!((count(&activity, "RELATED_ITEM_PAUSED"), count(&activity, "RELATED_ITEM_DELETED")), (1, 1), "{activity:?}");
        let told = mo.told().await;
        assert_eq!((count(&told, "WORKSPACE_DELETED"), count(&told, "MONITOR_PAUSED")), (1, 1), "the monitor that lived there is gone, not paused");

        let entry = entries(&mo).await.remove(0);
        let sight = seen(&mo, &entry).await;
        assert!(sight.at("/node/workspace").is_null() && sight.at("/node/workspaceName") == "Docs");
        assert_eq!((sight.at("/node/viewerCanRestore"), sight.at("/node/viewerCanPurge")), (&json!(true), &json!(false)));
        assert_eq!(seen(&ed, &entry).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        for person in [&ed, &app.person("Olga").await] {
            assert_eq!(restore(person, &entry, None).await.refusal(), HIDDEN);
            assert_eq!(restore(person, &entry, Some(&runs)).await.refusal(), HIDDEN);
            assert_eq!(purge(person, &entry).await.refusal(), HIDDEN);
        }
        assert_eq!(purge(&mo, &entry).await.refusal(), "FORBIDDEN/NOT_YOURS/-");

        // It needs a workspace of the same team in which one may create elements.
        assert_eq!(restore(&mo, &entry, None).await.refusal(), "FAILED_PRECONDITION/WORKSPACE_REQUIRED/workspaceId");
        assert_eq!(restore(&mo, &entry, Some(&workspace)).await.refusal(), "NOT_FOUND/UNKNOWN_ID/workspaceId");
        let hidden = ada.workspace(&team, "Hidden", "PRIVATE").await;
        assert_eq!(restore(&mo, &entry, Some(&hidden)).await.refusal(), "NOT_FOUND/UNKNOWN_ID/workspaceId");
        let open = ada.workspace(&team, "Open", "TEAM").await;
        assert_eq!(restore(&mo, &entry, Some(&open)).await.refusal(), "FORBIDDEN/ROLE_REQUIRED/workspaceId");
        let other_team = app.team(&mo, &[]).await;
        let abroad = mo.workspace(&other_team, "Abroad", "PRIVATE").await;
        assert_eq!(restore(&mo, &entry, Some(&abroad)).await.refusal(), "FORBIDDEN/TARGET_NOT_ALLOWED/workspaceId");
        let personal = mo.workspace(&team, "Personal", "PERSONAL").await;
        assert_eq!(restore(&mo, &entry, Some(&personal)).await.refusal(), "FORBIDDEN/TARGET_NOT_ALLOWED/workspaceId");
        let restored = restore(&mo, &entry, Some(&runs)).await;
        assert_eq!((restored.text("/element/id"), restored.text("/element/workspace/id")), (orders, runs.clone()));
        assert_eq!(mo.activity(&runs).await.last().unwrap(), "ELEMENT_RESTORED");
        assert_eq!(homeless(&sam).await, ["Users", "Of who left"]);
        let [users, of_ed] = <[String; 2]>::try_from(entries(&sam).await).unwrap();
        assert!(purge(&ada, &users).await.is_ok(), "whoever deleted it");
        assert!(purge(&sam, &of_ed).await.is_ok());
    }

    async fn whoever_leaves_the_team_or_changes_sides_loses_what_was_theirs(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let workspace = mo.workspace(&team, "Docs", "PRIVATE").await;
        collection(&mo, &workspace, "Orders").await;
        delete_workspace(&mo, &workspace).await;
        let entry = entries(&mo).await.remove(0);
        assert!(ada.mutate("removeFromTeam", "removedUserId", json!({ "teamId": team, "userId": mo.id })).await.is_ok());
        assert!(homeless(&mo).await.is_empty());
        assert_eq!(seen(&mo, &entry).await.refusal(), "NOT_FOUND/UNKNOWN_ID/id");
        let shared = ada.workspace(&team, "Shared", "PRIVATE").await;
        assert!(ada.mutate("setTeamRoles", "membership { id }", json!({ "teamId": team, "userId": ada.id, "roles": ["ADMIN", "DEVELOPER", "PARTNER_MANAGER"] })).await.is_ok());
        assert!(ada.mutate("changeWorkspaceVisibility", "request { id }", json!({ "workspaceId": shared, "visibility": "PARTNER" })).await.is_ok());
        bring(&app, &ada, &shared, &mo, "EDITOR", false).await;
        assert!(homeless(&mo).await.is_empty(), "a partner now");
        assert_eq!(restore(&mo, &entry, Some(&shared)).await.refusal(), HIDDEN);
        assert_eq!(purge(&mo, &entry).await.refusal(), HIDDEN);
    }

    async fn a_partner_brings_back_what_they_made_and_could_open_when_it_was_deleted(app) {
        let world = partnership(&app).await;
        let (pia, pit) = (app.person_at("Pia", "pia@globex.example").await, app.person_at("Pit", "pit@globex.example").await);
        let second = world.paula.workspace(&world.team, "Second", "PARTNER").await;
        for partner in [&pia, &pit] {
            bring(&app, &world.devi, &world.workspace, partner, "EDITOR", false).await;
            bring(&app, &world.paula, &second, partner, "EDITOR", false).await;
        }
        let early = collection(&pia, &world.workspace, "Early").await;
        collection(&pia, &world.workspace, "Late").await;
        throw_away(&pit, &early).await;
        let leave = json!({ "workspaceId": world.workspace, "visibility": "PRIVATE", "removePartners": true });
        assert!(world.devi.mutate("changeWorkspaceVisibility", "request { id }", leave).await.is_ok());
        assert!(homeless(&pia).await.is_empty(), "the workspace is there, and out of reach");
        delete_workspace(&world.devi, &world.workspace).await;
        assert_eq!(homeless(&pia).await, ["Early"], "what was deleted after they were gone is the team's");
        assert_eq!(homeless(&pit).await, ["Early"]);
        let entry = entries(&pia).await.remove(0);
        assert_eq!(seen(&pit, &entry).await.at("/node/viewerCanRestore"), false);
        assert_eq!(restore(&pit, &entry, Some(&second)).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(purge(&pia, &entry).await.refusal(), "FORBIDDEN/NOT_YOURS/-");
        assert_eq!(restore(&pia, &entry, Some(&second)).await.text("/element/id"), early);
    }

    async fn while_its_workspace_is_there_it_goes_back_to_that(app) {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let (workspace, other) = (ada.workspace(&team, "Docs", "PRIVATE").await, ada.workspace(&team, "Other", "PRIVATE").await);
        let id = collection(&ada, &workspace, "Orders").await;
        let entry = throw_away(&ada, &id).await;
        assert!(homeless(&ada).await.is_empty());
        let refused = restore(&ada, &entry, Some(&other)).await.refusal();
        assert_eq!(refused, "FAILED_PRECONDITION/TARGET_NOT_ALLOWED/workspaceId");
        assert_eq!(restore(&ada, &entry, Some("workspace_01h455vb4pex5vsknk084sn02q")).await.refusal(), refused, "whatever is named");
        assert!(restore(&ada, &entry, Some(&workspace)).await.is_ok());
        // What was deleted before the workspace is gone with it, and comes back elsewhere.
        let entry = throw_away(&ada, &id).await;
        delete_workspace(&ada, &workspace).await;
        assert_eq!(homeless(&ada).await, ["Orders"]);
        assert_eq!(restore(&ada, &entry, Some(&other)).await.text("/element/workspace/id"), other);
    }

    async fn deleting_a_workspace_takes_as_many_statements_however_many_collections_it_has(app) {
        let (ada, mo) = (app.person("Ada").await, app.person("Mo").await);
        let team = app.team(&ada, &[(&mo, &["DEVELOPER"])]).await;
        let mut counts = Vec::new();
        for size in [1, 200] {
            let workspace = ada.workspace(&team, "Docs", "PRIVATE").await;
            ada.invite(&workspace, &mo, "EDITOR").await;
            fill(&app, &mo, &workspace, size).await;
            let before = app.parts.database.statements();
            delete_workspace(&ada, &workspace).await;
            counts.push(app.parts.database.statements() - before);
        }
        assert_eq!(counts[0], counts[1], "the number of statements does not grow with the collections");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM trash_entry").await, 201);
        assert_eq!(homeless(&mo).await.len(), 100);
    }
}
