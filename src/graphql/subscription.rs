//! The root of following.

use super::context::ContextExt;
use super::enums::Action;
use super::errors::Blame;
use super::objects::{Activity, Notification, activity_place, notification_scope};
use super::paging::{decode, invalid_cursor};
use super::requires::requires;
use crate::app::error::AppError;
use crate::app::parse_id;
use crate::app::ports::FeedId;
use crate::domain::policy::Action as Act;
use crate::feed::{ActivitySource, NotificationSource, Tail};
use async_graphql::{Context, Description, Error, ID, Result, Subscription};
use futures_util::{Stream, StreamExt};

/// The root of following.
#[derive(Description)]
pub struct Subscription;

#[Subscription(use_type_description)]
impl Subscription {
    /// Your notifications: first those after the cursor, then each one as it is committed. None is skipped, none comes twice. Completes when
    /// your access token ends.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those after this cursor. Null: only new ones.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Notification>>> {
        let reader = ctx.signed_in()?.clone();
        let (feed, scope) = (FeedId::User(reader.id()), notification_scope(reader.id()));
        let tail = Tail::listen(NotificationSource::new(ctx.app().clone(), reader), &**ctx.bus());
        let end = ctx.app().queries().feed_end(feed).await.map_err(AppError::from)?;
        let position = match after {
            Some(cursor) => decode(&scope, &cursor, "after")?,
            None => end,
        };
        if !(0..=end).contains(&position) {
            return Err(invalid_cursor("after").into());
        }
        Ok(tail.after(position).map(|entry| entry.map(Notification).map_err(Error::from)))
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
        let reader = ctx.signed_in()?.clone();
        let workspace = parse_id(&workspace_id, "workspaceId")?;
        let tail = Tail::listen(ActivitySource::new(ctx.app().clone(), reader, workspace), &**ctx.bus());
        ctx.access().workspace(workspace).may(Act::SubscribeWorkspace).await.blame("workspaceId")?;
        let position = match after {
            Some(cursor) => activity_place(ctx, workspace, &cursor, "after").await?,
            None => ctx.app().queries().feed_end(FeedId::Workspace(workspace)).await.map_err(AppError::from)?,
        };
        Ok(tail.after(position).map(|entry: Result<_, AppError>| entry.map(Activity).map_err(Error::from)))
    }
}
