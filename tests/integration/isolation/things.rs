//! Everything in the database that has an id.

use super::elements::GONE;
use super::secrets::{Secret, Thing};
use super::world::World;
use sea_orm::QueryResult;
use std::collections::BTreeMap;
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// Tables whose rows have no id of their own. A new table is one of them, or has an arm in [`Names::thing`].
const WITHOUT_IDS: &[&str] = &[
    "comment_mention",
    "definition",
    "digest_entry",
    "fork",
    "feed",
    "group_member",
    "idempotency_key",
    "job_lease",
    "node",
    "node_collection",
    "node_mark",
    "node_release",
    "notification_preference",
    "organization_domain",
    "pull_request_reviewer",
    "revision",
    "sign_in_code",
    "watch",
];

/// An id of a kind that was never issued.
pub fn never(kind: &str) -> String {
    format!("{kind}_01h455vb4pex5vsknk084sn02q")
}

/// An id as clients know it.
pub fn id_of(kind: &str, id: Uuid) -> String {
    TypeSafeId::from_type_and_uuid(DynamicType::new(kind).unwrap(), id).to_string()
}

impl World {
    /// Everything that has an id, as it is now.
    pub async fn things(&self) -> Vec<Thing> {
        let names = Names::of(self);
        let mut things = Vec::new();
        for table in self.direct.tables().await {
            if WITHOUT_IDS.contains(&table.as_str()) {
                continue;
            }
            assert!(self.direct.has_column(&table, "id").await, "the rows of {table} have no id: say so in WITHOUT_IDS");
            let rows = self.direct.all(&rows_of(&table)).await;
            things.extend(rows.iter().map(|row| names.thing(&table, row)));
        }
        // Items of collections have no rows.
        things.extend(self.items.iter().map(|(id, secret)| {
            let workspace = if let Secret::Content(workspace) = secret { Some(self.workspaces[workspace].clone()) } else { None };
            Thing { id: id.clone(), kind: "item", secret: secret.clone(), workspace }
        }));
        things
    }
}

