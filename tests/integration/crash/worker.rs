//! Somebody who works on this and that, writes down what was acknowledged, and looks whether it is there.

use super::asker::{Asker, Listed};
use crate::documents::collection;
use crate::support::dice::Dice;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A pause between two mutations, up to so many milliseconds.
const PAUSE: usize = 40;

/// What was acknowledged.
#[derive(Default)]
struct Ledger {
    /// The name of each workspace that was made, but for the one that is worked in.
    workspaces: BTreeMap<String, String>,
    summary: String,
    items: Vec<String>,
    elements: BTreeMap<String, String>,
    members: BTreeMap<String, String>,
    comments: Vec<String>,
    /// What became of each request.
    requests: BTreeMap<String, &'static str>,
}

/// A client.
pub struct Worker {
    pub number: usize,
    pub asker: Asker,
    /// Who decides on requests.
    manager: Asker,
    /// Those of the team whom this one invites and mentions.
    others: Vec<Asker>,
    team: String,
    pub workspace: String,
    collection: String,
    dice: Dice,
    done: usize,
    ledger: Ledger,
}

impl Worker {
    /// Makes the workspace and the collection that it works on.
    pub async fn new(number: usize, asker: Asker, manager: Asker, others: Vec<Asker>, team: String, seed: u64) -> Self {
        let input = json!({ "teamId": team, "name": format!("Main {number}"), "visibility": "TEAM" });
        let made = asker.mutate("main", "createWorkspace", "workspace { id }", input).await;
        let workspace = text(&made, "/workspace/id");
        let made = asker.mutate("main", "createCollection", "collection { id }", json!({ "workspaceId": workspace, "name": "Main" })).await;
        let collection = text(&made, "/collection/id");
        let dice = Dice::new(seed.wrapping_add(number as u64));
        Self { number, asker, manager, others, team, workspace, collection, dice, done: 0, ledger: Ledger::default() }
    }

    /// Works until it is over.
    pub async fn work(&mut self, is_over: &AtomicBool) {
        while !is_over.load(Ordering::SeqCst) {
            self.done += 1;
            match self.dice.throw(9) {
                0 => self.make_a_workspace().await,
                1 => self.describe().await,
                2 => self.edit().await,
                3 => self.import().await,
                4 => self.invite_or_remove().await,
                5 => self.comment().await,
                6 => self.request_and_decide().await,
                7 => self.delete_a_workspace().await,
                _ => self.delete_an_element().await,
            }
            tokio::time::sleep(Duration::from_millis(self.dice.throw(PAUSE) as u64)).await;
        }
    }

    /// What nothing else is called, and the key of what is done now.
    fn name(&self) -> String {
        format!("worker {} did {}", self.number, self.done)
    }

    async fn make_a_workspace(&mut self) {
        let name = self.name();
        let input = json!({ "teamId": self.team, "name": name, "visibility": "PRIVATE" });
        let made = self.asker.mutate(&name, "createWorkspace", "workspace { id }", input).await;
        self.ledger.workspaces.insert(text(&made, "/workspace/id"), name);
    }

    async fn describe(&mut self) {
        let name = self.name();
        let input = json!({ "workspaceId": self.workspace, "summary": name });
        self.asker.mutate(&name, "updateWorkspace", "workspace { id }", input).await;
        self.ledger.summary = name;
    }

    async fn edit(&mut self) {
        let name = self.name();
        let operation = json!({ "addItem": { "item": { "name": name, "request": "https://example.com" } } });
        let input = json!({ "collectionId": self.collection, "operations": [operation] });
        self.asker.mutate(&name, "editCollection", "collection { id }", input).await;
        self.ledger.items.push(name);
    }

    async fn import(&mut self) {
        let name = self.name();
        let content = collection(&name, &json!([{ "name": name }, { "name": "Folder", "item": [{ "name": "Inner" }] }])).to_string();
        let made = self
            .asker
            .mutate(&name, "importElements", "elements { id }", json!({ "workspaceId": self.workspace, "content": content }))
            .await;
        self.ledger.elements.insert(text(&made, "/elements/0/id"), name);
    }

