//! The root of following.

use super::context::ContextExt;
use super::enums::Action;
use super::errors::Blame;
use super::feed_cursor::{activity_expired, follow_activity, follow_notifications, notifications_expired};
use super::objects::{Activity, Notification};
use super::requires::requires;
use crate::app::{AppError, parse_id};
use crate::domain::policy::Action as Act;
use crate::feed::{ActivitySource, NotificationSource, Tail, TailError};
use async_graphql::{Context, Description, Error, ID, Result, Subscription};
use futures_util::{Stream, StreamExt};

/// The root of following.
#[derive(Description)]
pub struct Subscription;

#[Subscription(use_type_description)]
impl Subscription {
    /// Your notifications: first those after the cursor, then each one as it is committed. None is skipped, none comes twice: a cursor whose
    /// successor is not kept any more is refused as `CURSOR_EXPIRED`, with the `oldestCursor` to go on from, and so is a reader who is slower than
    /// that. Completes when your access token ends.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those after this cursor. Null: only new ones.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Notification>>> {
        let (app, reader) = (ctx.app().clone(), ctx.signed_in()?.clone());
        let tail = Tail::listen(NotificationSource::new(app.clone(), reader.clone()), &**ctx.bus());
        let position = follow_notifications(&app, reader.id(), after.as_deref()).await?;
        Ok(tail.after(position).then(move |entry| {
            let (app, reader) = (app.clone(), reader.id());
            async move {
                match entry {
                    Ok(entry) => Ok(Notification(entry)),
                    Err(TailError::Forgotten) => Err(notifications_expired(&app, reader, "after").await.into()),
                    Err(TailError::Failed(error)) => Err(error.into()),
                }
            }
        }))
    }

    /// The tail of a workspace's activity, as far as you may know of it, with the same promise. Completes when you lose access or the workspace is
    /// deleted. Requires `SUBSCRIBE_WORKSPACE`.
    #[graphql(directive = requires::apply(Action::SubscribeWorkspace))]
    async fn workspace_activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The workspace.")] workspace_id: ID,
        #[graphql(desc = "Only what happened after this cursor. Null: only what is new.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Activity>>> {
        let (app, reader) = (ctx.app().clone(), ctx.signed_in()?.clone());
        let workspace = parse_id(&workspace_id, "workspaceId")?;
        let tail = Tail::listen(ActivitySource::new(app.clone(), reader.clone(), workspace), &**ctx.bus());
        let sight = ctx.access().workspace(workspace).may(Act::SubscribeWorkspace).await.blame("workspaceId")?;
        let position = follow_activity(&app, &sight, after.as_deref()).await?;
        Ok(tail.after(position).filter_map(move |entry| {
            let (app, reader) = (app.clone(), reader.clone());
            async move {
                let error = match entry {
                    Ok(entry) => return Some(Ok(Activity(entry))),
                    Err(TailError::Failed(error)) => error,
                    Err(TailError::Forgotten) => match app.access(Some(&reader)).workspace(workspace).may(Act::SubscribeWorkspace).await {
                        Ok(sight) => activity_expired(&app, &sight, "after").await,
                        // Whoever has lost access in the meantime is told no more.
                        Err(AppError::Refused(_)) => return None,
                        Err(failed @ AppError::Failed(_)) => failed,
                    },
                };
                Some(Err(Error::from(error)))
            }
        }))
    }
}
