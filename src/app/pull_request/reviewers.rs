//! Who may be asked to review.

use crate::app::Work;
use crate::app::access::ElementSight;
use crate::app::element::unseeing;
use crate::app::error::{Refusal, Result};
use crate::app::model::Recipient;
use crate::domain::{OrganizationId, Reason, UserId};
use std::collections::BTreeSet;

/// The most people who are asked to review one pull request.
const MAX_REVIEWERS: usize = 50;

/// Refuses too many reviewers, and the author among them.
pub(super) fn check(people: &BTreeSet<UserId>, author: UserId) -> Result<()> {
    if people.len() > MAX_REVIEWERS {
        return Err(Refusal::bad_input("reviewerIds", Reason::TooMany, format!("Ask up to {MAX_REVIEWERS} people.")).into());
    }
    if people.contains(&author) {
        let message = "Nobody reviews their own pull request.";
        return Err(Refusal::bad_input("reviewerIds", Reason::ContradictoryArguments, message).into());
    }
    Ok(())
}

/// These people, once it is sure that the author knows them and that they will find the pull request.
pub(super) async fn ask(
    work: &Work<'_>,
    author: UserId,
    parent: &ElementSight,
    audience: Option<OrganizationId>,
    people: &[UserId],
) -> Result<Vec<Recipient>> {
    let (workspace, now) = (&parent.workspace.workspace, work.now());
    let known = work.tx.list_people(author, people, now).await?;
    let openers = work.tx.list_openers(people, workspace.id, now).await?;
    if known.len() != people.len() || openers.len() != people.len() {
        return Err(Refusal::not_found().at("reviewerIds").into());
    }
    let without = unseeing(work, parent, audience, &openers).await?;
    if !without.is_empty() {
        let message = "Somebody whom you ask is a partner of another organization, and cannot read this pull request.";
        return Err(Refusal::precondition(Reason::TargetNotAllowed, message).at("reviewerIds").into());
    }
    Ok(openers)
}
