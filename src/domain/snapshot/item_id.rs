//! What an item of a collection is called, and what lists show of it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The id of an item within its collection: text of 1 to [`MAX_BYTES`](Self::MAX_BYTES) bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemId(Box<str>);

/// The text is empty, or longer than an [`ItemId`] may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an item's id has 1 to {} bytes", ItemId::MAX_BYTES)]
pub struct NoItemId;

impl ItemId {
    /// The most bytes that an id may have.
    pub const MAX_BYTES: usize = 128;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for ItemId {
    type Error = NoItemId;

    fn try_from(text: &str) -> Result<Self, NoItemId> {
        if (1..=Self::MAX_BYTES).contains(&text.len()) { Ok(Self(text.into())) } else { Err(NoItemId) }
    }
}

impl TryFrom<String> for ItemId {
    type Error = NoItemId;

    fn try_from(text: String) -> Result<Self, NoItemId> {
        Self::try_from(text.as_str())
    }
}

impl FromStr for ItemId {
    type Err = NoItemId;

    fn from_str(text: &str) -> Result<Self, NoItemId> {
        Self::try_from(text)
    }
}

impl From<ItemId> for String {
    fn from(id: ItemId) -> Self {
        id.0.into()
    }
}

impl AsRef<str> for ItemId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What lists show of an item and searches look at, without reading its content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Summary {
    /// The item's name.
    pub name: String,
    /// Where a request goes; empty for others.
    pub url: String,
    /// How a request goes there; empty for others.
    pub method: String,
    /// Whether other items may lie in it.
    pub is_folder: bool,
}
