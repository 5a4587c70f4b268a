//! Nodes and their bytes.

use crate::app::ports::StoreResult;
use crate::domain::snapshot::NodeHash;
use crate::store::Transaction;
use crate::store::sql::{Row, Sql, limit};
use std::collections::{BTreeSet, HashMap};

/// How many hashes one statement takes.
const HASHES_AT_ONCE: usize = 4_000;

pub(super) async fn sizes(transaction: &Transaction, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<(NodeHash, u64)>> {
    let text = "SELECT n.hash, CAST(LENGTH(n.bytes) AS bigint) AS size FROM node n WHERE n.hash > $1 ORDER BY n.hash LIMIT $2";
    let behind = after.map_or_else(Vec::new, |hash| hash.as_bytes().to_vec());
    let rows = transaction.all(text, [behind.into(), limit(most).into()]).await?;
    rows.iter().map(|row| Ok((hash(row)?, row.get::<i64>("size")?.unsigned_abs()))).collect()
}

pub(super) async fn find(transaction: &Transaction, hashes: &[NodeHash]) -> StoreResult<HashMap<NodeHash, Vec<u8>>> {
    let rows = among(transaction, "SELECT n.hash, n.bytes FROM node n WHERE n.hash IN ", hashes).await?;
    rows.iter().map(|row| Ok((hash(row)?, row.get("bytes")?))).collect()
}

pub(super) async fn existing(transaction: &Transaction, hashes: &[NodeHash]) -> StoreResult<BTreeSet<NodeHash>> {
    among(transaction, "SELECT n.hash FROM node n WHERE n.hash IN ", hashes).await?.iter().map(hash).collect()
}

pub(super) async fn remember(transaction: &Transaction, hashes: &[NodeHash]) -> StoreResult<Vec<NodeHash>> {
    let mut new = Vec::new();
    for some in hashes.chunks(HASHES_AT_ONCE) {
        let mut sql = Sql::new("INSERT INTO came_by (hash) VALUES ");
        sql.rows(some.iter().map(|hash| [hash.as_bytes().to_vec().into()])).push(" ON CONFLICT (hash) DO NOTHING RETURNING hash");
        for row in transaction.all(sql.text, sql.values).await? {
            new.push(hash(&row)?);
        }
    }
    Ok(new)
}

/// The rows of a statement that a list of hashes follows.
async fn among(transaction: &Transaction, text: &str, hashes: &[NodeHash]) -> StoreResult<Vec<Row>> {
    let mut found = Vec::with_capacity(hashes.len());
    for some in hashes.chunks(HASHES_AT_ONCE) {
        let mut sql = Sql::new(text);
        sql.hashes(&some.iter().map(|hash| *hash.as_bytes()).collect::<Vec<_>>());
        found.extend(transaction.all(sql.text, sql.values).await?);
    }
    Ok(found)
}

fn hash(row: &Row) -> StoreResult<NodeHash> {
    row.bytes("hash").map(NodeHash::new)
}
