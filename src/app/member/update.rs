//! Another role for somebody in a workspace.

use super::keep_an_admin;
use crate::app::access::Manage;
use crate::app::error::{Refusal, Result};
use crate::app::ports::FeedId;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, SubjectRef, title};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::{MemberId, Reason, Side, WorkspaceRole};
use serde::Serialize;

/// Changes a grant.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateMember {
    /// Which.
    pub member: MemberId,
    /// What it lets its subject do from now on.
    pub role: WorkspaceRole,
}

impl Command for UpdateMember {
    const NAME: &'static str = "updateWorkspaceMember";
    type Outcome = MemberId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<MemberId> {
        work.actor()?;
        let sight = work.access().member(self.member, Manage::ChangeRole(self.role)).await?;
        let member = &sight.member;
        if member.side == Side::Partner && self.role == WorkspaceRole::Admin {
            return Err(Refusal::bad_input("role", Reason::RoleNotAssignable, "A partner is never Admin of a workspace.").into());
        }
        if member.role == self.role {
            return Ok(self.member);
        }
        keep_an_admin(work, &sight).await?;
        if !work.tx.set_member_role(&sight, self.role).await? {
            return Err(Refusal::not_found().into());
        }
        if let Some(person) = member.person() {
            let (from, to) = (member.role, self.role);
            work.record(
                member.workspace_id,
                Activity::MemberRoleChanged {
                    member_id: member.id,
                    subject: SubjectRef::Person { user_id: person.id },
                    name: person.name.clone(),
                    from,
                    to,
                },
            );
            let recipients = work.tx.list_recipients(&[person.id]).await?;
            let message =
                format!("Your role in the workspace {} changed from {} to {}.", sight.workspace.workspace.name, title(&from), title(&to));
            let subject = Some(NotificationSubject::Workspace(member.workspace_id));
            work.notify(recipients, Notice::new(NotificationKind::RoleChanged, message, subject));
            work.access_changed(FeedId::User(person.id));
        }
        Ok(self.member)
    }
}
