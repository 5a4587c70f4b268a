//! Workspaces: made, edited, opened, closed, deleted.

mod change_visibility;
mod create;
mod delete;
mod update;

pub use change_visibility::ChangeVisibility;
pub use create::CreateWorkspace;
pub use delete::DeleteWorkspace;
pub use update::UpdateWorkspace;

use super::Work;
use super::access::Granted;
use super::element_grant::end_lost;
use super::error::Result;
use super::model::WorkspaceSight;
use super::ports::{FeedId, LostGrants};
use crate::domain::activity::{Activity, lower};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::mail::Affair;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::request::RequestKind;
use crate::domain::{RequestId, TeamRole, TeamRoles, UserId, Visibility, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A workspace, and the request that has to be approved before it becomes what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shaped {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The request; none: it is what was wanted.
    pub request: Option<RequestId>,
}

/// Which members hear of a change of visibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// All of them.
    All,
    /// All but one, who hears of the same event in other words.
    AllBut(UserId),
}

/// Whether these roles decide requests of the kind, and so need not make one.
const fn decides(roles: TeamRoles, kind: RequestKind) -> bool {
    let role = if kind.is_about_partners() { TeamRole::PartnerManager } else { TeamRole::CommunityManager };
    roles.has(TeamRole::SuperAdmin) || roles.has(role)
}

/// Gives the workspace another visibility and tells everybody concerned. Whether it may be is decided by then.
pub(super) async fn apply_visibility(
    work: &mut Work<'_>,
    sight: &Granted<WorkspaceSight>,
    to: Visibility,
    audience: Audience,
) -> Result<()> {
    let workspace = &sight.workspace;
    let from = workspace.visibility;
    let actor = work.actor()?.id();
    let losing = if from.is_open_to_team() && !to.is_open_to_team() {
        work.tx.list_implicit_viewers(workspace, to, work.now()).await?
    } else {
        Vec::new()
    };
    if to.is_open_to_team() {
        // Whoever's access the clock has ended is about to be let in again.
        end_lost(work, LostGrants::InWorkspace(workspace.id)).await?;
    }
    work.tx.set_workspace_visibility(sight, to, actor, work.now()).await?;
    if !to.is_open_to_team() {
        end_lost(work, LostGrants::InWorkspace(workspace.id)).await?;
    }
    work.record(workspace.id, Activity::VisibilityChanged { from, to });
    let changed = AuditEvent::new(workspace.team_id, AuditKind::VisibilityChanged);
    let changed = changed.in_workspace(workspace.id, from).in_workspace(workspace.id, to);
    work.audit(changed.before(json!({ "visibility": from })).after(json!({ "visibility": to })));

    let mut members = work.tx.list_member_recipients(workspace.id, None, work.now()).await?;
    if let Audience::AllBut(person) = audience {
        members.retain(|member| member.user_id != person);
    }
    let subject = Some(NotificationSubject::Workspace(workspace.id));
    let name = &workspace.name;
    let notice = if to == Visibility::Partner {
        Notice::new(
            NotificationKind::WorkspaceConverted,
            format!("{name} is now a partner workspace: people from outside can be invited to it."),
            subject,
        )
    } else {
        Notice::new(
            NotificationKind::WorkspaceVisibilityChanged,
            format!("The visibility of {name} changed from {} to {}.", lower(&from), lower(&to)),
            subject,
        )
    };
    let about_partners = from == Visibility::Partner || to == Visibility::Partner;
    work.notify(members, notice.of(Affair { team: workspace.team_id, about_partners }));
    let message = format!("{name} is now visible to invited people only, so you cannot open it any more.");
    work.notify(losing, Notice::new(NotificationKind::WorkspaceAccessLost, message, subject));
    work.access_changed(FeedId::Workspace(workspace.id));
    Ok(())
}
