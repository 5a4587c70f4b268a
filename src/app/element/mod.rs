//! Elements: made, brought in, edited together, moved, thrown away and brought back.

mod create_collection;
mod moving;

pub use create_collection::CreateCollection;
pub(in crate::app) use moving::tell_creators;
pub use moving::{AttachCollection, DetachCollection, MoveElement, Moved, narrow_to_targets};

use super::access::ElementSight;
use super::model::WorkspaceSight;
use super::work::Work;
use crate::domain::activity::Activity;
use crate::domain::{OrganizationId, WorkspaceId};

/// The organization of whoever acts, where they are a partner here: in multi-partner mode, those of another one do not read what they did.
pub(super) fn organization_of(workspace: &WorkspaceSight) -> Option<OrganizationId> {
    workspace.standing.partner_grant().and_then(|grant| grant.organization)
}

/// Records what somebody did in the workspace of an element.
pub(super) fn record(work: &mut Work<'_>, workspace: &WorkspaceSight, activity: Activity) {
    let (id, organization): (WorkspaceId, _) = (workspace.workspace.id, organization_of(workspace));
    work.record_of(id, organization, activity);
}

impl ElementSight {
    /// Records what the reader did to it, in its workspace.
    pub(super) fn record(&self, work: &mut Work<'_>, activity: Activity) {
        record(work, &self.workspace, activity);
    }
}
