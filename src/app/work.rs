//! The unit of work: what a use case changes, and what it tells people of, commit together.

use super::access::Access;
use super::actor::Actor;
use super::clock::{Entropy, new_id};
use super::error::{Refusal, Result};
use super::model::{ActivityEntry, NotificationEntry, QueuedMail, Recipient};
use super::ports::{FeedId, StoreError, Tx};
use crate::domain::activity::{Activity, ActivityKind};
use crate::domain::mail::MailKind;
use crate::domain::notification::{Notice, NotificationSubject};
use crate::domain::{Timestamp, UserId, WorkspaceId};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use type_safe_id::{StaticType, TypeSafeId};

/// Something that committed and that subscribers wait for.
#[derive(Debug, Clone)]
pub enum News {
    /// A new entry in a workspace's feed.
    Activity(Arc<ActivityEntry>),
    /// A new entry in a user's feed.
    Notification(Arc<NotificationEntry>),
    /// Who may read this workspace, or what this user may read, has changed.
    AccessChanged(FeedId),
    /// There are mails to send.
    MailQueued,
}

/// A mail to an address, whether or not there is an account with it.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// What it is about.
    pub kind: MailKind,
    /// A sentence for people, which becomes the mail's subject too.
    pub message: String,
    /// What somebody added in their own words.
    pub remark: Option<String>,
    /// The thing that it points at.
    pub subject: Option<NotificationSubject>,
    /// A link or a code for the recipient alone. It is forgotten once the mail is sent.
    pub secret: Option<SecretString>,
}

/// Tells those who wait what has committed. Implemented by the feed.
pub trait Announcer: Send + Sync + std::fmt::Debug {
    /// Passes the news on. Never fails and never waits: whoever misses it reads the database.
    fn announce(&self, news: Vec<News>);
}

/// A use case at work: a transaction, who acts, when, and what is to be told.
pub struct Work<'a> {
    /// The transaction.
    pub tx: Box<dyn Tx>,
    actor: Option<&'a Actor>,
    now: Timestamp,
    entropy: &'a dyn Entropy,
    activities: Vec<(WorkspaceId, Activity)>,
    notices: Vec<(Vec<Recipient>, Notice)>,
    letters: Vec<Letter>,
    access_changed: BTreeSet<FeedId>,
    gone: BTreeSet<WorkspaceId>,
}

impl<'a> Work<'a> {
    pub(super) fn new(tx: Box<dyn Tx>, actor: Option<&'a Actor>, now: Timestamp, entropy: &'a dyn Entropy) -> Self {
        Self {
            tx,
            actor,
            now,
            entropy,
            activities: Vec::new(),
            notices: Vec::new(),
            letters: Vec::new(),
            access_changed: BTreeSet::new(),
            gone: BTreeSet::new(),
        }
    }

