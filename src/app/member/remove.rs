//! Somebody is removed from a workspace.

use super::{audit_end, end};
use crate::app::access::Manage;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::MemberId;
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use serde::Serialize;

/// Ends a grant: its person, or everybody in its group, loses access at once.
#[derive(Debug, Clone, Serialize)]
pub struct RemoveMember {
    /// The grant.
    pub member: MemberId,
}

impl Command for RemoveMember {
    const NAME: &'static str = "removeWorkspaceMember";
    type Outcome = MemberId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<MemberId> {
        work.actor()?;
        let sight = work.access().member(self.member, Manage::Remove).await?;
        let people = end(work, &sight).await?;
        audit_end(work, AuditKind::MemberRemoved, &sight);
        let (member, workspace) = (&sight.member, &sight.workspace.workspace);
        let (subject, name) = (member.subject.reference(), member.subject.name().to_owned());
        work.record_of(workspace.id, member.organization_id, Activity::MemberRemoved { member_id: self.member, subject, name });
        let message = format!("You were removed from the workspace {}.", workspace.name);
        let about = Some(NotificationSubject::Workspace(workspace.id));
        work.notify(people, Notice::new(NotificationKind::MemberRemoved, message, about).of(workspace.affair()));
        Ok(self.member)
    }
}
