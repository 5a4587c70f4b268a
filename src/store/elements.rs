//! Elements, their revisions, and the nodes of their documents.

use super::sql::{Row, Session, Sql, pattern, reader, uuid, uuids};
use super::workspace_sight::{rank, role_of_rank};
use super::{Transaction, error};
use crate::app::access::{ElementSight, Granted};
use crate::app::model::{Element, ElementRow, Revision};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{ElementContent, ElementFilter, ElementQueries, ElementWrites, StoreResult};
use crate::app::snapshot::NodeSource;
use crate::domain::snapshot::NodeHash;
use crate::domain::{ElementId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

/// How old the mark of a node's last use may be before using it again renews it.
pub(super) const TOUCH_AGAIN: Duration = Duration::from_hours(6);

/// The most bytes of nodes that one statement adds.
const NODE_BYTES_AT_ONCE: usize = 4 * 1024 * 1024;

/// The most nodes that one statement adds.
const NODES_AT_ONCE: usize = 500;

/// The columns of an element `e`, and the role that the reader `$1` was given on it.
pub(super) fn columns() -> String {
    format!(
        "SELECT e.*, (SELECT MAX({}) FROM element_grant eg WHERE eg.element_id = e.id AND (eg.user_id = $1
             OR eg.group_id IN (SELECT gm.group_id FROM group_member gm WHERE gm.user_id = $1))) AS element_role FROM element e",
        rank("eg.role")
    )
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> ElementQueries for Session<C> {
    async fn find_element(&self, user: Option<UserId>, id: ElementId) -> StoreResult<Option<ElementRow>> {
        let text = format!("{} WHERE e.id = $2 AND e.workspace_id IS NOT NULL", columns());
        let row = self.one(text, [reader(user).into(), id.uuid().into()]).await?;
        row.map(|row| element_row(&row)).transpose()
    }

    async fn list_elements_by_id(&self, user: Option<UserId>, ids: &[ElementId]) -> StoreResult<Vec<ElementRow>> {
        let mut sql = Sql::new("");
        sql.value(reader(user));
        sql.push(&columns()).push(" WHERE e.workspace_id IS NOT NULL AND e.id IN ").list(&uuids(ids));
        self.all(sql.text, sql.values).await?.iter().map(element_row).collect()
    }

    async fn list_elements(
        &self,
        user: Option<UserId>,
        workspace: WorkspaceId,
        filter: &ElementFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<ElementRow>> {
        let mut sql = Sql::new("");
        sql.value(reader(user));
        sql.push(&columns()).push(" WHERE e.workspace_id = ").bind(workspace.uuid());
        if let Some(kind) = filter.kind {
            sql.push(" AND e.kind = ").bind(kind.to_string());
        }
        if let Some(search) = &filter.search {
            sql.push(" AND e.name_key LIKE ").bind(pattern(search)).push(r" ESCAPE '\'");
        }
        sql.within("e.id", &page).page("e.id", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(element_row).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_revisions(&self, element: ElementId, page: PageRequest<i64>) -> StoreResult<Page<Revision>> {
        let mut sql = Sql::new("SELECT * FROM revision WHERE element_id = ");
        sql.bind(element.uuid()).within("version", &page).page("version", &page);
        let rows: StoreResult<Vec<_>> = self.all(sql.text, sql.values).await?.iter().map(revision).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn find_revision(&self, element: ElementId, version: i32) -> StoreResult<Option<Revision>> {
        let text = "SELECT * FROM revision WHERE element_id = $1 AND version = $2";
        let row = self.one(text, [element.uuid().into(), version.into()]).await?;
        row.map(|row| revision(&row)).transpose()
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> NodeSource for Session<C> {
    async fn nodes(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT hash, bytes FROM node WHERE hash IN ");
        sql.hashes(&hashes.iter().map(|hash| *hash.as_bytes()).collect::<Vec<_>>());
        let mut found: HashMap<[u8; 32], Vec<u8>> = HashMap::with_capacity(hashes.len());
        for row in self.all(sql.text, sql.values).await? {
            found.insert(row.bytes("hash")?, row.get("bytes")?);
        }
        let missing = |hash: &NodeHash| error::malformed(format!("the node {hash:?} is missing"));
        hashes.iter().map(|hash| found.remove(hash.as_bytes()).ok_or_else(|| missing(hash))).collect()
    }
}

#[async_trait]
impl ElementWrites for Transaction {
    async fn insert_nodes(&self, nodes: &[([u8; 32], Vec<u8>)], now: Timestamp) -> StoreResult<()> {
        // In the order of the hashes, so that two transactions never hold what the other waits for.
        let mut nodes: Vec<&([u8; 32], Vec<u8>)> = nodes.iter().collect();
        nodes.sort_unstable_by_key(|(hash, _)| *hash);
        nodes.dedup_by_key(|(hash, _)| *hash);
        let mut left = &nodes[..];
        while !left.is_empty() {
            let mut bytes = 0;
            let fits = left.iter().take(NODES_AT_ONCE).take_while(|(_, content)| {
                let is_within = bytes < NODE_BYTES_AT_ONCE;
                bytes += content.len();
                is_within
            });
            let (some, rest) = left.split_at(fits.count());
            let mut sql = Sql::new("INSERT INTO node (hash, bytes, touched_at) VALUES ");
            sql.rows(some.iter().map(|(hash, bytes)| [hash.to_vec().into(), bytes.clone().into(), now.as_micros().into()]));
            sql.push(" ON CONFLICT (hash) DO UPDATE SET touched_at = excluded.touched_at WHERE node.touched_at < ");
            sql.bind((now - TOUCH_AGAIN).as_micros());
            self.run(sql.text, sql.values).await?;
            left = rest;
        }
        Ok(())
    }

    async fn expect_loose_nodes(&self, at: Timestamp) -> StoreResult<()> {
        self.run("INSERT INTO node_release (released_at) VALUES ($1)", [at.as_micros().into()]).await.map(drop)
    }

    async fn insert_element(&self, element: &Element, changes: &serde_json::Value, message: Option<&str>) -> StoreResult<()> {
        let text = "INSERT INTO element (id, team_id, workspace_id, kind, format, name, name_key, description, api_id, version, size_bytes,
                        root_hash, created_at, created_by, updated_at, updated_by)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let values: [Value; 16] = [
            element.id.uuid().into(),
            element.team_id.uuid().into(),
            uuid(element.workspace_id),
            element.kind.to_string().into(),
            element.format.to_string().into(),
            element.name.as_str().into(),
            element.name.to_lowercase().into(),
            element.description.as_str().into(),
            uuid(element.api_id),
            element.version.into(),
            element.size_bytes.into(),
            element.root.to_vec().into(),
            element.created_at.as_micros().into(),
            element.created_by.uuid().into(),
            element.updated_at.as_micros().into(),
            element.updated_by.uuid().into(),
        ];
        self.run(text, values).await?;
        let first = Revision {
            element_id: element.id,
            version: element.version,
            root: element.root,
            size_bytes: element.size_bytes,
            author_id: element.created_by,
            message: message.map(ToOwned::to_owned),
            restored_version: None,
            changes: changes.clone(),
            created_at: element.created_at,
        };
        insert_revision(self, &first).await
    }

    async fn set_element_revision(
        &self,
        element: &Granted<ElementSight>,
        content: &ElementContent,
        revision: &Revision,
    ) -> StoreResult<()> {
        let text =
            "UPDATE element SET name = $2, name_key = $3, description = $4, format = $5, version = $6, size_bytes = $7, root_hash = $8,
                        updated_at = $9, updated_by = $10
                    WHERE id = $1";
        let values = [
            element.element.id.uuid().into(),
            content.name.as_str().into(),
            content.name.to_lowercase().into(),
            content.description.as_str().into(),
            content.format.to_string().into(),
            revision.version.into(),
            revision.size_bytes.into(),
            revision.root.to_vec().into(),
            revision.created_at.as_micros().into(),
            revision.author_id.uuid().into(),
        ];
        self.run(text, values).await?;
        insert_revision(self, revision).await
    }
}

async fn insert_revision(transaction: &Transaction, revision: &Revision) -> StoreResult<()> {
    let text =
        "INSERT INTO revision (element_id, version, root_hash, size_bytes, author_id, message, restored_version, changes, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        revision.element_id.uuid().into(),
        revision.version.into(),
        revision.root.to_vec().into(),
        revision.size_bytes.into(),
        revision.author_id.uuid().into(),
        revision.message.clone().into(),
        revision.restored_version.into(),
        revision.changes.to_string().into(),
        revision.created_at.as_micros().into(),
    ];
    transaction.run(text, values).await.map(drop)
}

pub(super) fn element_row(row: &Row) -> StoreResult<ElementRow> {
    Ok(ElementRow { element: element(row)?, role: row.get::<Option<i32>>("element_role")?.map(role_of_rank) })
}

pub(super) fn element(row: &Row) -> StoreResult<Element> {
    Ok(Element {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        workspace_id: row.optional_id("workspace_id")?,
        kind: row.named("kind")?,
        format: row.named("format")?,
        name: row.get("name")?,
        description: row.get("description")?,
        api_id: row.optional_id("api_id")?,
        version: row.get("version")?,
        size_bytes: row.get("size_bytes")?,
        root: row.bytes("root_hash")?,
        created_at: row.time("created_at")?,
        created_by: row.id("created_by")?,
        updated_at: row.time("updated_at")?,
        updated_by: row.id("updated_by")?,
    })
}

fn revision(row: &Row) -> StoreResult<Revision> {
    Ok(Revision {
        element_id: row.id("element_id")?,
        version: row.get("version")?,
        root: row.bytes("root_hash")?,
        size_bytes: row.get("size_bytes")?,
        author_id: row.id("author_id")?,
        message: row.get("message")?,
        restored_version: row.get("restored_version")?,
        changes: row.json("changes")?,
        created_at: row.time("created_at")?,
    })
}
