//! Another name, or other domains, for a partner organization.

use super::{checked_domains, domain_is_taken, name_is_taken};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::OrganizationId;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::partnership::MailDomain;
use crate::domain::text::Name;
use serde::Serialize;
use serde_json::json;

/// Changes a partner organization; what is none stays as it is. Its partners stay its partners.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateOrganization {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: Option<Name>,
    /// All the mail domains of its people.
    pub domains: Option<Vec<MailDomain>>,
}

impl Command for UpdateOrganization {
    const NAME: &'static str = "updateOrganization";
    type Outcome = OrganizationId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<OrganizationId> {
        work.actor()?;
        let (team, organization) = work.access().organization(self.organization).await?;
        let (mut name, mut domains) = (organization.name.clone(), organization.domains.clone());
        if let Some(new) = &self.name {
            name = new.to_string();
            if !work.tx.set_organization_name(&organization, &name).await? {
                return Err(name_is_taken().into());
            }
        }
        if let Some(new) = &self.domains {
            domains = checked_domains(&team.team, new)?;
            work.tx.delete_organization_domains(&organization).await?;
            if !work.tx.insert_organization_domains(organization.team_id, organization.id, &domains).await? {
                return Err(domain_is_taken().into());
            }
        }
        if name != organization.name || domains != organization.domains {
            let event = AuditEvent::new(organization.team_id, AuditKind::OrganizationChanged).about(organization.id).of_partners();
            let before = json!({ "name": organization.name, "domains": organization.domains });
            work.audit(event.before(before).after(json!({ "name": name, "domains": domains })));
        }
        Ok(self.organization)
    }
}
