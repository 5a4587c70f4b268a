//! What the people of the world work on: elements and what is in them, what is said about them, who has a role on them, and what was
//! thrown away.

use super::secrets::Secret;
use super::things::id_of;
use super::world::{World, fresh, uuid_of};
use crate::support::Answer;
use serde_json::{Value, json};

/// Where people work, and who: on something of every kind, or on a collection only.
const PLACES: &[(&str, &str, bool)] = &[
    ("shared", "devi", true),
    ("multi", "devi", true),
    ("third", "dora", true),
    ("private", "dora", true),
    ("public", "sam", true),
    ("personal", "devi", false),
    ("foreign_partner", "zack", false),
    ("olga's", "olga", false),
];

/// A workspace that was deleted, and what became of its collections.
pub const GONE: &str = "gone";

/// Who watches what is in a workspace.
fn watchers(workspace: &str) -> &'static [&'static str] {
    match workspace {
        "shared" => &["lena", "pavel", "ines", "walt", "perla"],
        "multi" => &["paula", "gil", "gina", "iris", "una"],
        "third" => &["paul", "paula"],
        _ => &[],
    }
}

/// A thread, and what it takes to read it.
struct Thread {
    id: String,
    element: String,
    workspace: &'static str,
    organization: Option<&'static str>,
}

impl World {
    /// Elements in each workspace, and everything that comes with them.
    pub async fn elements(&mut self) {
        for (workspace, by, everything) in PLACES {
            let secret = Secret::Content(workspace);
            let collection = self.make_collection(workspace, by, &secret).await;
            self.collections.insert(workspace, collection.clone());
            if !everything {
                continue;
            }
            let name = self.secrets.mark("monitor", secret.clone());
            self.act(by, "createRelatedItem", json!({ "collectionId": collection, "kind": "MONITOR", "name": name })).await;
            self.make_environment(workspace, by).await;
            let definition = json!({ "openapi": "3.1.0", "info": { "title": self.secrets.mark("api", secret.clone()), "version": "1" },
                "paths": { format!("/{}", self.secrets.mark("path", secret)): {} } });
            let api = self.import(workspace, by, &definition).await;
            self.act(by, "attachCollection", json!({ "apiId": api, "collectionId": collection })).await;
            self.throw_away(workspace, by).await;
        }
        self.seed_monitor("acme", "third", "devi", &self.collections["shared"].clone()).await;
        self.seed_monitor("acme", "shared", "dora", &self.collections["third"].clone()).await;
        self.fork_elements().await;
        self.roles_on_elements().await;
        self.watch().await;
        self.talk_in_shared().await;
        self.talk_among_several().await;
        self.talk_elsewhere().await;
        self.edit_everything().await;
        self.delete_a_workspace().await;
    }

    /// Does something that must succeed, and answers what it made.
    async fn make(&self, who: &str, mutation: &str, selection: &str, input: Value) -> Answer {
        let answer = self.who(who).mutate(mutation, selection, input).await;
        assert!(answer.is_ok(), "{who} {mutation}: {}", answer.body);
        answer
    }

    async fn import(&self, workspace: &str, by: &str, document: &Value) -> String {
        let input = json!({ "workspaceId": self.workspaces[workspace], "content": document.to_string() });
        self.make(by, "importElements", "elements { id }", input).await.text("/elements/0/id")
    }

    /// The id of an item, which is a marker as the ids of everything else are.
    fn item_id(&mut self, secret: &Secret) -> String {
        let id = id_of("item", fresh());
        self.items.push((id.clone(), secret.clone()));
        id
    }

    /// A request with a marker wherever it can hold a text.
    fn request(&mut self, secret: &Secret) -> Value {
        let id = self.item_id(secret);
        let mut mark = |what: &str| self.secrets.mark(what, secret.clone());
        json!({
            "id": id,
            "name": mark("request"),
            "request": {
                "method": "POST",
                "url": format!("https://{}.example/", mark("url")),
                "description": mark("about"),
                "header": [{ "key": "X-Trace", "value": mark("header") }],
                "body": { "mode": "raw", "raw": mark("body") },
            },
            "response": [{ "name": mark("response"), "body": mark("answer") }],
        })
    }

    /// A folder and requests, edited once.
    async fn make_collection(&mut self, workspace: &'static str, by: &str, secret: &Secret) -> String {
        let (folder, inner, outer) = (self.item_id(secret), self.request(secret), self.request(secret));
        let mut mark = |what: &str| self.secrets.mark(what, secret.clone());
        let document = json!({
            "info": {
                "name": mark("collection"),
                "description": mark("description"),
                "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
            },
            "item": [{ "id": folder, "name": mark("folder"), "item": [inner] }, outer],
            "variable": [{ "key": "host", "value": mark("variable") }],
        });
        let id = self.import(workspace, by, &document).await;
        self.edit(by, &id, &folder, secret).await;
        id
    }

