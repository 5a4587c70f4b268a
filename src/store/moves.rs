//! Elements on their way from one workspace to another, and collections on theirs to an API.

use super::Transaction;
use super::element_grants::delete_grants;
use super::elements::{columns, element_row};
use super::related_items::related_item;
use super::sql::{Row, Session, Sql, live, reader, uuid, uuids};
use super::watchers::opens;
use crate::app::access::{ElementSight, FORMER_PARTNER_TERM, Granted, MoveSight};
use crate::app::model::{ElementRow, RelatedItem};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{EndedGrant, MoveQueries, MoveWrites, StoreResult};
use crate::domain::activity::SubjectRef;
use crate::domain::{ElementId, Timestamp, UserId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> MoveQueries for Session<C> {
    async fn list_collections_with_roles(&self, user: Option<UserId>, api: ElementId) -> StoreResult<Vec<ElementRow>> {
        let mut sql = of_api(user, api);
        sql.push(" ORDER BY e.id");
        self.all(sql.text, sql.values).await?.iter().map(element_row).collect()
    }

    async fn list_api_collections(&self, user: Option<UserId>, api: ElementId, page: PageRequest<Uuid>) -> StoreResult<Page<ElementRow>> {
        let mut sql = of_api(user, api);
        sql.within("e.id", &page).page("e.id", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(element_row).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn count_api_collections(&self, api: ElementId) -> StoreResult<i64> {
        let row = self.one("SELECT COUNT(*) AS count FROM element WHERE api_id = $1", [api.uuid().into()]).await?;
        row.map_or(Ok(0), |row| row.get("count"))
    }
}

/// Begins a statement that reads the collections of an API that live in its workspace.
fn of_api(user: Option<UserId>, api: ElementId) -> Sql {
    let mut sql = Sql::new("");
    sql.value(reader(user));
    sql.push(&columns()).push(" WHERE e.api_id = ").bind(api.uuid());
    sql.push(" AND e.workspace_id = (SELECT a.workspace_id FROM element a WHERE a.id = e.api_id)");
    sql
}

#[async_trait]
impl MoveWrites for Transaction {
    async fn set_workspace(&self, sight: &Granted<MoveSight>) -> StoreResult<()> {
        let mut sql = Sql::new("UPDATE element SET workspace_id = ");
        sql.bind(sight.target.workspace.id.uuid());
        sql.push(", api_id = CASE WHEN id = ").bind(sight.element.element.id.uuid());
        sql.push(" THEN NULL ELSE api_id END WHERE id IN ").list(&uuids(&sight.ids()));
        self.run(sql.text, sql.values).await.map(drop)
    }

    async fn pause_monitors(&self, sight: &Granted<MoveSight>, at: Timestamp) -> StoreResult<Vec<RelatedItem>> {
        let mut sql = Sql::new("UPDATE related_item SET state = 'PAUSED', updated_at = ");
        sql.bind(at.as_micros()).push(" WHERE kind = 'MONITOR' AND state = 'ACTIVE' AND element_id IN ").list(&uuids(&sight.ids()));
        sql.push(" RETURNING *");
        let paused: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(related_item).collect();
        let mut paused = paused?;
        paused.sort_unstable_by_key(|item| item.id);
        Ok(paused)
    }

    async fn delete_stranded_grants(&self, sight: &Granted<MoveSight>, now: Timestamp) -> StoreResult<Vec<EndedGrant>> {
        let mut sql = Sql::new(
            r#"SELECT eg.*, COALESCE(u.name, gr.name) AS subject_name, COALESCE(tm.organization_id, gr.organization_id) AS organization_id
               FROM element_grant eg LEFT JOIN "user" u ON u.id = eg.user_id LEFT JOIN "group" gr ON gr.id = eg.group_id
               JOIN workspace w ON w.id = "#,
        );
        sql.bind(sight.target.workspace.id.uuid());
        sql.push(" LEFT JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = eg.user_id WHERE eg.element_id IN ");
        sql.list(&uuids(&sight.ids()));
        let at = sql.value(now.as_micros());
        let open = opens(&at, &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
        // Whoever is in no team any more makes this neither true nor false.
        sql.push(&format!(
            " AND CASE WHEN (eg.side = 'TEAM' OR w.visibility = 'PARTNER') AND (
                  eg.user_id IS NOT NULL AND {open}
                  OR eg.group_id IS NOT NULL AND (w.visibility IN ('TEAM', 'PUBLIC') OR EXISTS (
                      SELECT 1 FROM workspace_member gm WHERE gm.workspace_id = w.id AND gm.group_id = eg.group_id AND {live})))
              THEN 0 ELSE 1 END = 1 ORDER BY eg.id",
            live = live("gm", &at)
        ));
        let ended: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(ended_grant).collect();
        let ended = ended?;
        delete_grants(self, &ended.iter().map(|grant| grant.id).collect::<Vec<_>>()).await?;
        Ok(ended)
    }

    async fn set_collection_api(&self, collection: &Granted<ElementSight>, api: Option<ElementId>) -> StoreResult<()> {
        self.run("UPDATE element SET api_id = $2 WHERE id = $1", [collection.element.id.uuid().into(), uuid(api)]).await.map(drop)
    }
}

fn ended_grant(row: &Row) -> StoreResult<EndedGrant> {
    let subject = match row.optional_id("group_id")? {
        Some(group_id) => SubjectRef::Group { group_id },
        None => SubjectRef::Person { user_id: row.id("user_id")? },
    };
    Ok(EndedGrant {
        id: row.id("id")?,
        element_id: row.id("element_id")?,
        subject,
        subject_name: row.get("subject_name")?,
        side: row.named("side")?,
        role: row.named("role")?,
        organization_id: row.optional_id("organization_id")?,
    })
}
