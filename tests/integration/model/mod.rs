//! Random stories of grants, groups, terms and removals, told to a server and to a [simple model](rules) of the rules: after each step
//! everybody sees the same in both.

mod rules;

use crate::invitations::mailed_token;
use crate::support::app::{Answer, run};
use crate::support::{Kind as Database, Person, TestApp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rules::{Grant, Kind, Model, OPEN_TO_TEAM, Role, Subject};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const SAM: usize = 0;
const PAULA: usize = 1;

/// Name, domain, what they are.
const PEOPLE: &[(&str, &str, Kind)] = &[
    ("Sam", "acme.example", Kind::SuperAdmin),
    ("Paula", "acme.example", Kind::PartnerManager),
    ("Mia", "acme.example", Kind::Member),
    ("Max", "acme.example", Kind::Member),
    ("Gil", "globex.example", Kind::Partner(0)),
    ("Gus", "globex.example", Kind::Partner(0)),
    ("Ivo", "initech.example", Kind::Partner(1)),
];

#[derive(Debug, Clone)]
enum Step {
    Invite { by: usize, workspace: usize, whom: usize, role: Role, lead: bool, term: Option<u32> },
    InviteGroup { workspace: usize, partners: bool, role: Role },
    RemoveGroup { workspace: usize, partners: bool },
    SetRole { by: usize, workspace: usize, whom: usize, role: Role },
    Remove { by: usize, workspace: usize, whom: usize },
    Leave { workspace: usize, whom: usize },
    Join { partners: bool, whom: usize },
    Quit { partners: bool, whom: usize },
    RemoveFromTeam { whom: usize },
    AddToTeam { whom: usize },
    SetMode { workspace: usize, multi: bool },
    Advance { days: u32 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = || 0..PEOPLE.len();
    let other = || 2..PEOPLE.len();
    let workspace = || 0..=OPEN_TO_TEAM;
    let role = || prop_oneof![Just(Role::Viewer), Just(Role::Editor), Just(Role::Admin)];
    let step = prop_oneof![
        6 => (person(), workspace(), other(), role(), any::<bool>(), proptest::option::of(1u32..5))
            .prop_map(|(by, workspace, whom, role, lead, term)| Step::Invite { by, workspace, whom, role, lead, term }),
        4 => (workspace(), other(), role(), any::<bool>(), proptest::option::of(1u32..5))
            .prop_map(|(workspace, whom, role, lead, term)| Step::Invite { by: PAULA, workspace, whom, role, lead, term }),
        2 => (workspace(), any::<bool>(), role()).prop_map(|(workspace, partners, role)| Step::InviteGroup { workspace, partners, role }),
        1 => (workspace(), any::<bool>()).prop_map(|(workspace, partners)| Step::RemoveGroup { workspace, partners }),
        3 => (person(), workspace(), other(), role()).prop_map(|(by, workspace, whom, role)| Step::SetRole { by, workspace, whom, role }),
        2 => (person(), workspace(), other()).prop_map(|(by, workspace, whom)| Step::Remove { by, workspace, whom }),
        1 => (workspace(), other()).prop_map(|(workspace, whom)| Step::Leave { workspace, whom }),
        3 => (any::<bool>(), other()).prop_map(|(partners, whom)| Step::Join { partners, whom }),
        1 => (any::<bool>(), other()).prop_map(|(partners, whom)| Step::Quit { partners, whom }),
        1 => other().prop_map(|whom| Step::RemoveFromTeam { whom }),
        1 => other().prop_map(|whom| Step::AddToTeam { whom }),
        1 => (0..OPEN_TO_TEAM, any::<bool>()).prop_map(|(workspace, multi)| Step::SetMode { workspace, multi }),
        2 => (1u32..4).prop_map(|days| Step::Advance { days }),
    ];
    proptest::collection::vec(step, 30)
}

struct Server {
    app: TestApp,
    ada: Person,
    people: Vec<Person>,
    team: String,
    workspaces: Vec<String>,
    team_group: String,
    globex_group: String,
}

const fn name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "VIEWER",
        Role::Editor => "EDITOR",
        Role::Admin => "ADMIN",
    }
}

