//! The unit of work: what a use case changes, and what it tells people of, commit together.

mod post;

pub use post::Letter;

use super::access::Access;
use super::actor::{Actor, Origin};
use super::audit::AuditEntry;
use super::clock::{Entropy, new_id};
use super::error::{Refusal, Result};
use super::model::{ActivityEntry, NotificationEntry, Recipient};
use super::ports::{FeedId, FeedStep, StoreError, Tx};
use crate::domain::activity::{Activity, ActivityKind};
use crate::domain::audit::AuditEvent;
use crate::domain::notification::{Channel, MailRhythm, Notice, NotificationKind};
use crate::domain::preference::Preferences;
use crate::domain::{AuditEventId, OrganizationId, Timestamp, UserId, WorkspaceId};
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

impl News {
    /// The feed that they are of; none: they are of no feed.
    #[must_use]
    pub fn feed(&self) -> Option<FeedId> {
        match self {
            Self::Activity(entry) => Some(FeedId::Workspace(entry.workspace_id)),
            Self::Notification(entry) => Some(FeedId::User(entry.user_id)),
            Self::AccessChanged(feed) => Some(*feed),
            Self::MailQueued => None,
        }
    }

    /// The number of the entry that they carry; none: they carry none.
    #[must_use]
    pub fn seq(&self) -> Option<i64> {
        match self {
            Self::Activity(entry) => Some(entry.seq),
            Self::Notification(entry) => Some(entry.seq),
            Self::AccessChanged(_) | Self::MailQueued => None,
        }
    }
}

/// Tells those who wait what has committed. Implemented by the feed.
pub trait Announcer: Send + Sync + std::fmt::Debug {
    /// Passes the news on. Never fails and never waits: whoever misses it reads the database.
    fn announce(&self, news: Vec<News>);

    /// How far news get at the moment.
    fn reach(&self) -> Reach {
        Reach::Everywhere
    }
}

/// How far news get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To whoever waits for them.
    Everywhere,
    /// Not to other servers, and theirs do not come: nothing has been heard of them since this one started.
    NotYet,
    /// Not to other servers for now, and theirs do not come: what was heard of is read from the database until then.
    OnlyHere,
}

/// Something that happened in a workspace, and who reads of it.
struct Recorded {
    workspace: WorkspaceId,
    organization: Option<OrganizationId>,
    by_system: bool,
    activity: Activity,
}

