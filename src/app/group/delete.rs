//! The end of a group.

use super::{team_of, tell};
use crate::app::error::Result;
use crate::app::member::{AuditedGrant, after_end, audited, end_partnerships, ids_of};
use crate::app::{App, Command, Work};
use crate::domain::GroupId;
use crate::domain::activity::Activity;
use crate::domain::audit::{AuditEvent, AuditKind};
use serde::Serialize;
use serde_json::json;

/// Deletes a group: its grants end with it.
///
/// A workspace that loses its last Admin so is left to the Super Admins, as where somebody is removed from the team: to refuse would tell a Team Admin
/// of workspaces that they cannot see.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteGroup {
    /// Which.
    pub group: GroupId,
}

impl Command for DeleteGroup {
    const NAME: &'static str = "deleteGroup";
    type Outcome = GroupId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<GroupId> {
        work.actor()?;
        let group = work.access().group(self.group).await?;
        let people = work.tx.list_group_recipients(self.group).await?;
        let team = team_of(work, group.team_id).await?;
        tell(work, &group, &team.name, &people, "left").await?;
        let grants = work.tx.list_group_workspaces(self.group).await?;
        for grant in &grants {
            // Nobody acts through a grant that has just ended.
            work.tx.lock_workspace(grant.workspace_id).await?;
            let (subject, name) = (grant.subject.reference(), grant.subject.name().to_owned());
            work.record_of(grant.workspace_id, grant.organization_id, Activity::MemberRemoved { member_id: grant.id, subject, name });
            let event = audited(AuditKind::MemberRemoved, group.team_id, grant, None);
            work.audit(event.before(AuditedGrant::of(grant)));
        }
        work.tx.delete_group(&group).await?;
        for grant in &grants {
            after_end(work, grant.workspace_id, &people).await?;
        }
        let event = AuditEvent::new(group.team_id, AuditKind::GroupDeleted).about(group.id).of_side(group.side);
        work.audit(event.before(json!({ "name": group.name, "side": group.side })));
        end_partnerships(work, group.team_id, &ids_of(&people)).await?;
        Ok(self.group)
    }
}
