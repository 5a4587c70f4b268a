//! Roles on single elements.

use super::MemberSubject;
use crate::domain::activity::ElementRole;
use crate::domain::{ElementGrantId, ElementId, OrganizationId, Side, TeamId, Timestamp, UserId, Visibility, WorkspaceId, WorkspaceRole};

/// A role on one element, which adds to what its subject may do in the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementGrant {
    /// Its id.
    pub id: ElementGrantId,
    /// The team.
    pub team_id: TeamId,
    /// The element.
    pub element_id: ElementId,
    /// Whom it is given to.
    pub subject: MemberSubject,
    /// On which side they are.
    pub side: Side,
    /// What it lets them do.
    pub role: WorkspaceRole,
    /// The organization of a partner.
    pub organization_id: Option<OrganizationId>,
    /// Who gave it; none: the system.
    pub granted_by: Option<UserId>,
    /// When.
    pub granted_at: Timestamp,
}

impl ElementGrant {
    /// What activities and the audit log say of it. `name` is the element's.
    #[must_use]
    pub fn described(&self, name: &str) -> ElementRole {
        ElementRole {
            element_id: self.element_id,
            name: name.to_owned(),
            grant_id: self.id,
            subject: self.subject.reference(),
            subject_name: self.subject.name().to_owned(),
            role: self.role,
        }
    }
}

/// A role on an element that ended since its subject cannot open the workspace any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostGrant {
    /// The grant.
    pub grant: ElementGrant,
    /// The name of the element.
    pub element_name: String,
    /// The workspace that the element lives in, or can come back to from the trash; none: it is gone.
    pub workspace: Option<(WorkspaceId, Visibility)>,
}
