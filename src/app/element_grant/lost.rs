//! Roles on elements end with the access to the workspace that they add to.

use crate::app::Work;
use crate::app::error::Result;
use crate::app::ports::LostGrants;
use crate::domain::activity::Activity;
use crate::domain::audit::{AuditEvent, AuditKind};

/// Ends the roles on elements whose subjects cannot open the workspace any more, so that they do not come back to life when somebody
/// invites them again. To be called once the access has ended, or before somebody is let in whose access may have ended by the clock.
///
/// # Errors
/// The database did not do its part.
pub(in crate::app) async fn end_lost(work: &mut Work<'_>, among: LostGrants<'_>) -> Result<()> {
    for lost in work.tx.delete_lost_grants(among, work.now()).await? {
        let grant = &lost.grant;
        let role = grant.described(&lost.element_name);
        let event = AuditEvent::new(grant.team_id, AuditKind::ElementRoleRevoked).about(grant.id).of_side(grant.side).before(&role);
        let Some((workspace, visibility)) = lost.workspace else {
            work.audit(event);
            continue;
        };
        work.audit(event.in_workspace(workspace, visibility));
        work.record_of(workspace, grant.organization_id, Activity::ElementRoleRevoked(role));
    }
    Ok(())
}
