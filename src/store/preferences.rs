//! What people want to be told of.

use super::Transaction;
use super::sql::{IDS_AT_ONCE, Row, Session, Sql, uuids};
use crate::app::ports::{PreferenceQueries, PreferenceWrites, StoreResult};
use crate::domain::UserId;
use crate::domain::notification::{Channel, MailRhythm, NotificationKind};
use crate::domain::preference::Preferences;
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeMap;
use strum::VariantArray;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> PreferenceQueries for Session<C> {
    async fn list_preferences(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, Preferences)>> {
        let mut found: BTreeMap<UserId, Preferences> = BTreeMap::new();
        for some in users.chunks(IDS_AT_ONCE) {
            let mut sql = Sql::new(
                r#"SELECT u.id AS user_id, u.mail_rhythm, p.kind, p.in_app, p.email
                   FROM "user" u LEFT JOIN notification_preference p ON p.user_id = u.id
                   WHERE (p.kind IS NOT NULL OR u.mail_rhythm <> 'AT_ONCE') AND u.id IN "#,
            );
            sql.list(&uuids(some));
            for row in self.all(sql.text, sql.values).await? {
                read(&row, found.entry(row.id("user_id")?).or_default())?;
            }
        }
        Ok(found.into_iter().collect())
    }
}

#[async_trait]
impl PreferenceWrites for Transaction {
    async fn set_mail_rhythm(&self, user: UserId, rhythm: Option<MailRhythm>) -> StoreResult<()> {
        let text = r#"UPDATE "user" SET mail_rhythm = COALESCE($2, mail_rhythm) WHERE id = $1"#;
        self.run(text, [user.uuid().into(), rhythm.map(|rhythm| rhythm.to_string()).into()]).await.map(drop)
    }

    async fn set_preferences(&self, user: UserId, preferences: &Preferences) -> StoreResult<()> {
        self.run("DELETE FROM notification_preference WHERE user_id = $1", [user.uuid().into()]).await?;
        let head = "INSERT INTO notification_preference (user_id, kind, in_app, email) VALUES ";
        let off = NotificationKind::VARIANTS.iter().filter(|kind| preferences.has_off(**kind));
        let rows = off.map(|&kind| -> [Value; 4] {
            let is_on = |channel| preferences.tell(kind, channel) || !kind.is_optional(channel);
            [user.uuid().into(), kind.to_string().into(), is_on(Channel::InApp).into(), is_on(Channel::Email).into()]
        });
        self.insert_many(head, rows.collect()).await
    }
}

fn read(row: &Row, preferences: &mut Preferences) -> StoreResult<()> {
    preferences.rhythm = row.named("mail_rhythm")?;
    if row.get::<Option<String>>("kind")?.is_none() {
        return Ok(());
    }
    let kind: NotificationKind = row.named("kind")?;
    for (channel, column) in [(Channel::InApp, "in_app"), (Channel::Email, "email")] {
        if !row.get::<bool>(column)? {
            // What has become mandatory since it was switched off is told again.
            let _ = preferences.set(kind, channel, false);
        }
    }
    Ok(())
}
