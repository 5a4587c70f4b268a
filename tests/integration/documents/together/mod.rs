//! Many people at work on one collection at the same time.

mod copy;

use super::{collection, export, import, workspace};
use crate::support::dice::Dice;
use crate::support::socket::Socket;
use crate::support::{Person, TestApp, on_both};
use copy::Copy;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const CLIENTS: usize = 8;
const FOLDERS: usize = 50;
const ITEMS: usize = 100;
const TIME: Duration = Duration::from_secs(30);

const FOLLOW: &str =
    "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { kind data actor { id } } }";

/// Somebody who edits, and follows what others edit.
struct Client {
    person: Person,
    copy: Arc<Mutex<Copy>>,
    acknowledged: Arc<AtomicU64>,
}

impl Client {
    /// Does to its copy what everybody does to the collection, until it has this version.
    async fn follow(&self, mut socket: Socket, until: Arc<Mutex<Option<i64>>>) {
        loop {
            let has = self.copy.lock().await.version;
            if until.lock().await.is_some_and(|version| has >= version) {
                return;
            }
            // A quiet moment is one in which the last version may have been reached.
            let Ok(event) = tokio::time::timeout(Duration::from_millis(200), socket.next()).await else { continue };
            let entry = &event["workspaceActivity"];
            if entry["kind"] == "COLLECTION_EDITED" {
                assert_eq!(entry["data"]["complete"], true);
                self.copy.lock().await.apply(&entry["data"]);
            }
        }
    }

    /// Edits this and that until the time is over.
    async fn edit(&self, collection: &str, seed: u64, end: Instant) {
        let mut dice = Dice::new(seed);
        let mut number = 0;
        while Instant::now() < end {
            let operation = self.copy.lock().await.any_operation(&mut |sides| dice.throw(sides), &format!("{seed}-{number}"));
            let input = json!({ "collectionId": collection, "operations": [operation], "message": format!("{seed}-{number}") });
            let answer = self.person.mutate("editCollection", "collection { version }", input).await;
            if answer.is_ok() {
                self.acknowledged.fetch_add(1, Ordering::SeqCst);
            } else {
                // Somebody else was first; nothing else may be wrong.
                let refusal = answer.refusal();
                let expected = [
                    "NOT_FOUND/UNKNOWN_ITEM/operations",
                    "BAD_USER_INPUT/OUT_OF_RANGE/operations",
                    "BAD_USER_INPUT/UNDER_ITSELF/operations",
                ];
                assert!(expected.contains(&refusal.as_str()), "{operation}: {:?}", answer.body);
            }
            number += 1;
        }
    }
}

/// The whole collection as a client reads it: level by level.
async fn read(person: &Person, collection: &str) -> Copy {
    let mut copy = Copy::default();
    let mut folders = vec![None];
    while let Some(folder) = folders.pop() {
        let mut after = Value::Null;
        loop {
            let query = "query($id: ID!, $folder: ID, $after: String) { element(id: $id) { version ... on Collection { items(parentId: $folder, first: 100, after: $after) {
                nodes { id isFolder content } pageInfo { hasNextPage endCursor } } } } }";
            let answer = person.ask(query, json!({ "id": collection, "folder": folder, "after": after })).await;
            copy.version = answer.at("/element/version").as_i64().unwrap();
            for item in answer.list("/element/items/nodes") {
                copy.put(folder.as_ref(), item["id"].as_str().unwrap(), item["content"].clone());
                if item["isFolder"] == true {
                    folders.push(Some(item["id"].as_str().unwrap().to_owned()));
                }
            }
            if answer.at("/element/items/pageInfo/hasNextPage") == false {
                break;
            }
            after = answer.at("/element/items/pageInfo/endCursor").clone();
        }
    }
    copy
}

async fn last_cursor(person: &Person, workspace: &str) -> String {
    let query = "query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { cursor } } } }";
    person.ask(query, json!({ "id": workspace })).await.text("/workspace/activity/nodes/0/cursor")
}

async fn clients(app: &TestApp, ada: &Person, workspace: &str, pets: &str) -> Vec<Client> {
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let person = app.person(&format!("Editor{number}")).await;
        let team =
            ada.ask("query($id: ID!) { workspace(id: $id) { team { id } } }", json!({ "id": workspace })).await.text("/workspace/team/id");
        let input = json!({ "teamId": team, "emails": [person.email], "roles": ["DEVELOPER"] });
        assert!(ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
        ada.invite(workspace, &person, "EDITOR").await;
        let copy = Arc::new(Mutex::new(read(&person, pets).await));
        clients.push(Client { person, copy, acknowledged: Arc::default() });
    }
    clients
}

on_both! {
    async fn eight_people_edit_five_thousand_items_and_each_ends_with_what_the_server_has(app) {
        let ada = app.person("Ada").await;
        let workspace = workspace(&app, &ada).await;
        let item = |folder: usize, number: usize| json!({
            "id": format!("item-{folder}-{number}"), "name": format!("Item {number}"),
            "request": { "method": "GET", "url": format!("https://example.com/{folder}/{number}") },
        });
        let folder = |folder: usize| {
            let items: Vec<Value> = (0..ITEMS - 1).map(|number| item(folder, number)).collect();
            json!({ "id": format!("folder-{folder}"), "name": format!("Folder {folder}"), "item": items, "description": "last" })
        };
        let document = collection("Busy", &json!((0..FOLDERS).map(folder).collect::<Vec<_>>()));
        let pets = import(&ada, &workspace, &document.to_string()).await;
        let clients = Arc::new(clients(&app, &ada, &workspace, &pets).await);
        let cursor = last_cursor(&ada, &workspace).await;
        let (until, end) = (Arc::new(Mutex::new(None)), Instant::now() + TIME);
        let mut followers = Vec::new();
        for index in 0..CLIENTS {
            let socket = Socket::subscribe(&app, &clients[index].person, FOLLOW, json!({ "id": workspace, "after": cursor })).await;
            let (clients, until) = (Arc::clone(&clients), Arc::clone(&until));
            followers.push(tokio::spawn(async move { clients[index].follow(socket, until).await }));
        }
        let editors = (0..CLIENTS).map(|index| {
            let (clients, pets) = (Arc::clone(&clients), pets.clone());
            tokio::spawn(async move { clients[index].edit(&pets, index as u64 + 1, end).await })
        });
        for editor in editors.collect::<Vec<_>>() {
            editor.await.unwrap();
        }
        let query = "query($id: ID!) { element(id: $id) { version } }";
        let version = ada.ask(query, json!({ "id": pets })).await.at("/element/version").as_i64().unwrap();
        *until.lock().await = Some(version);
        for follower in followers {
            follower.await.unwrap();
        }
        let acknowledged: u64 = clients.iter().map(|client| client.acknowledged.load(Ordering::SeqCst)).sum();
        println!("{acknowledged} edits by {CLIENTS} people in {TIME:?}");
        assert!(acknowledged > 100);
        assert_eq!(u64::try_from(version).unwrap() - 1, acknowledged, "each edit that was acknowledged is a revision");
        let server = export(&ada, &pets, None).await;
        for client in clients.iter() {
            assert_eq!(client.copy.lock().await.document(&document), server);
        }
        app.stop().await;
    }
}
