//! Places in feeds, and what becomes of a cursor whose place is forgotten.
//!
//! A cursor is refused where it would skip something that is not kept any more, and the refusal says from which cursor everything follows that
//! still is. What comes before a forgotten place is nothing, so that nothing is skipped there.

use super::context::ContextExt;
use super::paging::{PageArguments, decode, encode, invalid_cursor};
use crate::app::error::Refusal;
use crate::app::model::{ActivityEntry, NotificationEntry, WorkspaceSight};
use crate::app::paging::{Direction, Key, Page, PageRequest};
use crate::app::ports::FeedId;
use crate::app::{App, AppError, Result};
use crate::domain::{ActivityId, Reason, Timestamp, UserId, WorkspaceId};
use async_graphql::Context;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// How much the clocks of two servers may differ.
const CLOCKS_DIFFER: Duration = Duration::from_hours(1);

/// The list that cursors of a user's notifications belong to.
pub fn notification_scope(user: UserId) -> String {
    format!("notifications:{user}")
}

/// The list that cursors of a workspace's activity belong to.
pub fn activity_scope(workspace: WorkspaceId) -> String {
    format!("activity:{workspace}")
}

/// What a cursor of a workspace's activity means. A number would tell those who do not read all of it how much they do not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActivityPlace {
    /// Behind the entry with this id.
    Behind(Uuid),
    /// Before it, and behind everything that the reader could not read any more at the time.
    Before(Uuid),
    /// Before everything that the reader could read since this moment: then there was nothing.
    Since(Timestamp),
}

impl Key for ActivityPlace {
    fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Behind(id) => Key::to_bytes(id),
            Self::Before(id) => [id.as_bytes().as_slice(), &[0]].concat(),
            Self::Since(moment) => Key::to_bytes(moment.as_micros()),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [id @ .., 0] if id.len() == 16 => Key::from_bytes(id).map(Self::Before),
            _ if bytes.len() == 8 => Key::from_bytes(bytes).map(Timestamp::from_micros).map(Self::Since),
            _ => Key::from_bytes(bytes).map(Self::Behind),
        }
    }
}

/// Where a cursor is in its feed.
enum Found {
    /// Behind the entry of this number.
    At(i64),
    /// Among what is not kept any more.
    Forgotten,
}

fn expired(argument: &'static str, oldest: &str) -> AppError {
    let message = "What follows this cursor is not kept any more. From oldestCursor everything follows that still is.";
    Refusal::precondition(Reason::CursorExpired, message).at(argument).with_details(json!({ "oldestCursor": oldest })).into()
}

/// The refusal of a cursor of a user's notifications that are not kept any more.
pub async fn notifications_expired(app: &App, user: UserId, argument: &'static str) -> AppError {
    match app.queries().feed_bounds(FeedId::User(user)).await {
        Ok(bounds) => expired(argument, &encode(&notification_scope(user), bounds.forgotten)),
        Err(failed) => failed.into(),
    }
}

/// The same of a workspace's activity, for this reader.
pub async fn activity_expired(app: &App, sight: &WorkspaceSight, argument: &'static str) -> AppError {
    match oldest(app, sight).await {
        Ok(entry) => {
            let place = entry.map_or(ActivityPlace::Since(app.now()), |entry| ActivityPlace::Before(entry.id.uuid()));
            expired(argument, &encode(&activity_scope(sight.workspace.id), place))
        }
        Err(failed) => failed,
    }
}

/// The oldest entry that is kept and that the reader may read.
async fn oldest(app: &App, sight: &WorkspaceSight) -> Result<Option<ActivityEntry>> {
    let one = PageRequest { after: None, before: None, size: 1, direction: Direction::Forward };
    let page = app.queries().list_activity(sight.workspace.id, sight.activity_in_sight(app.now()), one).await?;
    Ok(page.items.into_iter().next())
}

async fn find_notification(app: &App, user: UserId, cursor: &str, argument: &'static str) -> Result<Found> {
    let place: i64 = decode(&notification_scope(user), cursor, argument)?;
    let bounds = app.queries().feed_bounds(FeedId::User(user)).await?;
    match place {
        0.. if place < bounds.forgotten => Ok(Found::Forgotten),
        0.. if place <= bounds.end => Ok(Found::At(place)),
        _ => Err(invalid_cursor(argument)),
    }
}

