//! Whatever a bus does to its messages, and whatever is forgotten or hidden meanwhile: a reader gets what they may read once and in order.

use super::*;
use crate::app::App;
use crate::app::model::ActivityEntry;
use crate::domain::{ActivityId, WorkspaceId};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use tokio::sync::watch;
use uuid::Uuid;

/// A feed, who reads it, and what they hear.
#[derive(Debug, Default)]
struct Inside {
    kept: BTreeMap<i64, Arc<ActivityEntry>>,
    end: i64,
    forgotten: i64,
    /// The kinds of entries that the reader may not read.
    hides: BTreeSet<u8>,
    /// Entries that the reader could not read at some moment since they are there.
    was_hidden: BTreeSet<i64>,
    heard: VecDeque<Heard>,
    pages: usize,
    /// How often the database does not answer from now on.
    away: usize,
}

#[derive(Debug, Clone, Default)]
struct World(Arc<Mutex<Inside>>);

impl World {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("nobody panicked with it")
    }
}

impl Inside {
    fn answer(&mut self) -> Result<()> {
        if self.away == 0 {
            return Ok(());
        }
        self.away -= 1;
        Err(StoreError::Unavailable("away".into()).into())
    }
}

/// The kind of an entry, by which it is hidden.
fn kind(entry: &ActivityEntry) -> u8 {
    entry.kind.parse().expect("a number")
}

#[async_trait]
impl Source for World {
    type Entry = Arc<ActivityEntry>;
    type Limits = BTreeSet<u8>;

    fn feeds(&self) -> Vec<FeedId> {
        vec![FeedId::Workspace(WorkspaceId::from_uuid(Uuid::nil()))]
    }

    async fn page(&self, after: i64) -> Result<Vec<Self::Entry>> {
        let mut inside = self.inside();
        inside.answer()?;
        inside.pages += 1;
        let mut bytes = 0;
        let portion = inside.kept.range(after + 1..).take(PAGE.entries).take_while(|(_, entry)| {
            let before = bytes;
            bytes += entry.data.len();
            before < PAGE.bytes
        });
        Ok(portion.map(|(_, entry)| Arc::clone(entry)).collect())
    }

    async fn forgotten(&self) -> Result<i64> {
        Ok(self.inside().forgotten)
    }

    fn entry(&self, news: &News) -> Option<Self::Entry> {
        if let News::Activity(entry) = news { Some(Arc::clone(entry)) } else { None }
    }

    fn seq(entry: &Self::Entry) -> i64 {
        entry.seq
    }

    fn bytes(entry: &Self::Entry) -> usize {
        entry.data.len()
    }

    async fn may_read(&self) -> Result<Option<Look<Self::Limits>>> {
        let mut inside = self.inside();
        inside.answer()?;
        Ok(Some(Look { until: None, limits: inside.hides.clone() }))
    }

    fn shows(hides: &Self::Limits, entry: &Self::Entry) -> bool {
        !hides.contains(&kind(entry))
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_micros(0)
    }
}

impl crate::app::Announcer for World {
    fn announce(&self, _news: Vec<News>) {}
}

#[async_trait]
impl Bus for World {
    fn listen(&self, _feed: FeedId) -> Box<dyn Listener> {
        self.inside().heard.clear();
        Box::new(self.clone())
    }

    fn mail_queued(&self) -> BoxFuture<'_, ()> {
        std::future::pending().boxed()
    }

    async fn run(&self, _app: &App, _stops: watch::Receiver<bool>) {}
}

#[async_trait]
impl Listener for World {
    async fn next(&mut self) -> Heard {
        // Nobody is woken: the test asks again.
        poll_fn(|_| self.inside().heard.pop_front().map_or(Poll::Pending, Poll::Ready)).await
    }

