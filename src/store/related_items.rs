//! Monitors, mock servers and integrations.

use super::Transaction;
use super::sql::{Row, Session, Sql, reader, uuids};
use super::users::recipient;
use super::watchers::opens;
use crate::app::access::{FORMER_PARTNER_TERM, Granted, RelatedItemSight};
use crate::app::model::RelatedItem;
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{PausedFor, RelatedItemQueries, RelatedItemWrites, StoreResult};
use crate::domain::element::{RelatedItemKind, RelatedItemState};
use crate::domain::{ElementId, RelatedItemId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// How many items one statement asks for.
const ITEMS_AT_ONCE: usize = 2_000;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> RelatedItemQueries for Session<C> {
    async fn find_related_item(&self, id: RelatedItemId) -> StoreResult<Option<RelatedItem>> {
        let row = self.one("SELECT * FROM related_item WHERE id = $1", [id.uuid().into()]).await?;
        row.map(|row| related_item(&row)).transpose()
    }

    async fn list_related_items_by_id(&self, user: Option<UserId>, ids: &[RelatedItemId], now: Timestamp) -> StoreResult<Vec<RelatedItem>> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(ITEMS_AT_ONCE) {
            let mut sql = in_reach(user, now);
            sql.push(" AND r.id IN ").list(&uuids(some)).push(" ORDER BY r.id");
            for row in self.all(sql.text, sql.values).await? {
                found.push(related_item(&row)?);
            }
        }
        Ok(found)
    }

    async fn list_related_items(
        &self,
        workspace: WorkspaceId,
        kind: Option<RelatedItemKind>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<RelatedItem>> {
        let mut sql = Sql::new("SELECT r.* FROM related_item r WHERE r.workspace_id = ");
        sql.bind(workspace.uuid());
        if let Some(kind) = kind {
            sql.push(" AND r.kind = ").bind(kind.to_string());
        }
        self.page_of_items(sql, page).await
    }

    async fn list_bound_items(
        &self,
        user: Option<UserId>,
        collection: ElementId,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<RelatedItem>> {
        let mut sql = in_reach(user, now);
        sql.push(" AND r.element_id = ").bind(collection.uuid());
        self.page_of_items(sql, page).await
    }

    async fn list_all_bound_items(&self, user: UserId, elements: &[ElementId], now: Timestamp) -> StoreResult<Vec<RelatedItem>> {
        let mut sql = in_reach(Some(user), now);
        sql.push(" AND r.element_id IN ").list(&uuids(elements)).push(" ORDER BY r.id");
        self.all(sql.text, sql.values).await?.iter().map(related_item).collect()
    }

    async fn list_creators(&self, ids: &[RelatedItemId], now: Timestamp) -> StoreResult<Vec<PausedFor>> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(ITEMS_AT_ONCE) {
            let mut sql = Sql::new(
                r#"SELECT r.*, w.name AS workspace_name, u.id AS user_id, u.email FROM related_item r JOIN workspace w ON w.id = r.workspace_id
                   JOIN "user" u ON u.id = r.created_by JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = u.id WHERE "#,
            );
            let open = opens(&sql.value(now.as_micros()), &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
            sql.push(&open).push(" AND r.id IN ").list(&uuids(some)).push(" ORDER BY r.id");
            for row in self.all(sql.text, sql.values).await? {
                found.push(PausedFor { item: related_item(&row)?, workspace_name: row.get("workspace_name")?, creator: recipient(&row)? });
            }
        }
        Ok(found)
    }
}

impl<C: ConnectionTrait> Session<C> {
    async fn page_of_items(&self, mut sql: Sql, page: PageRequest<Uuid>) -> StoreResult<Page<RelatedItem>> {
        sql.within("r.id", &page).page("r.id", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(related_item).collect();
        Ok(Page::of(&page, rows?))
    }
}

#[async_trait]
impl RelatedItemWrites for Transaction {
    async fn insert_related_item(&self, item: &RelatedItem) -> StoreResult<()> {
        let text = "INSERT INTO related_item (id, team_id, workspace_id, element_id, kind, name, state, created_by, created_at, updated_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values: [Value; 10] = [
            item.id.uuid().into(),
            item.team_id.uuid().into(),
            item.workspace_id.uuid().into(),
            item.element_id.uuid().into(),
            item.kind.to_string().into(),
            item.name.as_str().into(),
            item.state.to_string().into(),
            item.created_by.uuid().into(),
            item.created_at.as_micros().into(),
            item.updated_at.as_micros().into(),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn set_related_item_state(&self, sight: &Granted<RelatedItemSight>, state: RelatedItemState, at: Timestamp) -> StoreResult<()> {
        let text = "UPDATE related_item SET state = $2, updated_at = $3 WHERE id = $1";
        self.run(text, [sight.item.id.uuid().into(), state.to_string().into(), at.as_micros().into()]).await.map(drop)
    }

    async fn delete_related_item(&self, sight: &Granted<RelatedItemSight>) -> StoreResult<()> {
        self.run("DELETE FROM related_item WHERE id = $1", [sight.item.id.uuid().into()]).await.map(drop)
    }
}

/// Begins a statement that reads the items in workspaces that the reader may open.
fn in_reach(user: Option<UserId>, now: Timestamp) -> Sql {
    let mut sql = Sql::new(
        "SELECT r.* FROM related_item r JOIN workspace w ON w.id = r.workspace_id LEFT JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = ",
    );
    sql.bind(reader(user));
    let open = opens(&sql.value(now.as_micros()), &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
    sql.push(" WHERE ").push(&open);
    sql
}

pub(super) fn related_item(row: &Row) -> StoreResult<RelatedItem> {
    Ok(RelatedItem {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        workspace_id: row.id("workspace_id")?,
        element_id: row.id("element_id")?,
        kind: row.named("kind")?,
        name: row.get("name")?,
        state: row.named("state")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