async fn find_activity(app: &App, sight: &WorkspaceSight, cursor: &str, argument: &'static str) -> Result<Found> {
    let workspace = sight.workspace.id;
    let place = decode(&activity_scope(workspace), cursor, argument)?;
    let id = match place {
        ActivityPlace::Behind(id) | ActivityPlace::Before(id) => id,
        ActivityPlace::Since(moment) if moment < app.now() - app.settings.feed_term => return Ok(Found::Forgotten),
        ActivityPlace::Since(_) => return Ok(Found::At(app.queries().feed_bounds(FeedId::Workspace(workspace)).await?.forgotten)),
    };
    let entry = app.queries().find_activity(ActivityId::from_uuid(id)).await?;
    match entry.filter(|entry| entry.workspace_id == workspace) {
        Some(entry) if place == ActivityPlace::Behind(id) => Ok(Found::At(entry.seq)),
        Some(entry) => Ok(Found::At(entry.seq - 1)),
        None if is_older_than_kept(app, sight, id).await? => Ok(Found::Forgotten),
        None => Err(invalid_cursor(argument)),
    }
}

/// Whether what had this id may have been kept once. An id tells when it was made, and what it is compared with is known to the reader: the term,
/// the oldest entry that they may read, and that the first one of all is forgotten, which everybody could read.
async fn is_older_than_kept(app: &App, sight: &WorkspaceSight, id: Uuid) -> Result<bool> {
    let is_whole = app.queries().feed_bounds(FeedId::Workspace(sight.workspace.id)).await?.forgotten == 0;
    if is_whole || id.get_version_num() != 7 {
        return Ok(false);
    }
    let made = id.as_u128() >> 80;
    let oldest = oldest(app, sight).await?.map_or(app.now(), |entry| entry.created_at);
    let kept_since = oldest.max(app.now() - app.settings.feed_term + CLOCKS_DIFFER);
    Ok((sight.workspace.created_at.as_millis().into()..=kept_since.as_millis().into()).contains(&made))
}

/// Where to begin to follow a user's notifications.
pub async fn follow_notifications(app: &App, user: UserId, after: Option<&str>) -> Result<i64> {
    match after {
        None => Ok(app.queries().feed_bounds(FeedId::User(user)).await?.end),
        Some(cursor) => match find_notification(app, user, cursor, "after").await? {
            Found::At(place) => Ok(place),
            Found::Forgotten => Err(notifications_expired(app, user, "after").await),
        },
    }
}

/// Where to begin to follow a workspace's activity.
pub async fn follow_activity(app: &App, sight: &WorkspaceSight, after: Option<&str>) -> Result<i64> {
    match after {
        None => Ok(app.queries().feed_bounds(FeedId::Workspace(sight.workspace.id)).await?.end),
        Some(cursor) => match find_activity(app, sight, cursor, "after").await? {
            Found::At(place) => Ok(place),
            Found::Forgotten => Err(activity_expired(app, sight, "after").await),
        },
    }
}

/// The page of a user's notifications that these arguments ask for.
pub async fn notification_page(ctx: &Context<'_>, unread_only: bool, arguments: &PageArguments) -> Result<Page<NotificationEntry>> {
    let (app, user) = (ctx.app(), ctx.reader()?);
    let request = arguments.within(&notification_scope(user))?;
    let page = app.queries().list_notifications(user, unread_only, request).await?;
    // Looked at behind the page: what is forgotten in between would be missing in it.
    match request.after {
        Some(after) if app.queries().feed_bounds(FeedId::User(user)).await?.forgotten > after => {
            Err(notifications_expired(app, user, "after").await)
        }
        _ => Ok(page),
    }
}

/// The page of a workspace's activity that these arguments ask for.
pub async fn activity_page(ctx: &Context<'_>, sight: &WorkspaceSight, arguments: &PageArguments) -> Result<Page<ActivityEntry>> {
    let (app, workspace) = (ctx.app(), sight.workspace.id);
    let after = match &arguments.after {
        Some(cursor) => match find_activity(app, sight, cursor, "after").await? {
            Found::At(place) => Some(place),
            Found::Forgotten => return Err(activity_expired(app, sight, "after").await),
        },
        None => None,
    };
    let before = match &arguments.before {
        Some(cursor) => match find_activity(app, sight, cursor, "before").await? {
            Found::At(place) => Some(place),
            Found::Forgotten => Some(0),
        },
        None => None,
    };
    let request = PageRequest::new(arguments.first, after, arguments.last, before)?;
    let page = app.queries().list_activity(workspace, sight.activity_in_sight(ctx.now()), request).await?;
    match after {
        Some(after) if app.queries().feed_bounds(FeedId::Workspace(workspace)).await?.forgotten > after => {
            Err(activity_expired(app, sight, "after").await)
        }
        _ => Ok(page),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_survives_its_cursor(id in any::<u128>(), micros in any::<i64>()) {
            let id = Uuid::from_u128(id);
            for place in [ActivityPlace::Behind(id), ActivityPlace::Before(id), ActivityPlace::Since(Timestamp::from_micros(micros))] {
                prop_assert_eq!(ActivityPlace::from_bytes(&place.to_bytes()), Some(place));
            }
        }
    }
}