impl Server {
    async fn start(app: TestApp) -> (Self, Model) {
        let ada = app.person("Ada").await;
        let mut people = Vec::new();
        for (name, domain, _) in PEOPLE {
            people.push(app.person_at(name, &format!("{}@{domain}", name.to_lowercase())).await);
        }
        let roles: [&[&str]; 4] = [&["SUPER_ADMIN"], &["PARTNER_MANAGER"], &["DEVELOPER"], &["DEVELOPER"]];
        let members: Vec<(&Person, &[&str])> = people.iter().zip(roles).collect();
        let team = app.team(&ada, &members).await;
        let mut workspaces = Vec::new();
        for (name, visibility) in [("One", "PARTNER"), ("Two", "PARTNER"), ("Open", "TEAM")] {
            workspaces.push(people[PAULA].workspace(&team, name, visibility).await);
        }
        let globex = people[PAULA]
            .mutate("createOrganization", "organization { id }", json!({ "teamId": team, "name": "Globex", "domains": ["globex.example"] }))
            .await;
        let group = async |input: Value| ada.mutate("createGroup", "group { id }", input).await.text("/group/id");
        let team_group = group(json!({ "teamId": team, "name": "T", "side": "TEAM" })).await;
        let globex_group =
            group(json!({ "teamId": team, "name": "G", "side": "PARTNER", "organizationId": globex.text("/organization/id") })).await;
        let admin = |workspace| Grant { workspace, subject: Subject::One(PAULA), role: Role::Admin, lead: false, ends: None };
        let model = Model {
            kinds: PEOPLE.iter().map(|(.., kind)| *kind).collect(),
            in_team: (0..4).collect(),
            grants: (0..=OPEN_TO_TEAM).map(admin).collect(),
            team_group: [].into(),
            globex_group: [].into(),
            multi: (0..=OPEN_TO_TEAM).map(|workspace| (workspace, false)).collect(),
            day: 0,
        };
        app.mails().await;
        (Self { app, ada, people, team, workspaces, team_group, globex_group }, model)
    }

    /// The id of somebody's own grant, as the Super Admin sees it.
    async fn member(&self, workspace: usize, subject: &str) -> Option<String> {
        let query = "query($id: ID!) { workspace(id: $id) { members(first: 50) { nodes { id subject { ... on User { userId: id } ... on Group { groupId: id } } } } } }";
        let answer = self.people[SAM].ask(query, json!({ "id": self.workspaces[workspace] })).await;
        let found = answer
            .list("/workspace/members/nodes")
            .iter()
            .find(|node| node["subject"]["userId"] == subject || node["subject"]["groupId"] == subject);
        found.map(|node| node["id"].as_str().unwrap().to_owned())
    }

    /// Invites somebody of either side, and has them accept. Whether they hold a grant by it.
    async fn invite(&self, by: usize, workspace: usize, invitee: Value, role: Role, partner: Option<(bool, Option<u32>)>) -> bool {
        let mut input = json!({ "workspaceId": self.workspaces[workspace], "invitees": [invitee], "role": name(role) });
        let mut mutation = "inviteTeamMembers";
        if let Some((lead, term)) = partner {
            mutation = "invitePartners";
            input["partnerLead"] = json!(lead);
            input["accessExpiresAt"] = json!(term.map(|days| self.app.moment(Duration::from_hours(24 * u64::from(days)))));
        }
        let answer = self.people[by].mutate(mutation, "results { outcome }", input).await;
        if !answer.is_ok() {
            return false;
        }
        match answer.text("/results/0/outcome").as_str() {
            "ADDED" => true,
            "INVITED" => {
                let email = invitee["email"].as_str().unwrap();
                let whom = self.people.iter().find(|person| person.email == email).unwrap();
                let token = mailed_token(&self.app, email).await;
                let accepted = whom.mutate("acceptInvitation", "member { id }", json!({ "token": token })).await;
                assert!(accepted.is_ok(), "{accepted:?}");
                true
            }
            _ => false,
        }
    }

    async fn group(&self, mutation: &str, partners: bool, whom: usize) -> Answer {
        let group = if partners { &self.globex_group } else { &self.team_group };
        self.ada.mutate(mutation, "group { id }", json!({ "groupId": group, "userIds": [self.people[whom].id] })).await
    }