    /// An edit that says what it is about.
    async fn edit(&mut self, by: &str, collection: &str, folder: &str, secret: &Secret) {
        let item = self.request(secret);
        let (name, message) = (self.secrets.mark("folder", secret.clone()), self.secrets.mark("edit", secret.clone()));
        let operations = json!([
            { "addItem": { "parentId": folder, "item": item } },
            { "updateItem": { "itemId": folder, "set": { "name": name } } },
        ]);
        self.act(by, "editCollection", json!({ "collectionId": collection, "message": message, "operations": operations })).await;
    }

    /// An environment in two versions, each with a value that is secret and one that is not.
    pub async fn make_environment(&mut self, workspace: &'static str, by: &str) -> String {
        let first = self.environment(workspace);
        let id = self.import(workspace, by, &first).await;
        let message = self.secrets.mark("edit", Secret::Content(workspace));
        let second = self.environment(workspace).to_string();
        self.act(by, "replaceElement", json!({ "elementId": id, "content": second, "message": message })).await;
        id
    }

    fn environment(&mut self, workspace: &'static str) -> Value {
        let mut mark = |what: &str, secret: Secret| self.secrets.mark(what, secret);
        json!({
            "name": mark("environment", Secret::Content(workspace)),
            "values": [
                { "key": mark("key", Secret::Content(workspace)), "value": mark("variable", Secret::Content(workspace)), "enabled": true },
                { "key": "token", "value": mark("secret", Secret::Value(workspace)), "type": "secret", "enabled": true },
            ],
            "_postman_variable_scope": "environment",
        })
    }

    /// A collection that is in the trash of a workspace.
    pub async fn throw_away(&mut self, workspace: &'static str, by: &str) {
        let id = self.make_collection(workspace, by, &Secret::Trash(workspace)).await;
        // Paused, it lives on in the workspace.
        let name = self.secrets.mark("monitor", Secret::Content(workspace));
        self.act(by, "createRelatedItem", json!({ "collectionId": id, "kind": "MONITOR", "name": name })).await;
        for watcher in watchers(workspace) {
            self.act(watcher, "watchElement", json!({ "elementId": id })).await;
        }
        self.act(by, "deleteElement", json!({ "elementId": id })).await;
    }

    async fn watch(&self) {
        for (workspace, collection) in &self.collections {
            for person in watchers(workspace) {
                self.act(person, "watchElement", json!({ "elementId": collection })).await;
            }
        }
    }

    /// Forks that those who work on the parent know nothing of, and one that they see.
    async fn fork_elements(&mut self) {
        for (parent, by, place) in
            [("shared", "devi", "personal"), ("multi", "devi", "personal"), ("third", "dora", "private"), ("shared", "devi", "shared")]
        {
            let label = self.secrets.mark("fork", Secret::Content(place));
            let input = json!({ "elementId": self.collections[parent], "workspaceId": self.workspaces[place], "label": label });
            let fork = self.make(by, "forkElement", "fork { id }", input).await.text("/fork/id");
            self.forks.push(fork);
        }
        for (workspace, fork, reviewer) in [("shared", 0, "lena"), ("multi", 1, "gil")] {
            let said = Secret::Said { workspace, organization: None, thread: None };
            let [title, description, body] = ["title", "proposal", "talk"].map(|what| self.secrets.mark(what, said.clone()));
            let reviewers = [&self.who(reviewer).id];
            let input = json!({ "forkId": self.forks[fork], "title": title, "description": description, "reviewerIds": reviewers });
            let proposed = self.make("devi", "createPullRequest", "pullRequest { id }", input).await.text("/pullRequest/id");
            self.act("devi", "addPullRequestComment", json!({ "pullRequestId": proposed, "body": body })).await;
            // Approved, one of those who edit the parent by a role on it alone could merge it, which is no leak.
            if workspace == "multi" {
                self.act("paula", "approvePullRequest", json!({ "pullRequestId": proposed })).await;
            }
        }
    }

    pub async fn give(&self, by: &str, workspace: &str, subject: Value, role: &str) {
        let input = json!({ "elementId": self.collections[workspace], "subject": subject, "role": role });
        self.act(by, "grantElementRole", input).await;
    }

    /// Roles on a collection for people of both sides and for groups.
    async fn roles_on_elements(&self) {
        for (workspace, person, role) in [
            ("shared", "perla", "EDITOR"),
            ("shared", "pavel", "VIEWER"),
            ("shared", "walt", "EDITOR"),
            ("multi", "paula", "EDITOR"),
            ("multi", "gil", "VIEWER"),
            ("multi", "iris", "VIEWER"),
            ("third", "paul", "EDITOR"),
        ] {
            let by = if workspace == "third" { "paula" } else { "devi" };
            self.give(by, workspace, json!({ "userId": self.who(person).id }), role).await;
        }
        for group in ["shared of initech", "shared of globex", "shared of the team"] {
            self.give("devi", "shared", json!({ "groupId": self.groups[group] }), "EDITOR").await;
        }
        self.give("devi", "multi", json!({ "groupId": self.groups["multi of umbrella"] }), "VIEWER").await;
    }

