//! What the application asks of the store so that one server at a time does a job.

use super::StoreResult;
use crate::domain::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

/// Leases: the right to do something for a while, which ends by itself if its holder dies.
#[async_trait]
pub trait LeaseWrites: Send + Sync {
    /// Takes the lease, or renews it, and holds it until the transaction ends. False: somebody else has it.
    async fn take_lease(&self, name: &str, holder: Uuid, now: Timestamp, until: Timestamp) -> StoreResult<bool>;
    /// Gives every lease of this holder back.
    async fn release_leases(&self, holder: Uuid) -> StoreResult<()>;
}
