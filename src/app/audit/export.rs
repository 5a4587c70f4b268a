//! The audit log of a team from beginning to end, a page at a time.

use super::AuditEntry;
use crate::app::error::{Refusal, Result};
use crate::app::paging::{Direction, PageRequest};
use crate::app::ports::AuditFilter;
use crate::app::{Actor, App, token};
use crate::domain::{Code, Reason, TeamId};
use uuid::Uuid;

/// How many events are read at once: so many are in memory, however long the log is.
pub const PAGE: usize = 200;

/// Reads the audit log of a team as one reader, who has to be allowed to at each page.
#[derive(Debug)]
pub struct Export {
    app: App,
    reader: Actor,
    team: TeamId,
    filter: AuditFilter,
    after: Option<Uuid>,
    is_over: bool,
}

impl Export {
    /// An export that has not begun.
    #[must_use]
    pub const fn new(app: App, reader: Actor, team: TeamId, filter: AuditFilter) -> Self {
        Self { app, reader, team, filter, after: None, is_over: false }
    }

    /// The next events, oldest first; none: that was all.
    ///
    /// # Errors
    /// The reader may not read the log, or not any more; what broke.
    pub async fn next_page(&mut self) -> Result<Option<Vec<AuditEntry>>> {
        if self.is_over {
            return Ok(None);
        }
        if self.after.is_some() && token::find_live(&self.app, &self.reader).await?.is_none() {
            return Err(Refusal::new(Code::Unauthenticated, Reason::InvalidToken, "The access token is not valid any more.").into());
        }
        let log = self.app.access(Some(&self.reader)).team(self.team).audit_log().await?;
        let request = PageRequest { after: self.after, before: None, size: PAGE, direction: Direction::Forward };
        let page = self.app.queries().list_audit_events(&log, &self.filter, request).await?;
        self.after = page.items.last().map(|entry| entry.id.uuid());
        self.is_over = !page.has_next;
        Ok(Some(page.items))
    }
}
