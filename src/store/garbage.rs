//! Marks of nodes that are needed, and the end of the others.

use super::Transaction;
use super::elements::TOUCH_AGAIN;
use super::sql::{Row, Sql, limit};
use crate::app::ports::{GarbageWrites, NODE_GRACE, NodeRoot, StoreResult};
use crate::domain::Timestamp;
use crate::domain::snapshot::NodeHash;
use async_trait::async_trait;
use sea_orm::Value;
use uuid::Uuid;

// What is used again is not always touched again: it counts as used long enough all the same.
const _: () = assert!(TOUCH_AGAIN.as_secs() * 2 <= NODE_GRACE.as_secs());

/// How many hashes one statement takes.
const HASHES_AT_ONCE: usize = 4_000;

#[async_trait]
impl GarbageWrites for Transaction {
    async fn begin_collection(&self, run: Uuid, now: Timestamp, last: Timestamp, lease_until: Timestamp) -> StoreResult<bool> {
        let text = "UPDATE node_collection SET run = $1, began_at = $2, lease_until = $4
                    WHERE (run IS NOT NULL AND lease_until <= $2)
                       OR (run IS NULL AND (began_at IS NULL OR began_at <= $3) AND EXISTS (SELECT 1 FROM node_release))";
        let values = [run.into(), now.as_micros().into(), last.as_micros().into(), lease_until.as_micros().into()];
        let begins = self.run(text, values).await? == 1;
        if begins {
            // What was let go of lately is for the next run too: nodes that were used meanwhile are not deleted by this one.
            let settled = (now - NODE_GRACE).as_micros();
            self.run("DELETE FROM node_release WHERE released_at <= $1", [settled.into()]).await?;
        }
        Ok(begins)
    }

    async fn renew_collection(&self, run: Uuid, lease_until: Timestamp) -> StoreResult<Option<Timestamp>> {
        let text = "UPDATE node_collection SET lease_until = $2 WHERE run = $1 RETURNING began_at";
        let row = self.one(text, [run.into(), lease_until.as_micros().into()]).await?;
        row.map(|row| row.time("began_at")).transpose()
    }

    async fn end_collection(&self, run: Uuid) -> StoreResult<()> {
        self.run("UPDATE node_collection SET run = NULL, lease_until = NULL WHERE run = $1", [run.into()]).await.map(drop)
    }

    async fn delete_node_marks(&self, most: u64) -> StoreResult<u64> {
        let text = "DELETE FROM node_mark WHERE hash IN (SELECT m.hash FROM node_mark m LIMIT $1)";
        self.run(text, [limit(most).into()]).await
    }

