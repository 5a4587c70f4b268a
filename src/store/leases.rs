//! Leases of jobs.

use super::Transaction;
use crate::app::ports::{LeaseWrites, StoreResult};
use crate::domain::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

#[async_trait]
impl LeaseWrites for Transaction {
    async fn take_lease(&self, name: &str, holder: Uuid, now: Timestamp, until: Timestamp) -> StoreResult<bool> {
        let text = "INSERT INTO job_lease (name, holder, lease_until) VALUES ($1, $2, $4)
                    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
                    WHERE job_lease.holder = excluded.holder OR job_lease.lease_until <= $3";
        let values = [name.into(), holder.into(), now.as_micros().into(), until.as_micros().into()];
        Ok(self.run(text, values).await? == 1)
    }

    async fn release_leases(&self, holder: Uuid) -> StoreResult<()> {
        self.run("DELETE FROM job_lease WHERE holder = $1", [holder.into()]).await?;
        // A collection of garbage that is cut off is followed by another as soon as somebody has time for it.
        self.run("UPDATE node_collection SET lease_until = 0 WHERE run = $1", [holder.into()]).await.map(drop)
    }
}