/// A use case at work: a transaction, who acts, when, and what is to be told.
pub struct Work<'a> {
    /// The transaction.
    pub tx: Box<dyn Tx>,
    actor: Option<&'a Actor>,
    now: Timestamp,
    entropy: &'a dyn Entropy,
    activities: Vec<Recorded>,
    notices: Vec<(Vec<Recipient>, Notice)>,
    /// What the same or other people are told by mail.
    posts: Vec<(Vec<Recipient>, Notice)>,
    letters: Vec<Letter>,
    has_mail: bool,
    audited: Vec<AuditEvent>,
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
            posts: Vec::new(),
            letters: Vec::new(),
            has_mail: false,
            audited: Vec::new(),
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
        self.record_of(workspace, None, activity);
    }

    /// The same, about or by partners of this organization: in multi-partner mode, those of another do not read it.
    pub fn record_of(&mut self, workspace: WorkspaceId, organization: Option<OrganizationId>, activity: Activity) {
        self.activities.push(Recorded { workspace, organization, by_system: false, activity });
    }

    /// The same, done by the system in consequence of what somebody does elsewhere: whoever reads it here may not know them.
    pub fn record_by_system(&mut self, workspace: WorkspaceId, activity: Activity) {
        self.activities.push(Recorded { workspace, organization: None, by_system: true, activity });
    }

    /// Keeps a change in the audit log of a team, with who makes it, when and from where. Without an actor it is the system's.
    pub fn audit(&mut self, event: AuditEvent) {
        self.audited.push(event);
    }

    /// Tells people, by mail too where the kind is mailed to all. Whoever acts is not told of their own action, but in the announcements; nobody
    /// is told twice of one event, and everybody on the ways that they prefer.
    pub fn notify(&mut self, recipients: impl IntoIterator<Item = Recipient>, notice: Notice) {
        let people = self.audience(recipients, notice.kind);
        // The mail of an invitation is a letter of its own, since it carries the link.
        if notice.kind.is_mailed() && notice.kind != NotificationKind::InvitationReceived {
            self.posts.push((people.clone(), notice.clone()));
        }
        self.notices.push((people, notice));
    }

    /// Tells people by mail, of what is mailed to some of those only who are told of it.
    pub fn write_to(&mut self, recipients: impl IntoIterator<Item = Recipient>, notice: Notice) {
        let people = self.audience(recipients, notice.kind);
        self.posts.push((people, notice));
    }

    /// Each of the recipients once, without whoever acts.
    fn audience(&self, recipients: impl IntoIterator<Item = Recipient>, kind: NotificationKind) -> Vec<Recipient> {
        let actor = self.actor.map(Actor::id).filter(|_| !kind.is_announcement());
        let others = recipients.into_iter().filter(|recipient| Some(recipient.user_id) != actor);
        let unique: BTreeMap<UserId, Recipient> = others.map(|recipient| (recipient.user_id, recipient)).collect();
        unique.into_values().collect()
    }

    /// Writes to an address.
    pub fn mail(&mut self, letter: Letter) {
        self.letters.push(letter);
    }

    /// Says that a mail waits again.
    pub fn mail_queued(&mut self) {
        self.has_mail = true;
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
        self.activities.retain(|recorded| !gone.contains(&recorded.workspace));
        let rhythms = self.heed_preferences().await?;
        let mut ends = self.extend_feeds(&gone).await?;
        let activities = self.activity_entries(&mut ends)?;
        let notifications = self.notification_entries(&mut ends)?;
        let (mails, waiting) = self.mails(&rhythms)?;
        let audited = self.audit_entries()?;
        if !activities.is_empty() {
            self.tx.insert_activity(&activities).await?;
        }
        if !notifications.is_empty() {
            self.tx.insert_notifications(&notifications).await?;
        }
        if !mails.is_empty() {
            self.tx.insert_mails(&mails).await?;
        }
        if !waiting.is_empty() {
            self.tx.insert_waiting_entries(&waiting).await?;
        }
        if !audited.is_empty() {
            self.tx.insert_audit_events(&audited).await?;
        }
        self.tx.commit().await?;

        let mut news: Vec<News> = self.access_changed.into_iter().map(News::AccessChanged).collect();
        news.extend(activities.into_iter().map(|entry| News::Activity(Arc::new(entry))));
        news.extend(notifications.into_iter().map(|entry| News::Notification(Arc::new(entry))));
        if self.has_mail || !mails.is_empty() {
            news.push(News::MailQueued);
        }
        Ok(news)
    }

    /// Leaves out whoever does not want to be told, and answers when mails go to those who have said so. One statement for all, and none where nothing is
    /// told that can be switched off.
    async fn heed_preferences(&mut self) -> Result<BTreeMap<UserId, MailRhythm>> {
        let told = [(Channel::InApp, &mut self.notices), (Channel::Email, &mut self.posts)];
        let optional = told.iter().flat_map(|(channel, told)| told.iter().filter(|(_, notice)| notice.kind.is_optional(*channel)));
        let people: BTreeSet<UserId> = optional.flat_map(|(people, _)| people.iter().map(|person| person.user_id)).collect();
        if people.is_empty() {
            return Ok(BTreeMap::new());
        }
        let people: Vec<UserId> = people.into_iter().collect();
        let preferences: BTreeMap<UserId, Preferences> = self.tx.list_preferences(&people).await?.into_iter().collect();
        for (channel, told) in told {
            for (people, notice) in told {
                people.retain(|person| preferences.get(&person.user_id).is_none_or(|preferences| preferences.tell(notice.kind, channel)));
            }
        }
        Ok(preferences.into_iter().map(|(user, preferences)| (user, preferences.rhythm)).collect())
    }

    /// The place of the last entry before this change, for each feed that it writes to. A change of access is counted there too: a server that does not
    /// hear of it finds it so.
    async fn extend_feeds(&self, gone: &BTreeSet<WorkspaceId>) -> Result<BTreeMap<FeedId, i64>> {
        let is_there = |feed: &&FeedId| !matches!(feed, FeedId::Workspace(workspace) if gone.contains(workspace));
        let mut counts: BTreeMap<FeedId, i64> = self.access_changed.iter().filter(is_there).map(|feed| (*feed, 0)).collect();
        for recorded in &self.activities {
            *counts.entry(FeedId::Workspace(recorded.workspace)).or_default() += 1;
        }
        for recipient in self.notices.iter().flat_map(|(recipients, _)| recipients) {
            *counts.entry(FeedId::User(recipient.user_id)).or_default() += 1;
        }
        if counts.is_empty() {
            return Ok(BTreeMap::new());
        }
        // In the order of the keys, so that two transactions never hold what the other waits for.
        let step = |(feed, entries): (&FeedId, &i64)| FeedStep {
            feed: *feed,
            entries: *entries,
            changes_access: self.access_changed.contains(feed),
        };
        let ends = self.tx.extend_feeds(&counts.iter().map(step).collect::<Vec<_>>(), self.now).await?;
        Ok(ends.into_iter().map(|(feed, end)| (feed, end - counts.get(&feed).copied().unwrap_or(0))).collect())
    }

    fn activity_entries(&self, ends: &mut BTreeMap<FeedId, i64>) -> Result<Vec<ActivityEntry>> {
        let entries = self.activities.iter().map(|Recorded { workspace, organization, by_system, activity }| {
            let actor = self.actor.filter(|_| !by_system);
            Ok(ActivityEntry {
                id: self.new_id()?,
                workspace_id: *workspace,
                seq: next(ends, FeedId::Workspace(*workspace)),
                kind: ActivityKind::from(activity).to_string(),
                message: activity.message(actor.map(|actor| actor.user.name.as_str())),
                actor_id: actor.map(Actor::id),
                target_id: activity.target_id(),
                data: serde_json::to_string(activity).map_err(|error| StoreError::Broken(error.into()))?,
                organization_id: *organization,
                team_only: activity.is_team_only(),
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

    fn audit_entries(&mut self) -> Result<Vec<AuditEntry>> {
        let events = std::mem::take(&mut self.audited);
        // Ids of one moment are in no order of their own, and the log is read by id.
        let mut ids = events.iter().map(|_| self.new_id()).collect::<Result<Vec<AuditEventId>>>()?;
        ids.sort_unstable();
        let entries = ids.into_iter().zip(events).map(|(id, event)| AuditEntry {
            id,
            event,
            actor_id: self.actor.map(Actor::id),
            actor_name: self.actor.map(|actor| actor.user.name.clone()),
            origin: self.actor.map_or_else(Origin::default, |actor| actor.origin.clone()),
            created_at: self.now,
        });
        Ok(entries.collect())
    }
}

fn next(ends: &mut BTreeMap<FeedId, i64>, feed: FeedId) -> i64 {
    let end = ends.entry(feed).or_default();
    *end += 1;
    *end
}
