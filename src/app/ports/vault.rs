//! What the application asks of the store about data keys, and of wherever the master keys are kept.

use super::StoreResult;
use crate::app::vault::{MasterKey, MasterKeys};
use crate::domain::{DataKeyId, Timestamp};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io;

/// A data key as it is kept: nothing without its master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedDataKey {
    /// Its id.
    pub id: DataKeyId,
    /// The master key that wraps it.
    pub master_key_id: String,
    /// What only that master key opens.
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Reading data keys.
#[async_trait]
pub trait DataKeyQueries: Send + Sync {
    /// Those of these data keys that there are, in no particular order.
    async fn list_data_keys(&self, ids: &[DataKeyId]) -> StoreResult<Vec<WrappedDataKey>>;
    /// How many data keys each master key wraps; none that wraps nothing.
    async fn count_data_keys(&self) -> StoreResult<BTreeMap<String, i64>>;
    /// Data keys after this one that another master key wraps, by id, up to a number.
    async fn list_data_keys_not_under(&self, master_key_id: &str, after: Option<DataKeyId>, limit: u64)
    -> StoreResult<Vec<WrappedDataKey>>;
}

/// Writing data keys.
#[async_trait]
pub trait DataKeyWrites: Send + Sync {
    /// Adds a data key.
    async fn insert_data_key(&self, key: &WrappedDataKey) -> StoreResult<()>;
    /// Wraps a data key by another master key than this one. False: somebody else was first, and nothing was written.
    async fn set_data_key_wrapping(&self, key: &WrappedDataKey, instead_of: &str) -> StoreResult<bool>;
}

/// Where the master keys are kept: not in the database, or whoever has that has everything.
#[async_trait]
pub trait MasterKeySource: Debug + Send + Sync {
    /// The place, in words for an operator.
    fn place(&self) -> String;
    /// The keys as they are at this moment. None: nothing has been put there.
    ///
    /// # Errors
    /// The place cannot be read, or holds something else than keys.
    async fn load(&self) -> io::Result<Option<MasterKeys>>;
    /// Keeps the first key where there is none, and answers what is there afterwards: another server may have been first.
    ///
    /// # Errors
    /// The place cannot be written.
    async fn create(&self, first: MasterKey) -> io::Result<MasterKeys>;
    /// Puts a key before those that are there, and answers all of them once that will last. A place that only its operator
    /// can change answers what is there.
    ///
    /// # Errors
    /// The place cannot be written.
    async fn put_first(&self, fresh: MasterKey) -> io::Result<MasterKeys>;
}
