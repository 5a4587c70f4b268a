//! What the application asks of the store about mails, and about who wants which.

use super::StoreResult;
use crate::app::access::{Granted, UndeliveredMails};
use crate::app::model::{DeadMail, QueuedMail, Unsubscription, WaitingEntry};
use crate::app::paging::{Page, PageRequest};
use crate::domain::notification::MailRhythm;
use crate::domain::preference::Preferences;
use crate::domain::{MailId, Timestamp, UserId};
use async_trait::async_trait;
use secrecy::SecretString;
use uuid::Uuid;

/// Reading what became of mails.
#[async_trait]
pub trait MailQueries: Send + Sync {
    /// A mail that was given up.
    async fn find_dead_mail(&self, id: MailId) -> StoreResult<Option<DeadMail>>;
    /// A page of the mails of a team that were given up and that the reader may know of, oldest first.
    async fn list_undelivered_mails(&self, mails: &Granted<UndeliveredMails>, page: PageRequest<Uuid>) -> StoreResult<Page<DeadMail>>;
    /// Mails of any team and of none that were given up, oldest first: those after this one, up to a number.
    async fn list_dead_mails(&self, after: Option<MailId>, limit: u64) -> StoreResult<Vec<DeadMail>>;
    /// What the link in this mail switches off. None: there is no such mail, or no such link in it.
    async fn find_unsubscription(&self, id: MailId) -> StoreResult<Option<Unsubscription>>;
}

/// The queue of mails.
#[async_trait]
pub trait MailWrites: Send + Sync {
    /// Queues mails.
    async fn insert_mails(&self, mails: &[QueuedMail]) -> StoreResult<()>;
    /// Takes up to `limit` mails that are due, for this sender alone until `until`. One that cannot be read is left out, and costs no try.
    async fn lease_mails(&self, now: Timestamp, until: Timestamp, limit: u64) -> StoreResult<Vec<QueuedMail>>;
    /// A mail was sent: its secret is forgotten.
    async fn set_mail_sent(&self, id: MailId, at: Timestamp) -> StoreResult<()>;
    /// The attempt of this number failed; try again at `due`, or never: then its secret is forgotten too.
    async fn set_mail_failed(&self, mail: &QueuedMail, reason: &str, due: Option<Timestamp>, at: Timestamp) -> StoreResult<()>;
    /// Nobody wants it any more: it is not sent, and its secret is forgotten.
    async fn set_mail_dropped(&self, mail: &QueuedMail) -> StoreResult<()>;
    /// An attempt was cut off that had the mail until `until`: it is due again at once, and the attempt is not counted.
    async fn set_mail_released(&self, mail: &QueuedMail, until: Timestamp, at: Timestamp) -> StoreResult<()>;
    /// Queues a mail again that was given up, with a fresh link to switch such mails off. False: it is not given up any more.
    async fn set_mail_requeued(
        &self,
        mail: &Granted<DeadMail>,
        unsubscribe: Option<(SecretString, [u8; 32])>,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Forgets mails that were due before this moment and wait for nothing any more, up to a number of them. How many they were.
    async fn delete_done_mails(&self, due_before: Timestamp, limit: u64) -> StoreResult<u64>;
    /// Keeps what is to be told once a day.
    async fn insert_waiting_entries(&self, entries: &[WaitingEntry]) -> StoreResult<()>;
    /// Takes away all that is due to be told to some people, up to a number of them. Of two who do so at once one gets it.
    async fn take_waiting_entries(&self, now: Timestamp, most_people: u64) -> StoreResult<Vec<WaitingEntry>>;
}

/// Reading what people want to be told of.
#[async_trait]
pub trait PreferenceQueries: Send + Sync {
    /// What these people have said about how they are told. Who has said nothing is left out.
    async fn list_preferences(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, Preferences)>>;
}

/// Writing what people want to be told of.
#[async_trait]
pub trait PreferenceWrites: Send + Sync {
    /// Holds what a person has said still until the transaction ends, and sets when their mails go out, unless it is none.
    async fn set_mail_rhythm(&self, user: UserId, rhythm: Option<MailRhythm>) -> StoreResult<()>;
    /// Keeps what a person has switched off, in place of what they had.
    async fn set_preferences(&self, user: UserId, preferences: &Preferences) -> StoreResult<()>;
}
