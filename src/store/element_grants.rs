//! Roles on single elements.

use super::Transaction;
use super::members::subject;
use super::sql::{IDS_AT_ONCE, Row, Session, Sql, any_role, live, reader, team_side, uuid, uuids};
use crate::app::access::{ElementGrantSight, ElementSight, Granted};
use crate::app::model::{ElementGrant, LostGrant};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{
    ElementGrantQueries, ElementGrantWrites, GroupsInSight, LostGrants, MemberSightLimits, NewElementGrant, StoreResult,
};
use crate::domain::activity::SubjectRef;
use crate::domain::{ElementGrantId, ElementId, GroupId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// Everything of an [`ElementGrant`]. The reader is `$1`; they read the person's address if it is their own or they are of the team's own
/// side, for whoever holds a grant is in the team.
fn select(columns: &str, joins: &str) -> String {
    format!(
        r#"SELECT eg.id, eg.team_id, eg.element_id, eg.user_id, eg.group_id, eg.side, eg.role, eg.granted_by, eg.granted_at,
               COALESCE(pm.organization_id, gr.organization_id) AS organization_id,
               gr.name AS group_name, gr.created_by AS group_created_by, gr.created_at AS group_created_at,
               u.name AS user_name, CASE WHEN u.id = $1 OR {} THEN u.email END AS shown_email{columns}
           FROM element_grant eg {joins}
           LEFT JOIN team_member pm ON pm.team_id = eg.team_id AND pm.user_id = eg.user_id
           LEFT JOIN "user" u ON u.id = eg.user_id
           LEFT JOIN "group" gr ON gr.id = eg.group_id
           LEFT JOIN team_member tm ON tm.team_id = eg.team_id AND tm.user_id = $1"#,
        any_role("tm.roles", team_side())
    )
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> ElementGrantQueries for Session<C> {
    async fn find_element_grant(&self, user: Option<UserId>, id: ElementGrantId) -> StoreResult<Option<ElementGrant>> {
        let row = self.one(format!("{} WHERE eg.id = $2", select("", "")), [reader(user).into(), id.uuid().into()]).await?;
        row.map(|row| grant(&row)).transpose()
    }

    async fn find_element_grant_of(&self, element: ElementId, of: SubjectRef) -> StoreResult<Option<ElementGrant>> {
        let (column, id) = column_of(of);
        let text = format!("{} WHERE eg.element_id = $2 AND eg.{column} = $3", select("", ""));
        let row = self.one(text, [reader(None).into(), element.uuid().into(), id.into()]).await?;
        row.map(|row| grant(&row)).transpose()
    }

    async fn list_element_grants(
        &self,
        user: Option<UserId>,
        element: ElementId,
        limits: MemberSightLimits,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<ElementGrant>> {
        let mut sql = Sql::new("");
        sql.value(reader(user));
        sql.push(&select("", "")).push(" WHERE eg.element_id = ").bind(element.uuid());
        match limits.groups {
            GroupsInSight::All => {}
            GroupsInSight::OfOrganization(organization) => {
                sql.push(" AND (eg.group_id IS NULL OR gr.organization_id = ").bind(organization.uuid()).push(")");
            }
            GroupsInSight::Nothing => {
                sql.push(" AND eg.group_id IS NULL");
            }
        }
        if let Some(organization) = limits.only_organization {
            sql.push(" AND (eg.side = 'TEAM' OR COALESCE(pm.organization_id, gr.organization_id) = ").bind(organization.uuid()).push(")");
        }
        sql.within("eg.id", &page).page("eg.id", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(grant).collect();
        Ok(Page::of(&page, rows?))
    }
}

#[async_trait]
impl ElementGrantWrites for Transaction {
    async fn set_element_grant(&self, element: &Granted<ElementSight>, grant: &NewElementGrant) -> StoreResult<ElementGrantId> {
        let (column, _) = column_of(grant.subject);
        let [user, group]: [Value; 2] = match grant.subject {
            SubjectRef::Person { user_id } => [uuid(Some(user_id)), uuid(None::<GroupId>)],
            SubjectRef::Group { group_id } => [uuid(None::<UserId>), uuid(Some(group_id))],
        };
        let text = format!(
            "INSERT INTO element_grant (id, team_id, element_id, user_id, group_id, side, role, granted_by, granted_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (element_id, {column}) DO UPDATE SET side = excluded.side, role = excluded.role, granted_by = excluded.granted_by,
                 granted_at = excluded.granted_at
             RETURNING id"
        );
        let values = [
            grant.id.uuid().into(),
            element.element.team_id.uuid().into(),
            element.element.id.uuid().into(),
            user,
            group,
            grant.side.to_string().into(),
            grant.role.to_string().into(),
            grant.granted_by.uuid().into(),
            grant.granted_at.as_micros().into(),
        ];
        self.one(text, values).await?.map_or(Ok(grant.id), |row| row.id("id"))
    }

    async fn delete_element_grant(&self, grant: &Granted<ElementGrantSight>) -> StoreResult<bool> {
        Ok(self.run("DELETE FROM element_grant WHERE id = $1", [grant.grant.id.uuid().into()]).await? == 1)
    }

    async fn delete_lost_grants(&self, among: LostGrants<'_>, now: Timestamp) -> StoreResult<Vec<LostGrant>> {
        let mut sql = Sql::new("");
        sql.value(reader(None));
        let columns = ", e.name AS element_name, w.id AS workspace_id, w.visibility";
        // What is in the trash is where it can come back to, as long as that is there.
        let joins = "JOIN element e ON e.id = eg.element_id LEFT JOIN trash_entry te ON te.element_id = e.id
            LEFT JOIN workspace w ON w.id = COALESCE(e.workspace_id, te.workspace_id)";
        sql.push(&select(columns, joins)).push(" WHERE ");
        match among {
            LostGrants::In([], _) => return Ok(Vec::new()),
            LostGrants::In(workspaces, people) => {
                within(&mut sql, workspaces);
                sql.push(" AND (eg.group_id IS NOT NULL OR eg.user_id IN ").list(&uuids(people)).push(")");
            }
            LostGrants::InWorkspace(workspace) => {
                within(&mut sql, &[workspace]);
            }
            LostGrants::On(element) => {
                sql.push("eg.element_id = ").bind(element.uuid());
            }
            LostGrants::OfLeaver(team, user) => {
                sql.push("eg.team_id = ").bind(team.uuid()).push(" AND eg.user_id = ").bind(user.uuid());
            }
        }
        if !matches!(among, LostGrants::OfLeaver(..)) {
            let now = sql.value(now.as_micros());
            sql.push(&format!(" AND w.id IS NOT NULL AND NOT ({})", gets_in(&now)));
        }
        sql.push(" ORDER BY eg.id");
        let lost = self.all(sql.text, sql.values).await?.iter().map(lost).collect::<StoreResult<Vec<_>>>()?;
        delete_grants(self, &lost.iter().map(|lost| lost.grant.id).collect::<Vec<_>>()).await?;
        Ok(lost)
    }
}

/// Deletes these grants, however many they are.
pub(super) async fn delete_grants(transaction: &Transaction, ids: &[ElementGrantId]) -> StoreResult<()> {
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut sql = Sql::new("DELETE FROM element_grant WHERE id IN ");
        sql.list(&uuids(some));
        transaction.run(sql.text, sql.values).await?;
    }
    Ok(())
}

/// Appends that the element of the grant `eg` is in one of these workspaces, or in the trash of one.
fn within(sql: &mut Sql, workspaces: &[WorkspaceId]) {
    sql.push("eg.element_id IN (SELECT x.id FROM element x WHERE x.workspace_id IN ").list(&uuids(workspaces));
    sql.push(" UNION ALL SELECT x.element_id FROM trash_entry x WHERE x.workspace_id IN ").list(&uuids(workspaces)).push(")");
}

/// That the subject of the grant `eg`, whose membership of the team is `pm`, gets into the workspace `w` by a live grant or because it is
/// open to the team. What only their team role opens to them does not count: it is theirs by another right.
fn gets_in(now: &str) -> String {
    let of_team =
        format!("(eg.side = 'TEAM' AND (eg.group_id IS NOT NULL OR pm.user_id IS NOT NULL AND {}))", any_role("pm.roles", team_side()));
    let live = live("m", now);
    format!(
        "{of_team} AND w.visibility IN ('TEAM', 'PUBLIC')
         OR ({of_team} OR eg.side = 'PARTNER' AND w.visibility = 'PARTNER') AND (
             EXISTS (SELECT 1 FROM workspace_member m WHERE m.workspace_id = w.id AND m.user_id = eg.user_id AND {live})
             OR EXISTS (SELECT 1 FROM workspace_member m WHERE m.workspace_id = w.id AND m.group_id = eg.group_id AND {live})
             OR EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id
                        WHERE gm.user_id = eg.user_id AND m.workspace_id = w.id AND {live}))"
    )
}

fn column_of(subject: SubjectRef) -> (&'static str, Uuid) {
    match subject {
        SubjectRef::Person { user_id } => ("user_id", user_id.uuid()),
        SubjectRef::Group { group_id } => ("group_id", group_id.uuid()),
    }
}

fn grant(row: &Row) -> StoreResult<ElementGrant> {
    Ok(ElementGrant {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        element_id: row.id("element_id")?,
        subject: subject(row)?,
        side: row.named("side")?,
        role: row.named("role")?,
        organization_id: row.optional_id("organization_id")?,
        granted_by: row.optional_id("granted_by")?,
        granted_at: row.time("granted_at")?,
    })
}

fn lost(row: &Row) -> StoreResult<LostGrant> {
    let workspace = match row.optional_id("workspace_id")? {
        Some(id) => Some((id, row.named("visibility")?)),
        None => None,
    };
    Ok(LostGrant { grant: grant(row)?, element_name: row.get("element_name")?, workspace })
}
