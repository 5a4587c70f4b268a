//! The end of a workspace.

use crate::app::error::Result;
use crate::app::member::end_partnerships;
use crate::app::request::supersede_pending;
use crate::app::trash::empty_workspace;
use crate::app::{App, Command, Work};
use crate::domain::WorkspaceId;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::mail::Affair;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::Action;
use serde::Serialize;
use serde_json::json;

/// Deletes a workspace for good, and tells every member (domain.md, section 3.7). Its collections go to the trash.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
}

impl Command for DeleteWorkspace {
    const NAME: &'static str = "deleteWorkspace";
    type Outcome = WorkspaceId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<WorkspaceId> {
        let actor = work.actor()?.user.name.clone();
        let sight = work.access().workspace(self.workspace).may(Action::DeleteWorkspace).await?;
        // Taken before the rows go.
        let members = work.tx.list_member_recipients(self.workspace, None, work.now()).await?;
        let partners = work.tx.list_partner_people(self.workspace).await?;
        supersede_pending(work, &sight.workspace).await?;
        work.tx.revoke_invitations(self.workspace, None, work.now()).await?;
        let trashed = empty_workspace(work, &sight).await?;
        work.tx.delete_workspace(&sight).await?;
        let workspace = &sight.workspace;
        let deleted = AuditEvent::new(workspace.team_id, AuditKind::WorkspaceDeleted)
            .in_workspace(workspace.id, workspace.visibility)
            .before(json!({ "name": workspace.name, "visibility": workspace.visibility, "collectionsInTrash": trashed }));
        // A partner workspace is made private and then deleted: whoever followed it until then reads of its end too.
        let was_partner = sight.facts(work.now()).was_partner_recently;
        work.audit(if was_partner { deleted.of_partners() } else { deleted });
        // Only those whose term is over can have been left, before the job came round to them.
        end_partnerships(work, sight.workspace.team_id, &partners).await?;
        let message = format!("{actor} deleted the workspace {}.", sight.workspace.name);
        let notice = Notice::new(NotificationKind::WorkspaceDeleted, message, Some(NotificationSubject::Workspace(self.workspace)));
        work.notify(members, notice.of(Affair { team: sight.workspace.team_id, about_partners: was_partner }));
        work.workspace_gone(self.workspace);
        Ok(self.workspace)
    }
}
