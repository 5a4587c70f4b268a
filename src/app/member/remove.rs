//! Somebody is removed from a workspace.

use super::end;
use crate::app::access::Manage;
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::MemberId;
use crate::domain::activity::{Activity, SubjectRef};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use serde::Serialize;

/// Ends somebody's grant: they lose access at once.
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
        end(work, &sight).await?;
        if let Some(person) = sight.member.person() {
            let workspace = &sight.workspace.workspace;
            work.record(
                workspace.id,
                Activity::MemberRemoved {
                    member_id: self.member,
                    subject: SubjectRef::Person { user_id: person.id },
                    name: person.name.clone(),
                },
            );
            let recipients = work.tx.list_recipients(&[person.id]).await?;
            let message = format!("You were removed from the workspace {}.", workspace.name);
            work.notify(
                recipients,
                Notice::new(NotificationKind::MemberRemoved, message, Some(NotificationSubject::Workspace(workspace.id))),
            );
        }
        Ok(self.member)
    }
}
