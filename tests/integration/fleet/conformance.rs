//! What every bus has to do. Each of these runs on the bus of a single server and on that of several.

use super::{PATIENCE, reached, subject};
use crate::support::app::on_runtime;
use crate::support::database::FreshDatabase;
use crate::support::nats::nats;
use crate::support::{Kind, TestApp};
use portico::app::News;
use portico::app::model::NotificationEntry;
use portico::app::ports::FeedId;
use portico::domain::notification::NotificationKind;
use portico::domain::{NotificationId, Timestamp, UserId};
use portico::feed::bus::{Bus, Heard, Listener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use uuid::Uuid;

/// Two ends of a bus. A single server is both.
struct Ends {
    one: Arc<dyn Bus>,
    other: Arc<dyn Bus>,
    app: TestApp,
}

impl Ends {
    /// What is announced at the one end is heard by this listener at the other, from now on.
    async fn settle(&self, feed: FeedId, listener: &mut Box<dyn Listener>) {
        let begun = Instant::now();
        loop {
            self.one.announce(vec![News::AccessChanged(feed)]);
            if let Ok(Heard::News(_)) = timeout(Duration::from_millis(50), listener.next()).await {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "nothing is heard");
        }
        // What is still on its way.
        while timeout(Duration::from_millis(100), listener.next()).await.is_ok() {}
    }

    async fn listen(&self, feed: FeedId) -> Box<dyn Listener> {
        let mut listener = self.other.listen(feed);
        self.settle(feed, &mut listener).await;
        listener
    }
}

fn feed(number: u128) -> FeedId {
    FeedId::User(user(number))
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn entry(of: u128, seq: i64) -> NotificationEntry {
    NotificationEntry {
        id: NotificationId::from_uuid(Uuid::from_u128(7)),
        user_id: user(of),
        seq,
        kind: NotificationKind::MemberAdded,
        message: "You are in.".to_owned(),
        remark: None,
        actor_id: Some(user(3)),
        subject: None,
        created_at: Timestamp::from_micros(5),
        read_at: None,
    }
}

fn news(of: u128, seq: i64) -> News {
    News::Notification(Arc::new(entry(of, seq)))
}

/// The next news, whatever was missed before: a bus may say that at any time.
async fn hear(listener: &mut Box<dyn Listener>) -> News {
    loop {
        match timeout(PATIENCE, listener.next()).await.expect("something is heard") {
            Heard::News(news) => return news,
            Heard::Missed => {}
            Heard::Closed => panic!("the bus is not closing"),
        }
    }
}

/// The same of an entry.
async fn hear_entry(listener: &mut Box<dyn Listener>) -> NotificationEntry {
    match hear(listener).await {
        News::Notification(entry) => NotificationEntry::clone(&entry),
        other => panic!("no entry: {other:?}"),
    }
}

macro_rules! on_every_bus {
    ($(async fn $name:ident($given:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($given: Ends) $body

            #[test]
            fn in_process() {
                on_runtime(async {
                    let app = TestApp::start_with(FreshDatabase::create(Kind::Sqlite), |_| {}).await;
                    story(Ends { one: app.parts.bus.clone(), other: app.parts.bus.clone(), app }).await;
                });
            }

            #[test]
            fn over_nats() {
                on_runtime(async {
                    let app = TestApp::start_with(FreshDatabase::create(Kind::Sqlite), |config| {
                        config.bus.url = nats().url().into();
                        config.bus.subject = subject();
                    }).await;
                    let another = app.another().await;
                    reached(&*app.parts.bus).await;
                    reached(&*another.parts.bus).await;
                    story(Ends { one: app.parts.bus.clone(), other: another.parts.bus.clone(), app }).await;
                    another.stop().await;
                });
            }
        }
    )+};
}

on_every_bus! {
    async fn a_listener_hears_its_own_feed_only_in_the_order_of_announcement(ends) {
        let mut listener = ends.listen(feed(1)).await;
        let mut stranger = ends.listen(feed(2)).await;
        for seq in 1..=50 {
            ends.one.announce(vec![news(2, seq), news(1, seq)]);
        }
        for seq in 1..=50 {
            assert_eq!(hear_entry(&mut listener).await, entry(1, seq), "as it was announced");
            assert_eq!(hear_entry(&mut stranger).await, entry(2, seq));
        }
        assert!(!matches!(listener.try_next(), Some(Heard::News(_))) && !matches!(stranger.try_next(), Some(Heard::News(_))));
    }

    async fn everybody_who_listens_hears_it_at_either_end(ends) {
        let mut listeners = vec![ends.listen(feed(1)).await, ends.listen(feed(1)).await, ends.one.listen(feed(1))];
        ends.one.announce(vec![News::AccessChanged(feed(1))]);
        for listener in &mut listeners {
            assert!(matches!(hear(listener).await, News::AccessChanged(of) if of == feed(1)));
        }
        ends.other.announce(vec![News::AccessChanged(feed(1))]);
        for listener in &mut listeners {
            assert!(matches!(hear(listener).await, News::AccessChanged(of) if of == feed(1)));
        }
    }

    async fn a_listener_that_falls_behind_is_told_and_hears_what_comes_later(ends) {
        let (mut listener, mut witness) = (ends.listen(feed(1)).await, ends.listen(feed(1)).await);
        for seq in 1..=1_000 {
            ends.one.announce(vec![news(1, seq)]);
        }
        // Whoever listens hears the last, whatever they missed.
        while hear_entry(&mut witness).await.seq < 1_000 {}
        assert!(matches!(listener.next().await, Heard::Missed), "it cannot have heard all of it");
        let mut held = 0;
        while listener.try_next().is_some() {
            held += 1;
        }
        assert!(held < 200, "a listener that does not listen holds a little, and not {held}");
        ends.one.announce(vec![news(1, 1_001)]);
        assert_eq!(hear_entry(&mut listener).await.seq, 1_001);
    }

    async fn a_listener_that_comes_back_hears_what_is_announced_from_then_on(ends) {
        for round in 1..=5 {
            let mut listener = ends.listen(feed(1)).await;
            ends.one.announce(vec![news(1, round)]);
            assert_eq!(hear_entry(&mut listener).await.seq, round);
            drop(listener);
            ends.one.announce(vec![news(1, 100 + round)]);
        }
    }

    async fn whoever_announces_never_waits(ends) {
        let _nobody_reads = ends.listen(feed(1)).await;
        let begun = Instant::now();
        for seq in 0..20_000 {
            ends.one.announce(vec![news(1, seq)]);
        }
        let taken = begun.elapsed();
        assert!(taken < Duration::from_secs(5), "{taken:?}");
    }

    async fn mails_wake_whoever_queued_them(ends) {
        let wakes = ends.one.mail_queued();
        ends.one.announce(vec![News::MailQueued]);
        timeout(PATIENCE, wakes).await.expect("it is woken");
        assert!(timeout(Duration::from_millis(50), ends.one.mail_queued()).await.is_err(), "and once");
        drop(ends.app);
    }
}
