//! The program itself as a process of its own, and what it takes.

use super::Person;
use super::app::FakeClock;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;

/// The program in a folder of its own.
pub fn portico(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico"));
    command.args(arguments).current_dir(folder).env("PORTICO_LISTEN", "127.0.0.1:0").env("PORTICO_LOG", "warn");
    command
}

/// A process that is stopped however the test ends.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// A figure of `/proc/<pid>/status`, in bytes; none: it has ended.
    pub fn memory(&self, key: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        Some(line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1_024)
    }
}

/// A server on `SQLite`, in a folder of its own.
pub struct Serving {
    pub server: Server,
    folder: tempfile::TempDir,
}

/// A server that is stopped however the test ends.
pub struct Server {
    process: Process,
    url: String,
}

impl Server {
    /// Starts it, and waits until it listens.
    pub fn spawn(mut command: Command) -> Self {
        let mut process = Process(command.stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(process.0.stdout.take().unwrap()).lines();
        let url = lines.find_map(|line| line.unwrap().strip_prefix("Portico listens on ").map(str::to_owned)).unwrap();
        Self { process, url }
    }

    pub fn http(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Sends it a signal, by name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.process.0.id().to_string()]).status().unwrap();
        assert!(status.success(), "the server is gone");
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> ExitStatus {
        self.process.0.wait().unwrap()
    }
}

impl Serving {
    pub async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    /// A server in a folder with what is there already.
    #[expect(clippy::unused_async, reason = "waits for another process, as one waits for a server elsewhere")]
    pub async fn start_in(folder: tempfile::TempDir) -> Self {
        Self { server: Server::spawn(portico(folder.path(), &[])), folder }
    }

    /// Where it keeps what it has.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Asks it to end, and answers its folder once it has.
    pub fn stop(mut self) -> tempfile::TempDir {
        self.server.signal("TERM");
        assert!(self.server.wait().success());
        self.folder
    }

    /// Somebody with an account and a token.
    #[expect(clippy::unused_async, reason = "waits for another process, as one waits for a server elsewhere")]
    pub async fn person(&self, email: &str) -> Person {
        let output = |arguments: &[&str]| {
            let output = portico(self.folder.path(), arguments).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        Person {
            id: output(&["user", email, "--name", "Ada"]),
            name: "Ada".to_owned(),
            email: email.to_owned(),
            token: Some(output(&["token", email])),
            url: self.server.http("/graphql"),
            client: reqwest::Client::new(),
            clock: Arc::new(FakeClock::default()),
        }
    }

    /// A figure of `/proc/<pid>/status`, in bytes.
    pub fn memory(&self, key: &str) -> u64 {
        self.server.process.memory(key).unwrap()
    }

    /// Lets the peak begin anew.
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.server.process.0.id()), "5").unwrap();
    }
}
