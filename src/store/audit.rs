//! Audit logs.

use super::Transaction;
use super::sql::{Row, Session, Sql, limit, named, uuid};
use crate::app::access::{AuditLog, Granted};
use crate::app::actor::Origin;
use crate::app::audit::AuditEntry;
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{AuditFilter, AuditQueries, AuditWrites, StoreResult};
use crate::domain::audit::AuditEvent;
use crate::domain::{AuditEventId, Timestamp};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> AuditQueries for Session<C> {
    async fn find_audit_event(&self, id: AuditEventId) -> StoreResult<Option<AuditEntry>> {
        let row = self.one("SELECT * FROM audit_event WHERE id = $1", [id.uuid().into()]).await?;
        row.map(|row| entry(&row)).transpose()
    }

    async fn list_audit_events(
        &self,
        log: &Granted<AuditLog>,
        filter: &AuditFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<AuditEntry>> {
        let mut sql = Sql::new("SELECT * FROM audit_event WHERE team_id = ");
        sql.bind(log.team.team.id.uuid());
        if log.only_partners {
            sql.push(" AND about_partners");
        }
        let conditions: [(&str, Option<Value>); 4] = [
            ("kind", filter.kind.map(|kind| kind.to_string().into())),
            ("actor_id", filter.actor.map(|actor| actor.uuid().into())),
            ("workspace_id", filter.workspace.map(|workspace| workspace.uuid().into())),
            ("target_id", filter.target.as_deref().map(Into::into)),
        ];
        for (column, value) in conditions {
            if let Some(value) = value {
                sql.push(" AND ").push(column).push(" = ").bind(value);
            }
        }
        // An id begins with the millisecond of its making, so that the key finds the span of time.
        if let Some(since) = filter.since {
            sql.push(" AND id >= ").bind(first_id(since)).push(" AND created_at >= ").bind(since.as_micros());
        }
        if let Some(until) = filter.until {
            sql.push(" AND id < ").bind(first_id(Timestamp::from_micros(until.as_micros().saturating_add(999))));
            sql.push(" AND created_at < ").bind(until.as_micros());
        }
        sql.within("id", &page).page("id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(entry).collect();
        Ok(Page::of(&page, rows?))
    }
}

#[async_trait]
impl AuditWrites for Transaction {
    async fn insert_audit_events(&self, entries: &[AuditEntry]) -> StoreResult<()> {
        let head = "INSERT INTO audit_event (team_id, id, kind, actor_id, actor_name, address, user_agent, workspace_id, target_id,
                        about_partners, before_value, after_value, created_at) VALUES ";
        let rows = entries.iter().map(|entry| -> [Value; 13] {
            let event = &entry.event;
            [
                event.team.uuid().into(),
                entry.id.uuid().into(),
                event.kind.to_string().into(),
                uuid(entry.actor_id),
                entry.actor_name.clone().into(),
                entry.origin.address.map(|address| address.to_string()).into(),
                entry.origin.user_agent.as_deref().map(str::to_owned).into(),
                uuid(event.workspace),
                event.target.clone().into(),
                event.about_partners.into(),
                event.before.as_ref().map(ToString::to_string).into(),
                event.after.as_ref().map(ToString::to_string).into(),
                entry.created_at.as_micros().into(),
            ]
        });
        self.insert_many(head, rows.collect()).await
    }

    async fn delete_audit_events(&self, created_before: Timestamp, most: u64) -> StoreResult<u64> {
        let text = "DELETE FROM audit_event WHERE id IN
                        (SELECT id FROM audit_event WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
        self.run(text, [created_before.as_micros().into(), limit(most).into()]).await
    }
}

/// The lowest id that could have been made in the millisecond of this moment.
fn first_id(moment: Timestamp) -> Uuid {
    const LAST: u64 = (1 << 48) - 1;
    Uuid::from_u128(u128::from(moment.as_millis().min(LAST)) << 80)
}

fn entry(row: &Row) -> StoreResult<AuditEntry> {
    let address = row.get::<Option<String>>("address")?;
    Ok(AuditEntry {
        id: row.id("id")?,
        event: AuditEvent {
            team: row.id("team_id")?,
            workspace: row.optional_id("workspace_id")?,
            kind: row.named("kind")?,
            target: row.get("target_id")?,
            about_partners: row.get("about_partners")?,
            before: row.optional_json("before_value")?,
            after: row.optional_json("after_value")?,
        },
        actor_id: row.optional_id("actor_id")?,
        actor_name: row.get("actor_name")?,
        origin: Origin {
            address: address.map(|address| named("address", &address)).transpose()?,
            user_agent: row.get::<Option<String>>("user_agent")?.map(Into::into),
        },
        created_at: row.time("created_at")?,
    })
}
