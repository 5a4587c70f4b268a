//! What is secret, and who may know it: written from the specification, not from the policy.

use super::elements::GONE;
use super::world::uuid_of;
use std::collections::HashMap;
use uuid::Uuid;

/// How many digits end a marker.
pub const DIGITS: usize = 4;

/// What a marker is about. People, teams, workspaces and organizations go by the names that the test calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// The name or id of a person.
    Person(&'static str),
    /// Somebody's address.
    Email(&'static str),
    /// What only this person has: a token, a notification, a membership of a team.
    Own(&'static str),
    /// The id, name or slug of a team.
    Team(&'static str),
    /// The name of a workspace.
    WorkspaceName(&'static str),
    /// The id of a workspace, or a text in it.
    Content(&'static str),
    /// A secret value of an environment in a workspace.
    Value(&'static str),
    /// What is in the trash of a workspace.
    Trash(&'static str),
    /// A comment on something in a workspace: the organizations of the partners who wrote it and who began its thread.
    Said { workspace: &'static str, organization: Option<&'static str>, thread: Option<&'static str> },
    /// A grant in a workspace, or on an element in it.
    Grant { workspace: &'static str, organization: Option<&'static str>, of_group: bool },
    /// An entry of a workspace's activity.
    Entry { workspace: &'static str, organization: Option<&'static str>, team_only: bool },
    /// Something about an open invitation.
    Invitation { workspace: &'static str, organization: Option<&'static str> },
    /// The id or name of an organization.
    Organization(&'static str),
    /// A mail domain of an organization.
    Domain(&'static str),
    /// The id or name of a group; none: of the team's own side.
    Group(Option<&'static str>),
    /// Something about an approval request, and who made it; none: what reviewers write.
    Request(Option<&'static str>),
    /// An event in the audit log of a team.
    Audit(&'static str),
    /// What is for the server only.
    Nobody,
}

/// Somebody who walks, and all that they may know beside what is their own.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// What they are.
    pub title: &'static str,
    /// Who; none: anonymous.
    pub person: Option<&'static str>,
    /// Their organization.
    pub organization: Option<&'static str>,
    /// Whether they are Partner Lead.
    pub lead: bool,
    /// The workspace that they are a partner in.
    pub workspace: Option<&'static str>,
    /// Whether they are Editor of everything in it.
    pub edits: bool,
    /// Whether it is in multi-partner mode.
    pub narrowed: bool,
    /// The people whom they meet there, or have met.
    pub people: &'static [&'static str],
    /// The organizations of the partners among them.
    pub meets: &'static [&'static str],
    /// The workspaces whose name they were told.
    pub told: &'static [&'static str],
    /// The workspace and team that are their own.
    pub owns: Option<&'static str>,
    /// The teams that they are partner in.
    pub partner_of: Option<&'static str>,
}

/// Who has access to the shared workspace or acted in it where partners read of it. Fred was removed, which is in its history.
const SHARED: &[&str] = &["devi", "paula", "walt", "ward", "lena", "lars", "petra", "pavel", "perla", "ines", "fred"];

const SHARED_PARTNER: Actor = Actor {
    title: "",
    person: None,
    organization: Some("globex"),
    lead: false,
    workspace: Some("shared"),
    edits: false,
    narrowed: false,
    people: SHARED,
    meets: &["globex", "initech"],
    told: &[],
    owns: None,
    partner_of: Some("acme"),
};

/// Everybody who walks, and what they may know.
pub fn actors() -> Vec<Actor> {
    let multi = Actor { workspace: Some("multi"), meets: &["globex", "initech", "umbrella"], ..SHARED_PARTNER };
    let narrowed = Actor { narrowed: true, meets: &[], ..multi.clone() };
    let everybody = &["paula", "devi", "gil", "gina", "ivan", "iris", "una"];
    vec![
        Actor { title: "LEAD_EDITOR", person: Some("lena"), lead: true, edits: true, ..SHARED_PARTNER },
        Actor { title: "LEAD_VIEWER", person: Some("lars"), lead: true, ..SHARED_PARTNER },
        Actor { title: "PARTNER_EDITOR", person: Some("petra"), edits: true, ..SHARED_PARTNER },
        Actor { title: "PARTNER_VIEWER", person: Some("pavel"), ..SHARED_PARTNER },
        Actor { title: "Editor of one collection", person: Some("perla"), ..SHARED_PARTNER },
        Actor { title: "partner by a group", person: Some("ines"), organization: Some("initech"), ..SHARED_PARTNER },
        Actor { title: "Lead among several", person: Some("gil"), lead: true, people: everybody, ..multi },
        Actor { title: "another Lead", person: Some("ivan"), lead: true, people: everybody, organization: Some("initech"), ..multi },
        Actor { title: "one among several", person: Some("gina"), people: &["paula", "devi", "gil", "gina"], ..narrowed.clone() },
        Actor {
            title: "another among several",
            person: Some("iris"),
            people: &["paula", "devi", "ivan", "iris"],
            organization: Some("initech"),
            ..narrowed
        },
        Actor {
            title: "partner of another workspace",
            person: Some("paul"),
            organization: Some("umbrella"),
            workspace: Some("third"),
            edits: true,
            people: &["paula", "dora"],
            meets: &[],
            // It is gone, and they made a collection in it.
            told: &[GONE],
            ..SHARED_PARTNER
        },
        // Was told that Devi removed them from it.
        Actor { title: "former partner", person: Some("fred"), people: &["devi"], told: &["shared"], ..Actor::default() },
        Actor { title: "outsider", person: Some("olga"), owns: Some("olga's"), ..Actor::default() },
        Actor { title: "anonymous", ..Actor::default() },
    ]
}

impl Actor {
    /// Whether they may hold this in their hands.
    pub fn may_know(&self, secret: &Secret) -> bool {
        let in_sight = |organization: Option<&str>| !self.narrowed || organization.is_none() || organization == self.organization;
        match secret {
            Secret::Person(person) => self.is(person) || self.people.contains(person),
            Secret::Email(person) | Secret::Own(person) => self.is(person),
            // The public workspace says whose it is.
            Secret::Team(team) => *team == "acme" || self.owns == Some(team),
            Secret::WorkspaceName(workspace) => self.opens(workspace) || self.told.contains(workspace),
            Secret::Content(workspace) => self.opens(workspace),
            Secret::Value(workspace) => self.owns == Some(workspace) || self.workspace == Some(workspace) && self.edits,
            Secret::Trash(workspace) => self.owns == Some(workspace) || self.workspace == Some(workspace),
            Secret::Said { workspace, organization, thread } => {
                self.owns == Some(workspace) || self.workspace == Some(workspace) && in_sight(*organization) && in_sight(*thread)
            }
            Secret::Grant { workspace, organization, of_group } => {
                let grant = in_sight(*organization) && (!of_group || self.leads(*organization));
                self.owns == Some(workspace) || self.workspace == Some(workspace) && grant
            }
            Secret::Entry { workspace, organization, team_only } => {
                self.owns == Some(workspace) || self.workspace == Some(workspace) && in_sight(*organization) && !team_only
            }
            Secret::Invitation { workspace, organization } => self.workspace == Some(workspace) && self.leads(*organization),
            Secret::Organization(organization) => self.organization == Some(organization) || self.meets.contains(organization),
            Secret::Domain(organization) => self.organization == Some(organization),
            Secret::Group(organization) => self.leads(*organization),
            Secret::Request(by) => by.is_some_and(|by| self.is(by)),
            Secret::Audit(team) => self.owns == Some(team),
            Secret::Nobody => false,
        }
    }

    /// Whether the thing with this id is there for them. Who is not in a team may read its name, and cannot open it.
    pub fn may_open(&self, secret: &Secret) -> bool {
        match secret {
            Secret::Team(team) => self.partner_of == Some(team) || self.owns == Some(team),
            _ => self.may_know(secret),
        }
    }

    /// Whether the thing with this id is all their own, so that they may do what they like with it.
    pub fn owns(&self, secret: &Secret) -> bool {
        match secret {
            Secret::Person(person) | Secret::Own(person) => self.is(person),
            Secret::Team(place) | Secret::Content(place) | Secret::Trash(place) => self.owns == Some(place),
            Secret::Grant { workspace, .. } | Secret::Entry { workspace, .. } | Secret::Said { workspace, .. } => {
                self.owns == Some(workspace)
            }
            Secret::Request(by) => by.is_some_and(|by| self.is(by)),
            _ => false,
        }
    }

    fn opens(&self, workspace: &str) -> bool {
        workspace == "public" || self.workspace == Some(workspace) || self.owns == Some(workspace)
    }

    fn leads(&self, organization: Option<&str>) -> bool {
        self.lead && organization.is_some() && organization == self.organization
    }

    fn is(&self, person: &str) -> bool {
        self.person == Some(person)
    }
}

/// Something that has an id.
#[derive(Debug, Clone)]
pub struct Thing {
    /// As clients know it.
    pub id: String,
    /// The part before the last `_`.
    pub kind: &'static str,
    pub secret: Secret,
    /// The workspace that it is in.
    pub workspace: Option<String>,
}

/// Every marker, and what it is about.
#[derive(Debug, Default)]
pub struct Secrets {
    texts: HashMap<String, Secret>,
    ids: HashMap<Uuid, Secret>,
}

impl Secrets {
    /// A text that says what it is, and is found again: `MK-name-007`.
    pub fn mark(&mut self, what: &str, secret: Secret) -> String {
        let text = format!("MK-{what}-{:0DIGITS$}", self.texts.len());
        assert_eq!(text.len(), "MK--".len() + what.len() + DIGITS, "there are more markers than numbers");
        self.remember(&text, secret);
        text
    }

    /// Makes a text a marker, whatever its case; but the name of a person, which their address repeats in lower case.
    pub fn remember(&mut self, text: &str, secret: Secret) {
        if !matches!(secret, Secret::Person(_) | Secret::Email(_)) {
            self.texts.insert(text.to_lowercase(), secret.clone());
        }
        self.texts.insert(text.to_owned(), secret);
    }

    pub fn remember_ids(&mut self, things: &[Thing]) {
        self.ids.extend(things.iter().map(|thing| (uuid_of(&thing.id), thing.secret.clone())));
    }

    pub fn of_text(&self, text: &str) -> Option<&Secret> {
        self.texts.get(text)
    }

    pub fn of_id(&self, id: &Uuid) -> Option<&Secret> {
        self.ids.get(id)
    }

    /// A text that this actor may not know, to search for.
    pub fn hidden_text(&self, actor: &Actor, what: &str) -> String {
        let mut hidden: Vec<&String> = self
            .texts
            .iter()
            .filter(|(text, secret)| text.starts_with(&format!("MK-{what}-")) && !actor.may_know(secret))
            .map(|(text, _)| text)
            .collect();
        hidden.sort();
        (*hidden.last().unwrap()).clone()
    }
}
