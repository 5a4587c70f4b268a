//! Events of a team's audit log.

use super::{DateTime, Json, User};
use crate::app::audit::AuditEntry;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::AuditKind;
use async_graphql::{Context, Description, ID, Object, Result};

/// A change of people, roles, policies, requests or visibility, as the audit log of a team keeps it for 180 days.
#[derive(Description)]
pub struct AuditEvent(pub AuditEntry);

#[Object(use_type_description)]
impl AuditEvent {
    /// The id of this event.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What kind of change it is.
    async fn kind(&self) -> AuditKind {
        self.0.event.kind.into()
    }

    /// Who made it. Null: the system, or somebody whom you may not know any more.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(actor) = self.0.actor_id else { return Ok(None) };
        Ok(ctx.loaders().person(actor).await?.map(User))
    }

    /// The name that who made it had then. Null: the system.
    async fn actor_name(&self) -> Option<&str> {
        self.0.actor_name.as_deref()
    }

    /// The address that it came from; behind a proxy it is the proxy's. Null: the system, or the command line.
    async fn address(&self) -> Option<String> {
        self.0.origin.address.map(|address| address.to_string())
    }

    /// What the client called itself. Null: it did not, or there was none.
    async fn user_agent(&self) -> Option<&str> {
        self.0.origin.user_agent.as_deref()
    }

    /// The workspace that it happened in, which may be gone by now. Null: it is about the team itself.
    async fn workspace_id(&self) -> Option<ID> {
        self.0.event.workspace.map(|workspace| workspace.to_string().into())
    }

    /// The id of the person or thing that was changed. Null where it is the team or the workspace itself.
    async fn target_id(&self) -> Option<ID> {
        self.0.event.target.clone().map(Into::into)
    }

    /// What it was. Its fields depend on the kind; of a long text there is only the length.
    async fn before(&self) -> Option<Json> {
        self.0.event.before.clone().map(Json::Value)
    }

    /// What it became. Its fields depend on the kind; of a long text there is only the length.
    async fn after(&self) -> Option<Json> {
        self.0.event.after.clone().map(Json::Value)
    }

    /// When it happened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
