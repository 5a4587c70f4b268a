//! The vault: secret values are kept so that the database alone, or a copy of it, tells none of them.
//!
//! A value is [`Sealed`] with a *data key*, of which each environment has one; the data keys stand in the database, wrapped by a *master
//! key*, which stands in the configuration and never in the database. So another master key means wrapping a few bytes for each environment
//! anew, and no value is touched: see [`Vault::rotate`].
//!
//! ```text
//! // Within the transaction that keeps the environment; a new one has no data key yet.
//! let data_key = kept.iter().find_map(|sealed| Vault::data_key_of(sealed));
//! let sealer = app.vault.sealer(&*work.tx, data_key).await?;
//! let text = sealer.seal("hunter2")?.to_string();
//! // For whoever may read it, all the values of a page at once:
//! let values = app.vault.open_many(app.queries(), &[text]).await?;
//! ```

mod cipher;
mod error;
mod keys;
mod rotate;
mod sealed;

pub use error::{VaultError, VaultResult};
pub use keys::{Fingerprints, MasterKey, MasterKeyError, MasterKeys};
pub use rotate::{KeyReport, KeyState, Rotation, VaultReport};
pub use sealed::Sealed;

use super::clock::{Clock, Entropy, new_id};
use super::ports::{MasterKeySource, Queries, Tx, WrappedDataKey};
use crate::domain::DataKeyId;
use keys::DataKey;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

/// Seals secret values and opens them.
///
/// It reads its master keys when they are first needed. When it meets one that it does not know, or makes a data key, it reads them again,
/// so that a server goes on while the keys in its file are rotated.
#[derive(Debug)]
pub struct Vault {
    source: Arc<dyn MasterKeySource>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    keys: RwLock<Option<MasterKeys>>,
}

impl Vault {
    /// A vault whose master keys are there.
    #[must_use]
    pub fn new(source: Arc<dyn MasterKeySource>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { source, clock, entropy, keys: RwLock::default() }
    }

    /// Reads the master keys, and sees to it that they are those of this database. Where there are none and nothing is wrapped yet, it makes
    /// the first one. Does nothing where that is done already; whatever needs the keys does it by itself.
    ///
    /// # Errors
    /// A key is missing, which the error names.
    pub async fn unlock(&self, queries: &dyn Queries) -> VaultResult<MasterKeys> {
        if let Some(keys) = self.known() {
            return Ok(keys);
        }
        let wanted = queries.count_data_keys().await?;
        let keys = match self.source.load().await.map_err(|cause| self.unusable(cause))? {
            Some(keys) => keys,
            None if wanted.is_empty() => {
                let first = MasterKey::generate(self.clock.now(), &*self.entropy).map_err(VaultError::Broken)?;
                self.source.create(first).await.map_err(|cause| self.unusable(cause))?
            }
            None => return Err(VaultError::NoMasterKeys { place: self.source.place(), wanted: wanted.into_keys().collect() }),
        };
        match wanted.into_keys().find(|id| keys.find(id).is_none()) {
            Some(missing) => Err(self.unknown(missing)),
            None => Ok(self.keep(keys)),
        }
    }

    /// What seals values with this data key or, if there is none yet, with a new one that is kept in the transaction. So what it seals is to
    /// be kept in the same one.
    ///
    /// # Errors
    /// There is no such data key, or its master key is not known.
    pub async fn sealer(&self, tx: &dyn Tx, data_key: Option<DataKeyId>) -> VaultResult<Sealer> {
        let key = match data_key {
            Some(id) => self.data_keys(tx.queries(), &[id]).await?.remove(&id).ok_or(VaultError::UnknownDataKey(id))?,
            None => self.new_data_key(tx).await?,
        };
        Ok(Sealer { key, entropy: Arc::clone(&self.entropy) })
    }

    /// Seals one value: see [`sealer`](Self::sealer).
    ///
    /// # Errors
    /// There is no such data key, or its master key is not known.
    pub async fn seal(&self, tx: &dyn Tx, data_key: Option<DataKeyId>, plaintext: &str) -> VaultResult<Sealed> {
        self.sealer(tx, data_key).await?.seal(plaintext)
    }

