//! Several servers that share a database and a bus.

mod away;
mod conformance;
mod delivery;
mod jobs;
mod start;

use crate::support::app::{Another, on_runtime};
use crate::support::database::FreshDatabase;
use crate::support::socket::Socket;
use crate::support::{Kind, Person, TestApp};
use portico::app::Reach;
use portico::feed::bus::Bus;
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Never reached: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

const ACTIVITY: &str = "subscription($id: ID!, $after: String) { workspaceActivity(workspaceId: $id, after: $after) { cursor kind data } }";

/// What the subjects of a test begin with: the server is shared.
fn subject() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Waits until the bus carries news.
async fn reached(bus: &dyn Bus) {
    until("the bus carries news", async || bus.reach() == Reach::Everywhere).await;
}

/// Waits for something that comes by itself.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Two servers over one `PostgreSQL` database and this bus, and somebody with a workspace.
struct Fleet {
    one: TestApp,
    other: Another,
    ada: Person,
    team: String,
    workspace: String,
}

impl Fleet {
    fn run<F: Future<Output = ()>>(bus: &str, story: impl FnOnce(Self) -> F) {
        let database = FreshDatabase::create(Kind::Postgres);
        let (url, subject) = (bus.to_owned(), subject());
        on_runtime(async {
            let one = TestApp::start_with(database, |config| {
                config.bus.url = url.into();
                config.bus.subject = subject;
            })
            .await;
            let other = one.another().await;
            reached(&*one.parts.bus).await;
            reached(&*other.parts.bus).await;
            let ada = one.person("Ada").await;
            let team = one.team(&ada, &[]).await;
            let workspace = ada.workspace(&team, "Shared", "PRIVATE").await;
            story(Self { one, other, ada, team, workspace }).await;
        });
    }

    /// Renames the workspace at the one server, and answers its version.
    async fn rename(&self) -> i64 {
        let input = json!({ "workspaceId": self.workspace, "name": "Renamed" });
        let answer = self.ada.mutate("updateWorkspace", "workspace { version }", input).await;
        answer.at("/workspace/version").as_i64().unwrap()
    }

    /// Somebody's subscription to the workspace at the other server, once it is live.
    async fn follow_at_the_other(&self, person: &Person) -> Socket {
        let query = "query($id: ID!) { workspace(id: $id) { activity(last: 1) { nodes { cursor } } } }";
        let after = self.ada.ask(query, json!({ "id": self.workspace })).await.text("/workspace/activity/nodes/0/cursor");
        let version = self.rename().await;
        let variables = json!({ "id": self.workspace, "after": after });
        let mut socket = Socket::subscribe_at(&self.other.websocket(), person, ACTIVITY, variables).await;
        assert_eq!(versions(&mut socket, 1).await, [version]);
        socket
    }
}

/// The versions of the workspace that somebody is told of, until they are so many.
async fn versions(socket: &mut Socket, count: usize) -> Vec<i64> {
    let mut versions = Vec::new();
    while versions.len() < count {
        let event = socket.next().await;
        versions.push(event["workspaceActivity"]["data"]["version"].as_i64().unwrap_or_else(|| panic!("no version: {event}")));
    }
    versions
}
