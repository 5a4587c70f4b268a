//! Workspaces.

use super::sql::{Session, micros, uuids};
use super::workspace_sight::{select, sight};
use super::{Transaction, members, workspace_list};
use crate::app::access::{Granted, MemberSight};
use crate::app::model::{Member, Person, Recipient, Workspace, WorkspaceSight};
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{
    MemberFilter, MemberPage, NewMember, StoreResult, WorkspaceChanges, WorkspaceFilter, WorkspaceQueries, WorkspaceWrites,
};
use crate::domain::{MemberId, Timestamp, UserId, Visibility, WorkspaceId, WorkspaceRole};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> WorkspaceQueries for Session<C> {
    async fn find_workspace(&self, reader: Option<UserId>, id: WorkspaceId, now: Timestamp) -> StoreResult<Option<WorkspaceSight>> {
        let mut sql = select(reader, now, "workspace w");
        sql.push(" WHERE w.id = ").bind(id.uuid());
        let row = self.one(sql.text, sql.values).await?;
        row.map(|row| sight(&row, reader, now)).transpose()
    }

    async fn list_workspaces_by_id(&self, reader: Option<UserId>, ids: &[WorkspaceId], now: Timestamp) -> StoreResult<Vec<WorkspaceSight>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = select(reader, now, "workspace w");
        sql.push(" WHERE w.id IN ").list(&uuids(ids));
        self.all(sql.text, sql.values).await?.iter().map(|row| sight(row, reader, now)).collect()
    }

    async fn list_workspaces(
        &self,
        reader: UserId,
        filter: &WorkspaceFilter,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<WorkspaceSight>> {
        let sql = workspace_list::statement(self.backend, reader, filter, &page, now);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(|row| sight(row, Some(reader), now)).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn find_member(&self, reader: Option<UserId>, id: MemberId, now: Timestamp) -> StoreResult<Option<Member>> {
        members::find(self, reader, id, now).await
    }

    async fn find_member_of(&self, workspace: WorkspaceId, user: UserId, now: Timestamp) -> StoreResult<Option<Member>> {
        members::find_of(self, workspace, user, now).await
    }

    async fn has_other_admin(&self, workspace: WorkspaceId, than: MemberId, now: Timestamp) -> StoreResult<bool> {
        members::has_other_admin(self, workspace, than, now).await
    }

    async fn list_members(
        &self,
        reader: UserId,
        workspaces: &[WorkspaceId],
        filter: &MemberFilter,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Vec<MemberPage>> {
        members::list(self, reader, workspaces, filter, page, now).await
    }

    async fn list_member_recipients(
        &self,
        workspace: WorkspaceId,
        role: Option<WorkspaceRole>,
        now: Timestamp,
    ) -> StoreResult<Vec<Recipient>> {
        members::list_recipients(self, workspace, role, now).await
    }

    async fn list_implicit_viewers(&self, workspace: &Workspace, becomes: Visibility, now: Timestamp) -> StoreResult<Vec<Recipient>> {
        members::list_implicit_viewers(self, workspace, becomes, now).await
    }

    async fn list_would_lose_access(
        &self,
        reader: UserId,
        workspace: &Granted<WorkspaceSight>,
        page: PageRequest<Uuid>,
        now: Timestamp,
    ) -> StoreResult<Page<Person>> {
        members::list_would_lose_access(self, reader, workspace, page, now).await
    }
}

#[async_trait]
impl WorkspaceWrites for Transaction {
    async fn lock_workspace(&self, workspace: WorkspaceId) -> StoreResult<bool> {
        // On SQLite, whoever is in a transaction is alone.
        if self.is_postgres() {
            self.one("SELECT 1 FROM workspace WHERE id = $1 FOR NO KEY UPDATE", [workspace.uuid().into()]).await?;
        }
        Ok(self.is_postgres())
    }

    async fn insert_workspace(&self, workspace: &Workspace) -> StoreResult<()> {
        let text = "INSERT INTO workspace (id, team_id, name, name_key, summary, description, visibility, multi_partner, version,
                        created_at, created_by, updated_at, updated_by, left_partner_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let values = [
            workspace.id.uuid().into(),
            workspace.team_id.uuid().into(),
            workspace.name.as_str().into(),
            workspace.name.to_lowercase().into(),
            workspace.summary.as_str().into(),
            workspace.description.as_str().into(),
            workspace.visibility.to_string().into(),
            workspace.multi_partner.into(),
            workspace.version.into(),
            workspace.created_at.as_micros().into(),
            workspace.created_by.uuid().into(),
            workspace.updated_at.as_micros().into(),
            workspace.updated_by.uuid().into(),
            micros(workspace.left_partner_at),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn set_workspace_details(
        &self,
        workspace: &Granted<WorkspaceSight>,
        changes: &WorkspaceChanges,
        by: UserId,
        at: Timestamp,
    ) -> StoreResult<()> {
        let text = "UPDATE workspace SET name = COALESCE($2, name), name_key = COALESCE($3, name_key), summary = COALESCE($4, summary),
                        description = COALESCE($5, description), multi_partner = COALESCE($6, multi_partner),
                        version = version + 1, updated_by = $7, updated_at = $8
                    WHERE id = $1";
        let values = [
            workspace.workspace.id.uuid().into(),
            changes.name.clone().into(),
            changes.name.as_ref().map(|name| name.to_lowercase()).into(),
            changes.summary.clone().into(),
            changes.description.clone().into(),
            changes.multi_partner.into(),
            by.uuid().into(),
            at.as_micros().into(),
        ];
        self.run(text, values).await.map(drop)
    }

    async fn set_workspace_visibility(
        &self,
        workspace: &Granted<WorkspaceSight>,
        visibility: Visibility,
        by: UserId,
        at: Timestamp,
    ) -> StoreResult<()> {
        // For some time after it, Partner Managers may finish the deletion that it was a step of.
        let text = "UPDATE workspace SET visibility = $2, version = version + 1, updated_by = $3, updated_at = $4,
                        left_partner_at = CASE WHEN $2 IN ('PARTNER', 'PUBLIC') THEN NULL
                                               WHEN visibility = 'PARTNER' THEN $4
                                               ELSE left_partner_at END
                    WHERE id = $1";
        let values = [workspace.workspace.id.uuid().into(), visibility.to_string().into(), by.uuid().into(), at.as_micros().into()];
        self.run(text, values).await.map(drop)
    }

    async fn delete_workspace(&self, workspace: &Granted<WorkspaceSight>) -> StoreResult<()> {
        let id = workspace.workspace.id.uuid();
        // First the feed, which whoever forgets its entries holds as well.
        self.run("DELETE FROM feed WHERE owner_id = $1", [id.into()]).await?;
        self.run("DELETE FROM workspace WHERE id = $1", [id.into()]).await.map(drop)
    }

    async fn insert_member(&self, member: &NewMember) -> StoreResult<bool> {
        members::insert(self, member).await
    }

    async fn delete_member(&self, member: &Granted<MemberSight>) -> StoreResult<bool> {
        self.run("DELETE FROM workspace_member WHERE id = $1", [member.member.id.uuid().into()]).await.map(|rows| rows == 1)
    }

    async fn delete_partner_members(&self, workspace: &Granted<WorkspaceSight>, now: Timestamp) -> StoreResult<Vec<Member>> {
        members::delete_partners(self, workspace, now).await
    }
}