/// The rows of a table, with what tells who may know of them.
fn rows_of(table: &str) -> String {
    let of_element = "JOIN element e ON e.id = x.element_id LEFT JOIN trash_entry t ON t.element_id = e.id";
    let home = "COALESCE(e.workspace_id, t.workspace_id) AS workspace_id, t.id AS trash_entry_id, e.created_by AS made_by";
    match table {
        "element" => format!(
            "SELECT x.id, {home} FROM element x JOIN element e ON e.id = x.id LEFT JOIN trash_entry t ON t.element_id = x.id ORDER BY x.id"
        ),
        "trash_entry" => format!("SELECT x.id, {home} FROM trash_entry x {of_element} ORDER BY x.id"),
        "element_grant" => format!(
            r#"SELECT x.id, x.group_id, COALESCE(g.organization_id, m.organization_id) AS organization_id, {home}
               FROM element_grant x {of_element} LEFT JOIN "group" g ON g.id = x.group_id
                   LEFT JOIN team_member m ON m.team_id = x.team_id AND m.user_id = x.user_id ORDER BY x.id"#
        ),
        "comment" => format!(
            "SELECT x.id, x.organization_id, b.organization_id AS thread_organization_id, {home}
             FROM comment x {of_element} JOIN comment b ON b.id = x.thread_id ORDER BY x.id"
        ),
        "pull_request" => format!(
            "SELECT x.id, x.organization_id, {home}
             FROM pull_request x JOIN element e ON e.id = x.parent_id LEFT JOIN trash_entry t ON t.element_id = e.id ORDER BY x.id"
        ),
        "pull_request_comment" => format!(
            "SELECT x.id, x.organization_id, p.organization_id AS thread_organization_id, {home}
             FROM pull_request_comment x JOIN pull_request p ON p.id = x.pull_request_id JOIN element e ON e.id = p.parent_id
                 LEFT JOIN trash_entry t ON t.element_id = e.id ORDER BY x.id"
        ),
        table => format!(r#"SELECT * FROM "{table}" ORDER BY id"#),
    }
}

/// What the test calls the things that the rows point at.
struct Names {
    people: BTreeMap<Uuid, &'static str>,
    teams: BTreeMap<Uuid, &'static str>,
    workspaces: BTreeMap<Uuid, &'static str>,
    organizations: BTreeMap<Uuid, &'static str>,
}

fn uuid(row: &QueryResult, column: &str) -> Option<Uuid> {
    row.try_get("", column).unwrap()
}

impl Names {
    fn of(world: &World) -> Self {
        let by_id = |(name, id): (&&'static str, &String)| (super::world::uuid_of(id), *name);
        Self {
            people: world.people.iter().map(|(name, person)| by_id((name, &person.id))).collect(),
            teams: world.teams.iter().map(by_id).collect(),
            workspaces: world.workspaces.iter().map(by_id).collect(),
            organizations: world.organizations.iter().map(|(name, id)| (*id, *name)).collect(),
        }
    }

    fn person(&self, row: &QueryResult, column: &str) -> &'static str {
        self.people[&uuid(row, column).unwrap()]
    }

    fn workspace(&self, row: &QueryResult) -> &'static str {
        self.workspaces[&uuid(row, "workspace_id").unwrap()]
    }

    fn organization(&self, row: &QueryResult) -> Option<&'static str> {
        self.organization_in(row, "organization_id")
    }

    fn organization_in(&self, row: &QueryResult, column: &str) -> Option<&'static str> {
        uuid(row, column).map(|id| self.organizations[&id])
    }

    /// An element: of its workspace; in the trash of that; or, where that is gone, of who made it.
    fn element(&self, row: &QueryResult) -> Secret {
        match self.workspace(row) {
            GONE => Secret::Own(self.person(row, "made_by")),
            workspace if uuid(row, "trash_entry_id").is_some() => Secret::Trash(workspace),
            workspace => Secret::Content(workspace),
        }
    }

    /// What a row is, and who may know of it.
    fn thing(&self, table: &str, row: &QueryResult) -> Thing {
        let id = uuid(row, "id").unwrap();
        let (kind, secret) = match table {
            "user" => ("user", Secret::Person(self.people[&id])),
            "team" => ("team", Secret::Team(self.teams[&id])),
            "team_member" => ("teammember", Secret::Own(self.person(row, "user_id"))),
            "access_token" => ("token", Secret::Own(self.person(row, "user_id"))),
            "notification" => ("notification", Secret::Own(self.person(row, "user_id"))),
            "workspace" => ("workspace", Secret::Content(self.workspaces[&id])),
            "workspace_member" => {
                let of_group = uuid(row, "group_id").is_some();
                ("member", Secret::Grant { workspace: self.workspace(row), organization: self.organization(row), of_group })
            }
            "activity" => {
                let team_only = row.try_get("", "team_only").unwrap();
                ("activity", Secret::Entry { workspace: self.workspace(row), organization: self.organization(row), team_only })
            }
            "invitation" if uuid(row, "workspace_id").is_none() => ("invitation", Secret::Nobody),
            "invitation" => ("invitation", Secret::Invitation { workspace: self.workspace(row), organization: self.organization(row) }),
            "approval_request" => ("request", Secret::Request(Some(self.person(row, "requester_id")))),
            "organization" => ("organization", Secret::Organization(self.organizations[&id])),
            "group" => ("group", Secret::Group(self.organization(row))),
            "element" => ("element", self.element(row)),
            "trash_entry" => ("trashentry", self.element(row)),
            "element_grant" => {
                let of_group = uuid(row, "group_id").is_some();
                ("elementgrant", Secret::Grant { workspace: self.workspace(row), organization: self.organization(row), of_group })
            }
            "comment" => {
                let thread = self.organization_in(row, "thread_organization_id");
                ("comment", Secret::Said { workspace: self.workspace(row), organization: self.organization(row), thread })
            }
            "pull_request" => {
                ("pullrequest", Secret::Said { workspace: self.workspace(row), organization: self.organization(row), thread: None })
            }
            "pull_request_comment" => {
                let thread = self.organization_in(row, "thread_organization_id");
                ("pullrequestcomment", Secret::Said { workspace: self.workspace(row), organization: self.organization(row), thread })
            }
            "data_key" => ("datakey", Secret::Nobody),
            "related_item" => ("relateditem", Secret::Content(self.workspace(row))),
            "audit_event" => ("auditevent", Secret::Audit(self.teams[&uuid(row, "team_id").unwrap()])),
            "mail" => ("mail", Secret::Nobody),
            other => panic!("who may know of the rows of {other}? Say so in Names::thing, or in WITHOUT_IDS"),
        };
        let workspace = match &secret {
            Secret::Content(_) if table == "workspace" => Some(id),
            Secret::Content(_)
            | Secret::Trash(_)
            | Secret::Said { .. }
            | Secret::Grant { .. }
            | Secret::Entry { .. }
            | Secret::Invitation { .. }
            | Secret::Request(_) => uuid(row, "workspace_id"),
            _ => None,
        };
        Thing { id: id_of(kind, id), kind, secret, workspace: workspace.map(|id| id_of("workspace", id)) }
    }
}
