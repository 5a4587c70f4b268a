//! The queue of mails.

use super::sql::{Row, limit, micros};
use super::{Transaction, subjects};
use crate::app::model::QueuedMail;
use crate::app::ports::{MailWrites, StoreResult};
use crate::domain::{MailId, Timestamp};
use async_trait::async_trait;
use sea_orm::Value;
use secrecy::ExposeSecret;

#[async_trait]
impl MailWrites for Transaction {
    async fn insert_mails(&self, mails: &[QueuedMail]) -> StoreResult<()> {
        let head =
            "INSERT INTO mail (id, recipient, kind, message, remark, subject_kind, subject_id, secret, state, attempts, due_at, created_at)
                    VALUES ";
        let rows = mails.iter().map(|mail| -> [Value; 12] {
            let [subject_kind, subject_id] = subjects::values(mail.subject);
            [
                mail.id.uuid().into(),
                mail.recipient.as_str().into(),
                mail.kind.to_string().into(),
                mail.message.as_str().into(),
                mail.remark.clone().into(),
                subject_kind,
                subject_id,
                mail.secret.as_ref().map(ExposeSecret::expose_secret).into(),
                "QUEUED".into(),
                mail.attempts.into(),
                mail.created_at.as_micros().into(),
                mail.created_at.as_micros().into(),
            ]
        });
        self.insert_many(head, rows.collect()).await
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
        let mut mails = rows.iter().map(mail).collect::<StoreResult<Vec<_>>>()?;
        mails.sort_unstable_by_key(|mail| mail.id);
        Ok(mails)
    }

    async fn set_mail_sent(&self, id: MailId, at: Timestamp) -> StoreResult<()> {
        let text = "UPDATE mail SET state = 'SENT', sent_at = $2, secret = NULL, leased_until = NULL, last_error = NULL WHERE id = $1";
        self.run(text, [id.uuid().into(), at.as_micros().into()]).await.map(drop)
    }

    async fn set_mail_failed(&self, id: MailId, error: &str, due: Option<Timestamp>) -> StoreResult<()> {
        // A lease that ran out may have let another sender succeed: what is sent stays sent.
        let text = "UPDATE mail SET state = CASE WHEN $3 IS NULL THEN 'DEAD' ELSE 'QUEUED' END, due_at = COALESCE($3, due_at),
                        secret = CASE WHEN $3 IS NULL THEN NULL ELSE secret END, leased_until = NULL, last_error = $2
                    WHERE id = $1 AND state = 'QUEUED'";
        self.run(text, [id.uuid().into(), error.into(), micros(due)]).await.map(drop)
    }
}

fn mail(row: &Row) -> StoreResult<QueuedMail> {
    Ok(QueuedMail {
        id: row.id("id")?,
        recipient: row.get("recipient")?,
        kind: row.named("kind")?,
        message: row.get("message")?,
        remark: row.get("remark")?,
        subject: subjects::of(row)?,
        secret: row.get::<Option<String>>("secret")?.map(Into::into),
        created_at: row.time("created_at")?,
        attempts: row.get("attempts")?,
    })
}
