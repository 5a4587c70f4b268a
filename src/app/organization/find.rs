//! The organization that an invited address belongs to.

use crate::app::Work;
use crate::app::error::Result;
use crate::app::model::{Organization, Team};
use crate::app::ports::StoreError;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::text::{Email, Name};
use crate::domain::{Code, OrganizationId, Reason};
use serde::Serialize;
use serde_json::json;

/// An organization as an inviter names it.
#[derive(Debug, Clone, Serialize)]
pub enum NamedOrganization {
    /// By its id.
    Id(OrganizationId),
    /// By its name; it is made if the team has none of that name.
    Name(Name),
}

type Found = std::result::Result<Organization, (Code, Reason)>;

/// The organization that the domain of an address points to.
pub(in crate::app) async fn find_of_address(work: &Work<'_>, team: &Team, email: &Email) -> Result<Option<Organization>> {
    Ok(work.tx.find_organization_by_domain(team.id, &email.domain()).await?)
}

/// The organization of an address: the one that is named, else the one that the domain points to, else a new one named after the domain. Public
/// mail domains tell none, so that one has to be named for them.
pub(in crate::app) async fn of_address(
    work: &mut Work<'_>,
    team: &Team,
    email: &Email,
    named: Option<&NamedOrganization>,
) -> Result<Found> {
    let domain = email.domain();
    let pointed = find_of_address(work, team, email).await?;
    let foreign = (Code::Conflict, Reason::OutsideOrganization);
    match (named, pointed) {
        (None, Some(organization)) => Ok(Ok(organization)),
        (None, None) if team.policies.is_public_mail_domain(&domain) => Ok(Err((Code::BadUserInput, Reason::OrganizationRequired))),
        (None, None) => Ok(Ok(make(work, team, domain.clone(), Some(domain)).await?)),
        (Some(NamedOrganization::Id(id)), pointed) => {
            let found = work.tx.list_organizations_by_id(&[*id]).await?.into_iter().find(|organization| organization.team_id == team.id);
            Ok(match found {
                None => Err((Code::NotFound, Reason::UnknownId)),
                Some(_) if pointed.is_some_and(|pointed| pointed.id != *id) => Err(foreign),
                Some(organization) => Ok(organization),
            })
        }
        (Some(NamedOrganization::Name(name)), pointed) => {
            let found = work.tx.find_organization_by_name(team.id, &name.as_str().to_lowercase()).await?;
            match (found, pointed) {
                (Some(found), Some(pointed)) if found.id != pointed.id => Ok(Err(foreign)),
                (Some(found), _) => Ok(Ok(found)),
                (None, Some(_)) => Ok(Err(foreign)),
                (None, None) => {
                    let is_own = !team.policies.is_public_mail_domain(&domain);
                    Ok(Ok(make(work, team, name.to_string(), is_own.then_some(domain)).await?))
                }
            }
        }
    }
}

/// Makes an organization; where another one of this name was made meanwhile, that one.
async fn make(work: &mut Work<'_>, team: &Team, name: String, domain: Option<String>) -> Result<Organization> {
    let domains: Vec<String> = domain.into_iter().collect();
    let made = Organization { id: work.new_id()?, team_id: team.id, name, domains, created_at: work.now() };
    let met = || StoreError::Contention("another organization was made at the same moment".into());
    if !work.tx.insert_organization(&made).await? {
        let mut existing = work.tx.find_organization_by_name(team.id, &made.name.to_lowercase()).await?.ok_or_else(met)?;
        if !work.tx.insert_organization_domains(team.id, existing.id, &made.domains).await? {
            return Err(met().into());
        }
        existing.domains.extend(made.domains);
        return Ok(existing);
    }
    if !work.tx.insert_organization_domains(team.id, made.id, &made.domains).await? {
        return Err(met().into());
    }
    let event = AuditEvent::new(team.id, AuditKind::OrganizationCreated).about(made.id).of_partners();
    work.audit(event.after(json!({ "name": made.name, "domains": made.domains })));
    Ok(made)
}
