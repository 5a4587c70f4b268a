//! The audit log of a team: what is kept, and for how long.
//!
//! Use cases write to it with [`Work::audit`](super::Work::audit); it is read by the way of [`AuditLog`](super::access::AuditLog).

mod export;
mod forget;

pub use export::{Export, PAGE};
pub use forget::ForgetAuditEvents;

use super::actor::Origin;
use crate::domain::audit::AuditEvent;
use crate::domain::{AuditEventId, Timestamp, UserId, days};

/// How long an event is kept.
pub const TERM: std::time::Duration = days(180);

/// An event in the audit log of a team.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditEventId,
    /// What changed.
    pub event: AuditEvent,
    /// Who changed it; none: the system.
    pub actor_id: Option<UserId>,
    /// The name that they had then, since people leave.
    pub actor_name: Option<String>,
    /// Where they came from.
    pub origin: Origin,
    /// When it happened.
    pub created_at: Timestamp,
}
