//! Approval requests.

use crate::app::error::checked;
use crate::app::parse_id;
use crate::app::request::{ApproveRequest, CancelRequest, Decision, DenyRequest};
use crate::domain::text::Note;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Approval requests, as mutations.
#[derive(Default)]
pub struct RequestMutation;

#[Object]
impl RequestMutation {
    /// Approves a pending request: the workspace becomes what was asked for. Of two reviewers the first wins. Requires `REVIEW_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewRequest))]
    async fn approve_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to approve.")] input: input::ApproveRequestInput,
    ) -> Result<Option<payload::ApproveRequestPayload>> {
        let comment = input.comment.as_deref().map(|comment| checked("comment", Note::parse(comment))).transpose()?;
        let command = ApproveRequest(Decision { request: parse_id(&input.request_id, "requestId")?, comment });
        Ok(Some(payload::ApproveRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("requestId")?)))
    }

    /// Denies a pending request: the workspace stays as it is. Requires `REVIEW_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewRequest))]
    async fn deny_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to deny.")] input: input::DenyRequestInput,
    ) -> Result<Option<payload::DenyRequestPayload>> {
        let comment = input.comment.as_deref().map(|comment| checked("comment", Note::parse(comment))).transpose()?;
        let command = DenyRequest(Decision { request: parse_id(&input.request_id, "requestId")?, comment });
        Ok(Some(payload::DenyRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("requestId")?)))
    }

    /// Takes your own pending request back. Requires `CANCEL_REQUEST`.
    #[graphql(directive = requires::apply(Action::CancelRequest))]
    async fn cancel_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take back.")] input: input::CancelRequestInput,
    ) -> Result<Option<payload::CancelRequestPayload>> {
        let command = CancelRequest { request: parse_id(&input.request_id, "requestId")? };
        Ok(Some(payload::CancelRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("requestId")?)))
    }
}
