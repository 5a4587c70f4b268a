//! People join a group.

use super::{check_people, checked_batch, team_of, tell};
use crate::app::element_grant::end_lost;
use crate::app::error::{Refusal, Result};
use crate::app::ports::LostGrants;
use crate::app::{App, Command, Work};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::{GroupId, Reason, UserId, WorkspaceId};
use serde::Serialize;
use serde_json::json;

/// Adds people to a group: they gain what it gives at once. Who is in it already stays.
#[derive(Debug, Clone, Serialize)]
pub struct AddGroupMembers {
    /// The group.
    pub group: GroupId,
    /// Who joins.
    pub users: Vec<UserId>,
}

impl Command for AddGroupMembers {
    const NAME: &'static str = "addGroupMembers";
    type Outcome = GroupId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<GroupId> {
        work.actor()?;
        checked_batch(&self.users)?;
        if self.users.is_empty() {
            return Err(Refusal::bad_input("userIds", Reason::Empty, "Name who joins.").into());
        }
        let group = work.access().group(self.group).await?;
        check_people(work, &group, &self.users).await?;
        // Access that the clock has ended, and that nobody has cleared away yet, is not gone on with.
        let grants = work.tx.list_group_workspaces(self.group).await?;
        let workspaces: Vec<WorkspaceId> = grants.iter().map(|grant| grant.workspace_id).collect();
        end_lost(work, LostGrants::In(&workspaces, &self.users)).await?;
        let joined = work.tx.insert_group_members(&group, &self.users, work.now()).await?;
        let team = team_of(work, group.team_id).await?;
        tell(work, &group, &team.name, &joined, "joined").await?;
        for person in &joined {
            let event = AuditEvent::new(group.team_id, AuditKind::GroupMemberAdded).about(group.id).of_side(group.side);
            work.audit(event.after(json!({ "name": group.name, "userId": person.user_id })));
        }
        Ok(self.group)
    }
}