    fn try_next(&mut self) -> Option<Heard> {
        self.inside().heard.pop_front()
    }
}

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    /// An entry is committed, and announced at once, or not.
    Commit { kind: u8, bytes: usize, is_announced: bool },
    /// One of the last few is announced: late, again, or out of order.
    Announce { back: i64 },
    /// The bus says that it lost something.
    Miss,
    /// The beginning of the feed is forgotten, except for so many.
    Forget { keeps: i64 },
    /// What the reader may read changes.
    Hide(BTreeSet<u8>),
    /// The reader takes up to so many.
    Read(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let bytes = prop_oneof![4 => 0..100_usize, 1 => 20_000..PAGE.bytes * 2];
    prop_oneof![
        8 => (0..3_u8, bytes, proptest::bool::weighted(0.7)).prop_map(|(kind, bytes, is_announced)| Step::Commit { kind, bytes, is_announced }),
        2 => (0..6_i64).prop_map(|back| Step::Announce { back }),
        1 => Just(Step::Miss),
        1 => (0..12_i64).prop_map(|keeps| Step::Forget { keeps }),
        1 => proptest::collection::btree_set(0..3_u8, 0..3).prop_map(Step::Hide),
        4 => (1..8_usize).prop_map(Step::Read),
    ]
}

/// Somebody who reads, and goes on where they are told to when their place is forgotten.
struct Reader {
    world: World,
    stream: BoxStream<'static, Result<Arc<ActivityEntry>, TailError>>,
    got: Vec<i64>,
    /// What they were told that they missed.
    missed: BTreeSet<i64>,
}

impl Reader {
    fn new(world: World) -> Self {
        let stream = Tail::listen(world.clone(), &world).after(0).boxed();
        Self { world, stream, got: Vec::new(), missed: BTreeSet::new() }
    }

    /// Reads one. False: there is nothing now.
    fn read(&mut self) -> std::result::Result<bool, TestCaseError> {
        match self.stream.next().now_or_never() {
            None => Ok(false),
            Some(Some(Ok(entry))) => {
                let last = self.got.last().copied().unwrap_or(0);
                prop_assert!(entry.seq > last, "{} behind {last}", entry.seq);
                self.is_whole(last + 1..entry.seq)?;
                prop_assert!(!self.world.inside().hides.contains(&kind(&entry)), "{} is hidden", entry.seq);
                self.got.push(entry.seq);
                Ok(true)
            }
            Some(Some(Err(TailError::Forgotten))) => {
                let forgotten = self.world.inside().forgotten;
                let last = self.got.last().copied().unwrap_or(0);
                prop_assert!(forgotten > last, "nothing is missing behind {last}");
                prop_assert!(matches!(self.stream.next().now_or_never(), Some(None)), "and then it is over");
                self.missed.extend(last + 1..=forgotten);
                self.stream = Tail::listen(self.world.clone(), &self.world).after(forgotten).boxed();
                Ok(true)
            }
            Some(other) => Err(TestCaseError::fail(format!("{other:?}"))),
        }
    }

    /// Whether these were hidden from the reader, or they were told that they are missing.
    fn is_whole(&self, mut passed: std::ops::Range<i64>) -> std::result::Result<(), TestCaseError> {
        let skipped = passed.find(|seq| !self.missed.contains(seq) && !self.world.inside().was_hidden.contains(seq));
        prop_assert_eq!(skipped, None, "it was skipped");
        Ok(())
    }
}

fn entry(seq: i64, kind: u8, bytes: usize) -> Arc<ActivityEntry> {
    Arc::new(ActivityEntry {
        id: ActivityId::from_uuid(Uuid::nil()),
        workspace_id: WorkspaceId::from_uuid(Uuid::nil()),
        seq,
        kind: kind.to_string(),
        message: String::new(),
        actor_id: None,
        target_id: None,
        data: "x".repeat(bytes),
        organization_id: None,
        team_only: false,
        created_at: Timestamp::from_micros(0),
    })
}

impl Inside {
    fn take(&mut self, step: Step, announced: &mut Vec<Arc<ActivityEntry>>) {
        match step {
            Step::Commit { kind, bytes, is_announced } => {
                self.end += 1;
                let entry = entry(self.end, kind, bytes);
                self.kept.insert(self.end, Arc::clone(&entry));
                announced.push(Arc::clone(&entry));
                if self.hides.contains(&kind) {
                    self.was_hidden.insert(self.end);
                }
                if is_announced {
                    self.heard.push_back(Heard::News(News::Activity(entry)));
                }
            }
            Step::Announce { back } => {
                let place = announced.len().checked_sub(1 + usize::try_from(back).unwrap_or(0));
                if let Some(entry) = place.and_then(|place| announced.get(place)) {
                    self.heard.push_back(Heard::News(News::Activity(Arc::clone(entry))));
                }
            }
            Step::Miss => self.heard.push_back(Heard::Missed),
            Step::Forget { keeps } => {
                self.forgotten = self.forgotten.max(self.end - keeps);
                self.kept = self.kept.split_off(&(self.forgotten + 1));
            }
            Step::Hide(kinds) => {
                self.hides = kinds;
                let hidden: Vec<i64> = announced.iter().filter(|entry| self.hides.contains(&kind(entry))).map(|entry| entry.seq).collect();
                self.was_hidden.extend(hidden);
                self.heard.push_back(Heard::News(News::AccessChanged(FeedId::Workspace(WorkspaceId::from_uuid(Uuid::nil())))));
            }
            Step::Read(_) => {}
        }
    }
}

