//! What elements are forks of.

use super::{Load, LoadError, Reader};
use crate::app::model::Fork;
use crate::domain::ElementId;
use std::collections::HashMap;

/// The key of what an element is a fork of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ForkKey(pub ElementId);

impl Load<ForkKey> for Reader {
    type Value = Fork;

    async fn load(&self, keys: &[ForkKey]) -> Result<HashMap<ForkKey, Fork>, LoadError> {
        let ids: Vec<ElementId> = keys.iter().map(|key| key.0).collect();
        let forks = self.app.queries().list_forks(&ids).await?;
        Ok(forks.into_iter().map(|fork| (ForkKey(fork.element_id), fork)).collect())
    }
}
