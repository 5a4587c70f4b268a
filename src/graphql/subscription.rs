//! The root of following.

use super::context::ContextExt;
use super::enums::Action;
use super::errors::Blame;
use super::objects::{Activity, Notification, activity_scope, notification_scope};
use super::paging::decode;
use super::requires::requires;
use crate::app::error::{AppError, Refusal, Result as AppResult};
use crate::app::parse_id;
use crate::app::ports::FeedId;
use crate::domain::Reason;
use crate::domain::policy::Action as Act;
use crate::feed::{ActivitySource, NotificationSource, Tail};
use async_graphql::{Context, Description, Error, ID, Result, Subscription};
use futures_util::{Stream, StreamExt};

/// The root of following.
#[derive(Description)]
pub struct Subscription;

/// Where to begin: after the cursor, or at the end of the feed as it is now.
async fn begin(ctx: &Context<'_>, feed: FeedId, scope: &str, after: Option<&str>) -> AppResult<i64> {
    let end = ctx.app().queries().feed_end(feed).await?;
    let Some(cursor) = after else { return Ok(end) };
    let place: i64 = decode(scope, cursor, "after")?;
    if (0..=end).contains(&place) {
        return Ok(place);
    }
    Err(Refusal::bad_input("after", Reason::InvalidCursor, "This feed has no such place.").into())
}

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
        let position = begin(ctx, feed, &scope, after.as_deref()).await?;
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
        let position = begin(ctx, FeedId::Workspace(workspace), &activity_scope(workspace), after.as_deref()).await?;
        Ok(tail.after(position).map(|entry: Result<_, AppError>| entry.map(Activity).map_err(Error::from)))
    }
}
