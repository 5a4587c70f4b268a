//! Requests that nobody decided in time end.

use super::{audit_end, tell_requester};
use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::activity::Activity;
use crate::domain::audit::AuditKind;
use crate::domain::notification::NotificationKind;
use crate::domain::request::RequestEvent;
use serde::Serialize;

/// The most requests that one transaction ends.
const BATCH: u64 = 100;

/// Ends pending requests whose term is over, up to a number. Run by a job until nothing is left to do.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ExpireRequests;

impl Command for ExpireRequests {
    const NAME: &'static str = "expireRequests";
    /// How many ended.
    type Outcome = usize;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<usize> {
        let mut expired = 0;
        for request in work.tx.list_overdue_requests(work.now(), BATCH).await? {
            let Ok(status) = request.status.after(RequestEvent::Expire) else { continue };
            if !work.tx.set_request_status(request.id, status, None, None, work.now()).await? {
                continue;
            }
            expired += 1;
            audit_end(work, &request, AuditKind::RequestExpired, status);
            work.record(request.workspace_id, Activity::RequestExpired { request_id: request.id, kind: request.kind });
            let message = format!("Nobody decided your request {} in time: {}.", request.kind.what_for(), request.workspace_name);
            tell_requester(work, &request, NotificationKind::RequestExpired, message, None).await?;
        }
        Ok(expired)
    }
}
