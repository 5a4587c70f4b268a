//! People leave a group.

use super::{checked_batch, team_of, tell};
use crate::app::error::{Refusal, Result};
use crate::app::member::{after_end, end_partnerships};
use crate::app::{App, Command, Work};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::{GroupId, Reason, UserId};
use serde::Serialize;
use serde_json::json;

/// Takes people out of a group: they lose what it gave at once. Who is not in it is passed over. A partner to whom nothing is left leaves the
/// team.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveGroupMembers {
    /// The group.
    pub group: GroupId,
    /// Who leaves.
    pub users: Vec<UserId>,
}

impl Command for RemoveGroupMembers {
    const NAME: &'static str = "removeGroupMembers";
    type Outcome = GroupId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<GroupId> {
        work.actor()?;
        checked_batch(&self.users)?;
        if self.users.is_empty() {
            return Err(Refusal::bad_input("userIds", Reason::Empty, "Name who leaves.").into());
        }
        let group = work.access().group(self.group).await?;
        let grants = work.tx.list_group_workspaces(self.group).await?;
        for grant in &grants {
            // Nobody acts through a grant that has just ended.
            work.tx.lock_workspace(grant.workspace_id).await?;
        }
        let left = work.tx.delete_group_members(&group, &self.users).await?;
        for grant in &grants {
            after_end(work, grant.workspace_id, &left).await?;
        }
        let team = team_of(work, group.team_id).await?;
        tell(work, &group, &team.name, &left, "left").await?;
        for person in &left {
            let event = AuditEvent::new(group.team_id, AuditKind::GroupMemberRemoved).about(group.id).of_side(group.side);
            work.audit(event.before(json!({ "name": group.name, "userId": person.user_id })));
        }
        let ids: Vec<UserId> = left.iter().map(|person| person.user_id).collect();
        end_partnerships(work, group.team_id, &ids).await?;
        Ok(self.group)
    }
}
