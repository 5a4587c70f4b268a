//! Approval requests.

use super::{DateTime, User, Workspace};
use crate::app::model::{self, Person, WorkspaceSight};
use crate::domain::policy::{self, Decision, Facts, RequestFacts};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{RequestKind, RequestStatus};
use async_graphql::{Context, Description, ID, Object, Result};

/// A request that a reviewer decides: for a new partner workspace, for a conversion, or to make a workspace public.
#[derive(Description)]
pub struct ApprovalRequest(pub model::Request);

impl ApprovalRequest {
    /// The request of a workspace, if who asks may see it.
    pub fn if_visible(ctx: &Context<'_>, sight: &WorkspaceSight, request: model::Request) -> Option<Self> {
        let is_own = ctx.actor().is_some_and(|actor| actor.id() == request.requester_id);
        let about = RequestFacts { kind: request.kind, status: request.status, is_own };
        let facts = Facts { request: Some(about), ..sight.facts(ctx.now()) };
        let decision = policy::decide(policy::Action::ViewRequestQueue, &sight.standing, &facts);
        (decision == Decision::Allow).then_some(Self(request))
    }
}

#[Object(use_type_description)]
impl ApprovalRequest {
    /// The id of this request.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it asks for.
    async fn kind(&self) -> RequestKind {
        self.0.kind.into()
    }

    /// The workspace. Null where it is gone, or where you may not open it: a reviewer decides without seeing what is inside.
    async fn workspace(&self, ctx: &Context<'_>) -> Result<Option<Workspace>> {
        Ok(ctx.loaders().workspace(self.0.workspace_id).await?.map(|sight| Workspace { sight }))
    }

    /// The name that the workspace had when it was asked for.
    async fn workspace_name(&self) -> &str {
        &self.0.workspace_name
    }

    /// Who asks. Named as a former member where they have left the team.
    async fn requester(&self, ctx: &Context<'_>) -> Result<User> {
        let requester = ctx.loaders().person(self.0.requester_id).await?;
        let former = || Person { id: self.0.requester_id, name: "Former member".to_owned(), email: None };
        Ok(User(requester.unwrap_or_else(former)))
    }

    /// What the requester adds, for the reviewers.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> RequestStatus {
        self.0.status.into()
    }

    /// Who decided. Null while nobody has.
    async fn reviewer(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(reviewer) = self.0.reviewer_id else { return Ok(None) };
        Ok(ctx.loaders().person(reviewer).await?.map(User))
    }

    /// What the reviewer added.
    async fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it reached its final state. Null while it is pending.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// When it expires if nobody decides.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}
