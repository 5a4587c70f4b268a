//! What mutations of notifications take.

use super::inputs;
use crate::graphql::enums::{MailRhythm, NotificationKind};
use async_graphql::{ID, InputObject};

inputs! {
    /// What markNotificationsRead takes: some, all up to a place, or both.
    MarkNotificationsReadInput {
        /// These, up to 100.
        ids: Option<Vec<ID>>,
        /// And all up to this place in your feed.
        up_to_cursor: Option<String>,
    }

    /// What updateNotificationPreferences takes: all of it applies, or nothing.
    UpdateNotificationPreferencesInput {
        /// What changes, each kind once.
        preferences: Option<Vec<NotificationPreferenceInput>>,
        /// When mails go out that can be switched off. What waits for a digest still comes with it.
        mail_rhythm: Option<MailRhythm>,
    }

    /// What requeueMail takes.
    RequeueMailInput {
        /// The mail, which was given up.
        mail_id: ID,
    }
}

/// How you want to be told of one kind of event. `WORKSPACE_CONVERTED` and `WORKSPACE_DELETED` reach you whatever you prefer, and the mail of an invitation is
/// the only way in.
#[derive(Debug, InputObject)]
pub struct NotificationPreferenceInput {
    /// What it is about.
    pub kind: NotificationKind,
    /// Whether it stands in your notifications. What was told while it was off does not appear afterwards.
    pub in_app: Option<bool>,
    /// Whether you get a mail of it.
    pub email: Option<bool>,
}
