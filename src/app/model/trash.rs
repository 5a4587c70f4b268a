//! What is in the trash.

use super::Element;
use crate::domain::element::goes_to_trash;
use crate::domain::trash::Claim;
use crate::domain::{ElementId, Side, TeamId, TeamRole, TeamRoles, Timestamp, TrashEntryId, UserId, Visibility, WorkspaceId};

/// A deleted collection that can be brought back for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrashEntry {
    /// Its id.
    pub id: TrashEntryId,
    /// The team that owns it.
    pub team_id: TeamId,
    /// The collection.
    pub element: Element,
    /// The workspace that it was in, which may be gone by now.
    pub workspace_id: WorkspaceId,
    /// The name that the workspace had then.
    pub workspace_name: String,
    /// Who deleted it.
    pub deleted_by: UserId,
    /// On which side they were.
    pub deleted_side: Side,
    /// On which side who made it was, if they could still open the workspace then.
    pub creator_side: Option<Side>,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// The last moment at which it can be restored.
    pub expires_at: Timestamp,
}

impl TrashEntry {
    /// Whether its time is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.expires_at
    }

    /// Whether it can be brought back at that moment, by whoever may.
    #[must_use]
    pub fn is_restorable(&self, now: Timestamp) -> bool {
        goes_to_trash(self.element.kind, self.element.size_bytes) && !self.is_over(now)
    }

    /// What somebody with these roles in the team is to it, once its workspace is gone.
    #[must_use]
    pub fn claim(&self, user: UserId, roles: TeamRoles) -> Claim {
        let side = if roles.is_team_member() { Side::Team } else { Side::Partner };
        let is_in = !roles.is_empty();
        Claim {
            side,
            is_super_admin: roles.has(TeamRole::SuperAdmin),
            made_it: is_in && user == self.element.created_by && self.creator_side == Some(side),
            deleted_it: is_in && user == self.deleted_by && self.deleted_side == side,
        }
    }
}

/// What becomes a trash entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTrashEntry {
    /// Its id.
    pub id: TrashEntryId,
    /// The collection.
    pub element_id: ElementId,
    /// Who deleted it.
    pub deleted_by: UserId,
    /// On which side they are.
    pub deleted_side: Side,
    /// On which side who made it is, if they can open the workspace.
    pub creator_side: Option<Side>,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// The last moment at which it can be restored.
    pub expires_at: Timestamp,
}

/// A collection of a workspace that is being deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The collection.
    pub element_id: ElementId,
    /// The size of its document in canonical form, in bytes.
    pub size_bytes: i64,
    /// Who made it.
    pub created_by: UserId,
}

/// An entry whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEntry {
    /// The entry.
    pub entry: TrashEntry,
    /// The visibility of its workspace; none: that is gone.
    pub visibility: Option<Visibility>,
}
