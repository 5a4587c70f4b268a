//! Another visibility for a workspace, at once or on request.

use super::{Audience, Shaped, apply_visibility, decides};
use crate::app::access::Granted;
use crate::app::error::{Refusal, Result};
use crate::app::member::{AuditedGrant, after_end, audited, end_partnerships, ids_of, reached};
use crate::app::model::WorkspaceSight;
use crate::app::request::{submit, supersede_pending};
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::policy::Action;
use crate::domain::request::RequestKind;
use crate::domain::text::Note;
use crate::domain::visibility::Change;
use crate::domain::{Side, Visibility, WorkspaceId};
use serde::Serialize;

/// Changes who gets into a workspace. Where that needs an approval, a request is made and the workspace stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeVisibility {
    /// Which.
    pub workspace: WorkspaceId,
    /// What it is to become.
    pub visibility: Visibility,
    /// For the reviewers, where an approval is needed.
    pub note: Option<Note>,
    /// Whether to remove every partner first, in the same transaction.
    pub remove_partners: bool,
}

impl Command for ChangeVisibility {
    const NAME: &'static str = "changeWorkspaceVisibility";
    type Outcome = Shaped;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Shaped> {
        work.actor()?;
        let (sight, asks_for) = self.granted(work).await?;
        if let Some(kind) = asks_for {
            let request = submit(work, &sight.team, &sight.workspace, kind, self.note.as_ref()).await?;
            return Ok(Shaped { workspace: self.workspace, request: Some(request) });
        }
        supersede_pending(work, &sight.workspace).await?;
        if self.remove_partners {
            remove_partners(work, &sight).await?;
        }
        apply_visibility(work, &sight, self.visibility, Audience::All).await?;
        Ok(Shaped { workspace: self.workspace, request: None })
    }
}

impl ChangeVisibility {
    /// The workspace, and what has to be asked for. Who may not is told so before anything about the state.
    async fn granted(&self, work: &Work<'_>) -> Result<(Granted<WorkspaceSight>, Option<RequestKind>)> {
        let access = work.access();
        let seen = access.workspace(self.workspace).may(Action::ViewWorkspace).await?;
        let change = match seen.workspace.visibility.change_to(self.visibility) {
            Ok(change) => change,
            Err(reason) => {
                access.workspace(self.workspace).without_partners().may(Action::ChangeVisibility).await?;
                let message = format!("The workspace cannot change from {} to {}.", seen.workspace.visibility, self.visibility);
                return Err(Refusal::precondition(reason, message).at("visibility").into());
            }
        };
        match change {
            Change::ByRequest(kind @ (RequestKind::ConvertToPartner | RequestKind::CreatePartnerWorkspace)) => {
                let (sight, asks) = access.workspace(self.workspace).may_or_ask(Action::ConvertToPartner).await?;
                Ok((sight, asks.then_some(kind)))
            }
            Change::ByRequest(kind @ RequestKind::MakePublic) => {
                let sight = access.workspace(self.workspace).may(Action::ChangeVisibility).await?;
                let asks = !decides(sight.standing.team_roles, kind);
                Ok((sight, asks.then_some(kind)))
            }
            Change::Direct => {
                let way = access.workspace(self.workspace);
                let way = if self.remove_partners { way.without_partners() } else { way };
                Ok((way.may(Action::ChangeVisibility).await?, None))
            }
        }
    }
}

/// Ends every grant and every open invitation of the partner side.
async fn remove_partners(work: &mut Work<'_>, sight: &Granted<WorkspaceSight>) -> Result<()> {
    let workspace = &sight.workspace;
    let removed = work.tx.delete_partner_members(sight, work.now()).await?;
    for member in &removed {
        let event = audited(AuditKind::MemberRemoved, workspace.team_id, member, Some(workspace.visibility));
        work.audit(event.before(AuditedGrant::of(member)));
    }
    let ids: Vec<_> = removed.iter().filter_map(|member| member.person().map(|person| person.id)).collect();
    let mut people = work.tx.list_recipients(&ids).await?;
    for member in removed {
        if member.person().is_none() {
            people.extend(reached(work, &member.subject).await?);
        }
        let (subject, name) = (member.subject.reference(), member.subject.name().to_owned());
        work.record_of(workspace.id, member.organization_id, Activity::MemberRemoved { member_id: member.id, subject, name });
    }
    after_end(work, workspace.id, &people).await?;
    end_partnerships(work, workspace.team_id, &ids_of(&people)).await?;
    for invitation in work.tx.revoke_invitations(workspace.id, Some(Side::Partner), work.now()).await? {
        let activity = Activity::InvitationRevoked { invitation_id: invitation.id, email: invitation.email };
        work.record_of(workspace.id, invitation.organization_id, activity);
        work.audit(
            AuditEvent::new(workspace.team_id, AuditKind::InvitationRevoked)
                .in_workspace(workspace.id, workspace.visibility)
                .about(invitation.id),
        );
    }
    let message = format!("You were removed from the workspace {}.", workspace.name);
    let notice = Notice::new(NotificationKind::MemberRemoved, message, Some(NotificationSubject::Workspace(workspace.id)));
    work.notify(people, notice.of(workspace.affair()));
    Ok(())
}
