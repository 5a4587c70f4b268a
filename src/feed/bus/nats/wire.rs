//! News as bytes on the way between servers.

use crate::app::News;
use crate::app::model::{ActivityEntry, NotificationEntry};
use crate::app::ports::FeedId;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// The largest message, in bytes. `NATS` takes 1 MiB unless it is set up otherwise.
const MAX_BYTES: usize = 256 * 1024;

#[derive(Serialize, Deserialize)]
enum Wire<'a> {
    Activity(Cow<'a, ActivityEntry>),
    Notification(Cow<'a, NotificationEntry>),
    AccessChanged(FeedId),
    /// Something too large to be sent.
    Moved,
}

/// What came.
#[derive(Debug)]
pub(super) enum Received {
    /// News to pass on.
    News(News),
    /// Something happened in the feed, and what it was is to be read.
    Moved,
}

/// News for other servers, with the feed that they are of; none: they stay on this server.
pub(super) fn write(news: &News) -> Option<(FeedId, Vec<u8>)> {
    let wire = match news {
        News::Activity(entry) => Wire::Activity(Cow::Borrowed(entry)),
        News::Notification(entry) => Wire::Notification(Cow::Borrowed(entry)),
        News::AccessChanged(feed) => Wire::AccessChanged(*feed),
        News::MailQueued => return None,
    };
    let bytes = serde_json::to_vec(&wire).ok().filter(|bytes| bytes.len() <= MAX_BYTES);
    Some((news.feed()?, bytes.or_else(|| serde_json::to_vec(&Wire::Moved).ok())?))
}

/// What another server, perhaps of another version, sent. What is not understood has happened all the same.
pub(super) fn read(feed: FeedId, bytes: &[u8]) -> Received {
    let news = match serde_json::from_slice(bytes) {
        Ok(Wire::Activity(entry)) => News::Activity(Arc::new(entry.into_owned())),
        Ok(Wire::Notification(entry)) => News::Notification(Arc::new(entry.into_owned())),
        Ok(Wire::AccessChanged(feed)) => News::AccessChanged(feed),
        Ok(Wire::Moved) | Err(_) => return Received::Moved,
    };
    // Nobody is handed an entry of a feed that they did not ask for.
    if news.feed() == Some(feed) { Received::News(news) } else { Received::Moved }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::NotificationKind;
    use crate::domain::{NotificationId, Timestamp, UserId};
    use uuid::Uuid;

    fn entry(message: &str) -> NotificationEntry {
        NotificationEntry {
            id: NotificationId::from_uuid(Uuid::from_u128(2)),
            user_id: UserId::from_uuid(Uuid::from_u128(1)),
            seq: 7,
            kind: NotificationKind::MemberAdded,
            message: message.to_owned(),
            remark: Some("\u{0}\u{2028}\"".to_owned()),
            actor_id: None,
            subject: None,
            created_at: Timestamp::from_micros(3),
            read_at: None,
        }
    }

    #[test]
    fn an_entry_arrives_as_it_was_sent() {
        let sent = entry("You are in.");
        let (feed, bytes) = write(&News::Notification(Arc::new(sent.clone()))).expect("it is of a feed");
        assert_eq!(feed, FeedId::User(sent.user_id));
        assert!(matches!(read(feed, &bytes), Received::News(News::Notification(received)) if *received == sent));
    }

    #[test]
    fn what_is_too_large_or_not_understood_or_of_another_feed_is_to_be_read() {
        let (feed, bytes) = write(&News::Notification(Arc::new(entry(&"x".repeat(MAX_BYTES))))).expect("it is of a feed");
        assert!(bytes.len() < 100 && matches!(read(feed, &bytes), Received::Moved));
        for bytes in [&b""[..], b"{\"Later\":1}", b"\xff", b"{\"AccessChanged\":7}"] {
            assert!(matches!(read(feed, bytes), Received::Moved));
        }
        let other = FeedId::User(UserId::from_uuid(Uuid::from_u128(9)));
        let (_, bytes) = write(&News::AccessChanged(feed)).expect("it is of a feed");
        assert!(matches!(read(other, &bytes), Received::Moved));
        assert!(matches!(read(feed, &bytes), Received::News(News::AccessChanged(of)) if of == feed));
        assert!(write(&News::MailQueued).is_none(), "mails are sent by the server that queued them");
    }
}
