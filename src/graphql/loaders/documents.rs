//! What documents are made of, what they are, and what is secret in them.

use super::{Load, LoadError, Loaders, Reader};
use crate::app::element::api::languages;
use crate::app::element::environment::value_of;
use crate::app::error::{AppError, Refusal};
use crate::app::model::Language;
use crate::app::ports::{StoreError, StoreResult};
use crate::app::snapshot::NodeSource;
use crate::domain::snapshot::NodeHash;
use async_graphql::Error;
use async_trait::async_trait;
use futures_util::future::try_join_all;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::Arc;

/// So many nodes are read in one statement.
const AT_ONCE: usize = 512;

impl Loaders {
    /// What a definition that the reader sees is written in.
    pub async fn language(&self, hash: NodeHash) -> Result<Option<Language>, LoadError> {
        self.languages.load(DefinitionKey(hash), &self.reader).await
    }

    /// The value of a secret variable, for a reader of whom it has been asked whether they may know it.
    pub async fn secret(&self, sealed: &str) -> Result<Option<String>, Error> {
        match self.secrets.load(SealedKey(sealed.into()), &self.reader).await? {
            None => Ok(None),
            Some(opened) => Ok(value_of(opened?.expose_secret())?),
        }
    }
}

impl Load<NodeHash> for Reader {
    type Value = Arc<[u8]>;

    async fn load(&self, keys: &[NodeHash]) -> Result<HashMap<NodeHash, Arc<[u8]>>, LoadError> {
        let mut contents = HashMap::with_capacity(keys.len());
        for some in keys.chunks(AT_ONCE) {
            let bytes = self.app.queries().nodes(some).await?;
            contents.extend(some.iter().copied().zip(bytes.into_iter().map(Arc::from)));
        }
        Ok(contents)
    }
}

/// Collections that are read side by side go down their trees together: what each needs next is read in one statement.
#[async_trait]
impl NodeSource for Loaders {
    async fn nodes(&self, hashes: &[NodeHash]) -> StoreResult<Vec<Vec<u8>>> {
        let nodes = try_join_all(hashes.iter().map(|hash| self.content(*hash))).await?;
        let missing = || StoreError::Broken("a node is missing".into());
        nodes.into_iter().map(|node| node.map(|bytes| bytes.to_vec()).ok_or_else(missing)).collect()
    }
}

/// The key of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DefinitionKey(NodeHash);

impl Load<DefinitionKey> for Reader {
    type Value = Language;

    async fn load(&self, keys: &[DefinitionKey]) -> Result<HashMap<DefinitionKey, Language>, LoadError> {
        let found = languages(&self.app, &keys.iter().map(|key| key.0).collect::<Vec<_>>()).await?;
        Ok(found.into_iter().map(|(hash, language)| (DefinitionKey(hash), language)).collect())
    }
}

/// The key of a secret: the text that it is kept as.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SealedKey(Arc<str>);

/// A secret, or why it cannot be shown.
pub(super) type Opened = Result<Arc<SecretString>, Refusal>;

impl Load<SealedKey> for Reader {
    type Value = Opened;

    async fn load(&self, keys: &[SealedKey]) -> Result<HashMap<SealedKey, Opened>, LoadError> {
        let texts: Vec<&str> = keys.iter().map(|key| &*key.0).collect();
        let opened = match self.app.vault.open_many(self.app.queries(), &texts).await.map_err(AppError::from) {
            Ok(opened) => opened,
            Err(AppError::Refused(refusal)) => return Ok(keys.iter().map(|key| (key.clone(), Err((*refusal).clone()))).collect()),
            Err(AppError::Failed(error)) => return Err(error.into()),
        };
        Ok(keys.iter().cloned().zip(opened.into_iter().map(|secret| Ok(Arc::new(secret)))).collect())
    }
}
