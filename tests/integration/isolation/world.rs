//! The world that is walked through: a team with everything in it that one person may know and another may not.
//!
//! Every text holds a marker of its own, and every id is one. What no mutation makes yet is put into the database by the `seed_`
//! functions, one for each kind of thing.

use super::database::Direct;
use super::secrets::{Secret, Secrets};
use super::things::id_of;
use crate::support::{Person, TestApp};
use portico::app::model::TeamMember;
use portico::app::ports::NewMember;
use portico::domain::activity::SubjectRef;
use portico::domain::{Side, TeamRole, TeamRoles, Timestamp, WorkspaceRole};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// When everything that is seeded was made.
const BEFORE: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

/// A term that does not end while the test runs.
const LATER: i64 = 1_900_000_000_000_000;

/// The world, and what is secret in it.
pub struct World {
    pub app: TestApp,
    pub direct: Direct,
    pub secrets: Secrets,
    /// By the names that the test calls them.
    pub people: BTreeMap<&'static str, Person>,
    pub teams: BTreeMap<&'static str, String>,
    pub workspaces: BTreeMap<&'static str, String>,
    pub organizations: BTreeMap<&'static str, Uuid>,
    /// Groups, as `shared of globex`: by where they have a grant and whose they are.
    pub groups: BTreeMap<&'static str, String>,
    /// The collection that people work on, by workspace.
    pub collections: BTreeMap<&'static str, String>,
    /// Forks of collections.
    pub forks: Vec<String>,
    /// The ids of items of collections.
    pub items: Vec<(String, Secret)>,
}

impl World {
    pub async fn build(app: TestApp) -> Self {
        let direct = Direct::open(&app.database.url).await;
        let mut world = Self {
            app,
            direct,
            secrets: Secrets::default(),
            people: BTreeMap::new(),
            teams: BTreeMap::new(),
            workspaces: BTreeMap::new(),
            organizations: BTreeMap::new(),
            groups: BTreeMap::new(),
            collections: BTreeMap::new(),
            forks: Vec::new(),
            items: Vec::new(),
        };
        world.team_of_ada().await;
        world.shared_workspace().await;
        world.multi_partner_workspace().await;
        world.hidden_workspaces().await;
        world.others().await;
        world.elements().await;
        world
    }