    async fn list_roots(&self, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<NodeRoot>> {
        list_roots(self, after, most).await
    }

    async fn list_released_roots(&self, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<NodeRoot>> {
        let text = "SELECT root_hash, MAX(CASE WHEN followed THEN 1 ELSE 0 END) AS follows FROM node_release
                    WHERE root_hash > $1 GROUP BY root_hash ORDER BY root_hash LIMIT $2";
        let rows = self.all(text, [behind(after), limit(most).into()]).await?;
        rows.iter().map(root).collect()
    }

    async fn mark_nodes(&self, nodes: &[NodeHash]) -> StoreResult<Vec<NodeHash>> {
        let mut new = Vec::new();
        for some in nodes.chunks(HASHES_AT_ONCE) {
            let mut sql = Sql::new("INSERT INTO node_mark (hash, followed) VALUES ");
            sql.rows(some.iter().map(|hash| [value(*hash), true.into()]));
            sql.push(" ON CONFLICT (hash) DO UPDATE SET followed = TRUE WHERE NOT node_mark.followed RETURNING hash");
            for row in self.all(sql.text, sql.values).await? {
                new.push(hash(&row, "hash")?);
            }
        }
        Ok(new)
    }

    async fn mark_contents(&self, contents: &[NodeHash]) -> StoreResult<()> {
        let rows = contents.iter().map(|hash| [value(*hash), false.into()]).collect::<Vec<_>>();
        for some in rows.chunks(HASHES_AT_ONCE) {
            let mut sql = Sql::new("INSERT INTO node_mark (hash, followed) VALUES ");
            sql.rows(some.iter().cloned()).push(" ON CONFLICT (hash) DO NOTHING");
            self.run(sql.text, sql.values).await?;
        }
        Ok(())
    }

    async fn list_node_bytes(&self, nodes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        let mut found = Vec::with_capacity(nodes.len());
        for some in nodes.chunks(HASHES_AT_ONCE) {
            let mut sql = Sql::new("SELECT n.bytes FROM node n WHERE n.hash IN (");
            for (index, hash) in some.iter().enumerate() {
                sql.push(if index == 0 { "" } else { ", " }).bind(value(*hash));
            }
            sql.push(")");
            for row in self.all(sql.text, sql.values).await? {
                found.push(row.get("bytes")?);
            }
        }
        Ok(found)
    }

    async fn delete_unmarked_nodes(
        &self,
        after: Option<NodeHash>,
        of: u64,
        unused_since: Timestamp,
    ) -> StoreResult<(u64, Option<NodeHash>)> {
        let last = "SELECT n.hash FROM node n WHERE n.hash > $1 ORDER BY n.hash LIMIT 1 OFFSET $2";
        let last = self.one(last, [behind(after), limit(of.saturating_sub(1)).into()]).await?;
        let last = last.map(|row| hash(&row, "hash")).transpose()?;
        let (up_to, lock) = (last.map_or("", |_| "AND n.hash <= $3"), if self.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" });
        // Asked once more outside of the list: who has just used a node again may have committed after the list was made. Whoever uses one at
        // this moment is not waited for.
        let text = format!(
            "DELETE FROM node WHERE touched_at < $2 AND hash IN (
                 SELECT n.hash FROM node n WHERE n.hash > $1 {up_to} AND n.touched_at < $2
                   AND NOT EXISTS (SELECT 1 FROM node_mark m WHERE m.hash = n.hash) ORDER BY n.hash {lock})"
        );
        let values = [behind(after), unused_since.as_micros().into()].into_iter().chain(last.map(value));
        Ok((self.run(text, values.collect::<Vec<_>>()).await?, last))
    }
}

/// The roots of everything that is kept. Where bytes are the root of one and the content of another, they are followed.
pub(super) async fn list_roots(transaction: &Transaction, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<NodeRoot>> {
    let text = "WITH of_revision AS (SELECT DISTINCT root_hash FROM revision WHERE root_hash > $1 ORDER BY root_hash LIMIT $2),
                of_fork AS (SELECT DISTINCT base_root FROM fork WHERE base_root > $1 ORDER BY base_root LIMIT $2),
                batch AS (SELECT root_hash FROM (SELECT root_hash FROM of_revision UNION SELECT base_root FROM of_fork) x ORDER BY root_hash LIMIT $2),
                named AS (
                    SELECT b.root_hash, r.element_id FROM batch b JOIN revision r ON r.root_hash = b.root_hash
                    UNION ALL SELECT b.root_hash, f.element_id FROM batch b JOIN fork f ON f.base_root = b.root_hash)
                SELECT n.root_hash, MAX(CASE WHEN e.kind = 'COLLECTION' THEN 1 ELSE 0 END) AS follows
                FROM named n JOIN element e ON e.id = n.element_id GROUP BY n.root_hash ORDER BY n.root_hash";
    let rows = transaction.all(text, [behind(after), limit(most).into()]).await?;
    rows.iter().map(root).collect()
}

fn value(hash: NodeHash) -> Value {
    hash.as_bytes().to_vec().into()
}

/// What a list of hashes begins behind.
fn behind(after: Option<NodeHash>) -> Value {
    after.map_or_else(|| Vec::<u8>::new().into(), value)
}

fn root(row: &Row) -> StoreResult<NodeRoot> {
    Ok(NodeRoot { hash: hash(row, "root_hash")?, is_followed: row.get::<i32>("follows")? == 1 })
}

fn hash(row: &Row, column: &str) -> StoreResult<NodeHash> {
    row.bytes(column).map(NodeHash::new)
}
