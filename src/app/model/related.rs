//! What is bound to a collection and lives beside it.

use crate::domain::element::{RelatedItemKind, RelatedItemState};
use crate::domain::{ElementId, RelatedItemId, TeamId, Timestamp, UserId, WorkspaceId};

/// A monitor, a mock server or an integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedItem {
    /// Its id.
    pub id: RelatedItemId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// The workspace that it lives in: not always that of its collection.
    pub workspace_id: WorkspaceId,
    /// The collection that it is bound to.
    pub element_id: ElementId,
    /// What it is.
    pub kind: RelatedItemKind,
    /// Its name.
    pub name: String,
    /// Whether it does its work.
    pub state: RelatedItemState,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
