//! Mails: over a real mail server that fails in every way, as people prefer them, and what becomes of those that cannot be delivered.

mod dead;
mod delivery;
mod digest;
mod kills;
mod preferences;
mod queue;
mod tls;
mod unsubscribe;

use crate::support::smtp::MailServer;
use crate::support::{Person, TestApp};
use serde_json::json;

/// Ada, Admin of a team that has a workspace, and whoever else she tells.
struct Office {
    ada: Person,
    team: String,
    workspace: String,
}

impl Office {
    /// Nothing is left to be mailed.
    async fn new(app: &TestApp) -> Self {
        let ada = app.person("Ada").await;
        let team = app.team(&ada, &[]).await;
        let workspace = ada.workspace(&team, "Work", "PRIVATE").await;
        app.mails().await;
        Self { ada, team, workspace }
    }

    /// Takes somebody into the team, of which they get a mail.
    async fn take_in(&self, person: &Person) {
        let input = json!({ "teamId": self.team, "emails": [person.email], "roles": ["DEVELOPER"] });
        let answer = self.ada.mutate("addTeamMembers", "results { outcome }", input).await;
        assert_eq!(answer.text("/results/0/outcome"), "ADDED");
    }

    /// Takes somebody new into the team, of which they get a mail.
    async fn newcomer(&self, app: &TestApp, name: &str) -> Person {
        let person = app.person(name).await;
        self.take_in(&person).await;
        person
    }
}

/// Who got mails, once for each.
fn recipients(server: &mut MailServer) -> Vec<String> {
    let mut to: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    to.sort();
    to
}
