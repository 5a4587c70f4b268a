//! A bus server of the test process's own.

use super::packages;
use super::postgres::free_port;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Runs the server until its standard input ends, which it does when the test process is gone, for whatever reason.
const SCRIPT: &str = r#"
trap '' HUP INT PIPE TERM
"$0" --addr 127.0.0.1 "$@" >/dev/null 2>&1 <&- &
echo $!
while read -r _; do :; done
kill -KILL $! 2>/dev/null
"#;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A `nats-server` on a port of its own.
pub struct Nats {
    port: u16,
    arguments: &'static [&'static str],
    running: Option<Running>,
}

struct Running {
    shell: Child,
    server: u32,
}

impl Running {
    fn start(port: u16, arguments: &[&str]) -> Self {
        let mut shell = Command::new("setsid")
            .args(["sh", "-c", SCRIPT])
            .arg(program())
            .args(["--port", &port.to_string()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell can be started");
        let mut line = String::new();
        BufReader::new(shell.stdout.take().expect("standard output is piped"))
            .read_line(&mut line)
            .expect("the shell says what it started");
        let server = line.trim().parse().expect("the id of a process");
        Self { shell, server }
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.server.to_string()]).status().expect("`kill` can be run");
        assert!(status.success(), "nats-server {} is gone", self.server);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

impl Nats {
    /// Starts a server on a free port.
    ///
    /// # Panics
    ///
    /// When it can neither be found nor installed, or does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with arguments of its command line.
    #[must_use]
    pub fn start_with(arguments: &'static [&'static str]) -> Self {
        let mut nats = Self { arguments, ..Self::later() };
        nats.restart();
        nats
    }

    /// A port on which a server is to come up later.
    #[must_use]
    pub fn later() -> Self {
        Self { port: free_port(), arguments: &[], running: None }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it, if it runs.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Kills it, if it runs, and starts it again on the same port.
    pub fn restart(&mut self) {
        self.kill();
        self.running = Some(Running::start(self.port, self.arguments));
        let begun = Instant::now();
        // It says who it is to whoever connects.
        while !TcpStream::connect(("127.0.0.1", self.port)).is_ok_and(|stream| greets(&stream)) {
            assert!(begun.elapsed() < PATIENCE, "nats-server does not listen on port {}", self.port);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Lets it stand still: connections stay, and nothing is answered.
    pub fn pause(&self) {
        self.running.as_ref().expect("it runs").signal("STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.running.as_ref().expect("it runs").signal("CONT");
    }
}

fn greets(stream: &TcpStream) -> bool {
    let mut line = String::new();
    let asked = stream.set_read_timeout(Some(Duration::from_secs(1))).is_ok();
    asked && BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("INFO")
}

/// One server for all tests that do it no harm, each with a subject of its own.
pub fn nats() -> &'static Nats {
    static SERVER: OnceLock<Nats> = OnceLock::new();
    SERVER.get_or_init(Nats::start)
}

fn program() -> PathBuf {
    packages::ensure("nats-server", &["nats-server"], || {
        packages::find_command("nats-server")
            .or_else(|| Some(PathBuf::from("/usr/sbin/nats-server")).filter(|path| packages::is_program(path)))
    })
}
