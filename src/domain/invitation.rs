//! The invitation: where it stands, and what can become of it (domain.md, section 3.2).

use super::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// Where an invitation stands. All but pending are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationStatus {
    /// Waits for an answer.
    Pending,
    /// The invited person is in.
    Accepted,
    /// The invited person does not want to.
    Declined,
    /// It was taken back, or lost its object.
    Revoked,
    /// Nobody answered within the term.
    Expired,
}

/// What can happen to a pending invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum InvitationEvent {
    /// The invited person says yes.
    Accept,
    /// The invited person says no.
    Decline,
    /// Somebody who may takes it back.
    Revoke,
    /// Its term is over.
    Expire,
}

impl InvitationStatus {
    /// The state after an event.
    ///
    /// # Errors
    /// The final state that the invitation is in already.
    pub const fn after(self, event: InvitationEvent) -> Result<Self, Self> {
        match (self, event) {
            (Self::Pending, InvitationEvent::Accept) => Ok(Self::Accepted),
            (Self::Pending, InvitationEvent::Decline) => Ok(Self::Declined),
            (Self::Pending, InvitationEvent::Revoke) => Ok(Self::Revoked),
            (Self::Pending, InvitationEvent::Expire) => Ok(Self::Expired),
            (answered, _) => Err(answered),
        }
    }

    /// The state at this moment of an invitation whose term ends then, whether or not the job has come round to say so.
    #[must_use]
    pub fn at(self, now: Timestamp, end: Timestamp) -> Self {
        if self == Self::Pending && end <= now { Self::Expired } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_pending_is_final() {
        for &status in InvitationStatus::VARIANTS {
            for &event in InvitationEvent::VARIANTS {
                let next = status.after(event);
                if status == InvitationStatus::Pending {
                    assert!(next.is_ok_and(|next| next != InvitationStatus::Pending));
                } else {
                    assert_eq!(next, Err(status));
                }
            }
        }
    }

    #[test]
    fn a_term_ends_at_its_moment() {
        let end = Timestamp::from_micros(10);
        assert_eq!(InvitationStatus::Pending.at(Timestamp::from_micros(9), end), InvitationStatus::Pending);
        assert_eq!(InvitationStatus::Pending.at(end, end), InvitationStatus::Expired);
        assert_eq!(InvitationStatus::Accepted.at(end, end), InvitationStatus::Accepted);
    }
}
