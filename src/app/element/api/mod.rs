//! APIs: a definition that is kept byte for byte, under a name of their own.
//!
//! What an API is called does not stand in its definition, so another name is a new version with the same document.

mod create;
mod language;
mod update;

pub use create::{NewApi, create_api};
pub use language::languages;
pub use update::{ApiEdit, update_api};

use super::document::refused;
use super::import::Stored;
use crate::app::App;
use crate::app::error::Result;
use crate::app::ports::StoreError;
use crate::domain::document::Limits;
use crate::domain::document::definition::detect;
use serde::{Serialize, Serializer};
use tokio::task::spawn_blocking;

/// A definition that was checked, and is not stored yet.
#[derive(Debug, Clone)]
struct Checked(Stored);

impl Checked {
    /// Checks a definition, before anything is held for it and away from those who answer requests: a large one takes a while.
    async fn of(app: &App, definition: String) -> Result<Self> {
        let limits = Limits { bytes: app.settings.documents.definition, ..Limits::default() };
        let detect = move || detect(definition.as_bytes(), &limits).map(|found| Stored::definition(definition.into_bytes(), &found));
        let stored = spawn_blocking(detect).await.map_err(|error| StoreError::Broken(error.into()))?;
        Ok(Self(stored.map_err(|error| refused("definition", &error))?))
    }
}

impl Serialize for Checked {
    /// What it is recognised by.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.root.serialize(serializer)
    }
}
