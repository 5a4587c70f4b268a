//! Invitations that nobody answered in time end.

use super::{audited, note, tell_inviter};
use crate::app::error::Result;
use crate::app::model::Invitation;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::invitation::InvitationStatus;
use crate::domain::notification::NotificationKind;
use serde::Serialize;

/// The most invitations that one transaction ends.
const BATCH: u64 = 100;

/// Ends pending invitations whose term is over, up to a number. Run by a job until nothing is left to do.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ExpireInvitations;

impl Command for ExpireInvitations {
    const NAME: &'static str = "expireInvitations";
    /// How many were due.
    type Outcome = usize;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<usize> {
        let overdue = work.tx.list_overdue_invitations(work.now(), BATCH).await?;
        for invitation in &overdue {
            end(work, invitation).await?;
        }
        Ok(overdue.len())
    }
}

/// Ends one, unless somebody else has meanwhile.
pub(super) async fn end(work: &mut Work<'_>, invitation: &Invitation) -> Result<()> {
    if !work.tx.set_invitation_status(invitation.id, InvitationStatus::Expired, work.now()).await? {
        return Ok(());
    }
    let activity = Activity::InvitationExpired { invitation_id: invitation.id, email: invitation.email.clone() };
    note(work, invitation, audited(AuditKind::InvitationExpired, invitation), activity);
    let message = format!("{} did not answer your invitation{} in time.", invitation.email, invitation.where_to());
    tell_inviter(work, invitation, NotificationKind::InvitationExpired, message).await
}
