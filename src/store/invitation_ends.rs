//! Invitations that lose their object.

use super::Transaction;
use super::sql::Sql;
use crate::app::ports::{RevokedInvitation, StoreResult};
use crate::domain::invitation::InvitationStatus;
use crate::domain::{Side, Timestamp, WorkspaceId};

/// Ends every open invitation to the workspace, of one side or of both. Those whose term is over have expired, whether or not that was
/// written down yet, and are not among the answer.
pub(super) async fn revoke(
    transaction: &Transaction,
    workspace: WorkspaceId,
    side: Option<Side>,
    at: Timestamp,
) -> StoreResult<Vec<RevokedInvitation>> {
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
    for row in transaction.all(sql.text, sql.values).await? {
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
