//! Mails that could not be delivered.

use super::DateTime;
use crate::app::model::DeadMail;
use crate::domain::mail::MailKind;
use crate::graphql::enums::NotificationKind;
use async_graphql::{Description, ID, Object};

/// A mail of a team that was given up, after eight tries or because the mail server refused it for good. What it says is told to nobody but its recipient.
#[derive(Description)]
pub struct UndeliveredMail(pub DeadMail);

#[Object(use_type_description)]
impl UndeliveredMail {
    /// The id of this mail.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The address that it did not reach.
    async fn recipient(&self) -> &str {
        &self.0.recipient
    }

    /// What it is about. Null: a digest, which is about several things.
    async fn kind(&self) -> Option<NotificationKind> {
        match self.0.kind {
            MailKind::Notice(kind) => Some(kind.into()),
            MailKind::Digest | MailKind::SignInCode => None,
        }
    }

    /// Why it was given up, mostly in the words of the mail server.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// Whether requeueMail takes it. The link of an invitation is forgotten when its mail is given up: resendInvitation makes a new one.
    async fn can_be_requeued(&self) -> bool {
        self.0.kind.can_be_requeued()
    }

    /// When it was queued first.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was given up.
    async fn given_up_at(&self) -> DateTime {
        DateTime(self.0.dead_at)
    }
}