    /// What everybody finds in their list, compared.
    async fn agrees_with(&self, model: &Model, after: &Step) {
        for (place, person) in self.people.iter().enumerate() {
            let answer =
                person.ask("{ viewer { workspaces(first: 10) { nodes { id viewerRole viewerIsPartnerLead } } } }", json!({})).await;
            let found: BTreeMap<usize, (Option<String>, bool)> = answer
                .list("/viewer/workspaces/nodes")
                .iter()
                .map(|node| {
                    let workspace = self.workspaces.iter().position(|id| node["id"] == id.as_str()).unwrap();
                    (workspace, (node["viewerRole"].as_str().map(str::to_owned), node["viewerIsPartnerLead"].as_bool().unwrap()))
                })
                .collect();
            let expected: BTreeMap<usize, (Option<String>, bool)> = model
                .list(place)
                .into_iter()
                .map(|(workspace, (role, lead))| (workspace, (role.map(|role| name(role).to_owned()), lead)))
                .collect();
            assert_eq!(found, expected, "{} after {after:?}\n{model:?}", PEOPLE[place].0);
            for (workspace, id) in self.workspaces.iter().enumerate() {
                let opens = person.ask("query($id: ID!) { workspace(id: $id) { id } }", json!({ "id": id })).await.is_ok();
                assert_eq!(opens, expected.contains_key(&workspace), "{} and {workspace} after {after:?}", PEOPLE[place].0);
            }
        }
    }
}

