//! Watchers of elements, as far as they may open the workspace: the policy's answer to `ViewWorkspace`, asked of many people at once.

use super::Transaction;
use super::elements::{columns, element_row};
use super::sql::{IDS_AT_ONCE, Session, Sql, any_role, live, team_side, uuids};
use super::users::recipient;
use crate::app::access::{ElementSight, FORMER_PARTNER_TERM, Granted};
use crate::app::model::{ElementRow, Recipient};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{StoreResult, WatchQueries, WatchWrites};
use crate::domain::{ElementId, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> WatchQueries for Session<C> {
    async fn list_watchers(&self, elements: &[ElementId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>> {
        if elements.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = openers(workspace, now);
        sql.push(" AND u.id IN (SELECT x.user_id FROM watch x WHERE x.element_id IN ").list(&uuids(elements)).push(") ORDER BY u.id");
        self.all(sql.text, sql.values).await?.iter().map(recipient).collect()
    }

    async fn list_openers(&self, people: &[UserId], workspace: WorkspaceId, now: Timestamp) -> StoreResult<Vec<Recipient>> {
        let mut found = Vec::new();
        for some in people.chunks(IDS_AT_ONCE) {
            let mut sql = openers(workspace, now);
            sql.push(" AND u.id IN ").list(&uuids(some)).push(" ORDER BY u.id");
            for row in self.all(sql.text, sql.values).await? {
                found.push(recipient(&row)?);
            }
        }
        Ok(found)
    }

    async fn list_watched(&self, reader: UserId, page: PageRequest<Uuid>, now: Timestamp) -> StoreResult<Page<ElementRow>> {
        let mut sql = Sql::new("");
        sql.value(reader.uuid());
        let open = opens(&sql.value(now.as_micros()), &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
        sql.push(&columns()).push(" JOIN watch x ON x.element_id = e.id AND x.user_id = $1 JOIN workspace w ON w.id = e.workspace_id");
        sql.push(" JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = $1 WHERE ").push(&open);
        sql.within("e.id", &page).page("e.id", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(element_row).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_watched_among(&self, reader: UserId, elements: &[ElementId]) -> StoreResult<Vec<ElementId>> {
        let mut sql = Sql::new("SELECT element_id FROM watch WHERE user_id = ");
        sql.bind(reader.uuid()).push(" AND element_id IN ").list(&uuids(elements));
        self.all(sql.text, sql.values).await?.iter().map(|row| row.id("element_id")).collect()
    }
}

#[async_trait]
impl WatchWrites for Transaction {
    async fn insert_watch(&self, element: &Granted<ElementSight>, watcher: UserId, at: Timestamp) -> StoreResult<()> {
        let text = "INSERT INTO watch (element_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (element_id, user_id) DO NOTHING";
        self.run(text, [element.element.id.uuid().into(), watcher.uuid().into(), at.as_micros().into()]).await.map(drop)
    }

    async fn delete_watch(&self, element: &Granted<ElementSight>, watcher: UserId) -> StoreResult<()> {
        let text = "DELETE FROM watch WHERE element_id = $1 AND user_id = $2";
        self.run(text, [element.element.id.uuid().into(), watcher.uuid().into()]).await.map(drop)
    }
}

/// Begins a statement that reads the people `u` of the team who may open this workspace.
fn openers(workspace: WorkspaceId, now: Timestamp) -> Sql {
    let mut sql = Sql::new(
        r#"SELECT u.id AS user_id, u.email FROM workspace w JOIN team_member tm ON tm.team_id = w.team_id JOIN "user" u ON u.id = tm.user_id WHERE w.id = "#,
    );
    let workspace = sql.value(workspace.uuid());
    let open = opens(&sql.value(now.as_micros()), &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
    sql.push(&workspace).push(" AND ").push(&open);
    sql
}

/// That the member `tm` of its team may open the workspace `w`, at the moment `now`. `former` is the moment before which a workspace has
/// to have been a partner one for Partner Managers to see it no more.
pub(super) fn opens(now: &str, former: &str) -> String {
    let role = |role| any_role("tm.roles", TeamRoles::NONE.with(role));
    let of_team = any_role("tm.roles", team_side());
    format!(
        "({super_admin}
          OR {partner_manager} AND (w.visibility = 'PARTNER' OR w.left_partner_at > {former})
          OR w.visibility = 'PUBLIC' OR w.visibility = 'TEAM' AND {of_team}
          OR ({of_team} OR w.visibility = 'PARTNER') AND (
              EXISTS (SELECT 1 FROM workspace_member m WHERE m.workspace_id = w.id AND m.user_id = tm.user_id AND {live})
              OR EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id
                         WHERE gm.user_id = tm.user_id AND m.workspace_id = w.id AND {live})))",
        super_admin = role(TeamRole::SuperAdmin),
        partner_manager = role(TeamRole::PartnerManager),
        live = live("m", now),
    )
}
