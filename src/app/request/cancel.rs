//! A requester takes a request back.

use super::{audit_end, tell_reviewers};
use crate::app::access::already_decided;
use crate::app::error::{Refusal, Result};
use crate::app::{App, Command, Work};
use crate::domain::RequestId;
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::notification::NotificationKind;
use crate::domain::policy::Action;
use crate::domain::request::RequestEvent;
use serde::Serialize;

/// Takes one's own pending request back. The workspace stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct CancelRequest {
    /// Which.
    pub request: RequestId,
}

impl Command for CancelRequest {
    const NAME: &'static str = "cancelRequest";
    type Outcome = RequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RequestId> {
        let requester = work.actor()?;
        let request = work.access().request(self.request, Action::CancelRequest).await?.request.clone();
        let status = request.status.after(RequestEvent::Cancel).map_err(|_| already_decided(&request))?;
        if !work.tx.set_request_status(request.id, status, None, None, work.now()).await? {
            let current = work.tx.find_request(request.id).await?.ok_or_else(Refusal::not_found)?;
            return Err(already_decided(&current).into());
        }
        audit_end(work, &request, AuditKind::RequestCancelled, status);
        work.record(request.workspace_id, Activity::RequestCancelled { request_id: request.id, kind: request.kind });
        let message = format!("{} took the request back {}: {}.", requester.user.name, request.kind.what_for(), request.workspace_name);
        tell_reviewers(work, &request, NotificationKind::RequestCancelled, message, None).await?;
        Ok(request.id)
    }
}
