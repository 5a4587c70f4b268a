//! Mails that wait, that were given up, and what switches them off.

use crate::domain::mail::{Affair, MailKind};
use crate::domain::notification::{Channel, NotificationKind, NotificationSubject};
use crate::domain::preference::Preferences;
use crate::domain::{MailId, Timestamp, UserId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// A mail that waits to be sent.
#[derive(Debug, Clone)]
pub struct QueuedMail {
    /// Its id, which becomes the `Message-ID`.
    pub id: MailId,
    /// The address that it goes to.
    pub recipient: String,
    /// Whose account it goes to; none: an address, whoever reads it.
    pub user_id: Option<UserId>,
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
    /// What a digest tells, oldest first.
    pub entries: Vec<DigestEntry>,
    /// What only its recipient may read: a link, a code, or what switches such mails off.
    pub secret: Option<SecretString>,
    /// The hash of what switches such mails off, where its recipient can.
    pub unsubscribe_hash: Option<[u8; 32]>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How often sending was begun, this time included.
    pub attempts: i32,
}

impl QueuedMail {
    /// Whether its recipient still wants it, who has said this since it was queued. A digest is wanted as long as anything in it is.
    #[must_use]
    pub fn is_wanted(&self, preferences: &Preferences) -> bool {
        let tells = |kind: NotificationKind| !kind.is_optional(Channel::Email) || preferences.tell(kind, Channel::Email);
        match self.kind {
            MailKind::Notice(kind) => tells(kind),
            MailKind::SignInCode => true,
            MailKind::Digest => self.entries.iter().any(|entry| tells(entry.kind)),
        }
    }
}

/// One thing that a digest tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestEntry {
    /// What it is about.
    pub kind: NotificationKind,
    /// A sentence for people.
    pub message: String,
    /// What somebody added in their own words.
    pub remark: Option<String>,
    /// When it happened.
    pub created_at: Timestamp,
}

/// Something that waits for the next digest of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingEntry {
    /// The person.
    pub user_id: UserId,
    /// Its id: that of the mail which it would have been.
    pub id: MailId,
    /// What is told.
    pub entry: DigestEntry,
    /// Whose affair it is.
    pub affair: Option<Affair>,
    /// When the digest goes out.
    pub due_at: Timestamp,
}

/// A mail that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadMail {
    /// Its id.
    pub id: MailId,
    /// The address that it did not reach.
    pub recipient: String,
    /// Whose affair it is; none: nobody's but the recipient's.
    pub affair: Option<Affair>,
    /// What it is about.
    pub kind: MailKind,
    /// Why it was given up.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Timestamp,
}

/// What the link in a mail switches off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscription {
    /// For whom.
    pub user_id: UserId,
    /// Mails of this kind; of a digest, all that can be switched off.
    pub kind: MailKind,
    /// The hash of what the link holds.
    pub secret_hash: [u8; 32],
}