    /// Begins a thread.
    async fn begin(&mut self, by: &str, organization: Option<&'static str>, workspace: &'static str, about: Value) -> Thread {
        let element = self.collections[workspace].clone();
        let body = self.secrets.mark("talk", Secret::Said { workspace, organization, thread: organization });
        let mut input = json!({ "elementId": element, "body": body });
        input.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        let id = self.make(by, "addComment", "comment { id }", input).await.text("/comment/id");
        Thread { id, element, workspace, organization }
    }

    async fn reply(&mut self, by: &str, organization: Option<&'static str>, to: &Thread, mentions: &[&str]) -> String {
        let said = Secret::Said { workspace: to.workspace, organization, thread: to.organization };
        let mentions: Vec<&String> = mentions.iter().map(|name| &self.who(name).id).collect();
        let mentions = json!(mentions);
        let input = json!({ "elementId": to.element, "replyTo": to.id, "body": self.secrets.mark("talk", said), "mentions": mentions });
        self.make(by, "addComment", "comment { id }", input).await.text("/comment/id")
    }

    async fn talk_in_shared(&mut self) {
        let (globex, initech) = (Some("globex"), Some("initech"));
        let item = self.items.iter().find(|(_, secret)| *secret == Secret::Content("shared")).unwrap().0.clone();
        let thread = self.begin("devi", None, "shared", json!({ "itemId": item, "mentions": [self.who("lena").id] })).await;
        self.reply("lena", globex, &thread, &["walt", "ines"]).await;
        self.reply("ines", initech, &thread, &["petra"]).await;
        self.act("pavel", "resolveCommentThread", json!({ "commentId": thread.id })).await;
        let thread = self.begin("pavel", globex, "shared", json!({})).await;
        self.reply("ward", None, &thread, &["pavel"]).await;
        self.act("pavel", "deleteComment", json!({ "commentId": thread.id })).await;
    }

    /// Threads that partners of one organization began or took part in, and those of another know nothing of.
    async fn talk_among_several(&mut self) {
        let (globex, initech, umbrella) = (Some("globex"), Some("initech"), Some("umbrella"));
        let common = self.begin("devi", None, "multi", json!({})).await;
        self.reply("gina", globex, &common, &["gil", "devi"]).await;
        self.reply("iris", initech, &common, &["ivan"]).await;
        self.reply("una", umbrella, &common, &["paula"]).await;
        self.reply("paula", None, &common, &["una", "gina", "iris"]).await;
        self.act("iris", "resolveCommentThread", json!({ "commentId": common.id })).await;
        for (one, other, organization) in [("gina", "gil", globex), ("iris", "ivan", initech)] {
            let own = self.begin(one, organization, "multi", json!({ "mentions": [self.who("devi").id] })).await;
            self.reply(other, organization, &own, &[one]).await;
            let answer = self.reply("devi", None, &own, &[one, other]).await;
            let body = self.secrets.mark("talk", Secret::Said { workspace: "multi", organization: None, thread: organization });
            self.act("devi", "editComment", json!({ "commentId": answer, "body": body })).await;
            self.act(other, "resolveCommentThread", json!({ "commentId": own.id })).await;
        }
        let alone = self.begin("una", umbrella, "multi", json!({})).await;
        let answer = self.reply("una", umbrella, &alone, &["devi"]).await;
        self.act("una", "deleteComment", json!({ "commentId": answer })).await;
        // Of one that was deleted nothing is left but its replies, which not everybody may read.
        let emptied = self.begin("devi", None, "multi", json!({})).await;
        self.reply("una", umbrella, &emptied, &[]).await;
        self.act("devi", "deleteComment", json!({ "commentId": emptied.id })).await;
    }

    async fn talk_elsewhere(&mut self) {
        let umbrella = Some("umbrella");
        let thread = self.begin("dora", None, "third", json!({ "mentions": [self.who("paul").id] })).await;
        self.reply("paul", umbrella, &thread, &["dora"]).await;
        for (workspace, by) in [("private", "dora"), ("public", "sam"), ("personal", "devi"), ("foreign_partner", "zack")] {
            self.begin(by, None, workspace, json!({})).await;
        }
    }

    /// Somebody edits each collection, so that those who watch it are told.
    async fn edit_everything(&mut self) {
        for (workspace, by) in [("shared", "lena"), ("shared", "perla"), ("multi", "devi"), ("third", "paul"), ("private", "dora")] {
            self.edit_in(workspace, by).await;
        }
    }

