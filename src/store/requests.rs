//! Approval requests.

use super::Transaction;
use super::sql::{Row, Session, Sql, any_role, limit, micros, uuid, uuids};
use crate::app::model::Request;
use crate::app::paging::{Page, PageRequest};
use crate::app::ports::{RequestFilter, RequestQueries, RequestWrites, StoreResult, reviewer_roles};
use crate::domain::request::{RequestKind, RequestStatus};
use crate::domain::{RequestId, TeamId, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use strum::VariantArray;
use uuid::Uuid;

/// That a role of the member `tm` decides requests of the kind of `r`.
fn may_decide() -> String {
    let kinds = RequestKind::VARIANTS.iter();
    let kinds: Vec<_> = kinds.map(|&kind| format!("(r.kind = '{kind}' AND {})", any_role("tm.roles", reviewer_roles(kind)))).collect();
    format!("({})", kinds.join(" OR "))
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> RequestQueries for Session<C> {
    async fn find_request(&self, id: RequestId) -> StoreResult<Option<Request>> {
        let row = self.one("SELECT * FROM approval_request WHERE id = $1", [id.uuid().into()]).await?;
        row.map(|row| request(&row)).transpose()
    }

    async fn list_pending_requests(&self, workspaces: &[WorkspaceId]) -> StoreResult<Vec<Request>> {
        if workspaces.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT * FROM approval_request WHERE status = 'PENDING' AND workspace_id IN ");
        sql.list(&uuids(workspaces));
        self.all(sql.text, sql.values).await?.iter().map(request).collect()
    }

    async fn list_requests(
        &self,
        reader: UserId,
        filter: RequestFilter,
        status: Option<RequestStatus>,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<Request>> {
        let mut sql = Sql::new("SELECT r.* FROM ");
        match filter {
            RequestFilter::Own => {
                sql.push("approval_request r JOIN team_member tm ON tm.team_id = r.team_id AND tm.user_id = r.requester_id WHERE r.requester_id = ");
                sql.bind(reader.uuid());
            }
            RequestFilter::ToReview { team } => {
                sql.push("team_member tm JOIN approval_request r ON r.team_id = tm.team_id WHERE tm.user_id = ").bind(reader.uuid());
                sql.push(" AND ").push(&may_decide());
                if let Some(team) = team {
                    sql.push(" AND tm.team_id = ").bind(team.uuid());
                }
            }
        }
        if let Some(status) = status {
            sql.push(" AND r.status = ").bind(status.to_string());
        }
        sql.within("r.id", &page).page("r.id", &page);
        let rows = self.all(sql.text, sql.values).await?;
        let rows: StoreResult<Vec<_>> = rows.iter().map(request).collect();
        Ok(Page::of(&page, rows?))
    }

    async fn list_overdue_requests(&self, now: Timestamp, most: u64) -> StoreResult<Vec<Request>> {
        let text = "SELECT * FROM approval_request WHERE status = 'PENDING' AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2";
        self.all(text, [now.as_micros().into(), limit(most).into()]).await?.iter().map(request).collect()
    }

    async fn list_pending_requests_of(&self, team: TeamId, user: UserId) -> StoreResult<Vec<Request>> {
        let text = "SELECT * FROM approval_request WHERE requester_id = $1 AND team_id = $2 AND status = 'PENDING' ORDER BY id";
        self.all(text, [user.uuid().into(), team.uuid().into()]).await?.iter().map(request).collect()
    }
}

#[async_trait]
impl RequestWrites for Transaction {
    async fn insert_request(&self, request: &Request) -> StoreResult<bool> {
        let text = "INSERT INTO approval_request (id, team_id, workspace_id, workspace_name, kind, requester_id, note, status, reviewer_id,
                        comment, created_at, decided_at, expires_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                    ON CONFLICT (workspace_id) WHERE status = 'PENDING' DO NOTHING";
        let values = [
            request.id.uuid().into(),
            request.team_id.uuid().into(),
            request.workspace_id.uuid().into(),
            request.workspace_name.as_str().into(),
            request.kind.to_string().into(),
            request.requester_id.uuid().into(),
            request.note.clone().into(),
            request.status.to_string().into(),
            uuid(request.reviewer_id),
            request.comment.clone().into(),
            request.created_at.as_micros().into(),
            micros(request.decided_at),
            request.expires_at.as_micros().into(),
        ];
        Ok(self.run(text, values).await? == 1)
    }

    async fn set_request_status(
        &self,
        request: RequestId,
        status: RequestStatus,
        reviewer: Option<UserId>,
        comment: Option<&str>,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let text = "UPDATE approval_request SET status = $2, reviewer_id = $3, comment = $4, decided_at = $5
                    WHERE id = $1 AND status = 'PENDING'";
        let values =
            [request.uuid().into(), status.to_string().into(), uuid(reviewer), comment.map(str::to_owned).into(), at.as_micros().into()];
        Ok(self.run(text, values).await? == 1)
    }
}

fn request(row: &Row) -> StoreResult<Request> {
    Ok(Request {
        id: row.id("id")?,
        team_id: row.id("team_id")?,
        workspace_id: row.id("workspace_id")?,
        workspace_name: row.get("workspace_name")?,
        kind: row.named("kind")?,
        requester_id: row.id("requester_id")?,
        note: row.get("note")?,
        status: row.named("status")?,
        reviewer_id: row.optional_id("reviewer_id")?,
        comment: row.get("comment")?,
        created_at: row.time("created_at")?,
        decided_at: row.optional_time("decided_at")?,
        expires_at: row.time("expires_at")?,
    })
}
