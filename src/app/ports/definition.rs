//! What API definitions are, beside their bytes.

use super::StoreResult;
use crate::app::model::Language;
use crate::domain::snapshot::NodeHash;
use async_trait::async_trait;
use std::collections::HashMap;

/// Reading what definitions are.
#[async_trait]
pub trait DefinitionQueries: Send + Sync {
    /// What the definitions in these nodes are. One of which that is not kept is left out.
    async fn list_definitions(&self, hashes: &[NodeHash]) -> StoreResult<HashMap<NodeHash, Language>>;
}

/// Writing what definitions are.
#[async_trait]
pub trait DefinitionWrites: Send + Sync {
    /// Keeps what the definition in this node is; the node is there already. What is kept already stays.
    async fn insert_definition(&self, hash: NodeHash, language: &Language) -> StoreResult<()>;
}
