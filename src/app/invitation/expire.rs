//! Invitations that nobody answered in time end.

use super::audited;
use crate::app::error::Result;
use crate::app::model::Invitation;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::invitation::InvitationStatus;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
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
    if let Some(workspace) = invitation.workspace_id {
        let activity = Activity::InvitationExpired { invitation_id: invitation.id, email: invitation.email.clone() };
        work.record_of(workspace, invitation.organization_id, activity);
    }
    work.audit(audited(AuditKind::InvitationExpired, invitation));
    let inviter = work.tx.list_recipients(&[invitation.invited_by]).await?;
    let message = format!("{} did not answer your invitation{} in time.", invitation.email, invitation.where_to());
    let subject = Some(NotificationSubject::Invitation(invitation.id));
    work.notify(inviter, Notice::new(NotificationKind::InvitationExpired, message, subject));
    Ok(())
}
