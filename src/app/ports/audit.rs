//! What the application asks of the store about audit logs.

use super::StoreResult;
use crate::app::access::{AuditLog, Granted};
use crate::app::audit::AuditEntry;
use crate::app::error::{Refusal, Result};
use crate::app::paging::{Page, PageRequest};
use crate::domain::audit::AuditKind;
use crate::domain::{AuditEventId, Reason, Timestamp, UserId, WorkspaceId};
use async_trait::async_trait;
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// Which events a list shows. All that is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only of this kind.
    pub kind: Option<AuditKind>,
    /// Only what this person did.
    pub actor: Option<UserId>,
    /// Only what happened in this workspace.
    pub workspace: Option<WorkspaceId>,
    /// Only what is about the person or thing with this id.
    pub target: Option<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    /// The target that a client names: an id of whatever kind, as the log writes it.
    ///
    /// # Errors
    /// A refusal that names the argument: this is no id.
    pub fn target(id: &str, argument: &'static str) -> Result<String> {
        let parsed = id.parse::<TypeSafeId<DynamicType>>().map(|id| id.to_string());
        parsed.map_err(|_| Refusal::bad_input(argument, Reason::MalformedId, "This is not the id of anything.").into())
    }
}

/// Reading audit logs.
#[async_trait]
pub trait AuditQueries: Send + Sync {
    /// An event.
    async fn find_audit_event(&self, id: AuditEventId) -> StoreResult<Option<AuditEntry>>;
    /// A page of what the reader may see of a log, oldest first.
    async fn list_audit_events(
        &self,
        log: &Granted<AuditLog>,
        filter: &AuditFilter,
        page: PageRequest<Uuid>,
    ) -> StoreResult<Page<AuditEntry>>;
}

/// Writing audit logs.
#[async_trait]
pub trait AuditWrites: Send + Sync {
    /// Adds events.
    async fn insert_audit_events(&self, entries: &[AuditEntry]) -> StoreResult<()>;
    /// Forgets events from before this moment, the oldest first, up to a number. Answers how many.
    async fn delete_audit_events(&self, created_before: Timestamp, limit: u64) -> StoreResult<u64>;
}
