//! Everything in the database that has an id.

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
    "feed",
    "group_member",
    "idempotency_key",
    "node",
    "node_mark",
    "node_release",
    "node_collection",
    "organization_domain",
    "revision",
    "sign_in_code",
    "watch",
];

/// An id of a kind that was never issued.
pub fn never(kind: &str) -> String {
    format!("{kind}_01h455vb4pex5vsknk084sn02q")
}

fn id_of(kind: &str, id: Uuid) -> String {
    TypeSafeId::from_type_and_uuid(DynamicType::new(kind).unwrap(), id).to_string()
}

impl World {
    /// Everything that has an id, as it is now.
    pub async fn things(&self) -> Vec<Thing> {
        let names = Names::of(self).await;
        let mut things = Vec::new();
        for table in self.direct.tables().await {
            if WITHOUT_IDS.contains(&table.as_str()) {
                continue;
            }
            assert!(self.direct.has_column(&table, "id").await, "the rows of {table} have no id: say so in WITHOUT_IDS");
            let rows = self.direct.all(&format!(r#"SELECT * FROM "{table}" ORDER BY id"#)).await;
            things.extend(rows.iter().map(|row| names.thing(&table, row)));
        }
        things
    }
}

/// What the test calls the things that the rows point at.
struct Names {
    people: BTreeMap<Uuid, &'static str>,
    teams: BTreeMap<Uuid, &'static str>,
    workspaces: BTreeMap<Uuid, &'static str>,
    organizations: BTreeMap<Uuid, &'static str>,
    /// The workspaces of elements.
    elements: BTreeMap<Uuid, Uuid>,
    /// The organizations of people, of groups and of comments.
    belongings: BTreeMap<Uuid, Uuid>,
}

fn uuid(row: &QueryResult, column: &str) -> Option<Uuid> {
    row.try_get("", column).unwrap()
}

impl Names {
    async fn of(world: &World) -> Self {
        let pairs = async |text: &str, to: &str| -> BTreeMap<Uuid, Uuid> {
            let rows = world.direct.all(text).await;
            rows.iter().filter_map(|row| Some((uuid(row, "id").unwrap(), uuid(row, to)?))).collect()
        };
        let belongings = r#"SELECT user_id AS id, organization_id FROM team_member UNION ALL SELECT id, organization_id FROM "group"
                            UNION ALL SELECT id, organization_id FROM comment"#;
        let by_id = |(name, id): (&&'static str, &String)| (super::world::uuid_of(id), *name);
        Self {
            people: world.people.iter().map(|(name, person)| by_id((name, &person.id))).collect(),
            teams: world.teams.iter().map(by_id).collect(),
            workspaces: world.workspaces.iter().map(by_id).collect(),
            organizations: world.organizations.iter().map(|(name, id)| (*id, *name)).collect(),
            elements: pairs("SELECT id, workspace_id FROM element", "workspace_id").await,
            belongings: pairs(belongings, "organization_id").await,
        }
    }

    fn person(&self, row: &QueryResult, column: &str) -> &'static str {
        self.people[&uuid(row, column).unwrap()]
    }

    fn workspace(&self, row: &QueryResult) -> &'static str {
        self.workspaces[&uuid(row, "workspace_id").unwrap()]
    }

    fn organization(&self, row: &QueryResult) -> Option<&'static str> {
        uuid(row, "organization_id").map(|id| self.organizations[&id])
    }

    /// The workspace of the element that the row is about.
    fn place(&self, row: &QueryResult) -> &'static str {
        self.workspaces[&self.elements[&uuid(row, "element_id").unwrap()]]
    }

    /// The organization of the person, group or comment that the row points at.
    fn belonging(&self, row: &QueryResult, column: &str) -> Option<&'static str> {
        self.belongings.get(&uuid(row, column)?).map(|id| self.organizations[id])
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
            "element" => ("element", Secret::Content(self.workspace(row))),
            "trash_entry" => ("trashentry", Secret::Content(self.workspace(row))),
            "related_item" => ("relateditem", Secret::Content(self.workspace(row))),
            "element_grant" => {
                let organization = self.belonging(row, "user_id").or_else(|| self.belonging(row, "group_id"));
                ("elementgrant", Secret::Grant { workspace: self.place(row), organization, of_group: uuid(row, "group_id").is_some() })
            }
            "comment" => {
                // Nobody of one organization writes in a thread of another one here.
                let organization = self.belonging(row, "id").or_else(|| self.belonging(row, "thread_id"));
                ("comment", Secret::Entry { workspace: self.place(row), organization, team_only: false })
            }
            "audit_event" => ("auditevent", Secret::Audit(self.teams[&uuid(row, "team_id").unwrap()])),
            "mail" => ("mail", Secret::Nobody),
            "data_key" => ("datakey", Secret::Nobody),
            other => panic!("who may know of the rows of {other}? Say so in Names::thing, or in WITHOUT_IDS"),
        };
        let workspace = match &secret {
            Secret::Content(_) if table == "workspace" => Some(id),
            _ if ["comment", "element_grant"].contains(&table) => self.elements.get(&uuid(row, "element_id").unwrap()).copied(),
            Secret::Content(_) | Secret::Grant { .. } | Secret::Entry { .. } | Secret::Invitation { .. } | Secret::Request(_) => {
                uuid(row, "workspace_id")
            }
            _ => None,
        };
        Thing { id: id_of(kind, id), kind, secret, workspace: workspace.map(|id| id_of("workspace", id)) }
    }
}
