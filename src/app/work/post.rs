//! What goes out by mail: each at once, or collected for those who want one a day.

use super::Work;
use crate::app::error::Result;
use crate::app::model::{DigestEntry, QueuedMail, Recipient, WaitingEntry};
use crate::app::secret::Secret;
use crate::domain::UserId;
use crate::domain::mail::{Affair, MailKind, digest_due};
use crate::domain::notification::{MailRhythm, Notice, NotificationSubject};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// A mail to an address, whether or not anybody has an account with it.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// Whose account it is, where it goes to one.
    pub user: Option<UserId>,
    /// Whose affair it is; none: nobody's but the recipient's.
    pub affair: Option<Affair>,
    /// What it is about.
    pub kind: MailKind,
    /// A sentence for people.
    pub message: String,
    /// What somebody added in their own words.
    pub remark: Option<String>,
    /// The thing that it points at.
    pub subject: Option<NotificationSubject>,
    /// What a digest tells.
    pub entries: Vec<DigestEntry>,
    /// What only the recipient may read: a link or a code.
    pub secret: Option<SecretString>,
}

impl Letter {
    /// A letter that says no more than this.
    #[must_use]
    pub const fn new(to: String, kind: MailKind, message: String) -> Self {
        Self { to, user: None, affair: None, kind, message, remark: None, subject: None, entries: Vec::new(), secret: None }
    }

    fn of(recipient: &Recipient, notice: &Notice) -> Self {
        Self {
            user: Some(recipient.user_id),
            affair: notice.affair,
            remark: notice.remark.clone(),
            subject: notice.subject,
            ..Self::new(recipient.email.clone(), MailKind::Notice(notice.kind), notice.message.clone())
        }
    }
}

impl Work<'_> {
    /// The mails to queue, and what waits for the digests of those who want one.
    pub(super) fn mails(&mut self, rhythms: &BTreeMap<UserId, MailRhythm>) -> Result<(Vec<QueuedMail>, Vec<WaitingEntry>)> {
        let letters = std::mem::take(&mut self.letters);
        let mut mails = letters.into_iter().map(|letter| self.queued(letter)).collect::<Result<Vec<_>>>()?;
        let mut waiting = Vec::new();
        for (recipients, notice) in &self.posts {
            let is_optional = MailKind::Notice(notice.kind).is_optional();
            for recipient in recipients {
                let rhythm = rhythms.get(&recipient.user_id).copied().unwrap_or_default();
                if is_optional && rhythm == MailRhythm::Daily {
                    waiting.push(self.waiting(recipient.user_id, notice)?);
                } else {
                    mails.push(self.queued(Letter::of(recipient, notice))?);
                }
            }
        }
        Ok((mails, waiting))
    }

    fn queued(&self, letter: Letter) -> Result<QueuedMail> {
        let Letter { to: recipient, user, affair, kind, message, remark, subject, entries, secret } = letter;
        let id = self.new_id()?;
        let mut mail = QueuedMail {
            id,
            recipient,
            user_id: user,
            affair,
            kind,
            message,
            remark,
            subject,
            entries,
            secret,
            unsubscribe_hash: None,
            created_at: self.now,
            attempts: 0,
        };
        if user.is_some() && kind.is_optional() {
            let unsubscribe = Secret::new(self)?;
            mail.secret = Some(unsubscribe.with_id(&id).into());
            mail.unsubscribe_hash = Some(unsubscribe.hash());
        }
        Ok(mail)
    }

    fn waiting(&self, user: UserId, notice: &Notice) -> Result<WaitingEntry> {
        let (now, Notice { kind, message, remark, .. }) = (self.now, notice.clone());
        let entry = DigestEntry { kind, message, remark, created_at: now };
        Ok(WaitingEntry { user_id: user, id: self.new_id()?, entry, affair: notice.affair, due_at: digest_due(now) })
    }
}
