//! A mail that was given up is tried again.

use crate::app::access::Granted;
use crate::app::error::{Refusal, Result};
use crate::app::model::DeadMail;
use crate::app::ports::StoreError;
use crate::app::secret::Secret;
use crate::app::{App, Command, Work};
use crate::domain::mail::MailKind;
use crate::domain::notification::NotificationKind;
use crate::domain::{MailId, Reason};
use serde::Serialize;

/// Queues a mail of a team again that was given up, with all its tries.
#[derive(Debug, Clone, Serialize)]
pub struct RequeueMail {
    /// Which.
    pub mail: MailId,
}

impl Command for RequeueMail {
    const NAME: &'static str = "requeueMail";
    type Outcome = MailId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<MailId> {
        work.actor()?;
        let mail = work.access().undelivered_mail(self.mail).await?;
        requeue(work, &mail).await
    }
}

/// The same for whoever operates the server: a mail of any team, or of none.
#[derive(Debug, Clone, Serialize)]
pub struct RequeueAnyMail {
    /// Which.
    pub mail: MailId,
}

impl Command for RequeueAnyMail {
    const NAME: &'static str = "requeueAnyMail";
    type Outcome = MailId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<MailId> {
        let mail = work.access().any_undelivered_mail(self.mail).await?;
        requeue(work, &mail).await
    }
}

async fn requeue(work: &mut Work<'_>, mail: &Granted<DeadMail>) -> Result<MailId> {
    if !mail.kind.can_be_requeued() {
        let message = match mail.kind {
            MailKind::Notice(NotificationKind::InvitationReceived) => {
                "The link of this invitation is forgotten: send the invitation again."
            }
            _ => "The code of this mail is forgotten: ask for a new one.",
        };
        return Err(Refusal::precondition(Reason::SecretForgotten, message).at("mailId").into());
    }
    // The link of before was forgotten with the mail.
    let unsubscribe = mail.kind.is_optional().then(|| Secret::new(work)).transpose()?;
    let unsubscribe = unsubscribe.map(|secret| (secret.with_id(&mail.id).into(), secret.hash()));
    if !work.tx.set_mail_requeued(mail, unsubscribe, work.now()).await? {
        return Err(StoreError::Contention("somebody else queued it again".into()).into());
    }
    work.mail_queued();
    Ok(mail.id)
}
