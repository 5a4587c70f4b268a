//! The invited person does not want to.

use super::{audited, ended, to_answer};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::InvitationId;
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::invitation::InvitationStatus;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
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
        if let Some(workspace) = invitation.workspace_id {
            let activity = Activity::InvitationDeclined { invitation_id: invitation.id, email: invitation.email.clone() };
            work.record_of(workspace, invitation.organization_id, activity);
        }
        work.audit(audited(AuditKind::InvitationDeclined, &invitation));
        let inviter = work.tx.list_recipients(&[invitation.invited_by]).await?;
        let message = format!("{} declined your invitation{}.", invitation.email, invitation.where_to());
        let subject = Some(NotificationSubject::Invitation(invitation.id));
        work.notify(inviter, Notice::new(NotificationKind::InvitationDeclined, message, subject));
        Ok(invitation.id)
    }
}
