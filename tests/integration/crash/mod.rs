//! Nothing is lost and nothing comes twice, whatever is killed at whatever moment.
//!
//! Eight clients work on a team and repeat what was not answered under the same key; sixteen subscribers remember their last cursor and go on
//! from there. Meanwhile something is killed again and again, by a seed that is printed. In the end everything that was acknowledged is there once, each
//! subscriber has seen its feed as it is kept, and `portico check` finds nothing.

mod asker;
mod cluster;
mod subscriber;
mod worker;

use crate::support::Kind;
use crate::support::app::on_runtime;
use crate::support::database::{FreshDatabase, migrate};
use crate::support::dice::Dice;
use crate::support::nats::Nats;
use crate::support::postgres::{Postgres, free_port};
use asker::Asker;
use cluster::Cluster;
use futures_util::future::join_all;
use serde_json::json;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use subscriber::Subscriber;
use worker::Worker;

const CLIENTS: usize = 8;

/// So many are there of each kind: readers of their own notifications, and of the activity of workspaces.
const SUBSCRIBERS: usize = 8;

/// How often a server is killed.
const KILLS: usize = 50;

/// How often something is restarted.
const RESTARTS: usize = 10;

/// By when a server that is asked to end has done so.
const ENDED: Duration = Duration::from_secs(10);

/// How long the bus is gone, and how long it stands still.
const GONE: Duration = Duration::from_mins(1);
const STILL: Duration = Duration::from_secs(20);

/// By when each subscriber has seen everything after the last fault.
const CAUGHT_UP: Duration = Duration::from_secs(5);

/// Servers, and those who follow what happens on them.
struct Scene {
    cluster: Arc<Cluster>,
    subscribers: Vec<Arc<Subscriber>>,
    repeated: Arc<AtomicUsize>,
    acknowledged: Arc<AtomicUsize>,
}

/// A scene, and those who work on it.
struct Load {
    scene: Scene,
    workers: Vec<Worker>,
}

impl Load {
    /// A team of eight developers, each with a workspace, and a Partner Manager.
    async fn prepare(cluster: Arc<Cluster>, seed: u64) -> Self {
        let (repeated, acknowledged) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let askers = (0..=CLIENTS).map(|prefers| {
            let email = format!("person-{prefers}@example.com");
            let print = |arguments: &[&str]| {
                let output = cluster.command(arguments).output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                String::from_utf8(output.stdout).unwrap().trim().to_owned()
            };
            let (id, token) = (print(&["user", &email]), print(&["token", &email]));
            let (cluster, http) = (Arc::clone(&cluster), reqwest::Client::new());
            Asker { id, email, token, cluster, http, prefers, repeated: Arc::clone(&repeated), acknowledged: Arc::clone(&acknowledged) }
        });
        let askers: Vec<Asker> = askers.collect();
        let (manager, developers) = askers.split_last().unwrap();
        let made = developers[0].mutate("team", "createTeam", "team { id }", json!({ "name": "Acme", "slug": "acme" })).await;
        let team = made["team"]["id"].as_str().unwrap().to_owned();
        let emails = |askers: &[Asker]| askers.iter().map(|asker| asker.email.clone()).collect::<Vec<_>>();
        for (key, emails, role) in
            [("developers", emails(&developers[1..]), "DEVELOPER"), ("manager", vec![manager.email.clone()], "PARTNER_MANAGER")]
        {
            let input = json!({ "teamId": team, "emails": emails, "roles": [role] });
            developers[0].mutate(key, "addTeamMembers", "results { outcome }", input).await;
        }
        let workers = developers.iter().enumerate().map(|(number, asker)| {
            let others = developers.iter().filter(|other| other.id != asker.id).cloned().collect();
            Worker::new(number, asker.clone(), manager.clone(), others, team.clone(), seed)
        });
        let workers = join_all(workers).await;
        // Everybody is told something, so that each feed has a first entry.
        for (founder, invited) in [(0, &askers[1..]), (1, &askers[..1])] {
            let input = json!({ "teamId": team, "name": "Hall", "visibility": "PRIVATE" });
            let made = askers[founder].mutate("hall", "createWorkspace", "workspace { id }", input).await;
            let invitees: Vec<_> = emails(invited).into_iter().map(|email| json!({ "email": email })).collect();
            let input = json!({ "workspaceId": made["workspace"]["id"], "invitees": invitees, "role": "VIEWER" });
            askers[founder].mutate("invite", "inviteTeamMembers", "results { outcome }", input).await;
        }
        let told = askers.iter().rev().take(SUBSCRIBERS).map(|asker| Subscriber::new(asker.clone(), None));
        let active = workers.iter().take(SUBSCRIBERS).enumerate().map(|(number, worker)| {
            // Somebody else than who works in it.
            Subscriber::new(askers[(number + 1) % CLIENTS].clone(), Some(worker.workspace.clone()))
        });
        let subscribers = join_all(told).await.into_iter().chain(join_all(active).await).map(Arc::new).collect();
        Self { scene: Scene { cluster, subscribers, repeated, acknowledged }, workers }
    }

