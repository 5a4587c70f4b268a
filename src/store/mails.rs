//! The queue of mails, and what waits to come into it.

use super::sql::{Row, Session, Sql, limit, micros, uuid};
use super::{Transaction, error, subjects};
use crate::app::access::{Granted, UndeliveredMails};
use crate::app::model::{DeadMail, DigestEntry, QueuedMail, Unsubscription, WaitingEntry};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{MailQueries, MailWrites, StoreResult};
use crate::domain::mail::{Affair, MAX_ATTEMPTS};
use crate::domain::{MailId, TeamId, Timestamp};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> MailQueries for Session<C> {
    async fn find_dead_mail(&self, id: MailId) -> StoreResult<Option<DeadMail>> {
        let row = self.one("SELECT * FROM mail WHERE id = $1 AND state = 'DEAD'", [id.uuid().into()]).await?;
        row.map(|row| dead(&row)).transpose()
    }

    async fn list_undelivered_mails(&self, mails: &Granted<UndeliveredMails>, page: PageRequest<Uuid>) -> StoreResult<Page<DeadMail>> {
        let mut sql = Sql::new("SELECT * FROM mail WHERE state = 'DEAD' AND team_id = ");
        sql.bind(mails.team.team.id.uuid());
        if mails.only_partners {
            sql.push(" AND about_partners");
        }
        sql.within("id", &page).page("id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(dead).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_dead_mails(&self, after: Option<MailId>, most: u64) -> StoreResult<Vec<DeadMail>> {
        let text = "SELECT * FROM mail WHERE state = 'DEAD' AND id > $1 ORDER BY id LIMIT $2";
        let after = after.map_or(Uuid::nil(), |after| after.uuid());
        self.all(text, [after.into(), limit(most).into()]).await?.iter().map(dead).collect()
    }

    async fn find_unsubscription(&self, id: MailId) -> StoreResult<Option<Unsubscription>> {
        let text =
            "SELECT user_id, kind, unsubscribe_hash FROM mail WHERE id = $1 AND user_id IS NOT NULL AND unsubscribe_hash IS NOT NULL";
        let row = self.one(text, [id.uuid().into()]).await?;
        row.map(|row| {
            Ok(Unsubscription { user_id: row.id("user_id")?, kind: row.named("kind")?, secret_hash: row.bytes("unsubscribe_hash")? })
        })
        .transpose()
    }
}

#[async_trait]
impl MailWrites for Transaction {
    async fn insert_mails(&self, mails: &[QueuedMail]) -> StoreResult<()> {
        let head = "INSERT INTO mail (id, recipient, user_id, team_id, about_partners, kind, message, remark, subject_kind, subject_id, entries, secret,
                        unsubscribe_hash, state, attempts, due_at, created_at) VALUES ";
        let rows = mails.iter().map(|mail| -> StoreResult<[Value; 17]> {
            let [subject_kind, subject_id] = subjects::values(mail.subject);
            let [team, about_partners] = affair_values(mail.affair);
            let entries = (!mail.entries.is_empty()).then(|| serde_json::to_string(&mail.entries)).transpose().map_err(error::malformed)?;
            Ok([
                mail.id.uuid().into(),
                mail.recipient.as_str().into(),
                uuid(mail.user_id),
                team,
                about_partners,
                mail.kind.to_string().into(),
                mail.message.as_str().into(),
                mail.remark.clone().into(),
                subject_kind,
                subject_id,
                entries.into(),
                mail.secret.as_ref().map(|secret| secret.expose_secret().to_owned()).into(),
                mail.unsubscribe_hash.map(|hash| hash.to_vec()).into(),
                "QUEUED".into(),
                mail.attempts.into(),
                mail.created_at.as_micros().into(),
                mail.created_at.as_micros().into(),
            ])
        });
        let rows: StoreResult<Vec<_>> = rows.collect();
        self.insert_many(head, rows?).await
    }

    async fn lease_mails(&self, now: Timestamp, until: Timestamp, most: u64) -> StoreResult<Vec<QueuedMail>> {
        // Other senders take other mails; without it they would queue up behind this transaction.
        let skip_locked = if self.is_postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
        let text = format!(
            "UPDATE mail SET attempts = attempts + 1, due_at = $2, leased_until = $2
             WHERE id IN (SELECT id FROM mail WHERE state = 'QUEUED' AND due_at <= $1 ORDER BY due_at LIMIT $3{skip_locked})
             RETURNING *"
        );
        let rows = self.all(text, [now.as_micros().into(), until.as_micros().into(), limit(most).into()]).await?;
        let mut mails = Vec::with_capacity(rows.len());
        for row in &rows {
            match mail(row) {
                Ok(mail) => mails.push(mail),
                // A newer server may know what it is.
                Err(error) => {
                    let id: MailId = row.id("id")?;
                    tracing::error!(mail = %id, %error, "a mail cannot be read, and waits");
                    self.run("UPDATE mail SET attempts = attempts - 1 WHERE id = $1", [id.uuid().into()]).await?;
                }
            }
        }
        mails.sort_unstable_by_key(|mail| mail.id);
        Ok(mails)
    }

    async fn set_mail_sent(&self, id: MailId, at: Timestamp) -> StoreResult<()> {
        let text = "UPDATE mail SET state = 'SENT', sent_at = $2, secret = NULL, leased_until = NULL, last_error = NULL, dead_at = NULL WHERE id = $1";
        self.run(text, [id.uuid().into(), at.as_micros().into()]).await.map(drop)
    }

    async fn set_mail_failed(&self, mail: &QueuedMail, reason: &str, due: Option<Timestamp>, at: Timestamp) -> StoreResult<()> {
        // A lease that ran out may have let another sender take it: what became of it is told by that one.
        let text = "UPDATE mail SET state = CASE WHEN $4 IS NULL THEN 'DEAD' ELSE 'QUEUED' END, due_at = COALESCE($4, due_at),
                        secret = CASE WHEN $4 IS NULL THEN NULL ELSE secret END, dead_at = CASE WHEN $4 IS NULL THEN $5 END,
                        attempts = $6, leased_until = NULL, last_error = $3
                    WHERE id = $1 AND state = 'QUEUED' AND attempts = $2";
        // One that was only taken to be given up was not tried once more.
        let tries = mail.attempts.min(MAX_ATTEMPTS);
        let values = [mail.id.uuid().into(), mail.attempts.into(), reason.into(), micros(due), at.as_micros().into(), tries.into()];
        self.run(text, values).await.map(drop)
    }

    async fn set_mail_dropped(&self, mail: &QueuedMail) -> StoreResult<()> {
        let text = "UPDATE mail SET state = 'DROPPED', secret = NULL, leased_until = NULL, last_error = NULL
                    WHERE id = $1 AND state = 'QUEUED' AND attempts = $2";
        self.run(text, [mail.id.uuid().into(), mail.attempts.into()]).await.map(drop)
    }

    async fn set_mail_released(&self, mail: &QueuedMail, until: Timestamp, at: Timestamp) -> StoreResult<()> {
        // The number of the attempt is free again, so that it does not tell this lease from the next one.
        let text = "UPDATE mail SET attempts = attempts - 1, due_at = $4, leased_until = NULL
                    WHERE id = $1 AND state = 'QUEUED' AND attempts = $2 AND leased_until = $3";
        self.run(text, [mail.id.uuid().into(), mail.attempts.into(), until.as_micros().into(), at.as_micros().into()]).await.map(drop)
    }

    async fn set_mail_requeued(
        &self,
        mail: &Granted<DeadMail>,
        unsubscribe: Option<(SecretString, [u8; 32])>,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let (secret, hash) = unsubscribe.unzip();
        let text = "UPDATE mail SET state = 'QUEUED', attempts = 0, due_at = $2, dead_at = NULL, secret = $3, unsubscribe_hash = $4
                    WHERE id = $1 AND state = 'DEAD'";
        let values = [
            mail.id.uuid().into(),
            at.as_micros().into(),
            secret.map(|secret| secret.expose_secret().to_owned()).into(),
            hash.map(|hash| hash.to_vec()).into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn delete_done_mails(&self, due_before: Timestamp, most: u64) -> StoreResult<u64> {
        // Said twice: one that is queued again at this moment stays.
        let text = "DELETE FROM mail WHERE state <> 'QUEUED' AND id IN
                        (SELECT id FROM mail WHERE state IN ('SENT', 'DEAD', 'DROPPED') AND due_at < $1 LIMIT $2)";
        self.run(text, [due_before.as_micros().into(), limit(most).into()]).await
    }

    async fn insert_waiting_entries(&self, entries: &[WaitingEntry]) -> StoreResult<()> {
        let head = "INSERT INTO digest_entry (user_id, id, kind, message, remark, team_id, about_partners, due_at, created_at) VALUES ";
        let rows = entries.iter().map(|WaitingEntry { user_id, id, entry, affair, due_at }| -> [Value; 9] {
            let [team, about_partners] = affair_values(*affair);
            [
                user_id.uuid().into(),
                id.uuid().into(),
                entry.kind.to_string().into(),
                entry.message.as_str().into(),
                entry.remark.clone().into(),
                team,
                about_partners,
                due_at.as_micros().into(),
                entry.created_at.as_micros().into(),
            ]
        });
        self.insert_many(head, rows.collect()).await
    }

    async fn take_waiting_entries(&self, now: Timestamp, most_people: u64) -> StoreResult<Vec<WaitingEntry>> {
        let text = "DELETE FROM digest_entry WHERE due_at <= $1 AND user_id IN
                        (SELECT DISTINCT user_id FROM digest_entry WHERE due_at <= $1 ORDER BY user_id LIMIT $2)
                    RETURNING *";
        let rows = self.all(text, [now.as_micros().into(), limit(most_people).into()]).await?;
        let mut entries = rows.iter().map(waiting).collect::<StoreResult<Vec<_>>>()?;
        entries.sort_unstable_by_key(|waiting| (waiting.user_id, waiting.entry.created_at, waiting.id));
        Ok(entries)
    }
}

fn affair_values(affair: Option<Affair>) -> [Value; 2] {
    [uuid(affair.map(|affair| affair.team)), affair.is_some_and(|affair| affair.about_partners).into()]
}

fn affair(row: &Row) -> StoreResult<Option<Affair>> {
    let team: Option<TeamId> = row.optional_id("team_id")?;
    team.map(|team| Ok(Affair { team, about_partners: row.get("about_partners")? })).transpose()
}

fn mail(row: &Row) -> StoreResult<QueuedMail> {
    let unsubscribe_hash = row.get::<Option<Vec<u8>>>("unsubscribe_hash")?.map(|_| row.bytes("unsubscribe_hash")).transpose()?;
    Ok(QueuedMail {
        id: row.id("id")?,
        recipient: row.get("recipient")?,
        user_id: row.optional_id("user_id")?,
        affair: affair(row)?,
        kind: row.named("kind")?,
        message: row.get("message")?,
        remark: row.get("remark")?,
        subject: subjects::of(row)?,
        entries: row.optional_json("entries")?.unwrap_or_default(),
        secret: row.get::<Option<String>>("secret")?.map(SecretString::from),
        unsubscribe_hash,
        created_at: row.time("created_at")?,
        attempts: row.get("attempts")?,
    })
}

fn dead(row: &Row) -> StoreResult<DeadMail> {
    let created_at = row.time("created_at")?;
    Ok(DeadMail {
        id: row.id("id")?,
        recipient: row.get("recipient")?,
        affair: affair(row)?,
        kind: row.named("kind")?,
        reason: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
        attempts: row.get("attempts")?,
        created_at,
        // Those that were given up before this was kept.
        dead_at: row.optional_time("dead_at")?.unwrap_or(created_at),
    })
}

fn waiting(row: &Row) -> StoreResult<WaitingEntry> {
    Ok(WaitingEntry {
        user_id: row.id("user_id")?,
        id: row.id("id")?,
        entry: DigestEntry {
            kind: row.named("kind")?,
            message: row.get("message")?,
            remark: row.get("remark")?,
            created_at: row.time("created_at")?,
        },
        affair: affair(row)?,
        due_at: row.time("due_at")?,
    })
}