#[expect(clippy::too_many_lines, reason = "an arm for each kind of step, told in a row")]
async fn take(server: &Server, model: &mut Model, step: &Step) {
    let person = |whom: usize| server.people[whom].id.clone();
    match *step {
        Step::Invite { by, workspace, whom, role, lead, term } => {
            let partner = model.is_partner(whom);
            let held = model.own_grant(whom, workspace).is_some();
            let may = if partner {
                let managed = model.manages(by, workspace) || model.leads(by, workspace, whom, role, lead);
                managed && model.fits_partner(workspace, role)
            } else {
                // Whoever may take people into the team invites strangers too, who come into it by accepting.
                model.manages(by, workspace) && (model.in_team.contains(&whom) || by == SAM)
            };
            let given =
                server.invite(by, workspace, json!({ "email": server.people[whom].email }), role, partner.then_some((lead, term))).await;
            assert_eq!(given, may && !held, "{step:?}\n{model:?}");
            if given {
                model.in_team.insert(whom);
                let ends = term.filter(|_| partner).map(|days| model.day + days);
                model.give(Grant { workspace, subject: Subject::One(whom), role, lead: partner && lead, ends });
            }
        }
        Step::InviteGroup { workspace, partners, role } => {
            let subject = if partners { Subject::Globex } else { Subject::Team };
            let group = if partners { &server.globex_group } else { &server.team_group };
            let held = model.grants.iter().any(|grant| grant.workspace == workspace && grant.subject == subject);
            let may = !held && (!partners || model.fits_partner(workspace, role));
            let given = server.invite(SAM, workspace, json!({ "groupId": group }), role, partners.then_some((false, None))).await;
            assert_eq!(given, may, "{step:?}\n{model:?}");
            if given {
                model.give(Grant { workspace, subject, role, lead: false, ends: None });
            }
        }
        Step::RemoveGroup { workspace, partners } => {
            let (subject, group) = if partners { (Subject::Globex, &server.globex_group) } else { (Subject::Team, &server.team_group) };
            let Some(member) = server.member(workspace, group).await else { return };
            assert!(server.people[SAM].mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await.is_ok());
            model.end(workspace, subject);
            model.let_idle_partners_go();
        }
        Step::SetRole { by, workspace, whom, role } => {
            let Some(member) = server.member(workspace, &person(whom)).await else { return };
            let held = model.own_grant(whom, workspace).unwrap();
            let is_lead = model.grant(whom, workspace).is_some_and(|(_, lead)| lead);
            let may = if model.is_partner(whom) {
                let led = model.leads(by, workspace, whom, role.max(counted(model, workspace, held.role)), is_lead);
                (model.manages(by, workspace) || led) && model.fits_partner(workspace, role)
            } else {
                model.manages(by, workspace)
            };
            let answer =
                server.people[by].mutate("updateWorkspaceMember", "member { id }", json!({ "memberId": member, "role": name(role) })).await;
            assert_eq!(answer.is_ok(), may, "{step:?} {answer:?}\n{model:?}");
            if may {
                model.end(workspace, Subject::One(whom));
                model.give(Grant { role, ..held });
            }
        }
        Step::Remove { by, workspace, whom } => {
            let Some(member) = server.member(workspace, &person(whom)).await else { return };
            let held = model.own_grant(whom, workspace).unwrap();
            let is_lead = model.grant(whom, workspace).is_some_and(|(_, lead)| lead);
            let led = model.is_partner(whom) && model.leads(by, workspace, whom, counted(model, workspace, held.role), is_lead);
            let answer = server.people[by].mutate("removeWorkspaceMember", "removedMemberId", json!({ "memberId": member })).await;
            assert_eq!(answer.is_ok(), model.manages(by, workspace) || led, "{step:?} {answer:?}\n{model:?}");
            if answer.is_ok() {
                model.end(workspace, Subject::One(whom));
                model.let_idle_partners_go();
            }
        }
        Step::Leave { workspace, whom } => {
            let answer = server.people[whom]
                .mutate("leaveWorkspace", "leftWorkspaceId", json!({ "workspaceId": server.workspaces[workspace] }))
                .await;
            assert_eq!(answer.is_ok(), model.own_grant(whom, workspace).is_some(), "{step:?} {answer:?}");
            model.end(workspace, Subject::One(whom));
            model.let_idle_partners_go();
        }
        Step::Join { partners, whom } => {
            let fits = if partners { model.kinds[whom] == Kind::Partner(0) } else { !model.is_partner(whom) };
            let answer = server.group("addGroupMembers", partners, whom).await;
            assert_eq!(answer.is_ok(), fits && model.in_team.contains(&whom), "{step:?} {answer:?}\n{model:?}");
            if answer.is_ok() {
                if partners {
                    model.globex_group.insert(whom)
                } else {
                    model.team_group.insert(whom)
                };
            }
        }
        Step::Quit { partners, whom } => {
            assert!(server.group("removeGroupMembers", partners, whom).await.is_ok());
            if partners {
                model.globex_group.remove(&whom)
            } else {
                model.team_group.remove(&whom)
            };
            model.let_idle_partners_go();
        }
        Step::RemoveFromTeam { whom } => {
            let answer = server.ada.mutate("removeFromTeam", "teamId", json!({ "teamId": server.team, "userId": person(whom) })).await;
            assert_eq!(answer.is_ok(), model.in_team.contains(&whom), "{step:?} {answer:?}");
            model.leave_team(whom);
        }
        Step::AddToTeam { whom } => {
            if model.is_partner(whom) {
                return;
            }
            let input = json!({ "teamId": server.team, "emails": [server.people[whom].email], "roles": ["DEVELOPER"] });
            assert!(server.ada.mutate("addTeamMembers", "results { outcome }", input).await.is_ok());
            model.in_team.insert(whom);
        }
        Step::SetMode { workspace, multi } => {
            let input = json!({ "workspaceId": server.workspaces[workspace], "multiPartner": multi });
            assert!(server.people[PAULA].mutate("updateWorkspace", "workspace { id }", input).await.is_ok());
            model.multi.insert(workspace, multi);
        }
        Step::Advance { days } => {
            server.app.advance(Duration::from_hours(24 * u64::from(days)));
            model.day += days;
        }
    }
}

/// A partner's role as it counts: in multi-partner mode they are Viewers only.
fn counted(model: &Model, workspace: usize, role: Role) -> Role {
    if model.multi[&workspace] { Role::Viewer } else { role }
}

fn tell_stories(database: Database) {
    let config = Config { cases: 12, max_shrink_iters: 20, failure_persistence: None, ..Config::default() };
    let told = TestRunner::new(config).run(&steps(), |steps| {
        run(database, async |app| {
            let (server, mut model) = Server::start(app).await;
            for step in &steps {
                take(&server, &mut model, step).await;
                server.agrees_with(&model, step).await;
                server.app.run_jobs().await;
                model.clear_away();
            }
            server.app.stop().await;
        });
        Ok(())
    });
    if let Err(failure) = told {
        panic!("{failure}");
    }
}

#[test]
fn the_server_and_the_rules_agree_on_sqlite() {
    tell_stories(Database::Sqlite);
}

#[test]
fn the_server_and_the_rules_agree_on_postgres() {
    tell_stories(Database::Postgres);
}
