//! Invitations.

use super::Transaction;
use super::sql::{Row, Session, Sql, limit, micros, uuid};
use crate::app::model::Invitation;
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{InvitationFilter, InvitationQueries, InvitationWrites, RevokedInvitation, StoreResult};
use crate::domain::invitation::InvitationStatus;
use crate::domain::{InvitationId, Side, TeamId, Timestamp, WorkspaceId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> InvitationQueries for Session<C> {
    async fn find_invitation(&self, id: InvitationId) -> StoreResult<Option<(Invitation, [u8; 32])>> {
        let row = self.one("SELECT * FROM invitation WHERE id = $1", [id.uuid().into()]).await?;
        row.map(|row| Ok((invitation(&row)?, row.bytes("secret_hash")?))).transpose()
    }

    async fn find_pending_invitation(
        &self,
        team: TeamId,
        workspace: Option<WorkspaceId>,
        email_key: &str,
    ) -> StoreResult<Option<Invitation>> {
        // The conditions of the indexes that hold one open invitation for each address.
        let (text, owner) = match workspace {
            Some(workspace) => (
                "SELECT * FROM invitation WHERE workspace_id = $1 AND email_key = $2 AND status = 'PENDING' AND workspace_id IS NOT NULL",
                workspace.uuid(),
            ),
            None => (
                "SELECT * FROM invitation WHERE team_id = $1 AND email_key = $2 AND status = 'PENDING' AND workspace_id IS NULL",
                team.uuid(),
            ),
        };
        let row = self.one(text, [owner.into(), email_key.into()]).await?;
        row.map(|row| invitation(&row)).transpose()
    }

    async fn list_invitations(
        &self,
        filter: &InvitationFilter,
        status: Option<InvitationStatus>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Invitation>> {
        let mut sql = Sql::new("SELECT i.* FROM invitation i WHERE ");
        match filter {
            InvitationFilter::Workspace(workspace, leads) => {
                sql.push("i.workspace_id = ").bind(workspace.uuid());
                if let Some(leads) = leads {
                    sql.push(" AND i.side = 'PARTNER' AND (i.invited_by = ").bind(leads.lead.uuid());
                    sql.push(" OR i.organization_id = ").bind(uuid(leads.organization)).push(")");
                }
            }
            InvitationFilter::Team { team, only_partners } => {
                sql.push("i.team_id = ").bind(team.uuid()).push(if *only_partners { " AND i.side = 'PARTNER'" } else { "" });
            }
            InvitationFilter::To(email_key) => {
                sql.push("i.email_key = ").bind(email_key.as_str());
            }
        }
        in_state(&mut sql, status, now);
        sql.within("i.id", &page).page("i.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(invitation).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_overdue_invitations(&self, now: Timestamp, most: u64) -> StoreResult<Vec<Invitation>> {
        let text = "SELECT * FROM invitation WHERE status = 'PENDING' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2";
        self.all(text, [now.as_micros().into(), limit(most).into()]).await?.iter().map(invitation).collect()
    }
}

/// Appends that the invitation `i` stands so at this moment, whether or not the job has come round to end what is over.
fn in_state(sql: &mut Sql, status: Option<InvitationStatus>, now: Timestamp) {
    match status {
        None => {}
        Some(InvitationStatus::Pending) => {
            sql.push(" AND i.status = 'PENDING' AND i.expires_at > ").bind(now.as_micros());
        }
        Some(InvitationStatus::Expired) => {
            sql.push(" AND (i.status = 'EXPIRED' OR (i.status = 'PENDING' AND i.expires_at <= ").bind(now.as_micros()).push("))");
        }
        Some(status) => {
            sql.push(" AND i.status = ").bind(status.to_string());
        }
    }
}

#[async_trait]
impl InvitationWrites for Transaction {
    async fn insert_invitation(&self, invitation: &Invitation, email_key: &str, secret_hash: [u8; 32]) -> StoreResult<bool> {
        let text =
            "INSERT INTO invitation (id, team_id, workspace_id, workspace_name, email, email_key, side, role, team_roles, partner_lead,
                        organization_id, message, status, secret_hash, invited_by, created_at, expires_at, access_expires_at, decided_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                    ON CONFLICT DO NOTHING";
        let values = [
            invitation.id.uuid().into(),
            invitation.team_id.uuid().into(),
            uuid(invitation.workspace_id),
            invitation.workspace_name.clone().into(),
            invitation.email.as_str().into(),
            email_key.into(),
            invitation.side.to_string().into(),
            invitation.role.to_string().into(),
            i32::from(invitation.team_roles.bits()).into(),
            invitation.partner_lead.into(),
            uuid(invitation.organization_id),
            invitation.message.clone().into(),
            invitation.stored_status.to_string().into(),
            secret_hash.to_vec().into(),
            invitation.invited_by.uuid().into(),
            invitation.created_at.as_micros().into(),
            invitation.expires_at.as_micros().into(),
            micros(invitation.access_expires_at),
            micros(invitation.decided_at),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn set_invitation_status(&self, id: InvitationId, status: InvitationStatus, at: Timestamp) -> StoreResult<bool> {
        let text = "UPDATE invitation SET status = $2, decided_at = $3 WHERE id = $1 AND status = 'PENDING'";
        Ok(self.run(text, [id.uuid().into(), status.to_string().into(), at.as_micros().into()]).await? == 1)
    }

    async fn renew_invitation(&self, id: InvitationId, secret_hash: [u8; 32], expires_at: Timestamp) -> StoreResult<bool> {
        let text = "UPDATE invitation SET secret_hash = $2, expires_at = $3 WHERE id = $1 AND status = 'PENDING'";
        Ok(self.run(text, [id.uuid().into(), secret_hash.to_vec().into(), expires_at.as_micros().into()]).await? == 1)
    }

    async fn revoke_invitations(&self, workspace: WorkspaceId, side: Option<Side>, at: Timestamp) -> StoreResult<Vec<RevokedInvitation>> {
        // Those whose term is over have expired, whether or not that was written down yet, and are not among the answer.
        let (pending, revoked, expired) = (InvitationStatus::Pending, InvitationStatus::Revoked, InvitationStatus::Expired);
        let mut sql = Sql::new("UPDATE invitation SET decided_at = ");
        let at = sql.value(at.as_micros());
        sql.push(&format!("{at}, status = CASE WHEN expires_at <= {at} THEN '{expired}' ELSE '{revoked}' END"));
        sql.push(" WHERE workspace_id = ").bind(workspace.uuid()).push(&format!(" AND status = '{pending}'"));
        if let Some(side) = side {
            sql.push(" AND side = ").bind(side.to_string());
        }
        sql.push(" RETURNING id, email, organization_id, status");
        let mut ended = Vec::new();
        for row in self.all(sql.text, sql.values).await? {
            if row.named::<InvitationStatus>("status")? == revoked {
                ended.push(RevokedInvitation {
                    id: row.id("id")?,
                    email: row.get("email")?,
                    organization_id: row.optional_id("organization_id")?,
                });
            }
        }
        ended.sort_unstable_by_key(|invitation| invitation.id);
        Ok(ended)
    }
}

fn invitation(row: &Row) -> StoreResult<Invitation> {
    Ok(Invitation {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        workspace_id: row.optional_id("workspace_id")?,
        workspace_name: row.get("workspace_name")?,
        email: row.get("email")?,
        side: row.named("side")?,
        role: row.named("role")?,
        team_roles: row.roles("team_roles")?,
        partner_lead: row.get("partner_lead")?,
        organization_id: row.optional_id("organization_id")?,
        message: row.get("message")?,
        stored_status: row.named("status")?,
        invited_by: row.id("invited_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        access_expires_at: row.optional_time("access_expires_at")?,
        decided_at: row.optional_time("decided_at")?,
    })
}
