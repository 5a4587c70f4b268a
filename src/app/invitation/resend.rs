//! The mail of an invitation is sent again.

use super::{audited, check_pending, deliver, ended, note};
use crate::app::error::Result;
use crate::app::secret::Secret;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::invitation::InvitationStatus;
use crate::domain::{InvitationId, days};
use serde::Serialize;

/// Sends a pending invitation again: its term begins anew, with a new link. The old one opens nothing any more, since only the
/// hash of its secret was kept.
#[derive(Debug, Clone, Serialize)]
pub struct ResendInvitation {
    /// Which.
    pub invitation: InvitationId,
}

impl Command for ResendInvitation {
    const NAME: &'static str = "resendInvitation";
    type Outcome = InvitationId;

    async fn run(&self, work: &mut Work<'_>, app: &App) -> Result<InvitationId> {
        work.actor()?;
        let sight = work.access().invitation(self.invitation).await?;
        let invitation = &sight.invitation;
        check_pending(invitation, work.now())?;
        let secret = Secret::new(work)?;
        let end = work.now() + days(sight.team.team.policies.invitation_term_days);
        if !work.tx.renew_invitation(invitation.id, secret.hash(), end).await? {
            return Err(ended(InvitationStatus::Accepted).into());
        }
        let activity = Activity::InvitationResent { invitation_id: invitation.id, email: invitation.email.clone() };
        note(work, invitation, audited(AuditKind::InvitationResent, invitation), activity);
        deliver(work, app, invitation, &sight.team.team.name, &secret).await?;
        Ok(self.invitation)
    }
}
