//! Which master keys there are, what each of them wraps, and how another one takes over.

use super::keys::{DataKey, MasterKey, MasterKeys};
use super::{Vault, VaultError, VaultResult};
use crate::app::ports::{Queries, Store, WrappedDataKey};
use crate::domain::DataKeyId;

/// How many data keys are wrapped anew in one transaction: few enough that nobody waits long for it.
const BATCH: u64 = 100;

/// What a master key is to this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It wraps what is new.
    Current,
    /// It is known.
    Known,
    /// Something is wrapped by it, and it is not known.
    Missing,
}

/// A master key and how much it wraps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyReport {
    /// Its id.
    pub id: String,
    /// What it is.
    pub state: KeyState,
    /// How many data keys are under it.
    pub data_keys: i64,
}

/// Where the master keys are, and each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultReport {
    /// Where they are, in words for an operator.
    pub place: String,
    /// The current one first, the missing ones last.
    pub keys: Vec<KeyReport>,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// How many data keys it wrapped anew.
    pub wrapped: u64,
    /// Data keys that their master key does not open: they are as they were.
    pub not_unwrapped: Vec<DataKeyId>,
    /// How things stand now.
    pub report: VaultReport,
}

impl VaultReport {
    /// The current master key's id.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.keys.iter().find(|key| key.state == KeyState::Current).map(|key| &*key.id)
    }

    /// The master keys that wrap nothing and are not current.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|key| key.state == KeyState::Known && key.data_keys == 0).map(|key| &*key.id)
    }
}

impl Vault {
    /// Tells of the master keys, and changes nothing.
    ///
    /// # Errors
    /// They cannot be read, or the database cannot.
    pub async fn report(&self, queries: &dyn Queries) -> VaultResult<VaultReport> {
        let known = self.source.load().await.map_err(|cause| self.unusable(cause))?;
        let mut counts = queries.count_data_keys().await?;
        let ids = known.iter().flat_map(MasterKeys::ids).map(str::to_owned);
        let mut keys: Vec<KeyReport> =
            ids.map(|id| KeyReport { data_keys: counts.remove(&id).unwrap_or(0), id, state: KeyState::Known }).collect();
        if let Some(current) = keys.first_mut() {
            current.state = KeyState::Current;
        }
        keys.extend(counts.into_iter().map(|(id, data_keys)| KeyReport { id, state: KeyState::Missing, data_keys }));
        Ok(VaultReport { place: self.source.place(), keys })
    }

    /// Puts a fresh master key first, where the place of the keys can be written, and wraps every data key under the first one.
    ///
    /// It may be cut off at any moment and run again, beside servers and beside itself: each data key is under the one or the other master
    /// key at all times, and both are known before anything is wrapped.
    ///
    /// # Errors
    /// A master key is missing: then nothing was changed. Or the keys cannot be written, or the database cannot be used.
    pub async fn rotate(&self, store: &dyn Store) -> VaultResult<Rotation> {
        self.unlock(store.queries()).await?;
        let fresh = MasterKey::generate(self.clock.now(), &*self.entropy).map_err(VaultError::Broken)?;
        self.source.put_first(fresh).await.map_err(|cause| self.unusable(cause))?;
        let (mut wrapped, mut not_unwrapped, mut after) = (0, Vec::new(), None);
        loop {
            // Somebody else may rotate at the same time: then the last key that came is the one for both.
            let keys = self.reload().await?;
            let tx = store.begin().await?;
            let batch = tx.list_data_keys_not_under(keys.current().id(), after, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            let keys = self.knowing(keys, &batch).await?;
            for key in &batch {
                match self.wrapped_anew(&keys, key) {
                    Ok(anew) => wrapped += u64::from(tx.set_data_key_wrapping(&anew, &key.master_key_id).await?),
                    Err(VaultError::NotUnwrapped { data_key, .. }) => not_unwrapped.push(data_key),
                    Err(error) => return Err(error),
                }
            }
            tx.commit().await?;
        }
        Ok(Rotation { wrapped, not_unwrapped, report: self.report(store.queries()).await? })
    }

    fn wrapped_anew(&self, keys: &MasterKeys, key: &WrappedDataKey) -> VaultResult<WrappedDataKey> {
        let data_key: DataKey = self.unwrapped(keys, key)?;
        let wrapped = data_key.wrap(keys.current(), &*self.entropy)?;
        Ok(WrappedDataKey { master_key_id: keys.current().id().to_owned(), wrapped, ..key.clone() })
    }
}
