//! Forks, and who edits those that a change of their parent leaves behind.

use super::Transaction;
use super::sql::{Row, Session, Sql, live, uuid, uuids};
use super::users::recipient;
use super::watchers::opens;
use crate::app::access::{ElementSight, FORMER_PARTNER_TERM, ForkingSight, Granted};
use crate::app::model::{Fork, ForkBase, LeftBehind};
use crate::app::ports::{ForkQueries, ForkWrites, StoreResult};
use crate::domain::{ElementId, Timestamp};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> ForkQueries for Session<C> {
    async fn list_forks(&self, elements: &[ElementId]) -> StoreResult<Vec<Fork>> {
        let mut sql = Sql::new("SELECT * FROM fork WHERE element_id IN ");
        sql.list(&uuids(elements));
        self.all(sql.text, sql.values).await?.iter().map(fork).collect()
    }

    async fn list_left_behind(&self, parent: &ElementSight, now: Timestamp) -> StoreResult<Vec<LeftBehind>> {
        let mut sql = Sql::new("WITH ");
        let (id, root) = (sql.value(parent.element.id.uuid()), sql.value(parent.element.root.to_vec()));
        let at = sql.value(now.as_micros());
        let open = opens(&at, &sql.value((now - FORMER_PARTNER_TERM).as_micros()));
        let behind = format!(
            "behind AS (SELECT f.element_id, f.label, e.name, e.workspace_id FROM fork f JOIN element e ON e.id = f.element_id
                        WHERE f.parent_id = {id} AND f.parent_root = {root} AND e.workspace_id IS NOT NULL)"
        );
        let editors = format!(
            "editor AS (
                SELECT b.element_id, COALESCE(m.user_id, gm.user_id) AS user_id
                FROM behind b JOIN workspace_member m ON m.workspace_id = b.workspace_id LEFT JOIN group_member gm ON gm.group_id = m.group_id
                WHERE m.role IN ('EDITOR', 'ADMIN') AND {live}
                UNION
                SELECT b.element_id, COALESCE(eg.user_id, gm.user_id) AS user_id
                FROM behind b JOIN element_grant eg ON eg.element_id = b.element_id LEFT JOIN group_member gm ON gm.group_id = eg.group_id
                WHERE eg.role = 'EDITOR')",
            live = live("m", &at)
        );
        sql.push(&behind).push(", ").push(&editors);
        sql.push(
            r#" SELECT b.element_id, b.label, b.name, u.id AS user_id, u.email
                FROM editor x JOIN behind b ON b.element_id = x.element_id JOIN "user" u ON u.id = x.user_id JOIN workspace w ON w.id = "#,
        );
        sql.bind(parent.workspace.workspace.id.uuid());
        sql.push(" JOIN team_member tm ON tm.team_id = w.team_id AND tm.user_id = u.id WHERE ").push(&open);
        sql.push(" ORDER BY b.element_id, u.id");
        let row = |row: &Row| {
            let (fork, label, name) = (row.id("element_id")?, row.get("label")?, row.get("name")?);
            Ok(LeftBehind { fork, name, label, editor: recipient(row)? })
        };
        self.all(sql.text, sql.values).await?.iter().map(row).collect()
    }
}

#[async_trait]
impl ForkWrites for Transaction {
    async fn insert_fork(&self, from: &Granted<ForkingSight>, fork: &Fork) -> StoreResult<()> {
        let text = "INSERT INTO fork (element_id, parent_id, label, parent_version, parent_root, base_root, created_at, created_by)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = [
            fork.element_id.uuid().into(),
            uuid(Some(from.element.element.id)),
            fork.label.as_str().into(),
            fork.base.parent_version.into(),
            fork.base.parent_root.to_vec().into(),
            fork.base.root.to_vec().into(),
            fork.created_at.as_micros().into(),
            fork.created_by.uuid().into(),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn set_fork_base(&self, fork: ElementId, base: &ForkBase, now: Timestamp) -> StoreResult<()> {
        let release = "INSERT INTO node_release (released_at, root_hash, followed)
                       SELECT CAST($2 AS bigint), f.base_root, e.kind = 'COLLECTION' FROM fork f JOIN element e ON e.id = f.element_id WHERE f.element_id = $1";
        self.run(release, [fork.uuid().into(), now.as_micros().into()]).await?;
        let text = "UPDATE fork SET parent_version = $2, parent_root = $3, base_root = $4 WHERE element_id = $1";
        let values = [fork.uuid().into(), base.parent_version.into(), base.parent_root.to_vec().into(), base.root.to_vec().into()];
        self.run(text, values).await.map(drop)
    }
}

fn fork(row: &Row) -> StoreResult<Fork> {
    Ok(Fork {
        element_id: row.id("element_id")?,
        parent_id: row.optional_id("parent_id")?,
        label: row.get("label")?,
        base: ForkBase {
            parent_version: row.get("parent_version")?,
            parent_root: row.bytes("parent_root")?,
            root: row.bytes("base_root")?,
        },
        created_at: row.time("created_at")?,
        created_by: row.id("created_by")?,
    })
}
