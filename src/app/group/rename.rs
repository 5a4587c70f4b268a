//! Another name for a group.

use super::name_is_taken;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::GroupId;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::text::Name;
use serde::Serialize;
use serde_json::json;

/// Renames a group.
#[derive(Debug, Clone, Serialize)]
pub struct RenameGroup {
    /// Which.
    pub group: GroupId,
    /// Its name from now on.
    pub name: Name,
}

impl Command for RenameGroup {
    const NAME: &'static str = "renameGroup";
    type Outcome = GroupId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<GroupId> {
        work.actor()?;
        let group = work.access().group(self.group).await?;
        if !work.tx.set_group_name(&group, self.name.as_str()).await? {
            return Err(name_is_taken().into());
        }
        let event = AuditEvent::new(group.team_id, AuditKind::GroupRenamed).about(group.id).of_side(group.side);
        work.audit(event.before(json!({ "name": group.name })).after(json!({ "name": self.name.as_str() })));
        Ok(self.group)
    }
}
