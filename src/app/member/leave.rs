//! Somebody leaves a workspace.

use super::{audit_end, end};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::WorkspaceId;
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use serde::Serialize;

/// Gives up the caller's own grant in a workspace.
#[derive(Debug, Clone, Serialize)]
pub struct LeaveWorkspace {
    /// The workspace.
    pub workspace: WorkspaceId,
}

impl Command for LeaveWorkspace {
    const NAME: &'static str = "leaveWorkspace";
    type Outcome = WorkspaceId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<WorkspaceId> {
        let actor = work.actor()?;
        let sight = work.access().own_member(self.workspace).await?;
        end(work, &sight).await?;
        audit_end(work, AuditKind::MemberLeft, &sight);
        let activity =
            Activity::MemberLeft { member_id: sight.member.id, subject: sight.member.subject.reference(), name: actor.user.name.clone() };
        work.record_of(self.workspace, sight.member.organization_id, activity);
        Ok(self.workspace)
    }
}
