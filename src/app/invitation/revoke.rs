//! An invitation is taken back.

use super::{audited, check_pending, ended, note};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::InvitationId;
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::invitation::InvitationStatus;
use serde::Serialize;

/// Takes a pending invitation back: its link opens nothing any more.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeInvitation {
    /// Which.
    pub invitation: InvitationId,
}

impl Command for RevokeInvitation {
    const NAME: &'static str = "revokeInvitation";
    type Outcome = InvitationId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<InvitationId> {
        work.actor()?;
        let sight = work.access().invitation(self.invitation).await?;
        let invitation = &sight.invitation;
        check_pending(invitation, work.now())?;
        if !work.tx.set_invitation_status(invitation.id, InvitationStatus::Revoked, work.now()).await? {
            return Err(ended(InvitationStatus::Accepted).into());
        }
        let activity = Activity::InvitationRevoked { invitation_id: invitation.id, email: invitation.email.clone() };
        note(work, invitation, audited(AuditKind::InvitationRevoked, invitation), activity);
        Ok(self.invitation)
    }
}
