//! Notifications.

use crate::app::error::Refusal;
use crate::app::mail::RequeueMail;
use crate::app::notification::{MarkRead, PreferenceChange, UpdatePreferences};
use crate::app::parse_id;
use crate::domain::Reason;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::feed_cursor::notification_scope;
use crate::graphql::inputs as input;
use crate::graphql::paging::decode;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
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

    /// Changes how you are told of each kind of event, and when mails go out.
    async fn update_notification_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: input::UpdateNotificationPreferencesInput,
    ) -> Result<Option<payload::UpdateNotificationPreferencesPayload>> {
        let changes = input.preferences.unwrap_or_default().into_iter().map(Into::into).collect();
        let command = UpdatePreferences { changes, rhythm: input.mail_rhythm.map(Into::into) };
        ctx.execute(input.idempotency_key, command).await?;
        Ok(Some(payload::UpdateNotificationPreferencesPayload))
    }

    /// Queues a mail again that could not be delivered, with all its tries. Requires `VIEW_AUDIT_LOG` of its team; a Partner Manager has that for mails that
    /// are about partners.
    #[graphql(directive = requires::apply(Action::ViewAuditLog))]
    async fn requeue_mail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: input::RequeueMailInput,
    ) -> Result<Option<payload::RequeueMailPayload>> {
        let mail = parse_id(&input.mail_id, "mailId")?;
        Ok(Some(payload::RequeueMailPayload(ctx.execute(input.idempotency_key, RequeueMail { mail }).await.blame("mailId")?)))
    }
}

impl From<input::NotificationPreferenceInput> for PreferenceChange {
    fn from(input: input::NotificationPreferenceInput) -> Self {
        Self { kind: input.kind.into(), in_app: input.in_app, email: input.email }
    }
}
