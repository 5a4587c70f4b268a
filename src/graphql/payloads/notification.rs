//! What mutations of notifications answer.

use crate::app::AppError;
use crate::graphql::context::ContextExt;
use crate::graphql::objects::Viewer;
use async_graphql::{Context, Description, Object, Result};

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
