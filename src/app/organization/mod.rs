//! Partner organizations: made, changed, and found by an invited address.

mod change;
mod create;
mod find;

pub use change::UpdateOrganization;
pub use create::CreateOrganization;
pub use find::NamedOrganization;
pub(super) use find::{find_of_address, of_address};

use super::error::{Refusal, Result};
use super::model::Team;
use crate::domain::Reason;
use crate::domain::partnership::MailDomain;

/// The most domains of one organization.
const MAX_DOMAINS: usize = 100;

/// Refuses domains that cannot tell an organization, and too many of them. Answers them once each.
fn checked_domains(team: &Team, domains: &[MailDomain]) -> Result<Vec<String>> {
    if domains.len() > MAX_DOMAINS {
        return Err(Refusal::bad_input("domains", Reason::TooMany, format!("Name up to {MAX_DOMAINS} domains.")).into());
    }
    if let Some(public) = domains.iter().find(|domain| team.policies.is_public_mail_domain(domain.as_str())) {
        let message = format!("Anybody can have an address at {}, so it belongs to no organization.", public.as_str());
        return Err(Refusal::bad_input("domains", Reason::PublicMailDomain, message).into());
    }
    let unique: std::collections::BTreeSet<String> = domains.iter().map(|domain| domain.as_str().to_owned()).collect();
    Ok(unique.into_iter().collect())
}

fn name_is_taken() -> Refusal {
    Refusal::conflict(Reason::AlreadyTaken, "Another organization of the team has this name.").at("name")
}

fn domain_is_taken() -> Refusal {
    Refusal::conflict(Reason::AlreadyTaken, "One of the domains belongs to another organization of the team.").at("domains")
}
