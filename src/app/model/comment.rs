//! Comments on elements.

use crate::domain::{CommentId, ElementId, OrganizationId, TeamId, Timestamp, UserId};
use uuid::Uuid;

/// A comment on an element or on an item of it: the first of a thread, or a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The team.
    pub team_id: TeamId,
    /// The element.
    pub element_id: ElementId,
    /// The item of the collection; none: it is about the element itself.
    pub item_id: Option<String>,
    /// The comment that begins the thread: itself, for that one.
    pub thread_id: CommentId,
    /// Who wrote it.
    pub author_id: UserId,
    /// The organization of a partner who wrote it.
    pub organization_id: Option<OrganizationId>,
    /// The organization of a partner who began the thread.
    pub thread_organization_id: Option<OrganizationId>,
    /// What it says, in Markdown; nothing where it was deleted.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted and yet kept its place, being the first of a thread with replies.
    pub deleted_at: Option<Timestamp>,
    /// When its thread was settled.
    pub resolved_at: Option<Timestamp>,
    /// Who settled it.
    pub resolved_by: Option<UserId>,
}

impl Comment {
    /// Whether it begins its thread.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.id == self.thread_id
    }

    /// The one organization whose partners know of it in multi-partner mode; none: those of every organization.
    #[must_use]
    pub fn audience(&self) -> Option<OrganizationId> {
        shared_audience(self.organization_id, self.thread_organization_id)
    }

    /// Whether somebody knows of it who sees no other organization than this one; none: they see all of them.
    #[must_use]
    pub fn is_shown_to(&self, only: Option<OrganizationId>) -> bool {
        only.is_none_or(|own| self.audience().is_none_or(|audience| audience == own))
    }
}

/// The id of an organization that nobody belongs to, since there is none: the audience of what no partner reads.
pub const NOBODY: Uuid = Uuid::max();

/// Who knows of what only the partners of two organizations know of: where they differ, [nobody](NOBODY).
#[must_use]
pub fn shared_audience(one: Option<OrganizationId>, other: Option<OrganizationId>) -> Option<OrganizationId> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Some(OrganizationId::from_uuid(NOBODY)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_organizations_keep_to_themselves_neither_reads() {
        let [one, other] = [1, 2].map(|number| Some(OrganizationId::from_uuid(Uuid::from_u128(number))));
        assert_eq!(shared_audience(None, None), None);
        assert_eq!((shared_audience(one, None), shared_audience(None, one), shared_audience(one, one)), (one, one, one));
        let both = shared_audience(one, other);
        assert!(both.is_some() && both != one && both != other);
    }
}
