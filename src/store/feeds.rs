//! Feeds: the activity of workspaces, and what people are told.

use super::sql::{IDS_AT_ONCE, Row, Session, Sql, limit, micros, uuid, uuids};
use super::{Transaction, error, subjects};
use crate::app::model::{ActivityEntry, NotificationEntry};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{ActivitySightLimits, FeedBounds, FeedId, FeedMark, FeedQueries, FeedStep, FeedWrites, Portion, StoreResult};
use crate::domain::{ActivityId, NotificationId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many feeds one statement moves forward.
const FEEDS_AT_ONCE: usize = 2_000;

impl FeedId {
    fn uuid(self) -> Uuid {
        match self {
            Self::Workspace(id) => id.uuid(),
            Self::User(id) => id.uuid(),
        }
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> FeedQueries for Session<C> {
    async fn feed_bounds(&self, feed: FeedId) -> StoreResult<FeedBounds> {
        let row = self.one("SELECT forgotten_seq, last_seq FROM feed WHERE owner_id = $1", [feed.uuid().into()]).await?;
        let Some(row) = row else { return Ok(FeedBounds::default()) };
        Ok(FeedBounds { forgotten: row.get("forgotten_seq")?, end: row.get("last_seq")? })
    }

    async fn read_activity(&self, workspace: WorkspaceId, after: i64, portion: Portion) -> StoreResult<Vec<ActivityEntry>> {
        let rows = read_entries(self, &ACTIVITY, workspace.uuid(), after, portion).await?;
        rows.iter().map(activity).collect()
    }

    async fn read_notifications(&self, user: UserId, after: i64, portion: Portion) -> StoreResult<Vec<NotificationEntry>> {
        let rows = read_entries(self, &NOTIFICATIONS, user.uuid(), after, portion).await?;
        rows.iter().map(notification).collect()
    }

    async fn feed_marks(&self, feeds: &[FeedId]) -> StoreResult<Vec<FeedMark>> {
        let by_owner: BTreeMap<Uuid, FeedId> = feeds.iter().map(|feed| (feed.uuid(), *feed)).collect();
        let mut marks = Vec::with_capacity(feeds.len());
        for some in feeds.chunks(IDS_AT_ONCE) {
            let mut sql = Sql::new("SELECT owner_id, last_seq, access_changes FROM feed WHERE owner_id IN ");
            sql.list(&some.iter().map(|feed| feed.uuid()).collect::<Vec<_>>());
            for row in self.all(sql.text, sql.values).await? {
                let feed = asked_for(&by_owner, row.get("owner_id")?)?;
                marks.push(FeedMark { feed, end: row.get("last_seq")?, access_changes: row.get("access_changes")? });
            }
        }
        Ok(marks)
    }

    async fn list_activity(
        &self,
        workspace: WorkspaceId,
        limits: ActivitySightLimits,
        page: PageRequest<i64>,
    ) -> StoreResult<Page<ActivityEntry>> {
        let mut sql = Sql::new("SELECT * FROM activity WHERE workspace_id = ");
        sql.bind(workspace.uuid());
        if limits.without_team_only {
            sql.push(" AND NOT team_only");
        }
        if let Some(organization) = limits.only_organization {
            sql.push(" AND (organization_id IS NULL OR organization_id = ").bind(organization.uuid()).push(")");
        }
        sql.within("seq", &page).page("seq", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(activity).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn find_activity(&self, id: ActivityId) -> StoreResult<Option<ActivityEntry>> {
        let row = self.one("SELECT * FROM activity WHERE id = $1", [id.uuid().into()]).await?;
        row.map(|row| activity(&row)).transpose()
    }

    async fn list_notifications(&self, user: UserId, unread_only: bool, page: PageRequest<i64>) -> StoreResult<Page<NotificationEntry>> {
        let mut sql = Sql::new("SELECT * FROM notification WHERE user_id = ");
        sql.bind(user.uuid()).push(if unread_only { " AND read_at IS NULL" } else { "" }).within("seq", &page).page("seq", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(notification).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn find_notification(&self, user: UserId, id: NotificationId) -> StoreResult<Option<NotificationEntry>> {
        let row = self.one("SELECT * FROM notification WHERE id = $1 AND user_id = $2", [id.uuid().into(), user.uuid().into()]).await?;
        row.map(|row| notification(&row)).transpose()
    }

    async fn count_unread(&self, user: UserId) -> StoreResult<i64> {
        let text = "SELECT COUNT(*) AS unread FROM notification WHERE user_id = $1 AND read_at IS NULL";
        let row = self.one(text, [user.uuid().into()]).await?;
        row.map_or(Ok(0), |row| row.get("unread"))
    }
}

#[async_trait]
impl FeedWrites for Transaction {
    async fn extend_feeds(&self, steps: &[FeedStep], at: Timestamp) -> StoreResult<Vec<(FeedId, i64)>> {
        let by_owner: BTreeMap<Uuid, FeedId> = steps.iter().map(|step| (step.feed.uuid(), step.feed)).collect();
        let mut ends = Vec::with_capacity(steps.len());
        for some in steps.chunks(FEEDS_AT_ONCE) {
            let mut sql = Sql::new("INSERT INTO feed (owner_id, last_seq, oldest_at, access_changes) VALUES ");
            sql.rows(some.iter().map(|step| {
                let oldest_at = (step.entries > 0).then_some(at);
                [step.feed.uuid().into(), step.entries.into(), micros(oldest_at), i64::from(step.changes_access).into()]
            }));
            sql.push(
                " ON CONFLICT (owner_id) DO UPDATE SET last_seq = feed.last_seq + excluded.last_seq,
                                                        oldest_at = COALESCE(feed.oldest_at, excluded.oldest_at),
                                                        access_changes = feed.access_changes + excluded.access_changes
                 RETURNING owner_id, last_seq",
            );
            for row in self.all(sql.text, sql.values).await? {
                ends.push((asked_for(&by_owner, row.get("owner_id")?)?, row.get("last_seq")?));
            }
        }
        Ok(ends)
    }

    async fn insert_activity(&self, entries: &[ActivityEntry]) -> StoreResult<()> {
        let head = "INSERT INTO activity (workspace_id, seq, id, kind, message, actor_id, target_id, data, organization_id, team_only, created_at) VALUES ";
        let rows = entries.iter().map(|entry| -> [Value; 11] {
            [
                entry.workspace_id.uuid().into(),
                entry.seq.into(),
                entry.id.uuid().into(),
                entry.kind.as_str().into(),
                entry.message.as_str().into(),
                uuid(entry.actor_id),
                entry.target_id.clone().into(),
                entry.data.as_str().into(),
                uuid(entry.organization_id),
                entry.team_only.into(),
                entry.created_at.as_micros().into(),
            ]
        });
        self.insert_many(head, rows.collect()).await
    }

    async fn insert_notifications(&self, entries: &[NotificationEntry]) -> StoreResult<()> {
        let head = "INSERT INTO notification (user_id, seq, id, kind, message, remark, actor_id, subject_kind, subject_id, created_at, read_at) VALUES ";
        let rows = entries.iter().map(|entry| -> [Value; 11] {
            let [subject_kind, subject_id] = subjects::values(entry.subject);
            [
                entry.user_id.uuid().into(),
                entry.seq.into(),
                entry.id.uuid().into(),
                entry.kind.to_string().into(),
                entry.message.as_str().into(),
                entry.remark.clone().into(),
                uuid(entry.actor_id),
                subject_kind,
                subject_id,
                entry.created_at.as_micros().into(),
                micros(entry.read_at),
            ]
        });
        self.insert_many(head, rows.collect()).await
    }

    async fn set_notifications_read(&self, user: UserId, ids: &[NotificationId], up_to: Option<i64>, at: Timestamp) -> StoreResult<()> {
        if ids.is_empty() && up_to.is_none() {
            return Ok(());
        }
        let mut sql = Sql::new("UPDATE notification SET read_at = ");
        sql.bind(at.as_micros()).push(" WHERE user_id = ").bind(user.uuid()).push(" AND read_at IS NULL AND (");
        if let Some(end) = up_to {
            sql.push("seq <= ").bind(end);
        }
        if !ids.is_empty() {
            sql.push(if up_to.is_some() { " OR id IN " } else { "id IN " }).list(&uuids(ids));
        }
        sql.push(")");
        self.run(sql.text, sql.values).await.map(drop)
    }

    async fn forget_entries(&self, made_before: Timestamp, most_feeds: u64, most_entries: u64) -> StoreResult<u64> {
        // Who writes to a feed holds its row, and is not waited for: the feed is due again.
        let unless_held = if self.is_postgres() { " FOR UPDATE OF feed SKIP LOCKED" } else { "" };
        let text = format!(
            "SELECT owner_id, last_seq, forgotten_seq, EXISTS (SELECT 1 FROM workspace WHERE id = owner_id) AS is_workspace
             FROM feed WHERE oldest_at < $1 ORDER BY oldest_at LIMIT $2{unless_held}"
        );
        let (mut tended, mut left) = (0, limit(most_entries));
        for due in self.all(text, [made_before.as_micros().into(), limit(most_feeds).into()]).await? {
            if left <= 0 {
                break;
            }
            left -= shorten(self, &due, made_before, left).await?;
            tended += 1;
        }
        Ok(tended)
    }
}

/// Where the entries of one kind of feed are.
struct Entries {
    table: &'static str,
    owner: &'static str,
    /// How much text an entry is.
    bytes: &'static str,
}

const ACTIVITY: Entries = Entries { table: "activity", owner: "workspace_id", bytes: "octet_length(message) + octet_length(data)" };

const NOTIFICATIONS: Entries =
    Entries { table: "notification", owner: "user_id", bytes: "octet_length(message) + COALESCE(octet_length(remark), 0)" };

async fn read_entries<C>(session: &Session<C>, entries: &Entries, owner: Uuid, after: i64, portion: Portion) -> StoreResult<Vec<Row>>
where
    C: ConnectionTrait,
{
    let Entries { table, owner: column, bytes } = entries;
    // Numbers are dense, so that a span of them is a bound. What is too much is not even read.
    let text = format!(
        "SELECT * FROM {table} WHERE {column} = $1 AND seq > $2 AND seq <=
            (SELECT MAX(seq) FROM
                (SELECT seq, SUM({bytes}) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                 FROM {table} WHERE {column} = $1 AND seq > $2 AND seq <= $3) AS sized
             WHERE before IS NULL OR before < $4)
         ORDER BY seq"
    );
    let last = after.saturating_add(i64::try_from(portion.entries).unwrap_or(i64::MAX));
    let most = i64::try_from(portion.bytes).unwrap_or(i64::MAX);
    session.all(text, [owner.into(), after.into(), last.into(), most.into()]).await
}

/// Forgets the beginning of a feed that is held, and answers how many entries that were.
async fn shorten(session: &Transaction, due: &Row, made_before: Timestamp, most: i64) -> StoreResult<i64> {
    let Entries { table, owner: column, .. } = if due.get("is_workspace")? { ACTIVITY } else { NOTIFICATIONS };
    let (owner, forgotten): (Uuid, i64) = (due.get("owner_id")?, due.get("forgotten_seq")?);
    let text = format!(
        "SELECT seq, created_at FROM {table} WHERE {column} = $1 AND seq > $2 AND seq <= $3 AND (created_at >= $4 OR seq = $3)
         ORDER BY seq LIMIT 1"
    );
    let beyond = forgotten.saturating_add(most).saturating_add(1);
    let oldest = session.one(text, [owner.into(), forgotten.into(), beyond.into(), made_before.as_micros().into()]).await?;
    let (last, oldest_at): (i64, Option<i64>) = match oldest {
        Some(row) => (row.get::<i64>("seq")? - 1, Some(row.get("created_at")?)),
        None => (due.get("last_seq")?, None),
    };
    session.run(format!("DELETE FROM {table} WHERE {column} = $1 AND seq <= $2"), [owner.into(), last.into()]).await?;
    let text = "UPDATE feed SET forgotten_seq = $2, oldest_at = $3 WHERE owner_id = $1";
    session.run(text, [owner.into(), last.into(), oldest_at.into()]).await?;
    Ok(last - forgotten)
}

fn asked_for(by_owner: &BTreeMap<Uuid, FeedId>, owner: Uuid) -> StoreResult<FeedId> {
    by_owner.get(&owner).copied().ok_or_else(|| error::malformed(format!("nobody asked for the feed {owner}")))
}

fn activity(row: &Row) -> StoreResult<ActivityEntry> {
    Ok(ActivityEntry {
        id: row.id("id")?,
        workspace_id: row.id("workspace_id")?,
        seq: row.get("seq")?,
        kind: row.get("kind")?,
        message: row.get("message")?,
        actor_id: row.optional_id("actor_id")?,
        target_id: row.get("target_id")?,
        data: row.get("data")?,
        organization_id: row.optional_id("organization_id")?,
        team_only: row.get("team_only")?,
        created_at: row.time("created_at")?,
    })
}

fn notification(row: &Row) -> StoreResult<NotificationEntry> {
    Ok(NotificationEntry {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        seq: row.get("seq")?,
        kind: row.named("kind")?,
        message: row.get("message")?,
        remark: row.get("remark")?,
        actor_id: row.optional_id("actor_id")?,
        subject: subjects::of(row)?,
        created_at: row.time("created_at")?,
        read_at: row.optional_time("read_at")?,
    })
}
