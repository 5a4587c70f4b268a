//! Where the master keys of the vault are: in the configuration itself, or in a file beside it.

mod file;

pub use file::KeyFile;

use crate::app::ports::MasterKeySource;
use crate::app::vault::{MasterKey, MasterKeys};
use async_trait::async_trait;
use std::io;

/// Master keys that stand in the configuration, which its operator alone changes.
#[derive(Debug, Clone)]
pub struct ConfiguredKeys(MasterKeys);

impl ConfiguredKeys {
    /// These.
    #[must_use]
    pub fn new(keys: MasterKeys) -> Self {
        Self(keys)
    }
}

#[async_trait]
impl MasterKeySource for ConfiguredKeys {
    fn place(&self) -> String {
        "PORTICO_SECRET_KEYS".to_owned()
    }

    async fn load(&self) -> io::Result<Option<MasterKeys>> {
        Ok(Some(self.0.clone()))
    }

    async fn create(&self, _: MasterKey) -> io::Result<MasterKeys> {
        Ok(self.0.clone())
    }

    async fn put_first(&self, _: MasterKey) -> io::Result<MasterKeys> {
        Ok(self.0.clone())
    }
}
