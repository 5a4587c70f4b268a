//! What mutations of notifications answer.

use crate::app::AppError;
use crate::app::notification::preferences;
use crate::domain::MailId;
use crate::graphql::context::ContextExt;
use crate::graphql::objects::{NotificationPreference, Viewer};
use async_graphql::{Context, Description, ID, Object, Result};

/// What markNotificationsRead answers.
#[derive(Description)]
pub struct MarkNotificationsReadPayload;

#[Object(use_type_description)]
impl MarkNotificationsReadPayload {
    /// How many notifications you have not read.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.app().queries().count_unread(ctx.reader()?).await.map_err(AppError::from)?)
    }

    /// You.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(ctx.signed_in()?.clone()))
    }
}

/// What updateNotificationPreferences answers.
#[derive(Description)]
pub struct UpdateNotificationPreferencesPayload;

#[Object(use_type_description)]
impl UpdateNotificationPreferencesPayload {
    /// How you are told of each kind of event from now on.
    async fn preferences(&self, ctx: &Context<'_>) -> Result<Vec<NotificationPreference>> {
        Ok(NotificationPreference::all(preferences(ctx.app().queries(), ctx.reader()?).await?))
    }

    /// You.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(ctx.signed_in()?.clone()))
    }
}

/// What requeueMail answers.
#[derive(Description)]
pub struct RequeueMailPayload(pub MailId);

#[Object(use_type_description)]
impl RequeueMailPayload {
    /// The mail, which waits to be sent again.
    async fn requeued_mail_id(&self) -> ID {
        self.0.to_string().into()
    }
}
