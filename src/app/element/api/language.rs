//! What definitions are written in.

use crate::app::App;
use crate::app::error::Result;
use crate::app::model::Language;
use crate::app::ports::StoreError;
use crate::domain::document::Limits;
use crate::domain::document::definition::detect;
use crate::domain::snapshot::NodeHash;
use std::collections::HashMap;
use tokio::task::spawn_blocking;

/// What the definitions in these nodes are written in, by a look at what is kept of them. Only where that is not there they are read.
///
/// # Errors
/// The store fails, or one of them is no definition.
pub async fn languages(app: &App, hashes: &[NodeHash]) -> Result<HashMap<NodeHash, Language>, StoreError> {
    let mut found = app.queries().list_definitions(hashes).await?;
    for hash in hashes {
        if found.contains_key(hash) {
            continue;
        }
        let bytes = app.queries().nodes(&[*hash]).await?.pop().unwrap_or_default();
        let detected =
            spawn_blocking(move || detect(&bytes, &Limits::default())).await.map_err(|error| StoreError::Broken(error.into()))?;
        found.insert(*hash, Language::from(&detected.map_err(|error| StoreError::Broken(error.into()))?));
    }
    Ok(found)
}
