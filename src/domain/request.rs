//! The approval request: what is asked for, and the states that it goes through (domain.md, section 3.1).

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestKind {
    /// That a workspace, made as a private one for the time being, becomes a partner workspace.
    CreatePartnerWorkspace,
    /// That an existing workspace becomes a partner workspace.
    ConvertToPartner,
    /// That a workspace becomes public.
    MakePublic,
}

impl RequestKind {
    /// Whether Partner Managers decide it (and not Community Managers).
    #[must_use]
    pub const fn is_about_partners(self) -> bool {
        matches!(self, Self::CreatePartnerWorkspace | Self::ConvertToPartner)
    }
}

/// Where a request stands. All but pending are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestStatus {
    /// Waits for a decision.
    Pending,
    /// A reviewer said yes.
    Approved,
    /// A reviewer said no.
    Denied,
    /// The requester took it back.
    Cancelled,
    /// Nobody decided within the term.
    Expired,
    /// It lost its object: the workspace was deleted or changed otherwise, or the requester left.
    Superseded,
}

/// What can happen to a pending request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum RequestEvent {
    /// A reviewer says yes.
    Approve,
    /// A reviewer says no.
    Deny,
    /// The requester takes it back.
    Cancel,
    /// The term ends.
    Expire,
    /// Its object goes.
    Supersede,
}

impl RequestStatus {
    /// The state after an event.
    ///
    /// # Errors
    /// The final state that the request is in already.
    pub const fn after(self, event: RequestEvent) -> Result<Self, Self> {
        match (self, event) {
            (Self::Pending, RequestEvent::Approve) => Ok(Self::Approved),
            (Self::Pending, RequestEvent::Deny) => Ok(Self::Denied),
            (Self::Pending, RequestEvent::Cancel) => Ok(Self::Cancelled),
            (Self::Pending, RequestEvent::Expire) => Ok(Self::Expired),
            (Self::Pending, RequestEvent::Supersede) => Ok(Self::Superseded),
            (decided, _) => Err(decided),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_pending_is_final() {
        for &status in RequestStatus::VARIANTS {
            for &event in RequestEvent::VARIANTS {
                let next = status.after(event);
                if status == RequestStatus::Pending {
                    assert!(next.is_ok_and(|next| next != RequestStatus::Pending));
                } else {
                    assert_eq!(next, Err(status));
                }
            }
        }
    }
}