    /// Works while the fault lasts, waits until everybody has seen everything, and looks whether all is well.
    async fn endure(self, seed: u64, fault: impl AsyncFnOnce(&Scene, &mut Dice)) {
        let Self { scene, workers } = self;
        let following: Vec<_> = scene
            .subscribers
            .iter()
            .map(|subscriber| {
                let subscriber = Arc::clone(subscriber);
                tokio::spawn(async move { subscriber.follow().await })
            })
            .collect();
        let is_over = Arc::new(AtomicBool::new(false));
        let working: Vec<_> = workers
            .into_iter()
            .map(|mut worker| {
                let is_over = Arc::clone(&is_over);
                tokio::spawn(async move {
                    worker.work(&is_over).await;
                    worker
                })
            })
            .collect();
        let began = Instant::now();
        fault(&scene, &mut Dice::new(seed)).await;
        is_over.store(true, Ordering::SeqCst);
        let workers: Vec<Worker> = join_all(working).await.into_iter().map(|worker| worker.expect("a worker that is through")).collect();
        let lasted = began.elapsed();
        let caught_up = scene.caught_up().await;
        join_all(workers.iter().map(Worker::look)).await;
        let entries = scene.look().await;
        assert!(following.iter().all(|task| !task.is_finished()), "a subscriber has failed");
        following.iter().for_each(tokio::task::JoinHandle::abort);
        println!(
            "{} kills in {:.1} s; {} mutations acknowledged, {} requests repeated; {entries} entries seen over {} connections, all of them {:.2} s after the last mutation",
            scene.cluster.kills(),
            lasted.as_secs_f64(),
            scene.acknowledged(),
            scene.repeated.load(Ordering::SeqCst),
            scene.subscribers.iter().map(|subscriber| subscriber.connections()).sum::<usize>(),
            caught_up.as_secs_f64(),
        );
        assert!(scene.acknowledged() > 100 && entries > 100, "too little was done to show anything");
    }
}

