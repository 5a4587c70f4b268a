//! A real mail server that fails as it is told to: see `tests/clients/smtp/server.py`.

use super::app::Mail;
use super::packages::ensure_command;
use super::process::Process;
use super::python::python_with;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "tests/clients/smtp";

/// One time that a mail came.
pub struct Arrival {
    /// In which life of its sender.
    pub life: u64,
    /// How long it took from the first command about it until it was accepted.
    pub took: Duration,
}

/// A running mail server, stopped however the test ends.
pub struct MailServer {
    pub port: u16,
    _process: Process,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl MailServer {
    pub fn start(arguments: &[&str]) -> Self {
        let python = python_with(FOLDER);
        let mut child = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join("server.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
        let mut server = Self { port: 0, _process: Process(child), input, output };
        server.port = server.line()["port"].as_u64().unwrap().try_into().unwrap();
        server
    }

    /// Stops it and starts another one on the same port.
    pub fn restart(self) -> Self {
        let port = self.port.to_string();
        drop(self);
        Self::start(&["--port", &port])
    }

    /// Where it is, without TLS.
    pub fn plain(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// Behaves so until it is told otherwise.
    pub fn behave(&mut self, mode: &str) {
        self.ask(&json!({ "mode": mode }));
    }

    /// Behaves so for the next so many mails or connections.
    pub fn behave_for(&mut self, mode: &str, times: u32) {
        self.ask(&json!({ "mode": mode, "times": times }));
    }

    /// A figure of what happened so far: `connections`, `encrypted`, `authenticated`.
    pub fn count(&mut self, what: &str) -> u64 {
        self.ask(&json!({ "received": true }))[what].as_u64().unwrap()
    }

    /// Every mail that it accepted so far, in order.
    pub fn received(&mut self) -> Vec<Mail> {
        let answer = self.ask(&json!({ "received": true }));
        answer["received"].as_array().unwrap().iter().map(|mail| Mail::parse(mail["source"].as_str().unwrap().as_bytes())).collect()
    }

    /// Marks what it accepts from now on as sent in another life of the sender.
    pub fn begin_life(&mut self, life: u64) {
        self.ask(&json!({ "life": life }));
    }

    /// How each mail came, by its `Message-ID`.
    pub fn lives(&mut self) -> BTreeMap<String, (Mail, Vec<Arrival>)> {
        let mut lives: BTreeMap<String, (Mail, Vec<Arrival>)> = BTreeMap::new();
        for mail in self.ask(&json!({ "received": true }))["received"].as_array().unwrap() {
            let parsed = Mail::parse(mail["source"].as_str().unwrap().as_bytes());
            let id = parsed.header("Message-ID").unwrap();
            let arrival = Arrival { life: mail["life"].as_u64().unwrap(), took: Duration::from_secs_f64(mail["took"].as_f64().unwrap()) };
            lives.entry(id).or_insert_with(|| (parsed, Vec::new())).1.push(arrival);
        }
        lives
    }

    fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.input, "{command}").unwrap();
        self.line()
    }

    fn line(&mut self) -> Value {
        serde_json::from_str(&self.output.next().unwrap().unwrap()).unwrap()
    }
}

/// A certificate for 127.0.0.1, and of who vouches for it.
pub struct Certificates {
    pub authority: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
    _folder: tempfile::TempDir,
}

impl Certificates {
    /// Fresh ones, which nobody trusts yet.
    pub fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let openssl = ensure_command(&["openssl"], &["openssl"]);
        let run = |arguments: &str| {
            let output = Command::new(&openssl).args(arguments.split(' ')).current_dir(folder.path()).output().unwrap();
            assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        };
        std::fs::write(path("names"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").unwrap();
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        run(&format!("req -x509 {curve} -keyout ca.key -out ca.pem -days 2 -subj /CN=Tests"));
        run(&format!("req {curve} -keyout key.pem -out request.pem -subj /CN=127.0.0.1"));
        run("x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 2 -extfile names");
        Self { authority: path("ca.pem"), certificate: path("cert.pem"), key: path("key.pem"), _folder: folder }
    }

    /// What a mail server is started with to use them.
    pub fn arguments(&self) -> [&str; 4] {
        ["--cert", self.certificate.to_str().unwrap(), "--key", self.key.to_str().unwrap()]
    }
}
