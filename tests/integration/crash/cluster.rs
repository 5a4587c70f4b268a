//! Servers as processes of their own, on one database, that can be killed at any moment.

use crate::support::postgres::free_port;
use crate::support::process::{Process, portico};
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Never reached: a server that takes so long to start is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server is asked so often whether it can do its work.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Several servers that work together, in one folder: they have the same keys and put mails into the same place.
pub struct Cluster {
    servers: Vec<Server>,
    environment: Vec<(String, String)>,
    http: reqwest::Client,
    kills: AtomicUsize,
    folder: tempfile::TempDir,
}

struct Server {
    port: u16,
    process: Mutex<Option<Process>>,
}

impl Cluster {
    /// Starts so many servers with this environment, and waits until they can do their work.
    pub async fn start(servers: usize, environment: &[(&str, &str)]) -> Self {
        let cluster = Self {
            servers: (0..servers).map(|_| Server { port: free_port(), process: Mutex::default() }).collect(),
            environment: environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            http: reqwest::Client::new(),
            kills: AtomicUsize::new(0),
            folder: tempfile::tempdir().unwrap(),
        };
        for which in 0..servers {
            cluster.spawn(which);
            cluster.ready(which).await;
        }
        cluster
    }

    /// How many servers there are.
    pub const fn len(&self) -> usize {
        self.servers.len()
    }

    /// How often one was killed.
    pub fn kills(&self) -> usize {
        self.kills.load(Ordering::SeqCst)
    }

    /// Where a server is, whether or not it runs.
    pub fn address(&self, which: usize) -> String {
        format!("127.0.0.1:{}", self.servers[which % self.servers.len()].port)
    }

    /// Another command with the same configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = portico(self.folder.path(), arguments);
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        command
    }

    /// Kills a server, as losing its power would, and starts it again at once.
    pub fn kill(&self, which: usize) {
        let mut process = self.process(which).take().expect("it was started");
        assert!(process.0.try_wait().unwrap().is_none(), "a server has ended by itself:\n{}", self.log());
        process.0.kill().unwrap();
        process.0.wait().unwrap();
        self.kills.fetch_add(1, Ordering::SeqCst);
        self.spawn(which);
    }

    /// Asks a server to end, waits until it has, and starts it again. Answers how long the end took.
    pub async fn restart(&self, which: usize) -> Duration {
        let mut process = self.process(which).take().expect("it was started");
        let began = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &process.0.id().to_string()]).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || process.0.wait().unwrap()).await.unwrap();
        assert!(ended.success(), "{ended}:\n{}", self.log());
        self.spawn(which);
        began.elapsed()
    }

    /// Waits until a server can do its work.
    pub async fn ready(&self, which: usize) {
        let began = Instant::now();
        let url = format!("http://{}/readyz", self.address(which));
        while !self.http.get(&url).send().await.is_ok_and(|answer| answer.status() == 200) {
            assert!(began.elapsed() < PATIENCE, "the server does not get ready:\n{}", self.log());
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// What the servers had to say.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("servers.log")
    }

    fn spawn(&self, which: usize) {
        let log = OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = self.command(&["serve"]);
        command.env("PORTICO_LISTEN", self.address(which)).stdout(Stdio::null()).stderr(log);
        *self.process(which) = Some(Process(command.spawn().unwrap()));
    }

    fn process(&self, which: usize) -> std::sync::MutexGuard<'_, Option<Process>> {
        self.servers[which].process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
