//! What API definitions are, by the node that holds them.

use super::Transaction;
use super::sql::{Session, Sql};
use crate::app::model::Language;
use crate::app::ports::{DefinitionQueries, DefinitionWrites, StoreResult};
use crate::domain::snapshot::NodeHash;
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> DefinitionQueries for Session<C> {
    async fn list_definitions(&self, hashes: &[NodeHash]) -> StoreResult<HashMap<NodeHash, Language>> {
        let mut sql = Sql::new("SELECT hash, kind, syntax, version FROM definition WHERE hash IN ");
        sql.hashes(&hashes.iter().map(|hash| *hash.as_bytes()).collect::<Vec<_>>());
        let rows = self.all(sql.text, sql.values).await?;
        let found = rows.iter().map(|row| {
            let language = Language { kind: row.named("kind")?, syntax: row.named("syntax")?, version: row.get("version")? };
            Ok((NodeHash::new(row.bytes("hash")?), language))
        });
        found.collect()
    }
}

#[async_trait]
impl DefinitionWrites for Transaction {
    async fn insert_definition(&self, hash: NodeHash, language: &Language) -> StoreResult<()> {
        let text = "INSERT INTO definition (hash, kind, syntax, version) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING";
        let values = [
            hash.as_bytes().to_vec().into(),
            language.kind.to_string().into(),
            language.syntax.to_string().into(),
            language.version.as_str().into(),
        ];
        self.run(text, values).await.map(drop)
    }
}
