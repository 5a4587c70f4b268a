//! Data keys, each wrapped by a master key.

use super::Transaction;
use super::sql::{Row, Session, Sql, limit, uuids};
use crate::app::ports::{DataKeyQueries, DataKeyWrites, StoreResult, WrappedDataKey};
use crate::domain::DataKeyId;
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

const COLUMNS: &str = "SELECT id, master_key_id, wrapped, created_at FROM data_key";

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> DataKeyQueries for Session<C> {
    async fn list_data_keys(&self, ids: &[DataKeyId]) -> StoreResult<Vec<WrappedDataKey>> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE id IN ").list(&uuids(ids));
        self.all(sql.text, sql.values).await?.iter().map(data_key).collect()
    }

    async fn count_data_keys(&self) -> StoreResult<BTreeMap<String, i64>> {
        let rows = self.all("SELECT master_key_id, count(*) AS data_keys FROM data_key GROUP BY master_key_id", []).await?;
        rows.iter().map(|row| Ok((row.get("master_key_id")?, row.get("data_keys")?))).collect()
    }

    async fn list_data_keys_not_under(
        &self,
        master_key_id: &str,
        after: Option<DataKeyId>,
        at_most: u64,
    ) -> StoreResult<Vec<WrappedDataKey>> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE master_key_id <> ").bind(master_key_id);
        if let Some(after) = after {
            sql.push(" AND id > ").bind(after.uuid());
        }
        sql.push(" ORDER BY id LIMIT ").bind(limit(at_most));
        self.all(sql.text, sql.values).await?.iter().map(data_key).collect()
    }
}

#[async_trait]
impl DataKeyWrites for Transaction {
    async fn insert_data_key(&self, key: &WrappedDataKey) -> StoreResult<()> {
        let text = "INSERT INTO data_key (id, master_key_id, wrapped, created_at) VALUES ($1, $2, $3, $4)";
        let values = [key.id.uuid().into(), (&*key.master_key_id).into(), key.wrapped.clone().into(), key.created_at.as_micros().into()];
        self.run(text, values).await.map(drop)
    }

    async fn set_data_key_wrapping(&self, key: &WrappedDataKey, instead_of: &str) -> StoreResult<bool> {
        let text = "UPDATE data_key SET master_key_id = $2, wrapped = $3 WHERE id = $1 AND master_key_id = $4";
        let values = [key.id.uuid().into(), (&*key.master_key_id).into(), key.wrapped.clone().into(), instead_of.into()];
        Ok(self.run(text, values).await? == 1)
    }
}

fn data_key(row: &Row) -> StoreResult<WrappedDataKey> {
    Ok(WrappedDataKey {
        id: row.id("id")?,
        master_key_id: row.get("master_key_id")?,
        wrapped: row.get("wrapped")?,
        created_at: row.time("created_at")?,
    })
}
