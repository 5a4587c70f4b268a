//! Somebody's role on one element is taken.

use super::{audited, tell};
use crate::app::error::{Refusal, Result};
use crate::app::{App, Command, Work};
use crate::domain::ElementGrantId;
use crate::domain::activity::{Activity, title};
use crate::domain::audit::AuditKind;
use serde::Serialize;

/// Takes a role on one element. What its subject may do in the workspace stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct RevokeElementRole {
    /// The grant.
    pub grant: ElementGrantId,
}

impl Command for RevokeElementRole {
    const NAME: &'static str = "revokeElementRole";
    type Outcome = ElementGrantId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<ElementGrantId> {
        work.actor()?;
        let sight = work.access().element_grant(self.grant).await?;
        if !work.tx.delete_element_grant(&sight).await? {
            return Err(Refusal::not_found().into());
        }
        let (grant, element, workspace) = (&sight.grant, &sight.element.element, &sight.element.workspace);
        let role = grant.described(&element.name);
        work.audit(audited(AuditKind::ElementRoleRevoked, workspace, &role, grant.side).before(&role));
        work.record_of(workspace.workspace.id, grant.organization_id, Activity::ElementRoleRevoked(role.clone()));
        let (noun, name, place) = (element.kind.noun(), &element.name, &workspace.workspace.name);
        let message = format!("You are no longer {} of the {noun} {name} in the workspace {place}.", title(&grant.role));
        tell(work, workspace, &role, message).await?;
        Ok(self.grant)
    }
}
