//! Elements and their revisions.

use crate::domain::document::definition::{Definition, DefinitionKind, Syntax};
use crate::domain::element::{ElementFormat, ElementKind};
use crate::domain::{ElementId, TeamId, Timestamp, UserId, WorkspaceId, WorkspaceRole};
use serde_json::Value;

/// An API, a collection or an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its id, kept for life.
    pub id: ElementId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// The workspace that it lives in; none: it is in the trash.
    pub workspace_id: Option<WorkspaceId>,
    /// What it is.
    pub kind: ElementKind,
    /// In which format its document is kept.
    pub format: ElementFormat,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The API that a collection belongs to.
    pub api_id: Option<ElementId>,
    /// Grows by one with each edit of the document.
    pub version: i32,
    /// The size of its document in canonical form, in bytes.
    pub size_bytes: i64,
    /// The node that its document begins with. Never shown to anybody.
    pub root: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: UserId,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: UserId,
}

/// An element, and what the reader was given on it beside their role in its workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementRow {
    /// The element.
    pub element: Element,
    /// The highest role that grants on the element give the reader, by themself and through groups.
    pub role: Option<WorkspaceRole>,
}

/// What an element was at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The element.
    pub element_id: ElementId,
    /// The version: 1, 2, 3 … without a gap.
    pub version: i32,
    /// The node that the document began with. Never shown to anybody.
    pub root: [u8; 32],
    /// The size of the document in canonical form, in bytes.
    pub size_bytes: i64,
    /// Who made it.
    pub author_id: UserId,
    /// What they say about it.
    pub message: Option<String>,
    /// The version that it restores.
    pub restored_version: Option<i32>,
    /// What was done: the ids of items and what became of them.
    pub changes: Value,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The most characters of a version of a language that are kept.
const LONGEST_VERSION: usize = 64;

/// What an API definition is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// The language.
    pub kind: DefinitionKind,
    /// What that is written in.
    pub syntax: Syntax,
    /// Its version, as the definition has it. Empty where there is none.
    pub version: String,
}

impl From<&Definition> for Language {
    fn from(definition: &Definition) -> Self {
        let readable = definition.version.chars().filter(|character| !character.is_control());
        Self { kind: definition.kind, syntax: definition.syntax, version: readable.take(LONGEST_VERSION).collect() }
    }
}
