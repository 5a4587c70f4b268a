//! Approval requests: asked for, decided, taken back, ended (domain.md, section 3.1).

mod cancel;
mod decide;
mod expire;

pub use cancel::CancelRequest;
pub use decide::{ApproveRequest, Decision, DenyRequest};
pub use expire::ExpireRequests;

use super::Work;
use super::error::{Refusal, Result};
use super::model::{Request, Team, Workspace};
use super::ports::reviewer_roles;
use crate::domain::activity::Activity;
use crate::domain::audit::{AuditEvent, AuditKind};
use crate::domain::mail::Affair;
use crate::domain::notification::{Notice, NotificationKind, NotificationSubject};
use crate::domain::request::{RequestEvent, RequestKind, RequestStatus};
use crate::domain::text::Note;
use crate::domain::{Reason, RequestId, days};
use serde_json::json;

/// Makes a request for a workspace and tells its reviewers. The caller has been found to be allowed to ask.
///
/// # Errors
/// Another request is pending for the workspace.
pub(super) async fn submit(
    work: &mut Work<'_>,
    team: &Team,
    workspace: &Workspace,
    kind: RequestKind,
    note: Option<&Note>,
) -> Result<RequestId> {
    let actor = work.actor()?;
    let request = Request {
        id: work.new_id()?,
        team_id: team.id,
        workspace_id: workspace.id,
        workspace_name: workspace.name.clone(),
        kind,
        requester_id: actor.id(),
        note: note.map(Note::as_str).filter(|note| !note.is_empty()).map(str::to_owned),
        status: RequestStatus::Pending,
        reviewer_id: None,
        comment: None,
        created_at: work.now(),
        decided_at: None,
        expires_at: work.now() + days(team.policies.request_term_days),
    };
    if !work.tx.insert_request(&request).await? {
        return Err(Refusal::conflict(Reason::RequestPending, "A request is pending for this workspace already.").into());
    }
    let asked = json!({ "kind": kind, "status": request.status, "workspaceName": request.workspace_name });
    work.audit(audited(&request, AuditKind::RequestSubmitted).after(asked));
    work.record(workspace.id, Activity::RequestSubmitted { request_id: request.id, kind });
    let message = format!("{} asks {}: {}.", actor.user.name, kind.what_for(), workspace.name);
    tell_reviewers(work, &request, NotificationKind::RequestSubmitted, message, request.note.clone()).await?;
    Ok(request.id)
}

impl Request {
    /// Whose affair a mail about it is.
    const fn affair(&self) -> Affair {
        Affair { team: self.team_id, about_partners: self.kind.is_about_partners() }
    }
}

/// Something that happens to a request, for the audit log.
fn audited(request: &Request, kind: AuditKind) -> AuditEvent {
    let about_partners = request.kind.is_about_partners();
    let event = AuditEvent::new(request.team_id, kind).about(request.id);
    AuditEvent { workspace: Some(request.workspace_id), about_partners, ..event }
}

/// Keeps in the audit log that the request has ended so.
fn audit_end(work: &mut Work<'_>, request: &Request, kind: AuditKind, status: RequestStatus) {
    let ended = audited(request, kind).before(json!({ "kind": request.kind, "status": request.status }));
    work.audit(ended.after(json!({ "kind": request.kind, "status": status })));
}

async fn tell_reviewers(
    work: &mut Work<'_>,
    request: &Request,
    kind: NotificationKind,
    message: String,
    remark: Option<String>,
) -> Result<()> {
    let reviewers = work.tx.list_role_holders(request.team_id, reviewer_roles(request.kind)).await?;
    let notice = Notice::new(kind, message, Some(NotificationSubject::Request(request.id))).of(request.affair());
    work.notify(reviewers, notice.with_remark(remark));
    Ok(())
}

async fn tell_requester(
    work: &mut Work<'_>,
    request: &Request,
    kind: NotificationKind,
    message: String,
    remark: Option<String>,
) -> Result<()> {
    let requester = work.tx.list_recipients(&[request.requester_id]).await?;
    let notice = Notice::new(kind, message, Some(NotificationSubject::Request(request.id))).of(request.affair());
    work.notify(requester, notice.with_remark(remark));
    Ok(())
}

/// Ends a pending request that has lost its object. One that somebody else has ended meanwhile is left as it is.
pub(super) async fn supersede(work: &mut Work<'_>, request: &Request) -> Result<()> {
    let Ok(status) = request.status.after(RequestEvent::Supersede) else { return Ok(()) };
    if work.tx.set_request_status(request.id, status, None, None, work.now()).await? {
        audit_end(work, request, AuditKind::RequestSuperseded, status);
        work.record(request.workspace_id, Activity::RequestSuperseded { request_id: request.id, kind: request.kind });
    }
    Ok(())
}

/// Ends whatever request is pending for a workspace.
pub(super) async fn supersede_pending(work: &mut Work<'_>, workspace: &Workspace) -> Result<()> {
    for request in work.tx.list_pending_requests(&[workspace.id]).await? {
        supersede(work, &request).await?;
    }
    Ok(())
}
