//! The trash, and the end of elements.

use super::Transaction;
use super::elements::element;
use super::related_items::related_item;
use super::sql::{IDS_AT_ONCE, Row, Session, Sql, any_role, limit, named, team_side, uuids};
use super::watchers::opens;
use crate::app::access::{ElementSight, FORMER_PARTNER_TERM, Granted, RestoreSight, TrashSight};
use crate::app::model::{DueEntry, Leaving, NewTrashEntry, RelatedItem, TrashEntry, WorkspaceSight};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{StoreResult, TrashQueries, TrashWrites};
use crate::domain::{ElementId, Side, TeamId, TeamRole, TeamRoles, Timestamp, TrashEntryId, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// The columns of an entry `t` and of its collection `e`.
const COLUMNS: &str = "t.id AS entry_id, t.workspace_id AS origin_id, t.workspace_name, t.deleted_by, t.deleted_side, t.creator_side,
    t.deleted_at, t.expires_at, e.*";
const FROM: &str = "FROM trash_entry t JOIN element e ON e.id = t.element_id";

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> TrashQueries for Session<C> {
    async fn find_trash_entry(&self, id: TrashEntryId) -> StoreResult<Option<TrashEntry>> {
        let row = self.one(format!("SELECT {COLUMNS} {FROM} WHERE t.id = $1"), [id.uuid().into()]).await?;
        row.map(|row| entry(&row)).transpose()
    }

    async fn list_trash(&self, workspace: WorkspaceId, page: PageRequest<Uuid>) -> StoreResult<Page<TrashEntry>> {
        let mut sql = Sql::new(&format!("SELECT {COLUMNS} {FROM} WHERE t.workspace_id = "));
        sql.bind(workspace.uuid()).within("t.id", &page).page("t.id", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(entry).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_homeless_trash(
        &self,
        user: UserId,
        team: Option<TeamId>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<(TrashEntry, TeamRoles)>> {
        let mut sql = Sql::new(&format!("SELECT {COLUMNS}, tm.roles AS reader_roles {FROM}"));
        sql.push(" JOIN team_member tm ON tm.team_id = t.team_id AND tm.user_id = ").bind(user.uuid());
        sql.push(" WHERE NOT EXISTS (SELECT 1 FROM workspace w WHERE w.id = t.workspace_id) AND ").push(&is_claimed());
        if let Some(team) = team {
            sql.push(" AND t.team_id = ").bind(team.uuid());
        }
        sql.within("t.id", &page).page("t.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(|row| Ok((entry(row)?, row.roles("reader_roles")?))).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_due_trash(&self, now: Timestamp, most: u64) -> StoreResult<Vec<DueEntry>> {
        let text = format!(
            "SELECT {COLUMNS}, w.visibility {FROM} LEFT JOIN workspace w ON w.id = t.workspace_id
             WHERE t.expires_at < $1 ORDER BY t.expires_at, t.id LIMIT $2"
        );
        let rows = self.all(text, [now.as_micros().into(), limit(most).into()]).await?;
        let due = rows.iter().map(|row| Ok(DueEntry { entry: entry(row)?, visibility: optional_name(row, "visibility")? }));
        due.collect()
    }

    async fn list_leaving_collections(&self, workspace: WorkspaceId) -> StoreResult<Vec<Leaving>> {
        let text = "SELECT id, size_bytes, created_by FROM element WHERE workspace_id = $1 AND kind = 'COLLECTION' ORDER BY id";
        let rows = self.all(text, [workspace.uuid().into()]).await?;
        let leaving =
            |row: &Row| Ok(Leaving { element_id: row.id("id")?, size_bytes: row.get("size_bytes")?, created_by: row.id("created_by")? });
        rows.iter().map(leaving).collect()
    }

    async fn list_creator_sides(
        &self,
        workspace: WorkspaceId,
        creator: Option<UserId>,
        now: Timestamp,
    ) -> StoreResult<Vec<(UserId, Side)>> {
        let mut sql = Sql::new("SELECT tm.user_id, ");
        sql.push(&side_of("tm.roles")).push(" AS side FROM workspace w JOIN team_member tm ON tm.team_id = w.team_id WHERE w.id = ");
        let place = sql.value(workspace.uuid());
        let open = opens(&sql.value(now.as_micros()), &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
        sql.push(&place).push(" AND ").push(&open);
        match creator {
            Some(creator) => sql.push(" AND tm.user_id = ").bind(creator.uuid()),
            None => sql.push(" AND tm.user_id IN (SELECT e.created_by FROM element e WHERE e.workspace_id = ").push(&place).push(")"),
        };
        let rows = self.all(sql.text, sql.values).await?;
        rows.iter().map(|row| Ok((row.id("user_id")?, row.named("side")?))).collect()
    }

    async fn list_ending_items(&self, elements: &[ElementId]) -> StoreResult<Vec<RelatedItem>> {
        let mut found = Vec::new();
        for some in elements.chunks(IDS_AT_ONCE) {
            let mut sql = Sql::new("SELECT r.* FROM related_item r WHERE r.element_id IN ");
            sql.list(&uuids(some)).push(" ORDER BY r.id");
            for row in self.all(sql.text, sql.values).await? {
                found.push(related_item(&row)?);
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl TrashWrites for Transaction {
    async fn trash_element(&self, sight: &Granted<ElementSight>, entry: &NewTrashEntry) -> StoreResult<()> {
        put(self, &sight.workspace, std::slice::from_ref(entry)).await
    }

    async fn trash_collections(&self, workspace: &Granted<WorkspaceSight>, entries: &[NewTrashEntry], at: Timestamp) -> StoreResult<()> {
        if !entries.is_empty() {
            put(self, workspace, entries).await?;
        }
        // Whatever is still there goes with the workspace.
        let mut sql = releasing(at);
        sql.push("e.workspace_id = ").bind(workspace.workspace.id.uuid());
        self.run(sql.text, sql.values).await.map(drop)
    }

    async fn pause_trashed_monitors(&self, workspace: WorkspaceId, at: Timestamp) -> StoreResult<Vec<RelatedItem>> {
        let text = "UPDATE related_item SET state = 'PAUSED', updated_at = $2 WHERE kind = 'MONITOR' AND state = 'ACTIVE'
                        AND element_id IN (SELECT t.element_id FROM trash_entry t WHERE t.workspace_id = $1)
                    RETURNING *";
        let rows = self.all(text, [workspace.uuid().into(), at.as_micros().into()]).await?;
        let mut paused = rows.iter().map(related_item).collect::<StoreResult<Vec<_>>>()?;
        paused.sort_unstable_by_key(|item| item.id);
        Ok(paused)
    }

    async fn delete_element(&self, sight: &Granted<ElementSight>, at: Timestamp) -> StoreResult<()> {
        delete_elements(self, &[sight.element.id.uuid()], at).await
    }

    async fn restore_element(&self, sight: &Granted<RestoreSight>) -> StoreResult<bool> {
        // Whoever takes the entry away has the element: of a restoration and a purge at once, one does it.
        if self.run("DELETE FROM trash_entry WHERE id = $1", [sight.entry.id.uuid().into()]).await? == 0 {
            return Ok(false);
        }
        let text = "UPDATE element SET workspace_id = $2,
                        api_id = (SELECT a.id FROM element a WHERE a.id = element.api_id AND a.workspace_id = $2)
                    WHERE id = $1";
        self.run(text, [sight.entry.element.id.uuid().into(), sight.target.workspace.id.uuid().into()]).await?;
        Ok(true)
    }

    async fn purge_element(&self, sight: &Granted<TrashSight>, at: Timestamp) -> StoreResult<bool> {
        if self.run("DELETE FROM trash_entry WHERE id = $1", [sight.entry.id.uuid().into()]).await? == 0 {
            return Ok(false);
        }
        delete_elements(self, &[sight.entry.element.id.uuid()], at).await?;
        Ok(true)
    }

    async fn delete_due_trash(&self, entries: &[TrashEntryId], now: Timestamp) -> StoreResult<Vec<TrashEntryId>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("DELETE FROM trash_entry WHERE expires_at < ");
        sql.bind(now.as_micros()).push(" AND id IN ").list(&uuids(entries)).push(" RETURNING id, element_id");
        let rows = self.all(sql.text, sql.values).await?;
        let gone = rows.iter().map(|row| row.get("element_id")).collect::<StoreResult<Vec<Uuid>>>()?;
        if !gone.is_empty() {
            delete_elements(self, &gone, now).await?;
        }
        rows.iter().map(|row| row.id("id")).collect()
    }
}

/// Makes entries of these elements of a workspace, and takes the elements out of it.
async fn put(transaction: &Transaction, sight: &WorkspaceSight, entries: &[NewTrashEntry]) -> StoreResult<()> {
    let workspace = &sight.workspace;
    let head = "INSERT INTO trash_entry (id, team_id, element_id, workspace_id, workspace_name, deleted_by, deleted_side, creator_side, deleted_at, expires_at) VALUES ";
    let rows = entries.iter().map(|entry| -> [Value; 10] {
        [
            entry.id.uuid().into(),
            workspace.team_id.uuid().into(),
            entry.element_id.uuid().into(),
            workspace.id.uuid().into(),
            workspace.name.as_str().into(),
            entry.deleted_by.uuid().into(),
            entry.deleted_side.to_string().into(),
            entry.creator_side.map(|side| side.to_string()).into(),
            entry.deleted_at.as_micros().into(),
            entry.expires_at.as_micros().into(),
        ]
    });
    transaction.insert_many(head, rows.collect()).await?;
    let text = "UPDATE element SET workspace_id = NULL
                WHERE workspace_id = $1 AND id IN (SELECT t.element_id FROM trash_entry t WHERE t.workspace_id = $1)";
    transaction.run(text, [workspace.id.uuid().into()]).await.map(drop)
}

/// Deletes elements with their revisions, whose nodes are looked through later.
async fn delete_elements(transaction: &Transaction, ids: &[Uuid], at: Timestamp) -> StoreResult<()> {
    let mut sql = releasing(at);
    sql.push("e.id IN ").list(ids);
    transaction.run(sql.text, sql.values).await?;
    let mut sql = Sql::new("DELETE FROM element WHERE id IN ");
    sql.list(ids);
    transaction.run(sql.text, sql.values).await.map(drop)
}

/// Begins a statement that says of the elements `e` that their revisions are let go of. It comes before these go.
fn releasing(at: Timestamp) -> Sql {
    let mut sql = Sql::new("INSERT INTO node_release (released_at, root_hash, followed) SELECT DISTINCT CAST(");
    sql.bind(at.as_micros())
        .push(" AS bigint), r.root_hash, e.kind = 'COLLECTION' FROM element e JOIN revision r ON r.element_id = e.id WHERE ");
    sql
}

/// On which side somebody with these roles is.
fn side_of(roles: &str) -> String {
    format!("CASE WHEN {} THEN '{}' ELSE '{}' END", any_role(roles, team_side()), Side::Team, Side::Partner)
}

/// That the member `tm` of its team has something to do with the entry `t` of the collection `e`, whose workspace is gone: what `Claim::knows` says.
fn is_claimed() -> String {
    let super_admin = any_role("tm.roles", TeamRoles::NONE.with(TeamRole::SuperAdmin));
    let side = side_of("tm.roles");
    format!(
        "({super_admin} OR (t.deleted_by = tm.user_id AND t.deleted_side = {side}) OR (e.created_by = tm.user_id AND t.creator_side = {side}))"
    )
}

fn entry(row: &Row) -> StoreResult<TrashEntry> {
    Ok(TrashEntry {
        id: row.id("entry_id")?,
        team_id: row.id("team_id")?,
        element: element(row)?,
        workspace_id: row.id("origin_id")?,
        workspace_name: row.get("workspace_name")?,
        deleted_by: row.id("deleted_by")?,
        deleted_side: row.named("deleted_side")?,
        creator_side: optional_name(row, "creator_side")?,
        deleted_at: row.time("deleted_at")?,
        expires_at: row.time("expires_at")?,
    })
}

fn optional_name<T: std::str::FromStr<Err: std::fmt::Display>>(row: &Row, column: &str) -> StoreResult<Option<T>> {
    row.get::<Option<String>>(column)?.map(|name| named(column, &name)).transpose()
}