    /// Opens values, in their order, with one statement for all the data keys that it takes. It asks nobody whether the caller may read them.
    ///
    /// # Errors
    /// One of them is no sealed value, was changed, or its key is not there.
    pub async fn open_many<S: AsRef<str> + Sync>(&self, queries: &dyn Queries, sealed: &[S]) -> VaultResult<Vec<SecretString>> {
        let sealed: Vec<Sealed> =
            sealed.iter().map(|text| Sealed::parse(text.as_ref()).ok_or(VaultError::NotSealed)).collect::<VaultResult<_>>()?;
        let ids: BTreeSet<DataKeyId> = sealed.iter().map(Sealed::data_key).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.data_keys(queries, &ids.into_iter().collect::<Vec<_>>()).await?;
        let open = |sealed: &Sealed| keys.get(&sealed.data_key()).ok_or(VaultError::UnknownDataKey(sealed.data_key()))?.open(sealed);
        sealed.iter().map(open).collect()
    }

    /// The data key of a sealed value: what the next one of the same environment is to be sealed with.
    #[must_use]
    pub fn data_key_of(sealed: &str) -> Option<DataKeyId> {
        Sealed::parse(sealed).map(|sealed| sealed.data_key())
    }

    /// What a text that may hold secrets is recognised by, wherever it is kept: without a master key nobody can try what the text was.
    ///
    /// # Errors
    /// A key is missing.
    pub async fn fingerprints(&self, queries: &dyn Queries, text: &[u8]) -> VaultResult<Fingerprints> {
        Ok(self.unlock(queries).await?.fingerprints(text))
    }

    /// The same under the keys as they are now, since another server may have rotated them.
    ///
    /// # Errors
    /// There are none any more.
    pub async fn fingerprints_anew(&self, text: &[u8]) -> VaultResult<Fingerprints> {
        Ok(self.reload().await?.fingerprints(text))
    }

    /// Those of these data keys that there are.
    async fn data_keys(&self, queries: &dyn Queries, ids: &[DataKeyId]) -> VaultResult<BTreeMap<DataKeyId, DataKey>> {
        let keys = self.unlock(queries).await?;
        let wrapped = queries.list_data_keys(ids).await?;
        let keys = self.knowing(keys, &wrapped).await?;
        wrapped.iter().map(|key| Ok((key.id, self.unwrapped(&keys, key)?))).collect()
    }

    async fn new_data_key(&self, tx: &dyn Tx) -> VaultResult<DataKey> {
        self.unlock(tx.queries()).await?;
        // A key that is only in this server's memory by now must not wrap anything: it would be lost with it.
        let keys = self.reload().await?;
        let now = self.clock.now();
        let id = new_id(now, &*self.entropy).map_err(VaultError::Broken)?;
        let key = DataKey::generate(id, &*self.entropy)?;
        let wrapped = key.wrap(keys.current(), &*self.entropy)?;
        tx.insert_data_key(&WrappedDataKey { id, master_key_id: keys.current().id().to_owned(), wrapped, created_at: now }).await?;
        Ok(key)
    }

    fn unwrapped(&self, keys: &MasterKeys, key: &WrappedDataKey) -> VaultResult<DataKey> {
        let master = keys.find(&key.master_key_id).ok_or_else(|| self.unknown(key.master_key_id.clone()))?;
        DataKey::unwrap(key.id, &key.wrapped, master)
    }

    /// These master keys or, where they do not do for those data keys, what has come since.
    async fn knowing(&self, keys: MasterKeys, wrapped: &[WrappedDataKey]) -> VaultResult<MasterKeys> {
        let all_known = wrapped.iter().all(|key| keys.find(&key.master_key_id).is_some());
        if all_known { Ok(keys) } else { self.reload().await }
    }

    async fn reload(&self) -> VaultResult<MasterKeys> {
        let keys = self.source.load().await.and_then(|keys| keys.ok_or_else(|| io::ErrorKind::NotFound.into()));
        Ok(self.keep(keys.map_err(|cause| self.unusable(cause))?))
    }

    fn known(&self) -> Option<MasterKeys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, keys: MasterKeys) -> MasterKeys {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(keys.clone());
        keys
    }

    fn unknown(&self, master_key: String) -> VaultError {
        VaultError::UnknownMasterKey { master_key, place: self.source.place() }
    }

    fn unusable(&self, cause: io::Error) -> VaultError {
        VaultError::Source { place: self.source.place(), cause }
    }
}

/// Seals values with one data key.
#[derive(Debug)]
pub struct Sealer {
    key: DataKey,
    entropy: Arc<dyn Entropy>,
}

impl Sealer {
    /// Seals a value. The same one twice does not look alike.
    ///
    /// # Errors
    /// There are no random numbers to be had.
    pub fn seal(&self, plaintext: &str) -> VaultResult<Sealed> {
        self.key.seal(plaintext, &*self.entropy)
    }
}
