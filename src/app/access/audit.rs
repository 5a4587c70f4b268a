//! The way to the audit log of a team, and to each event in it.

use super::answer::hide;
use super::{Access, Granted, TeamAccess};
use crate::app::audit::AuditEntry;
use crate::app::error::{Refusal, Result};
use crate::app::model::TeamSight;
use crate::domain::AuditEventId;
use crate::domain::policy::{self, Action};

/// The audit log of a team, as far as the reader may look into it.
#[derive(Debug, Clone)]
pub struct AuditLog {
    /// The team.
    pub team: TeamSight,
    /// Whether the reader sees only what is about partners.
    pub only_partners: bool,
}

impl TeamAccess<'_> {
    /// The audit log of the team.
    ///
    /// # Errors
    /// Not found where the caller may not know of the team or of its log; forbidden to members of the team who may not read it.
    pub async fn audit_log(self) -> Result<Granted<AuditLog>> {
        let team = self.may_act(Action::ViewAuditLog).await?.into_inner();
        let only_partners = policy::sees_only_partner_events(&team.standing(self.access.caller), &team.facts());
        Ok(Granted(AuditLog { team, only_partners }))
    }
}

impl Access<'_> {
    /// An event of the audit log of its team.
    ///
    /// # Errors
    /// Not found where the caller may not read it.
    pub async fn audit_event(self, id: AuditEventId) -> Result<Granted<AuditEntry>> {
        let entry = self.queries.find_audit_event(id).await?.ok_or_else(Refusal::not_found)?;
        let log = self.team(entry.event.team).audit_log().await.map_err(hide)?;
        if log.only_partners && !entry.event.about_partners {
            return Err(Refusal::not_found().into());
        }
        Ok(Granted(entry))
    }
}