impl Scene {
    /// How many mutations were acknowledged so far.
    fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// Waits until each subscriber has seen what is in its feed at this moment, and answers how long that took.
    async fn caught_up(&self) -> Duration {
        let kept = join_all(self.subscribers.iter().map(|subscriber| subscriber.kept_now())).await;
        let began = Instant::now();
        for (subscriber, kept) in self.subscribers.iter().zip(kept) {
            while subscriber.seen().len() < kept.len() {
                let seen = subscriber.seen().len();
                assert!(
                    began.elapsed() < CAUGHT_UP,
                    "{} has seen {seen} entries of {} by now:\n{}",
                    subscriber.name(),
                    kept.len(),
                    self.cluster.log()
                );
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        began.elapsed()
    }

    /// Each subscriber has seen its feed as it is kept, and nothing is wrong with the database. Answers how many entries that were.
    async fn look(&self) -> usize {
        let mut entries = 0;
        for subscriber in &self.subscribers {
            let kept = subscriber.kept_now().await;
            assert_as_kept(&self.cluster, subscriber, &kept);
            entries += kept.len();
        }
        let output = self.cluster.command(&["check"]).output().unwrap();
        let report = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{report}{}", String::from_utf8_lossy(&output.stderr));
        println!("{report}");
        entries
    }
}

/// A subscriber has seen its feed as it is kept: in order, nothing missing, nothing twice.
fn assert_as_kept(cluster: &Cluster, subscriber: &Subscriber, expected: &[subscriber::Entry]) {
    let seen = subscriber.seen();
    let differs = seen.iter().zip(expected).position(|(seen, kept)| seen != kept).unwrap_or_else(|| seen.len().min(expected.len()));
    assert!(
        seen == expected,
        "{} has seen {} entries of {}; the first that differs is {differs}: {:?} in place of {:?}\n{}",
        subscriber.name(),
        seen.len(),
        expected.len(),
        seen.get(differs),
        expected.get(differs),
        cluster.log(),
    );
}

/// Kills servers at random moments, also while they start.
async fn kills(scene: &Scene, dice: &mut Dice) {
    let cluster = &scene.cluster;
    for _ in 0..KILLS {
        let which = dice.throw(cluster.len());
        if dice.throw(4) > 0 {
            cluster.ready(which).await;
        }
        tokio::time::sleep(Duration::from_millis(50 + dice.throw(1_200) as u64)).await;
        cluster.kill(which);
    }
    for which in 0..cluster.len() {
        cluster.ready(which).await;
    }
}

/// Asks servers to end, one after the other, as an upgrade does: each is ready again before the next one goes.
async fn upgrades(scene: &Scene, dice: &mut Dice) {
    let mut slowest = Duration::ZERO;
    for number in 0..RESTARTS {
        tokio::time::sleep(Duration::from_millis(200 + dice.throw(1_000) as u64)).await;
        let which = number % scene.cluster.len();
        slowest = slowest.max(scene.cluster.restart(which).await);
        scene.cluster.ready(which).await;
    }
    println!("the slowest end took {:.2} s", slowest.as_secs_f64());
    assert!(slowest < ENDED, "{slowest:?}");
}

/// Restarts the database, as an administrator does and as a crash does.
async fn restarts(postgres: &Postgres, dice: &mut Dice) {
    for number in 0..RESTARTS {
        tokio::time::sleep(Duration::from_millis(1_000 + dice.throw(2_000) as u64)).await;
        tokio::task::block_in_place(|| postgres.restart(if number % 2 == 0 { "fast" } else { "immediate" }));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Takes the bus away for a while and brings it back: writes go on, and everybody catches up soon.
async fn away(scene: &Scene, lasts: Duration, leave: impl FnOnce(), comes_back: impl FnOnce()) {
    tokio::time::sleep(Duration::from_secs(2)).await;
    leave();
    let before = scene.acknowledged();
    tokio::time::sleep(lasts).await;
    let written = scene.acknowledged() - before;
    comes_back();
    let took = scene.caught_up().await;
    println!("without the bus for {lasts:?}: {written} mutations; everybody has caught up {:.2} s after its return", took.as_secs_f64());
    assert!(written > 100, "writes go on: {written}");
    tokio::time::sleep(Duration::from_secs(2)).await;
}

/// Two servers on one `PostgreSQL` and this bus endure the fault.
fn two_endure(nats: &str, fault: impl AsyncFnOnce(&Scene, &mut Dice)) {
    let database = FreshDatabase::create(Kind::Postgres);
    endure(2, &[("PORTICO_DATABASE_URL", &database.url), ("PORTICO_BUS_URL", nats)], fault);
}

fn endure(servers: usize, environment: &[(&str, &str)], fault: impl AsyncFnOnce(&Scene, &mut Dice)) {
    on_runtime(async {
        let seed = Dice::seed();
        let cluster = Arc::new(Cluster::start(servers, environment).await);
        Load::prepare(cluster, seed).await.endure(seed, fault).await;
    });
}

#[test]
fn nothing_is_lost_while_the_server_is_killed_on_sqlite() {
    endure(1, &[], kills);
}

#[test]
fn nothing_is_lost_while_the_server_is_killed_on_postgres() {
    let database = FreshDatabase::create(Kind::Postgres);
    endure(1, &[("PORTICO_DATABASE_URL", &database.url)], kills);
}

#[test]
fn nothing_is_lost_while_one_or_the_other_of_two_servers_is_killed() {
    let nats = Nats::start();
    two_endure(&nats.url(), kills);
}

#[test]
fn nothing_is_lost_while_two_servers_are_restarted_one_after_the_other() {
    let nats = Nats::start();
    two_endure(&nats.url(), upgrades);
}

#[test]
fn nothing_is_lost_while_the_bus_is_killed_and_comes_back() {
    let mut nats = Nats::start();
    two_endure(&nats.url(), async |scene, dice| {
        for _ in 0..RESTARTS {
            tokio::time::sleep(Duration::from_millis(300 + dice.throw(1_500) as u64)).await;
            nats.restart();
        }
        let nats = RefCell::new(&mut nats);
        away(scene, GONE, || nats.borrow_mut().kill(), || nats.borrow_mut().restart()).await;
    });
}

#[test]
fn nothing_is_lost_while_the_bus_stands_still() {
    let nats = Nats::start();
    two_endure(&nats.url(), async |scene, _| away(scene, STILL, || nats.pause(), || nats.resume()).await);
}

#[test]
fn nothing_is_lost_while_postgres_is_restarted() {
    let postgres = Postgres::start(std::iter::repeat_with(free_port).take(10));
    postgres.keep_commits();
    postgres.template("portico", migrate);
    let (database, nats) = (postgres.copy_template("portico"), Nats::start());
    let environment = [("PORTICO_DATABASE_URL", &*database.url), ("PORTICO_BUS_URL", &nats.url())];
    endure(2, &environment, async |_, dice| restarts(&postgres, dice).await);
}
