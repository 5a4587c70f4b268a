//! First outcomes of mutations, under their clients' keys.

use super::{Transaction, error};
use crate::app::ports::{Claim, IdempotencyKey, IdempotencyWrites, StoreError, StoreResult};
use crate::domain::Timestamp;
use async_trait::async_trait;

#[async_trait]
impl IdempotencyWrites for Transaction {
    async fn claim_idempotency_key(
        &self,
        key: IdempotencyKey<'_>,
        input_digest: [u8; 32],
        now: Timestamp,
        expired_before: Timestamp,
    ) -> StoreResult<Claim> {
        // What is kept too long makes room in the same statement. On PostgreSQL it waits for a transaction that has
        // claimed the key and not ended; on SQLite there is none beside this one.
        let text = "INSERT INTO idempotency_key (user_id, mutation, key, input_digest, created_at) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (user_id, mutation, key) DO UPDATE
                        SET input_digest = excluded.input_digest, outcome = NULL, created_at = excluded.created_at
                        WHERE idempotency_key.created_at < $6";
        let values = [
            key.user.uuid().into(),
            key.mutation.into(),
            key.key.into(),
            input_digest.to_vec().into(),
            now.as_micros().into(),
            expired_before.as_micros().into(),
        ];
        if self.run(text, values).await? == 1 {
            return Ok(Claim::Fresh);
        }
        let text = "SELECT input_digest, outcome FROM idempotency_key WHERE user_id = $1 AND mutation = $2 AND key = $3";
        let Some(row) = self.one(text, [key.user.uuid().into(), key.mutation.into(), key.key.into()]).await? else {
            return Err(StoreError::Contention("the idempotency key was purged between two statements".into()));
        };
        let outcome: Option<String> = row.get("outcome")?;
        let outcome = outcome.ok_or_else(|| error::malformed("an idempotency key was committed without an outcome"))?;
        Ok(Claim::Seen { input_digest: row.bytes("input_digest")?, outcome })
    }

    async fn set_idempotent_outcome(&self, key: IdempotencyKey<'_>, outcome: &str) -> StoreResult<()> {
        let text = "UPDATE idempotency_key SET outcome = $4 WHERE user_id = $1 AND mutation = $2 AND key = $3";
        self.run(text, [key.user.uuid().into(), key.mutation.into(), key.key.into(), outcome.into()]).await.map(drop)
    }

    async fn delete_idempotency_keys(&self, expired_before: Timestamp) -> StoreResult<u64> {
        self.run("DELETE FROM idempotency_key WHERE created_at < $1", [expired_before.as_micros().into()]).await
    }
}
