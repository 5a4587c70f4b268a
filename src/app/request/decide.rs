//! A reviewer decides. Of two, the first wins.

use super::{audit_end, tell_requester};
use crate::app::access::already_decided;
use crate::app::error::{Refusal, Result};
use crate::app::model::Request;
use crate::app::workspace::{Audience, apply_visibility};
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::notification::NotificationKind;
use crate::domain::policy::Action;
use crate::domain::request::{RequestEvent, RequestKind, RequestStatus};
use crate::domain::text::Note;
use crate::domain::{Reason, RequestId, Visibility};
use serde::Serialize;

/// What a reviewer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Yes: the workspace becomes what was asked for.
    Approve,
    /// No: the workspace stays as it is.
    Deny,
}

/// Approves a pending request.
#[derive(Debug, Clone, Serialize)]
pub struct ApproveRequest(pub Decision);

/// Denies a pending request.
#[derive(Debug, Clone, Serialize)]
pub struct DenyRequest(pub Decision);

impl Command for ApproveRequest {
    const NAME: &'static str = "approveRequest";
    type Outcome = RequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RequestId> {
        self.0.take(work, Verdict::Approve).await
    }
}

impl Command for DenyRequest {
    const NAME: &'static str = "denyRequest";
    type Outcome = RequestId;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<RequestId> {
        self.0.take(work, Verdict::Deny).await
    }
}

/// What is decided about, and what the reviewer adds.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// Which request.
    pub request: RequestId,
    /// What the reviewer adds.
    pub comment: Option<Note>,
}

impl Decision {
    async fn take(&self, work: &mut Work<'_>, verdict: Verdict) -> Result<RequestId> {
        let reviewer = work.actor()?;
        let sight = work.access().request(self.request, Action::ReviewRequest).await?;
        let request = sight.request.clone();
        let event = if verdict == Verdict::Approve { RequestEvent::Approve } else { RequestEvent::Deny };
        let status = request.status.after(event).map_err(|_| already_decided(&request))?;
        if request.expires_at <= work.now() {
            // The job that says so to everybody may not have come round yet.
            return Err(already_decided(&Request { status: RequestStatus::Expired, ..request }).into());
        }
        let comment = self.comment.as_ref().map(Note::as_str).filter(|comment| !comment.is_empty());
        if !work.tx.set_request_status(request.id, status, Some(reviewer.id()), comment, work.now()).await? {
            let current = work.tx.find_request(request.id).await?.ok_or_else(Refusal::not_found)?;
            return Err(already_decided(&current).into());
        }
        let (request_id, kind, name) = (request.id, request.kind, &request.workspace_name);
        let remark = comment.map(str::to_owned);
        let kept_as = if verdict == Verdict::Approve { AuditKind::RequestApproved } else { AuditKind::RequestDenied };
        audit_end(work, &request, kept_as, status);
        if verdict == Verdict::Deny {
            work.record(request.workspace_id, Activity::RequestDenied { request_id, kind });
            let message = format!("{} denied your request {}: {name}.", reviewer.user.name, kind.what_for());
            tell_requester(work, &request, NotificationKind::RequestDenied, message, remark).await?;
            return Ok(request_id);
        }
        if kind.is_about_partners() && !sight.team.team.plan.has_partner_features() {
            let message = "The team's plan has no partner features: they need the Enterprise plan.";
            return Err(Refusal::precondition(Reason::PlanRequired, message).into());
        }
        work.record(request.workspace_id, Activity::RequestApproved { request_id, kind });
        let message = format!("{} approved your request {}: {name}.", reviewer.user.name, kind.what_for());
        tell_requester(work, &request, NotificationKind::RequestApproved, message, remark).await?;
        let workspace = work.access().workspace_of(&sight).await?;
        let (visibility, audience) = match kind {
            // They hear of the approval; the creation of what they asked for is the same event.
            RequestKind::CreatePartnerWorkspace => (Visibility::Partner, Audience::AllBut(request.requester_id)),
            RequestKind::ConvertToPartner => (Visibility::Partner, Audience::All),
            RequestKind::MakePublic => (Visibility::Public, Audience::AllBut(request.requester_id)),
        };
        apply_visibility(work, &workspace, visibility, audience).await?;
        Ok(request_id)
    }
}
