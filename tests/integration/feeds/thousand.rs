//! A thousand subscribers, of whom ten do not read: nobody else notices, and memory stays bounded.

use super::client::Client;
use super::{activity, each};
use crate::support::Person;
use crate::support::app::on_runtime;
use crate::support::process::Serving;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const SUBSCRIBERS: usize = 1_000;
const SLOW: usize = 10;

/// How many subscriptions a socket that is not read has: together more than the kernel's buffers take.
const SUBSCRIPTIONS: usize = 4;

const ENTRIES: usize = 100;
/// Every so manieth entry is large.
const LARGE_EACH: usize = 5;
/// Most of what an entry holds of an edit.
const LARGE: usize = 60_000;
/// Every so manieth of the others reads the contents too.
const WHOLE_EACH: usize = 30;

/// What ten slow readers may take beyond what nobody slow takes: of each, a queue, four pages, and what is on its way.
const MOST: u64 = 30 * 1_000_000;

const SHORT: &str = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { cursor } }";
const WHOLE: &str = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { cursor data } }";

/// Somebody with subscriptions to a workspace on one socket.
struct Subscriber {
    person: Person,
    workspace: String,
    query: &'static str,
    client: Client,
    /// The cursors that came, by subscription; the first one is where it began.
    read: BTreeMap<String, Vec<String>>,
}

impl Subscriber {
    async fn new(person: &Person, workspace: &str, after: &str, is_slow: bool, query: &'static str) -> Self {
        let client = if is_slow { Client::narrow(person).await } else { Client::open(person).await };
        let subscriptions = if is_slow { SUBSCRIPTIONS } else { 1 };
        let read = (0..subscriptions).map(|number| (number.to_string(), vec![after.to_owned()])).collect();
        let mut subscriber = Self { person: person.clone(), workspace: workspace.to_owned(), query, client, read };
        subscriber.subscribe().await;
        subscriber
    }

    /// Subscribes to what comes after the last cursor of each.
    async fn subscribe(&mut self) {
        for (id, cursors) in &self.read {
            self.client.subscribe(id, self.query, json!({ "id": self.workspace, "after": cursors.last() })).await;
        }
    }

    /// Reads until so many have come for each subscription. Who was cut off in the meantime comes again.
    async fn read_until(&mut self, count: usize) {
        while self.read.values().any(|cursors| cursors.len() <= count) {
            if let Some(message) = self.client.message().await {
                let id = message["id"].as_str().unwrap();
                let cursor = message.pointer("/payload/data/workspaceActivity/cursor").and_then(Value::as_str).unwrap();
                self.read.get_mut(id).unwrap().push(cursor.to_owned());
            } else {
                self.client = Client::open(&self.person).await;
                self.subscribe().await;
            }
        }
    }
}

/// Several hands, so that writing is not what takes the time.
async fn write(person: &Person, workspace: &str, environment: &str, round: usize) {
    for number in 0..ENTRIES {
        let answer = if number % LARGE_EACH == 0 {
            let value = format!("{round}-{number}:").repeat(LARGE / 4);
            let input = json!({ "environmentId": environment, "setValues": [{ "key": "large", "value": &value[..LARGE] }] });
            person.mutate("updateEnvironment", "environment { version }", input).await
        } else {
            person
                .mutate(
                    "updateWorkspace",
                    "workspace { version }",
                    json!({ "workspaceId": workspace, "name": format!("Busy {round} {number}") }),
                )
                .await
        };
        assert!(answer.is_ok(), "{answer:?}");
    }
}

/// The cursors of everything that follows this one, page by page.
async fn truth(person: &Person, workspace: &str, after: &str) -> Vec<String> {
    let mut cursors = vec![after.to_owned()];
    loop {
        let page = activity(person, workspace, json!({ "first": 100, "after": cursors.last() })).await;
        let more = each(&page, "/cursor");
        if more.is_empty() {
            return cursors;
        }
        cursors.extend(more);
    }
}

/// What a round took.
struct Round {
    memory: u64,
    time: Duration,
}

/// Writes while all but the slow ones read, and measures that.
async fn round(
    serving: &Serving,
    person: &Person,
    workspace: &str,
    environment: &str,
    number: usize,
    subscribers: Vec<Subscriber>,
) -> (Round, Vec<Subscriber>) {
    let before = serving.memory("VmRSS");
    serving.forget_peak();
    let began = Instant::now();
    let readers: Vec<_> = subscribers
        .into_iter()
        .map(|mut subscriber| {
            tokio::spawn(async move {
                subscriber.read_until(ENTRIES * number).await;
                subscriber
            })
        })
        .collect();
    write(person, workspace, environment, number).await;
    let mut done = Vec::new();
    for reader in readers {
        done.push(reader.await.unwrap());
    }
    let round = Round { memory: serving.memory("VmHWM").saturating_sub(before), time: began.elapsed() };
    println!("round {number}: {} MB beyond {} MB, {:?}", round.memory / 1_000_000, before / 1_000_000, round.time);
    (round, done)
}

#[test]
fn a_thousand_subscribers_are_undisturbed_by_ten_that_do_not_read() {
    on_runtime(async {
        let serving = Serving::start().await;
        let ada = serving.person("ada@example.com").await;
        let team = ada.mutate("createTeam", "team { id }", json!({ "name": "Team", "slug": "team" })).await.text("/team/id");
        let workspace = ada.workspace(&team, "Busy", "PRIVATE").await;
        let document = json!({ "name": "Values", "values": [] }).to_string();
        let imported = ada.mutate("importElements", "elements { id }", json!({ "workspaceId": workspace, "content": document })).await;
        let environment = imported.text("/elements/0/id");
        let after = each(&activity(&ada, &workspace, json!({ "last": 1 })).await, "/cursor").pop().unwrap();

        let mut quick = Vec::new();
        for number in 0..SUBSCRIBERS - SLOW {
            let query = if number % WHOLE_EACH == 0 { WHOLE } else { SHORT };
            quick.push(Subscriber::new(&ada, &workspace, &after, false, query).await);
        }
        let (alone, quick) = round(&serving, &ada, &workspace, &environment, 1, quick).await;
        let mut slow = Vec::new();
        for _ in 0..SLOW {
            // From the beginning: they are behind at once, and fall further.
            slow.push(Subscriber::new(&ada, &workspace, &after, true, WHOLE).await);
        }
        let (beside, quick) = round(&serving, &ada, &workspace, &environment, 2, quick).await;
        assert!(beside.memory < alone.memory + MOST, "{} bytes and then {}", alone.memory, beside.memory);
        assert!(beside.time < alone.time * 2 + Duration::from_secs(5), "{:?} and then {:?}", alone.time, beside.time);

        let written = truth(&ada, &workspace, &after).await;
        assert_eq!(written.len(), 1 + ENTRIES * 2);
        for subscriber in &mut slow {
            subscriber.read_until(ENTRIES * 2).await;
        }
        for subscriber in quick.iter().chain(&slow) {
            assert!(subscriber.read.values().all(|cursors| *cursors == written), "each once and in order");
        }
    });
}
