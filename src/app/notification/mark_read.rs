//! Reading marks on notifications.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::NotificationId;
use serde::Serialize;

/// Marks the caller's notifications as read: these, and all up to a place in their feed. Ids that are not the caller's mark
/// nothing.
#[derive(Debug, Clone, Serialize)]
pub struct MarkRead {
    /// These.
    pub ids: Vec<NotificationId>,
    /// And all up to this place.
    pub up_to: Option<i64>,
}

impl Command for MarkRead {
    const NAME: &'static str = "markNotificationsRead";
    type Outcome = ();

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<()> {
        let user = work.actor()?.id();
        Ok(work.tx.set_notifications_read(user, &self.ids, self.up_to, work.now()).await?)
    }
}