    async fn invite_or_remove(&mut self) {
        let (name, other) = (self.name(), self.others[self.dice.throw(self.others.len())].clone());
        if let Some(member) = self.ledger.members.get(&other.id) {
            self.asker.mutate(&name, "removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await;
            self.ledger.members.remove(&other.id);
            return;
        }
        let input = json!({ "workspaceId": self.workspace, "invitees": [{ "email": other.email }], "role": "EDITOR" });
        let made = self.asker.mutate(&name, "inviteTeamMembers", "results { outcome member { id } }", input).await;
        assert_eq!(made.pointer("/results/0/outcome"), Some(&json!("ADDED")), "{made}");
        self.ledger.members.insert(other.id, text(&made, "/results/0/member/id"));
    }

    async fn comment(&mut self) {
        let (name, other) = (self.name(), &self.others[self.dice.throw(self.others.len())]);
        let input = json!({ "elementId": self.collection, "body": name, "mentions": [other.id] });
        self.asker.mutate(&name, "addComment", "comment { id }", input).await;
        self.ledger.comments.push(name);
    }

    async fn request_and_decide(&mut self) {
        let Some(workspace) = self.ledger.workspaces.keys().nth(self.dice.throw(self.ledger.workspaces.len())).cloned() else { return };
        let name = self.name();
        let input = json!({ "workspaceId": workspace, "visibility": "PARTNER", "note": name });
        let made = self.asker.mutate(&name, "changeWorkspaceVisibility", "request { id }", input).await;
        let request = text(&made, "/request/id");
        let (mutation, status) = if self.dice.throw(2) == 0 { ("cancelRequest", "CANCELLED") } else { ("denyRequest", "DENIED") };
        let by = if mutation == "cancelRequest" { &self.asker } else { &self.manager };
        by.mutate(&name, mutation, "request { status }", json!({ "requestId": request })).await;
        self.ledger.requests.insert(request, status);
    }

    async fn delete_a_workspace(&mut self) {
        let Some(workspace) = self.ledger.workspaces.keys().nth(self.dice.throw(self.ledger.workspaces.len())).cloned() else { return };
        let name = self.name();
        self.asker.mutate(&name, "deleteWorkspace", "deletedWorkspaceId", json!({ "workspaceId": workspace })).await;
        self.ledger.workspaces.remove(&workspace);
    }

    async fn delete_an_element(&mut self) {
        let Some(element) = self.ledger.elements.keys().nth(self.dice.throw(self.ledger.elements.len())).cloned() else { return };
        let name = self.name();
        self.asker.mutate(&name, "deleteElement", "deletedElementId", json!({ "elementId": element })).await;
        self.ledger.elements.remove(&element);
    }

    /// Everything that was acknowledged is there, once, and nothing else is.
    pub async fn look(&self) {
        let (ledger, asker, main) = (&self.ledger, &self.asker, Some(self.workspace.as_str()));
        let workspaces = Listed { query: "query($after: String) { viewer { @ } }", at: "/viewer/workspaces", nodes: "id name" };
        let workspaces = asker.list(&workspaces, None, None).await;
        let mine = format!("worker {} did ", self.number);
        assert_same(workspaces.iter().map(pair).filter(|(_, name)| name.starts_with(&mine)), &ledger.workspaces);

        let data = asker.ask("query($id: ID!) { workspace(id: $id) { summary } }", json!({ "id": self.workspace })).await;
        assert_eq!(data["workspace"]["summary"], ledger.summary.as_str());

        let of_workspace = "query($id: ID!, $after: String) { workspace(id: $id) { @ } }";
        let elements = asker.list(&Listed { query: of_workspace, at: "/workspace/elements", nodes: "id name" }, main, None).await;
        let mut expected = ledger.elements.clone();
        expected.insert(self.collection.clone(), "Main".to_owned());
        assert_same(elements.iter().map(pair), &expected);

        let nodes = "id subject { ... on User { id } }";
        let members = asker.list(&Listed { query: of_workspace, at: "/workspace/members", nodes }, main, None).await;
        let found = members.iter().map(|node| (text(node, "/subject/id"), text(node, "/id"))).filter(|(user, _)| *user != asker.id);
        assert_same(found, &ledger.members);

        let query = "query($id: ID!, $after: String) { element(id: $id) { ... on Collection { @ } } }";
        for (at, nodes, expected) in [("/element/items", "name", &ledger.items), ("/element/comments", "body", &ledger.comments)] {
            let found = asker.list(&Listed { query, at, nodes }, Some(&self.collection), None).await;
            let found: Vec<&str> = found.iter().map(|node| node[nodes].as_str().unwrap()).collect();
            assert_eq!(found, *expected, "{at} of worker {}", self.number);
        }
        let data = asker.ask("query($id: ID!) { element(id: $id) { version } }", json!({ "id": self.collection })).await;
        assert_eq!(data["element"]["version"], ledger.items.len() + 1, "each edit was done once");

        for (request, status) in &ledger.requests {
            let query = "query($id: ID!) { node(id: $id) { ... on ApprovalRequest { status } } }";
            assert_eq!(asker.ask(query, json!({ "id": request })).await["node"]["status"], *status, "{request}");
        }
    }
}

/// The same things with the same names, each once.
fn assert_same(found: impl Iterator<Item = (String, String)>, expected: &BTreeMap<String, String>) {
    let mut found: Vec<(String, String)> = found.collect();
    found.sort();
    assert_eq!(found, expected.clone().into_iter().collect::<Vec<_>>());
}

fn pair(node: &Value) -> (String, String) {
    (text(node, "/id"), text(node, "/name"))
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer}: {value}")).to_owned()
}
