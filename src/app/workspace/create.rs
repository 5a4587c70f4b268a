//! A new workspace.

use super::{Shaped, decides};
use crate::app::access::Granted;
use crate::app::error::{Refusal, Result};
use crate::app::model::{TeamSight, Workspace};
use crate::app::ports::{FeedId, NewMember};
use crate::app::request::submit;
use crate::app::team::audited_roles;
use crate::app::{App, Command, Work};
use crate::domain::activity::{Activity, SubjectRef};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::policy::Action;
use crate::domain::request::RequestKind;
use crate::domain::text::{Description, Name, Note, Summary};
use crate::domain::{Reason, Side, TeamId, TeamRole, Visibility, WorkspaceRole};
use serde::Serialize;
use serde_json::json;

/// Makes a workspace, of which the caller is the first Admin. Where its visibility needs an approval it begins as a private one, and
/// a request is made.
#[derive(Debug, Clone, Serialize)]
pub struct CreateWorkspace {
    /// The team that is to own it.
    pub team: TeamId,
    /// Its name.
    pub name: Name,
    /// What it is for, in a line.
    pub summary: Summary,
    /// What it is for, in Markdown.
    pub description: Description,
    /// Who gets in.
    pub visibility: Visibility,
    /// For the reviewers, where an approval is needed.
    pub note: Option<Note>,
}

impl Command for CreateWorkspace {
    const NAME: &'static str = "createWorkspace";
    type Outcome = Shaped;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Shaped> {
        work.actor()?;
        let (team, asks_for) = self.granted_team(work).await?;
        let workspace = self.insert(work, &team, asks_for).await?;
        let request = match asks_for {
            Some(kind) => Some(submit(work, &team.team, &workspace, kind, self.note.as_ref()).await?),
            None => None,
        };
        Ok(Shaped { workspace: workspace.id, request })
    }
}

impl CreateWorkspace {
    /// The team, and what has to be asked for.
    async fn granted_team(&self, work: &mut Work<'_>) -> Result<(Granted<TeamSight>, Option<RequestKind>)> {
        if self.visibility == Visibility::Partner {
            work.access().team(self.team).held().await?;
        }
        let action = if self.visibility == Visibility::Partner { Action::CreatePartnerWorkspace } else { Action::CreateWorkspace };
        let (team, needs_approval) = work.access().team(self.team).may_or_ask(action).await?;
        let asks_for = match self.visibility {
            Visibility::Partner if needs_approval => Some(RequestKind::CreatePartnerWorkspace),
            Visibility::Public if !decides(team.roles, RequestKind::MakePublic) => Some(RequestKind::MakePublic),
            _ => None,
        };
        if self.visibility == Visibility::Partner && asks_for.is_none() && !decides(team.roles, RequestKind::CreatePartnerWorkspace) {
            // Condition C2: nobody could decide, so the Team Admin who creates the first one becomes Partner Manager.
            let caller = work.actor()?.id();
            let roles = team.roles.with(TeamRole::PartnerManager);
            work.tx.set_team_roles(&team, caller, roles).await?;
            let changed = AuditEvent::new(self.team, AuditKind::TeamRolesChanged).about(caller);
            work.audit(changed.before(audited_roles(team.roles)).after(audited_roles(roles)));
            work.access_changed(FeedId::User(caller));
        }
        Ok((team, asks_for))
    }

    async fn insert(&self, work: &mut Work<'_>, team: &Granted<TeamSight>, asks_for: Option<RequestKind>) -> Result<Workspace> {
        let creator = work.actor()?.id();
        let visibility = if asks_for.is_some() { Visibility::Private } else { self.visibility };
        let workspace = Workspace {
            id: work.new_id()?,
            team_id: team.team.id,
            name: self.name.to_string(),
            summary: self.summary.to_string(),
            description: self.description.as_str().to_owned(),
            visibility,
            multi_partner: false,
            version: 1,
            created_at: work.now(),
            created_by: creator,
            updated_at: work.now(),
            updated_by: creator,
            left_partner_at: None,
        };
        work.tx.insert_workspace(&workspace).await?;
        let member = NewMember {
            id: work.new_id()?,
            team_id: workspace.team_id,
            workspace_id: workspace.id,
            subject: SubjectRef::Person { user_id: creator },
            side: Side::Team,
            role: WorkspaceRole::Admin,
            partner_lead: false,
            organization_id: None,
            granted_by: creator,
            granted_at: work.now(),
            expires_at: None,
        };
        if !work.tx.insert_member(&member).await? {
            return Err(Refusal::conflict(Reason::AlreadyMember, "Somebody else made this workspace.").into());
        }
        work.record(workspace.id, Activity::WorkspaceCreated { name: workspace.name.clone(), visibility });
        let created = AuditEvent::new(workspace.team_id, AuditKind::WorkspaceCreated).in_workspace(workspace.id, visibility);
        work.audit(created.after(json!({ "name": workspace.name, "visibility": visibility })));
        Ok(workspace)
    }
}
