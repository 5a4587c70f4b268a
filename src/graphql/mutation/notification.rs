//! Notifications.

use crate::app::error::Refusal;
use crate::app::notification::MarkRead;
use crate::app::parse_id;
use crate::domain::Reason;
use crate::graphql::context::ContextExt;
use crate::graphql::feed_cursor::notification_scope;
use crate::graphql::inputs as input;
use crate::graphql::paging::decode;
use crate::graphql::payloads as payload;
use async_graphql::{Context, ID, Object, Result};

/// The most notifications that one call marks one by one.
const MAX_MARKED: usize = 100;

/// Notifications, as mutations.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks notifications of yours as read. Ids that are not yours mark nothing.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to mark.")] input: input::MarkNotificationsReadInput,
    ) -> Result<Option<payload::MarkNotificationsReadPayload>> {
        let scope = notification_scope(ctx.reader()?);
        let up_to = input.up_to_cursor.as_deref().map(|cursor| decode(&scope, cursor, "upToCursor")).transpose()?;
        let ids: Vec<ID> = input.ids.unwrap_or_default();
        if ids.len() > MAX_MARKED {
            return Err(Refusal::bad_input("ids", Reason::TooMany, format!("Mark up to {MAX_MARKED} at once.")).into());
        }
        let ids = ids.iter().map(|id| parse_id(id, "ids")).collect::<Result<_, _>>()?;
        ctx.execute(input.idempotency_key, MarkRead { ids, up_to }).await?;
        Ok(Some(payload::MarkNotificationsReadPayload))
    }
}