    pub fn who(&self, name: &str) -> &Person {
        self.people.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// Makes an account. Name, address and id are markers.
    pub async fn meet(&mut self, name: &'static str) -> &Person {
        let text = self.secrets.mark("person", Secret::Person(name));
        let person = self.app.person(&text).await;
        self.secrets.remember(person.email.trim_end_matches("example.com").trim_end_matches('@'), Secret::Email(name));
        self.people.insert(name, person);
        self.who(name)
    }

    async fn team_of_ada(&mut self) {
        for name in ["ada", "sam", "paula", "devi", "walt", "ward", "dora", "bill", "cora"] {
            self.meet(name).await;
        }
        self.make_team("acme", "ada").await;
        for (name, role) in [
            ("sam", "SUPER_ADMIN"),
            ("paula", "PARTNER_MANAGER"),
            ("devi", "DEVELOPER"),
            ("walt", "DEVELOPER"),
            ("ward", "DEVELOPER"),
            ("dora", "DEVELOPER"),
            ("bill", "BILLING"),
            ("cora", "COMMUNITY_MANAGER"),
        ] {
            self.join("acme", "ada", name, role).await;
        }
        for organization in ["globex", "initech", "umbrella"] {
            self.seed_organization("acme", organization).await;
        }
        let name = self.secrets.mark("token", Secret::Own("dora"));
        let made = self.who("dora").mutate("createAccessToken", "token", json!({ "name": name })).await;
        assert!(made.is_ok(), "{made:?}");
    }

    pub async fn make_team(&mut self, team: &'static str, founder: &str) {
        let (name, slug) = (self.secrets.mark("team", Secret::Team(team)), self.secrets.mark("slug", Secret::Team(team)).to_lowercase());
        let input = json!({ "name": name, "slug": slug });
        let id = self.who(founder).mutate("createTeam", "team { id }", input).await.text("/team/id");
        self.teams.insert(team, id);
    }

    pub async fn join(&self, team: &str, admin: &str, person: &str, role: &str) {
        let input = json!({ "teamId": self.teams[team], "emails": [self.who(person).email], "roles": [role] });
        let answer = self.who(admin).mutate("addTeamMembers", "results { outcome }", input).await;
        assert_eq!(answer.text("/results/0/outcome"), "ADDED", "{answer:?}");
    }

    /// Makes a workspace whose every text is a marker. Answers the request, where one was made.
    pub async fn make_workspace(&mut self, workspace: &'static str, team: &str, by: &'static str, visibility: &str) -> Option<String> {
        let content = Secret::Content(workspace);
        let input = json!({
            "teamId": self.teams[team],
            "name": self.secrets.mark("name", Secret::WorkspaceName(workspace)),
            "summary": self.secrets.mark("summary", content.clone()),
            "description": self.secrets.mark("description", content),
            "visibility": visibility,
            "note": self.secrets.mark("note", Secret::Request(Some(by))),
        });
        let answer = self.who(by).mutate("createWorkspace", "workspace { id } request { id }", input).await;
        self.workspaces.insert(workspace, answer.text("/workspace/id"));
        answer.at("/request/id").as_str().map(str::to_owned)
    }

    async fn shared_workspace(&mut self) {
        let request = self.make_workspace("shared", "acme", "devi", "PARTNER").await;
        let comment = self.secrets.mark("comment", Secret::Request(None));
        self.act("paula", "approveRequest", json!({ "requestId": request, "comment": comment })).await;
        self.invite("shared", "devi", "walt", "VIEWER").await;
        for name in ["lena", "lars", "petra", "pavel", "perla", "ines", "fred"] {
            self.meet(name).await;
        }
        for (name, role, lead) in [
            ("lena", "EDITOR", true),
            ("lars", "VIEWER", true),
            ("petra", "VIEWER", false),
            ("pavel", "VIEWER", false),
            ("perla", "VIEWER", false),
            ("fred", "VIEWER", false),
        ] {
            self.seed_partner("acme", name, "globex").await;
            self.seed_grant("acme", "shared", name, "globex", role, lead).await;
        }
        self.seed_partner("acme", "ines", "initech").await;
        for (organization, people, called) in [
            (Some("initech"), "ines", "shared of initech"),
            (Some("globex"), "petra", "shared of globex"),
            (None, "ward", "shared of the team"),
            (None, "ward", "shared of another of the team"),
        ] {
            let group = self.seed_group("acme", organization, &[people], Some("shared")).await;
            self.groups.insert(called, group);
        }
        self.seed_group("acme", None, &["bill", "dora"], None).await;
        self.seed_invitation("acme", "shared", "devi", Some("globex")).await;
        self.seed_invitation("acme", "shared", "devi", Some("umbrella")).await;
        self.seed_invitation("acme", "shared", "devi", None).await;
        self.act("devi", "updateWorkspaceMember", json!({ "memberId": self.grant("shared", "petra").await, "role": "EDITOR" })).await;
        self.act("devi", "removeWorkspaceMember", json!({ "memberId": self.grant("shared", "fred").await })).await;
    }

    async fn multi_partner_workspace(&mut self) {
        self.make_workspace("multi", "acme", "paula", "PARTNER").await;
        self.invite("multi", "paula", "devi", "ADMIN").await;
        for (name, organization, lead) in [
            ("gil", "globex", true),
            ("gina", "globex", false),
            ("ivan", "initech", true),
            ("iris", "initech", false),
            ("una", "umbrella", false),
        ] {
            self.meet(name).await;
            self.seed_partner("acme", name, organization).await;
            self.seed_grant("acme", "multi", name, organization, "EDITOR", lead).await;
            // Something about each of them to be read in the activity.
            self.act("devi", "updateWorkspaceMember", json!({ "memberId": self.grant("multi", name).await, "role": "VIEWER" })).await;
        }
        let group = self.seed_group("acme", Some("umbrella"), &[], Some("multi")).await;
        self.groups.insert("multi of umbrella", group);
        self.act("paula", "updateWorkspace", json!({ "workspaceId": self.workspaces["multi"], "multiPartner": true })).await;
    }

    async fn hidden_workspaces(&mut self) {
        self.make_workspace("third", "acme", "paula", "PARTNER").await;
        self.invite("third", "paula", "dora", "EDITOR").await;
        self.meet("paul").await;
        self.seed_partner("acme", "paul", "umbrella").await;
        self.seed_grant("acme", "third", "paul", "umbrella", "EDITOR", false).await;
        self.make_workspace("personal", "acme", "devi", "PERSONAL").await;
        self.make_workspace("private", "acme", "dora", "PRIVATE").await;
        self.invite("private", "dora", "bill", "VIEWER").await;
        self.make_workspace("open", "acme", "dora", "TEAM").await;
        let note = self.secrets.mark("note", Secret::Request(Some("dora")));
        let input = json!({ "workspaceId": self.workspaces["open"], "visibility": "PARTNER", "note": note });
        self.act("dora", "changeWorkspaceVisibility", input).await;
        self.make_workspace("public", "acme", "sam", "PUBLIC").await;
    }

    async fn others(&mut self) {
        for name in ["zoe", "zack", "zita", "olga"] {
            self.meet(name).await;
        }
        self.make_team("foreign", "zoe").await;
        self.join("foreign", "zoe", "zack", "PARTNER_MANAGER").await;
        self.make_workspace("foreign_private", "foreign", "zoe", "PRIVATE").await;
        self.make_workspace("foreign_partner", "foreign", "zack", "PARTNER").await;
        self.seed_organization("foreign", "zita's").await;
        self.seed_partner("foreign", "zita", "zita's").await;
        self.seed_grant("foreign", "foreign_partner", "zita", "zita's", "EDITOR", true).await;
        self.make_team("olga's", "olga").await;
        self.make_workspace("olga's", "olga's", "olga", "PRIVATE").await;
        let note = self.secrets.mark("note", Secret::Request(Some("olga")));
        let input = json!({ "workspaceId": self.workspaces["olga's"], "visibility": "PUBLIC", "note": note });
        self.act("olga", "changeWorkspaceVisibility", input).await;
    }

    pub async fn invite(&self, workspace: &str, by: &str, person: &str, role: &str) -> String {
        self.who(by).invite(&self.workspaces[workspace], self.who(person), role).await
    }

    /// Does something that must succeed.
    pub async fn act(&self, who: &str, mutation: &str, input: Value) {
        let answer = self.who(who).mutate(mutation, "__typename", input).await;
        assert!(answer.is_ok(), "{who} {mutation}: {}", answer.body);
    }

    /// The id of somebody's own grant in a workspace.
    pub async fn grant(&self, workspace: &str, person: &str) -> String {
        let (workspace, user) = (self.workspaces[workspace].parse().unwrap(), self.who(person).id.parse().unwrap());
        let found = self.app.parts.app.queries().find_member_of(workspace, user, self.app.parts.app.now()).await.unwrap();
        found.unwrap_or_else(|| panic!("{person} has no grant")).id.to_string()
    }

    async fn seed_organization(&mut self, team: &str, organization: &'static str) {
        let id = fresh();
        let name = self.secrets.mark("organization", Secret::Organization(organization));
        let domain = self.secrets.mark("domain", Secret::Domain(organization)).to_lowercase() + ".example";
        let team = uuid_of(&self.teams[team]);
        let text = "INSERT INTO organization (id, team_id, name, name_key, created_at) VALUES ($1, $2, $3, $4, 1)";
        self.direct.run(text, vec![id.into(), team.into(), name.as_str().into(), name.to_lowercase().into()]).await;
        let text = "INSERT INTO organization_domain (team_id, domain, organization_id) VALUES ($1, $2, $3)";
        self.direct.run(text, vec![team.into(), domain.into(), id.into()]).await;
        self.organizations.insert(organization, id);
    }

    /// Makes somebody a partner of a team, as accepting an invitation does.
    pub async fn seed_partner(&self, team: &str, person: &str, organization: &str) {
        let member = TeamMember {
            id: type_safe_id::TypeSafeId::from_uuid(fresh()),
            team_id: self.teams[team].parse().unwrap(),
            user_id: self.who(person).id.parse().unwrap(),
            roles: TeamRoles::NONE.with(TeamRole::Partner),
            organization_id: Some(type_safe_id::TypeSafeId::from_uuid(self.organizations[organization])),
            joined_at: BEFORE,
        };
        let tx = self.app.parts.app.store.begin().await.unwrap();
        assert!(tx.insert_team_member(&member).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Gives a partner a grant, as accepting an invitation does.
    pub async fn seed_grant(&self, team: &str, workspace: &str, person: &str, organization: &str, role: &str, partner_lead: bool) {
        let subject = SubjectRef::Person { user_id: self.who(person).id.parse().unwrap() };
        self.seed_member(team, workspace, subject, Some(organization), role.parse().unwrap(), partner_lead).await;
    }

    async fn seed_member(
        &self,
        team: &str,
        workspace: &str,
        subject: SubjectRef,
        organization: Option<&str>,
        role: WorkspaceRole,
        partner_lead: bool,
    ) {
        let member = NewMember {
            id: type_safe_id::TypeSafeId::from_uuid(fresh()),
            team_id: self.teams[team].parse().unwrap(),
            workspace_id: self.workspaces[workspace].parse().unwrap(),
            subject,
            side: if organization.is_some() { Side::Partner } else { Side::Team },
            role,
            partner_lead,
            organization_id: organization.map(|organization| type_safe_id::TypeSafeId::from_uuid(self.organizations[organization])),
            granted_by: self.who("paula").id.parse().unwrap(),
            granted_at: BEFORE,
            expires_at: None,
        };
        let tx = self.app.parts.app.store.begin().await.unwrap();
        assert!(tx.insert_member(&member).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Makes a group of these people, with a grant in a workspace.
    pub async fn seed_group(&mut self, team: &str, organization: Option<&'static str>, people: &[&str], workspace: Option<&str>) -> String {
        let id = fresh();
        let name = self.secrets.mark("group", Secret::Group(organization));
        let side = if organization.is_some() { "PARTNER" } else { "TEAM" };
        let team_id = uuid_of(&self.teams[team]);
        let of = organization.map(|organization| self.organizations[organization]);
        let text = r#"INSERT INTO "group" (id, team_id, name, name_key, side, organization_id, created_by, created_at)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, 1)"#;
        let by = uuid_of(&self.who("ada").id);
        let values = vec![id.into(), team_id.into(), name.as_str().into(), name.to_lowercase().into(), side.into(), of.into(), by.into()];
        self.direct.run(text, values).await;
        for person in people {
            let text = "INSERT INTO group_member (group_id, user_id, team_id, added_at) VALUES ($1, $2, $3, 1)";
            self.direct.run(text, vec![id.into(), uuid_of(&self.who(person).id).into(), team_id.into()]).await;
        }
        if let Some(workspace) = workspace {
            let subject = SubjectRef::Group { group_id: type_safe_id::TypeSafeId::from_uuid(id) };
            self.seed_member(team, workspace, subject, organization, WorkspaceRole::Viewer, false).await;
        }
        id_of("group", id)
    }

    /// Leaves an invitation open, to an address that is a marker.
    pub async fn seed_invitation(&mut self, team: &str, workspace: &'static str, by: &str, organization: Option<&'static str>) {
        let invited = Secret::Invitation { workspace, organization };
        let email = self.secrets.mark("invited", invited.clone()).to_lowercase() + "@example.org";
        let message = self.secrets.mark("message", invited);
        let text =
            "INSERT INTO invitation (id, team_id, workspace_id, workspace_name, email, email_key, side, role, team_roles, partner_lead,
                        organization_id, message, status, secret_hash, invited_by, created_at, expires_at)
                    VALUES ($1, $2, $3, 'gone', $4, $4, $5, 'VIEWER', 0, FALSE, $6, $7, 'PENDING', $8, $9, 1, $10)";
        let values = vec![
            fresh().into(),
            uuid_of(&self.teams[team]).into(),
            uuid_of(&self.workspaces[workspace]).into(),
            email.into(),
            if organization.is_some() { "PARTNER" } else { "TEAM" }.into(),
            organization.map(|organization| self.organizations[organization]).into(),
            message.into(),
            vec![7_u8; 32].into(),
            uuid_of(&self.who(by).id).into(),
            LATER.into(),
        ];
        self.direct.run(text, values).await;
    }
}

/// The bare id inside of one as clients know it.
pub fn uuid_of(id: &str) -> Uuid {
    let (prefix, _) = id.rsplit_once('_').unwrap();
    let dynamic: type_safe_id::TypeSafeId<type_safe_id::DynamicType> = id.parse().unwrap_or_else(|_| panic!("{prefix} is no kind of id"));
    dynamic.uuid()
}

/// An id that nothing else has.
pub fn fresh() -> Uuid {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::SeqCst)) | 0x0188_8888_0000_7000_8000_0000_0000_0000)
}
