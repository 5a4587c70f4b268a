//! What comes by itself, while others act.

use super::asking::{Ask, Walker};
use super::things::never;
use super::values::KINDS;
use super::world::World;
use crate::support::socket::{Event, Socket};
use serde_json::{Value, json};
use std::time::Duration;

/// After this long without an event, no more are waited for.
const SILENCE: Duration = Duration::from_millis(300);

/// What one person is told, and where.
pub struct Followed {
    shown: String,
    socket: Socket,
    /// Whether something is bound to come.
    is_busy: bool,
}

impl Walker<'_> {
    /// Opens every subscription with every id. Those to what is hidden are refused as if it had never been; the others stay open.
    pub async fn follow_everything(&self) -> Vec<Followed> {
        let mut followed = Vec::new();
        for field in &self.documents.schema.get(&self.documents.schema.subscription).fields {
            self.documents.tried(&self.documents.schema.subscription, &field.name);
            let selection = self.documents.selection(&field.shape.name, 2);
            self.documents.sent(&selection);
            let Some(argument) = field.arguments.iter().find(|argument| argument.shape.name == "ID") else {
                let ask = Ask::new(format!("subscription {{ {} {{ {} }} }}", field.name, selection.text), json!({}));
                followed.push(Followed { socket: self.open(&ask).await, shown: ask.shown(), is_busy: false });
                continue;
            };
            let head = format!("subscription($id: ID!) {{ {}({}: $id) {{ {} }} }}", field.name, argument.name, selection.text);
            let ask = |id: &str| Ask::new(head.clone(), json!({ "id": id }));
            for kind in KINDS {
                let things = self.things.iter().filter(|thing| thing.kind == *kind);
                let absent = self.refusal(&ask(&never(kind))).await;
                for thing in things.take(if *kind == "workspace" { usize::MAX } else { 1 }) {
                    let ask = ask(&thing.id);
                    let is_home = self.actor.workspace.is_some_and(|home| self.world.workspaces[home] == thing.id);
                    if is_home {
                        followed.push(Followed { socket: self.open(&ask).await, shown: ask.shown(), is_busy: true });
                    } else if !self.actor.may_open(&thing.secret) {
                        self.same(|| ask.clone(), (&self.refusal(&ask).await, &thing.id), (&absent, &never(kind)));
                    }
                }
            }
        }
        followed
    }

    async fn open(&self, ask: &Ask) -> Socket {
        Socket::subscribe(&self.world.app, &self.person, &ask.document, ask.variables.clone()).await
    }

    async fn refusal(&self, ask: &Ask) -> Value {
        match self.open(ask).await.event().await {
            Event::Error(errors) => json!({ "errors": errors }),
            other => json!(format!("{other:?}")),
        }
    }
}

/// Nothing tells when a subscription has begun.
pub async fn begun() {
    tokio::time::sleep(SILENCE).await;
}

impl Followed {
    /// Everything that came.
    pub async fn events(mut self) -> (String, Vec<Value>) {
        let mut events = Vec::new();
        if self.is_busy {
            events.push(self.socket.next().await);
        }
        while let Ok(event) = tokio::time::timeout(SILENCE, self.socket.event()).await {
            match event {
                Event::Next(value) | Event::Error(value) => events.push(value),
                Event::Complete => break,
            }
        }
        (self.shown, events)
    }
}

impl World {
    /// People act on everything, seen and hidden.
    pub async fn go_on(&mut self) {
        self.go_on_with_elements().await;
        self.act("paula", "removeWorkspaceMember", json!({ "memberId": self.grant("multi", "una").await })).await;
        self.act("devi", "updateWorkspaceMember", json!({ "memberId": self.grant("shared", "walt").await, "role": "EDITOR" })).await;
        self.act("devi", "updateWorkspaceMember", json!({ "memberId": self.grant("shared", "pavel").await, "role": "EDITOR" })).await;
        self.invite("private", "dora", "cora", "VIEWER").await;
        for (who, workspace) in [
            ("devi", "shared"),
            ("paula", "multi"),
            ("dora", "private"),
            ("devi", "personal"),
            ("dora", "open"),
            ("paula", "third"),
            ("sam", "public"),
            ("zoe", "foreign_private"),
            ("zack", "foreign_partner"),
        ] {
            let name = self.secrets.mark("name", super::secrets::Secret::WorkspaceName(workspace));
            self.act(who, "updateWorkspace", json!({ "workspaceId": self.workspaces[workspace], "name": name })).await;
        }
        self.act("cora", "leaveWorkspace", json!({ "workspaceId": self.workspaces["private"] })).await;
        self.act("zoe", "removeFromTeam", json!({ "teamId": self.teams["foreign"], "userId": self.who("zita").id })).await;
    }

    /// Things come that are hidden from everybody who walks.
    pub async fn grow(&mut self) {
        self.meet("nora").await;
        self.meet("newt").await;
        self.join("acme", "ada", "newt", "DEVELOPER").await;
        for (workspace, visibility) in [("new_private", "PRIVATE"), ("new_open", "TEAM"), ("new_partner", "PARTNER")] {
            self.make_workspace(workspace, "acme", "sam", visibility).await;
            self.invite(workspace, "sam", "devi", "EDITOR").await;
        }
        self.seed_partner("acme", "nora", "globex").await;
        self.seed_grant("acme", "new_partner", "nora", "globex", "VIEWER", true).await;
        self.seed_group("acme", None, &["newt"], Some("new_private")).await;
        self.seed_group("acme", Some("umbrella"), &[], Some("new_partner")).await;
        self.seed_invitation("acme", "new_partner", "sam", Some("globex")).await;
        self.seed_invitation("acme", "third", "paula", Some("globex")).await;
        // What only the team's own side reads in a workspace that others can open.
        let input =
            json!({ "workspaceId": self.workspaces["shared"], "role": "VIEWER", "invitees": [{ "email": "stranger@example.net" }] });
        self.act("devi", "inviteTeamMembers", input).await;
        self.grow_elements().await;
    }

    /// A partner comes whom those in multi-partner mode do not see.
    pub async fn grow_among_several(&mut self) {
        self.meet("uwe").await;
        self.seed_partner("acme", "uwe", "umbrella").await;
        self.seed_grant("acme", "multi", "uwe", "umbrella", "VIEWER", false).await;
        self.grow_comments_among_several().await;
    }
}
