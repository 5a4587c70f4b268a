//! The invited person does not want to.

use super::{audited, ended, note, tell_inviter, to_answer};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::InvitationId;
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::invitation::InvitationStatus;
use crate::domain::notification::NotificationKind;
use secrecy::SecretString;
use serde::Serialize;

/// Declines an invitation, by its link.
#[derive(Debug, Serialize)]
pub struct DeclineInvitation {
    /// The last part of the link.
    #[serde(serialize_with = "super::digest")]
    pub token: SecretString,
}

impl Command for DeclineInvitation {
    const NAME: &'static str = "declineInvitation";
    type Outcome = InvitationId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<InvitationId> {
        let invitation = to_answer(work, &self.token).await?;
        if !work.tx.set_invitation_status(invitation.id, InvitationStatus::Declined, work.now()).await? {
            return Err(ended(InvitationStatus::Revoked).at("token").into());
        }
        let activity = Activity::InvitationDeclined { invitation_id: invitation.id, email: invitation.email.clone() };
        note(work, &invitation, audited(AuditKind::InvitationDeclined, &invitation), activity);
        let message = format!("{} declined your invitation{}.", invitation.email, invitation.where_to());
        tell_inviter(work, &invitation, NotificationKind::InvitationDeclined, message).await?;
        Ok(invitation.id)
    }
}
