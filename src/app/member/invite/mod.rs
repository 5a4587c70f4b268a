//! People and groups are brought into a workspace: given a role at once where they are known, invited by mail where not.

mod give;
mod partners;
mod team_members;

pub use partners::InvitePartners;
pub use team_members::InviteTeamMembers;

use crate::app::error::{AppError, Refusal, Result};
use crate::app::invitation::Verdict;
use crate::domain::{Code, MemberId, Reason};
use serde::{Deserialize, Serialize};

/// The most invitees of one call.
pub const MAX_BATCH: usize = 100;

/// Somebody who is invited, as the caller wrote them down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invitee {
    /// By address.
    Email(String),
    /// By the id of a user.
    User(String),
    /// By the id of a group.
    Group(String),
}

/// What became of one invitee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who.
    pub invitee: Invitee,
    /// What became of them.
    pub verdict: Verdict<MemberId>,
}

/// Why one invitee of a batch comes to nothing.
type Failure = (Code, Reason);

/// What is found out about one invitee: it fails, or the whole call breaks.
type Checked<T> = Result<std::result::Result<T, Failure>>;

/// Refuses a batch that is empty or too large.
fn checked_batch(invitees: &[Invitee]) -> Result<()> {
    if (1..=MAX_BATCH).contains(&invitees.len()) {
        return Ok(());
    }
    let reason = if invitees.is_empty() { Reason::Empty } else { Reason::TooMany };
    Err(Refusal::bad_input("invitees", reason, format!("Name 1 to {MAX_BATCH} invitees.")).into())
}

/// A refusal as what became of one invitee; whatever broke still breaks the call.
fn failed<T>(answer: Result<T>) -> Checked<T> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(AppError::Refused(refusal)) => Ok(Err((refusal.code, refusal.reason))),
        Err(failed @ AppError::Failed(_)) => Err(failed),
    }
}

/// An id that a client gave.
fn parsed<T: std::str::FromStr>(id: &str) -> std::result::Result<T, Failure> {
    id.parse().map_err(|_| (Code::BadUserInput, Reason::MalformedId))
}
