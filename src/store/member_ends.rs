//! Grants that change or end, and the partnerships that end with them.

use super::Transaction;
use super::members::{member, select};
use super::sql::{Row, Session, Sql, any_role, limit, live, micros, reader, team_side, uuids};
use crate::app::access::{Granted, MemberSight};
use crate::app::ports::{MemberQueries, MemberValues, MemberWrites, StoreResult, TermedMember};
use crate::domain::{MemberId, Side, TeamId, TeamRole, TeamRoles, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> MemberQueries for Session<C> {
    async fn list_partner_people(&self, workspace: WorkspaceId) -> StoreResult<Vec<UserId>> {
        let partner = Side::Partner;
        let text = format!(
            "SELECT m.user_id FROM workspace_member m WHERE m.workspace_id = $1 AND m.side = '{partner}' AND m.user_id IS NOT NULL
             UNION SELECT gm.user_id FROM workspace_member m JOIN group_member gm ON gm.group_id = m.group_id
                   WHERE m.workspace_id = $1 AND m.side = '{partner}' ORDER BY user_id"
        );
        self.all(text, [workspace.uuid().into()]).await?.iter().map(|row| row.id("user_id")).collect()
    }

    async fn list_ended_members(&self, now: Timestamp, most: u64) -> StoreResult<Vec<TermedMember>> {
        let text = format!("{} WHERE m.expires_at <= $2 ORDER BY m.expires_at, m.id LIMIT $3", termed_members());
        self.all(text, [reader(None).into(), now.as_micros().into(), limit(most).into()]).await?.iter().map(termed).collect()
    }

    async fn list_ending_members(&self, now: Timestamp, until: Timestamp, most: u64) -> StoreResult<Vec<TermedMember>> {
        let text = format!(
            "{} WHERE m.expires_at > $2 AND m.expires_at <= $3 AND m.expiry_told_at IS NULL ORDER BY m.expires_at, m.id LIMIT $4",
            termed_members()
        );
        let values = [reader(None).into(), now.as_micros().into(), until.as_micros().into(), limit(most).into()];
        self.all(text, values).await?.iter().map(termed).collect()
    }
}

#[async_trait]
impl MemberWrites for Transaction {
    async fn set_member(&self, member: &Granted<MemberSight>, values: MemberValues) -> StoreResult<bool> {
        let text = "UPDATE workspace_member SET role = $2, partner_lead = $3, expires_at = $4,
                        expiry_told_at = CASE WHEN expires_at = $4 THEN expiry_told_at END
                    WHERE id = $1";
        let values =
            [member.member.id.uuid().into(), values.role.to_string().into(), values.partner_lead.into(), micros(values.expires_at)];
        self.run(text, values).await.map(|rows| rows == 1)
    }

    async fn delete_ended_members(&self, ids: &[MemberId], now: Timestamp) -> StoreResult<Vec<MemberId>> {
        let mut sql = Sql::new("DELETE FROM workspace_member WHERE id IN ");
        sql.list(&uuids(ids)).push(" AND expires_at <= ").bind(now.as_micros()).push(" RETURNING id");
        self.all(sql.text, sql.values).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn set_expiry_told(&self, ids: &[MemberId], at: Timestamp) -> StoreResult<Vec<MemberId>> {
        let mut sql = Sql::new("UPDATE workspace_member SET expiry_told_at = ");
        sql.bind(at.as_micros()).push(" WHERE expiry_told_at IS NULL AND id IN ").list(&uuids(ids)).push(" RETURNING id");
        self.all(sql.text, sql.values).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn delete_idle_partners(&self, team: TeamId, users: &[UserId], now: Timestamp) -> StoreResult<Vec<UserId>> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        // Whoever gives them a grant at the same moment holds their row, which it refers to. So the grant is there for the next statement
        // to see; or it comes later, finds nobody to be given to, and is tried again. On SQLite, whoever is in a transaction is alone.
        if self.is_postgres() {
            let mut sql = Sql::new("SELECT 1 FROM team_member WHERE team_id = ");
            sql.bind(team.uuid()).push(" AND user_id IN ").list(&uuids(users)).push(" ORDER BY user_id FOR UPDATE");
            self.all(sql.text, sql.values).await?;
        }
        let mut sql = Sql::new("DELETE FROM team_member WHERE team_id = ");
        sql.bind(team.uuid()).push(" AND user_id IN ").list(&uuids(users));
        let partner = any_role("roles", TeamRoles::NONE.with(TeamRole::Partner));
        sql.push(&format!(" AND {partner} AND NOT {}", any_role("roles", team_side())));
        let now = sql.value(now.as_micros());
        let live = live("m", &now);
        sql.push(&format!(
            " AND NOT EXISTS (SELECT 1 FROM workspace_member m
                              WHERE m.team_id = team_member.team_id AND m.user_id = team_member.user_id AND {live})
              AND NOT EXISTS (SELECT 1 FROM group_member gm JOIN workspace_member m ON m.group_id = gm.group_id
                              WHERE gm.team_id = team_member.team_id AND gm.user_id = team_member.user_id AND {live})
              RETURNING user_id"
        ));
        self.all(sql.text, sql.values).await?.iter().map(|row| row.id("user_id")).collect()
    }
}

/// Begins a statement that reads grants `m` with their workspaces. The reader, who is nobody, is `$1`.
fn termed_members() -> String {
    select("workspace_member m JOIN workspace w ON w.id = m.workspace_id", ", w.name AS workspace_name")
}

fn termed(row: &Row) -> StoreResult<TermedMember> {
    Ok(TermedMember {
        member: member(row)?,
        expires_at: row.time("expires_at")?,
        team_id: row.id("team_id")?,
        workspace_name: row.get("workspace_name")?,
    })
}
