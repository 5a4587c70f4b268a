//! Partner organizations: found, or made, by an invited address.

use super::Work;
use super::error::Result;
use super::model::{Organization, Team};
use crate::domain::text::{Email, Name};
use crate::domain::{Code, OrganizationId, Reason};
use serde::Serialize;

/// An organization as an inviter names it.
#[derive(Debug, Clone, Serialize)]
pub enum NamedOrganization {
    /// By its id.
    Id(OrganizationId),
    /// By its name.
    Name(Name),
}

pub(crate) async fn find_of_address(work: &Work<'_>, team: &Team, email: &Email) -> Result<Option<Organization>> {
    Ok(work.tx.find_organization_by_domain(team.id, &email.domain()).await?)
}

pub(crate) async fn of_address(
    work: &mut Work<'_>,
    team: &Team,
    email: &Email,
    _named: Option<&NamedOrganization>,
) -> Result<std::result::Result<Organization, (Code, Reason)>> {
    if let Some(found) = find_of_address(work, team, email).await? {
        return Ok(Ok(found));
    }
    let organization =
        Organization { id: work.new_id()?, team_id: team.id, name: email.domain(), domains: vec![email.domain()], created_at: work.now() };
    work.tx.insert_organization(&organization).await?;
    Ok(Ok(organization))
}