    /// Who acts.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn actor(&self) -> Result<&'a Actor> {
        self.actor.ok_or_else(|| Refusal::unauthenticated().into())
    }

    /// The moment of the change: one for all that it writes.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The way to rows, as the one who acts. What it grants is held still until the commit.
    #[must_use]
    pub fn access(&self) -> Access<'_> {
        Access::writing(&*self.tx, self.actor.map(Actor::id), self.now)
    }

    /// A fresh id.
    ///
    /// # Errors
    /// There are no random numbers to be had.
    pub fn new_id<T: StaticType>(&self) -> Result<TypeSafeId<T>> {
        Ok(new_id(self.now, self.entropy).map_err(|error| StoreError::Broken(error.into()))?)
    }

    /// Fills the buffer with bytes that nobody can guess.
    ///
    /// # Errors
    /// There are no random numbers to be had.
    pub fn random(&self, buffer: &mut [u8]) -> Result<()> {
        Ok(self.entropy.fill(buffer).map_err(|error| StoreError::Broken(error.into()))?)
    }

    /// Records what happened in a workspace, for its members to read.
    pub fn record(&mut self, workspace: WorkspaceId, activity: Activity) {
        self.activities.push((workspace, activity));
    }

    /// Tells people. Whoever acts is not told of their own action, but in the announcements; nobody is told twice of one event.
    pub fn notify(&mut self, recipients: impl IntoIterator<Item = Recipient>, notice: Notice) {
        let actor = self.actor.map(Actor::id).filter(|_| !notice.kind.is_announcement());
        let unique: BTreeMap<UserId, Recipient> = recipients
            .into_iter()
            .filter(|recipient| Some(recipient.user_id) != actor)
            .map(|recipient| (recipient.user_id, recipient))
            .collect();
        if !unique.is_empty() {
            self.notices.push((unique.into_values().collect(), notice));
        }
    }

    /// Sends a mail to an address, which need not be anybody's here. What the app tells as well goes by [`notify`](Self::notify).
    pub fn mail(&mut self, letter: Letter) {
        self.letters.push(letter);
    }

    /// Says that who may read this workspace, or what this user may read, has changed: open subscriptions look again.
    pub fn access_changed(&mut self, of: FeedId) {
        self.access_changed.insert(of);
    }

    /// Says that the workspace is deleted: nothing is recorded in its feed any more.
    pub fn workspace_gone(&mut self, workspace: WorkspaceId) {
        self.gone.insert(workspace);
        self.access_changed(FeedId::Workspace(workspace));
    }

    /// Writes what was recorded and told, commits, and answers the news to announce.
    pub(super) async fn commit(mut self) -> Result<Vec<News>> {
        let gone = std::mem::take(&mut self.gone);
        self.activities.retain(|(workspace, _)| !gone.contains(workspace));
        let mut ends = self.extend_feeds().await?;
        let activities = self.activity_entries(&mut ends)?;
        let notifications = self.notification_entries(&mut ends)?;
        let mails = self.queued_mails()?;
        if !activities.is_empty() {
            self.tx.insert_activity(&activities).await?;
        }
        if !notifications.is_empty() {
            self.tx.insert_notifications(&notifications).await?;
        }
        if !mails.is_empty() {
            self.tx.insert_mails(&mails).await?;
        }
        self.tx.commit().await?;

        let mut news: Vec<News> = self.access_changed.into_iter().map(News::AccessChanged).collect();
        news.extend(activities.into_iter().map(|entry| News::Activity(Arc::new(entry))));
        news.extend(notifications.into_iter().map(|entry| News::Notification(Arc::new(entry))));
        if !mails.is_empty() {
            news.push(News::MailQueued);
        }
        Ok(news)
    }

    /// The place of the last entry before this change, for each feed that it writes to.
    async fn extend_feeds(&self) -> Result<BTreeMap<FeedId, i64>> {
        let mut counts: BTreeMap<FeedId, i64> = BTreeMap::new();
        for (workspace, _) in &self.activities {
            *counts.entry(FeedId::Workspace(*workspace)).or_default() += 1;
        }
        for recipient in self.notices.iter().flat_map(|(recipients, _)| recipients) {
            *counts.entry(FeedId::User(recipient.user_id)).or_default() += 1;
        }
        if counts.is_empty() {
            return Ok(BTreeMap::new());
        }
        // In the order of the keys, so that two transactions never hold what the other waits for.
        let feeds: Vec<(FeedId, i64)> = counts.iter().map(|(feed, count)| (*feed, *count)).collect();
        let ends = self.tx.extend_feeds(&feeds).await?;
        Ok(ends.into_iter().map(|(feed, end)| (feed, end - counts.get(&feed).copied().unwrap_or(0))).collect())
    }

    fn activity_entries(&self, ends: &mut BTreeMap<FeedId, i64>) -> Result<Vec<ActivityEntry>> {
        let name = self.actor.map(|actor| actor.user.name.as_str());
        let entries = self.activities.iter().map(|(workspace, activity)| {
            Ok(ActivityEntry {
                id: self.new_id()?,
                workspace_id: *workspace,
                seq: next(ends, FeedId::Workspace(*workspace)),
                kind: ActivityKind::from(activity).to_string(),
                message: activity.message(name),
                actor_id: self.actor.map(Actor::id),
                target_id: activity.target_id(),
                data: serde_json::to_value(activity).map_err(|error| StoreError::Broken(error.into()))?,
                created_at: self.now,
            })
        });
        entries.collect()
    }

    fn notification_entries(&self, ends: &mut BTreeMap<FeedId, i64>) -> Result<Vec<NotificationEntry>> {
        let told = self.notices.iter().flat_map(|(recipients, notice)| recipients.iter().map(move |recipient| (recipient, notice)));
        let entries = told.map(|(recipient, notice)| {
            Ok(NotificationEntry {
                id: self.new_id()?,
                user_id: recipient.user_id,
                seq: next(ends, FeedId::User(recipient.user_id)),
                kind: notice.kind,
                message: notice.message.clone(),
                remark: notice.remark.clone(),
                actor_id: self.actor.map(Actor::id),
                subject: notice.subject,
                created_at: self.now,
                read_at: None,
            })
        });
        entries.collect()
    }

    fn queued_mails(&self) -> Result<Vec<QueuedMail>> {
        let mailed = self.notices.iter().filter(|(_, notice)| notice.kind.is_mailed());
        let noticed = mailed.flat_map(|(recipients, notice)| recipients.iter().map(move |recipient| Letter::of(notice, recipient)));
        let mails = noticed.chain(self.letters.iter().cloned()).map(|letter| {
            Ok(QueuedMail {
                id: self.new_id()?,
                recipient: letter.to,
                kind: letter.kind,
                message: letter.message,
                remark: letter.remark,
                subject: letter.subject,
                secret: letter.secret,
                created_at: self.now,
                attempts: 0,
            })
        });
        mails.collect()
    }
}

impl Letter {
    fn of(notice: &Notice, recipient: &Recipient) -> Self {
        Self {
            to: recipient.email.clone(),
            kind: MailKind::Notice(notice.kind),
            message: notice.message.clone(),
            remark: notice.remark.clone(),
            subject: notice.subject,
            secret: None,
        }
    }
}

fn next(ends: &mut BTreeMap<FeedId, i64>, feed: FeedId) -> i64 {
    let end = ends.entry(feed).or_default();
    *end += 1;
    *end
}