    /// An edit of the collection of a workspace.
    pub async fn edit_in(&mut self, workspace: &'static str, by: &str) {
        let secret = Secret::Content(workspace);
        let folder = self.items.iter().find(|(_, of)| *of == secret).unwrap().0.clone();
        self.edit(by, &self.collections[workspace].clone(), &folder, &secret).await;
    }

    /// A workspace that is gone, with collections of one who may still know of theirs and of one who may not.
    async fn delete_a_workspace(&mut self) {
        self.make_workspace(GONE, "acme", "paula", "PARTNER").await;
        self.invite(GONE, "paula", "dora", "EDITOR").await;
        self.seed_grant("acme", GONE, "paul", "umbrella", "EDITOR", false).await;
        for by in ["paul", "dora", "paula"] {
            self.make_collection(GONE, by, &Secret::Own(by)).await;
        }
        let workspace = self.workspaces[GONE].clone();
        let input = json!({ "workspaceId": workspace, "visibility": "PRIVATE", "removePartners": true });
        self.act("paula", "changeWorkspaceVisibility", input).await;
        self.act("paula", "deleteWorkspace", json!({ "workspaceId": workspace })).await;
    }

    /// What is hidden goes on: there are more of everything than before.
    pub async fn grow_elements(&mut self) {
        for workspace in ["new_private", "private"] {
            let secret = Secret::Content(workspace);
            let by = if workspace == "private" { "dora" } else { "sam" };
            let made = self.make_collection(workspace, by, &secret).await;
            self.collections.entry(workspace).or_insert(made);
            self.make_environment(workspace, by).await;
            self.throw_away(workspace, by).await;
            self.begin(by, None, workspace, json!({})).await;
        }
        // What is hidden although it is about something that others can open.
        self.begin("sam", None, "public", json!({})).await;
        self.act("devi", "watchElement", json!({ "elementId": self.collections["shared"] })).await;
        self.seed_monitor("acme", "new_private", "devi", &self.collections["shared"].clone()).await;
        self.seed_monitor("acme", "new_private", "devi", &self.collections["multi"].clone()).await;
        self.give("sam", "shared", json!({ "groupId": self.groups["shared of another of the team"] }), "EDITOR").await;
    }

    /// A partner says something that those of other organizations do not read in multi-partner mode.
    pub async fn grow_comments_among_several(&mut self) {
        let thread = self.begin("una", Some("umbrella"), "multi", json!({})).await;
        self.reply("devi", None, &thread, &["una"]).await;
        self.act("una", "resolveCommentThread", json!({ "commentId": thread.id })).await;
    }

    /// People work on, while others follow.
    pub async fn go_on_with_elements(&mut self) {
        for (workspace, by) in [("shared", "devi"), ("multi", "devi"), ("private", "dora"), ("third", "dora")] {
            self.edit_in(workspace, by).await;
            self.make_environment(workspace, by).await;
            self.throw_away(workspace, by).await;
            self.begin(by, None, workspace, json!({})).await;
        }
        for fork in self.forks.clone() {
            let by = if self.forks.last() == Some(&fork) { "lena" } else { "devi" };
            if fork != self.forks[2] {
                self.act(by, "pullChanges", json!({ "forkId": fork, "resolveAll": "PARENT" })).await;
            }
        }
        self.act("devi", "mergeFork", json!({ "forkId": self.forks[0] })).await;
        for (by, organization) in [("una", "umbrella"), ("gina", "globex"), ("iris", "initech")] {
            let thread = self.begin(by, Some(organization), "multi", json!({})).await;
            self.reply("paula", None, &thread, &[by]).await;
        }
        let (una, iris) = (json!({ "userId": self.who("una").id }), json!({ "userId": self.who("iris").id }));
        self.give("devi", "multi", una, "VIEWER").await;
        self.give("devi", "multi", iris, "VIEWER").await;
        self.give("devi", "shared", json!({ "groupId": self.groups["shared of the team"] }), "VIEWER").await;
    }

    /// Makes a monitor of a collection that is elsewhere, as whoever is in both places does.
    pub async fn seed_monitor(&mut self, team: &str, workspace: &'static str, by: &str, collection: &str) {
        let name = self.secrets.mark("monitor", Secret::Content(workspace));
        let text = "INSERT INTO related_item (id, team_id, workspace_id, element_id, kind, name, state, created_by, created_at, updated_at)
                    VALUES ($1, $2, $3, $4, 'MONITOR', $5, 'ACTIVE', $6, 1, 1)";
        let [team, workspace, by] = [&self.teams[team], &self.workspaces[workspace], &self.who(by).id].map(|id| uuid_of(id).into());
        self.direct.run(text, vec![fresh().into(), team, workspace, uuid_of(collection).into(), name.into(), by]).await;
    }
}