proptest! {
    #[test]
    fn a_reader_gets_what_they_may_read_once_and_in_order(steps in proptest::collection::vec(step(), 0..120)) {
        let world = World::default();
        let mut reader = Reader::new(world.clone());
        let mut all = Vec::new();
        for step in steps {
            if let Step::Read(count) = step {
                for _ in 0..count {
                    reader.read()?;
                }
            } else {
                world.inside().take(step, &mut all);
            }
        }
        // The bus says at last that it lost something, or brings something: what was lost is read.
        world.inside().heard.push_back(Heard::Missed);
        while reader.read()? {}
        let last = reader.got.last().copied().unwrap_or(0);
        let end = world.inside().end;
        reader.is_whole(last + 1..end + 1)?;
        let inside = world.inside();
        let kept: Vec<i64> = inside.kept.keys().copied().filter(|seq| !inside.was_hidden.contains(seq)).collect();
        prop_assert!(kept.iter().all(|seq| reader.got.contains(seq)), "{:?} of {:?}", reader.got, kept);
    }

    #[test]
    fn a_reader_who_stays_near_reads_no_pages(count in 1..200_i64, at_once in 1..20_usize) {
        let world = World::default();
        let mut reader = Reader::new(world.clone());
        prop_assert!(!reader.read()?);
        let pages = world.inside().pages;
        let mut all = Vec::new();
        for number in 0..count {
            world.inside().take(Step::Commit { kind: 0, bytes: 10, is_announced: true }, &mut all);
            if usize::try_from(number).unwrap_or(0).is_multiple_of(at_once) {
                while reader.read()? {}
            }
        }
        while reader.read()? {}
        prop_assert_eq!(i64::try_from(reader.got.len()).unwrap_or(0), count);
        prop_assert_eq!(world.inside().pages, pages);
    }
}

#[test]
fn what_a_reader_holds_is_bounded_in_bytes() {
    let world = World::default();
    let mut tail = Tail::listen(world.clone(), &world);
    let mut all = Vec::new();
    assert!(tail.next().now_or_never().is_none(), "caught up with nothing");
    for _ in 0..60 {
        world.inside().take(Step::Commit { kind: 0, bytes: 60_000, is_announced: true }, &mut all);
    }
    for seq in 1..=60 {
        let next = tail.next().now_or_never().expect("there is one").expect("it is kept");
        assert_eq!(next.map(|entry| entry.seq), Some(seq));
        let held: usize = tail.read.iter().map(|entry| entry.data.len()).sum();
        assert_eq!(held, tail.bytes);
        assert!(held < PAGE.bytes + 60_000, "{held}");
    }
}

#[tokio::test]
async fn a_reader_waits_while_the_database_is_away_and_is_shown_nothing_that_was_hidden_meanwhile() {
    let world = World::default();
    let mut stream = Tail::listen(world.clone(), &world).after(0).boxed();
    let mut all = Vec::new();
    world.inside().take(Step::Commit { kind: 0, bytes: 1, is_announced: true }, &mut all);
    assert_eq!(stream.next().await.map(|next| next.map(|entry| entry.seq).ok()), Some(Some(1)));
    for kind in [1, 2] {
        world.inside().take(Step::Commit { kind, bytes: 1, is_announced: false }, &mut all);
    }
    // The bus says so, and then the database does not answer, neither for a page nor for a look.
    world.inside().heard.push_back(Heard::Missed);
    world.inside().away = 2;
    let next = async { stream.next().await.map(|next| next.map(|entry| entry.seq).ok()) };
    let hidden = async {
        while world.inside().away > 1 {
            tokio::task::yield_now().await;
        }
        world.inside().hides.insert(1);
    };
    assert_eq!(tokio::join!(next, hidden).0, Some(Some(3)));
}
