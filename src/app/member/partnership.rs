//! The end of a partnership: a partner to whom nothing is left in the team leaves it (domain.md, section 3.2).

use crate::app::Work;
use crate::app::error::Result;
use crate::app::ports::FeedId;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::{TeamId, UserId};

/// Takes those of these people out of the team who are partners of it and hold no live grant in it any more, by themselves or through
/// groups. To be called once the grants that ended are gone.
///
/// # Errors
/// The database did not do its part.
pub(crate) async fn end_partnerships(work: &mut Work<'_>, team: TeamId, users: &[UserId]) -> Result<()> {
    for user in work.tx.delete_idle_partners(team, users, work.now()).await? {
        work.audit(AuditEvent::new(team, AuditKind::TeamMemberRemoved).about(user).of_partners());
        work.access_changed(FeedId::User(user));
    }
    Ok(())
}
