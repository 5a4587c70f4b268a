//! A new partner organization.

use super::{checked_domains, domain_is_taken, name_is_taken};
use crate::app::error::Result;
use crate::app::model::Organization;
use crate::app::{App, Command, Work};
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::partnership::MailDomain;
use crate::domain::policy::Action;
use crate::domain::text::Name;
use crate::domain::{OrganizationId, TeamId};
use serde::Serialize;
use serde_json::json;

/// Makes a partner organization of a team.
#[derive(Debug, Clone, Serialize)]
pub struct CreateOrganization {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: Name,
    /// The mail domains of its people.
    pub domains: Vec<MailDomain>,
}

impl Command for CreateOrganization {
    const NAME: &'static str = "createOrganization";
    type Outcome = OrganizationId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<OrganizationId> {
        work.actor()?;
        let team = work.access().team(self.team).may_act(Action::ViewPartnerships).await?;
        let organization = Organization {
            id: work.new_id()?,
            team_id: self.team,
            name: self.name.to_string(),
            domains: checked_domains(&team.team, &self.domains)?,
            created_at: work.now(),
        };
        if !work.tx.insert_organization(&organization).await? {
            return Err(name_is_taken().into());
        }
        if !work.tx.insert_organization_domains(self.team, organization.id, &organization.domains).await? {
            return Err(domain_is_taken().into());
        }
        let event = AuditEvent::new(self.team, AuditKind::OrganizationCreated).about(organization.id).of_partners();
        work.audit(event.after(json!({ "name": organization.name, "domains": organization.domains })));
        Ok(organization.id)
    }
}
