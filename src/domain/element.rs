//! Elements: APIs, collections and environments, and what belongs to them (domain.md, sections 1, 3.4 and 3.6).

use super::days;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use strum::{Display, EnumString, VariantArray};

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ElementKind {
    /// An API: a definition, and the collections that belong to it.
    Api,
    /// A collection of requests in folders.
    Collection,
    /// An environment: variables and their values.
    Environment,
}

impl ElementKind {
    /// The word for it within a sentence.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Collection => "collection",
            Self::Environment => "environment",
        }
    }
}

/// In which format the document of an element is kept and comes out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ElementFormat {
    /// A collection, v2.1.0.
    #[strum(serialize = "COLLECTION_V2_1")]
    #[serde(rename = "COLLECTION_V2_1")]
    CollectionV21,
    /// A collection, v2.0.0.
    #[strum(serialize = "COLLECTION_V2_0")]
    #[serde(rename = "COLLECTION_V2_0")]
    CollectionV20,
    /// An environment.
    Environment,
    /// The global variables of a workspace.
    Globals,
    /// An API definition, as the bytes that came in.
    Definition,
}

impl ElementFormat {
    /// Whether an element of this kind has documents of this format.
    #[must_use]
    pub const fn is_of(self, kind: ElementKind) -> bool {
        matches!(
            (self, kind),
            (Self::CollectionV21 | Self::CollectionV20, ElementKind::Collection)
                | (Self::Environment | Self::Globals, ElementKind::Environment)
                | (Self::Definition, ElementKind::Api)
        )
    }
}

/// How long a deleted collection stays in the trash.
pub const TRASH_TERM: Duration = days(90);

/// A collection of this canonical size, in bytes, or above does not go to the trash.
pub const TRASH_LIMIT: i64 = 30 * 1024 * 1024;

/// Whether an element goes to the trash when it is deleted, instead of being gone for good.
#[must_use]
pub const fn goes_to_trash(kind: ElementKind, size: i64) -> bool {
    matches!(kind, ElementKind::Collection) && size < TRASH_LIMIT
}

/// What is bound to a collection and lives in a workspace of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelatedItemKind {
    /// Runs a collection by a schedule.
    Monitor,
    /// Answers as the examples of a collection say.
    MockServer,
    /// Connects a collection with another service.
    Integration,
}

impl RelatedItemKind {
    /// The word for it within a sentence.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Monitor => "monitor",
            Self::MockServer => "mock server",
            Self::Integration => "integration",
        }
    }
}

/// Whether a related item does its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelatedItemState {
    /// It does.
    Active,
    /// It waits until somebody resumes it.
    Paused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_collections_strictly_below_the_limit_go_to_the_trash() {
        assert!(goes_to_trash(ElementKind::Collection, TRASH_LIMIT - 1));
        assert!(!goes_to_trash(ElementKind::Collection, TRASH_LIMIT));
        assert!(!goes_to_trash(ElementKind::Api, 1));
        assert!(!goes_to_trash(ElementKind::Environment, 1));
    }

    #[test]
    fn formats_have_the_names_that_the_schema_gives_them() {
        assert_eq!(ElementFormat::CollectionV21.to_string(), "COLLECTION_V2_1");
        assert_eq!("COLLECTION_V2_0".parse(), Ok(ElementFormat::CollectionV20));
    }
}
