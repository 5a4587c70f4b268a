//! Node.js programs that nobody here wrote, driven as child processes.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        OnceLock,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::packages;

const OLDEST_NODE: u32 = 18;

/// What `npm ci` was last run for. It is in `node_modules`, which `npm ci` empties first, so
/// that an interrupted installation has none.
const STAMP: &str = "node_modules/.portico-installed";

/// The npm project at `relative` to the package's root, with what its lock file asks for.
///
/// # Panics
///
/// When Node.js or npm cannot be had, or `npm ci` fails.
#[must_use]
pub fn node_project(relative: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    install_locked(&directory);
    directory
}

/// Runs `npm ci` in `directory`, unless it was run before for the same lock file.
///
/// # Panics
///
/// When Node.js or npm cannot be had, or `npm ci` fails.
pub fn install_locked(directory: &Path) {
    node();
    let npm = packages::ensure_command(&["npm"], &["npm"]);
    let path = directory.join("package-lock.json");
    let one_process_at_a_time = File::open(&path)
        .and_then(|file| file.lock().map(|()| file))
        .unwrap_or_else(|error| panic!("cannot lock {}: {error}", path.display()));
    let wanted = fs::read(&path).expect("a file that was just opened can be read");
    let stamp = directory.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return;
    }
    let output = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .expect("npm can be started");
    assert!(
        output.status.success(),
        "`npm ci` in {} ended with {}:\n{}{}",
        directory.display(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    // There is no such directory yet when the lock file names no package.
    fs::create_dir_all(directory.join("node_modules")).expect("the project can be written to");
    fs::write(&stamp, &wanted).expect("the project can be written to");
    drop(one_process_at_a_time);
}

/// How a script ended and what it said.
#[derive(Debug)]
pub struct NodeOutput {
    /// How it ended.
    pub status: ExitStatus,
    /// The lines of standard output that were not read before.
    pub lines: Vec<String>,
    /// All of standard error.
    pub errors: String,
}

impl NodeOutput {
    /// The lines of standard output.
    ///
    /// # Panics
    ///
    /// When the script failed; the message shows all that it said.
    #[must_use]
    #[track_caller]
    pub fn expect_success(self) -> Vec<String> {
        assert!(self.status.success(), "the script ended with {}:\n{}\n{}", self.status, self.errors, self.lines.join("\n"));
        self.lines
    }
}

/// Runs a script to its end.
///
/// # Panics
///
/// When it takes longer than `limit`; it is killed, and the message shows its standard error.
#[must_use]
pub fn run_node(directory: &Path, script: &str, arguments: &[&str], environment: &[(&str, &str)], limit: Duration) -> NodeOutput {
    NodeProcess::start(directory, script, arguments, environment).finish(limit)
}

/// A running script, killed when this is dropped.
pub struct NodeProcess {
    script: String,
    child: Child,
    lines: Receiver<String>,
    errors: Option<JoinHandle<String>>,
    /// Its end tells the script that the tests are gone, even where they were killed.
    _input: ChildStdin,
}

impl NodeProcess {
    /// Starts `script`, a path relative to `directory`, with `environment` added to the tests' own.
    ///
    /// # Panics
    ///
    /// When Node.js cannot be had.
    #[must_use]
    pub fn start(directory: &Path, script: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(node())
            .arg(script)
            .args(arguments)
            .envs(environment.iter().copied())
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node can be started");
        let output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let mut complaints = child.stderr.take().expect("standard error is piped");
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            drop(complaints.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self { script: script.to_owned(), _input: child.stdin.take().expect("standard input is piped"), child, lines, errors: Some(errors) }
    }

    /// The next line of standard output, or none once that has ended.
    ///
    /// # Panics
    ///
    /// When there is none within `limit`; the message shows the script's standard error.
    pub fn line(&mut self, limit: Duration) -> Option<String> {
        match self.lines.recv_timeout(limit) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => self.give_up("printed no line", limit),
        }
    }

    /// Waits for the script's end.
    ///
    /// # Panics
    ///
    /// When it takes longer than `limit`; it is killed, and the message shows its standard error.
    #[must_use]
    pub fn finish(mut self, limit: Duration) -> NodeOutput {
        let deadline = Instant::now() + limit;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the script can be waited for") {
                break status;
            }
            if Instant::now() > deadline {
                self.give_up("did not end", limit);
            }
            thread::sleep(Duration::from_millis(5));
        };
        NodeOutput { status, lines: self.lines.iter().collect(), errors: self.complaints() }
    }

    fn give_up(&mut self, failure: &str, limit: Duration) -> ! {
        self.kill();
        let complaints = self.complaints();
        panic!("{} {failure} within {limit:?}:\n{complaints}", self.script)
    }

    fn complaints(&mut self) -> String {
        let reader = self.errors.take();
        reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
    }

    fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Node.js, new enough for the clients.
fn node() -> &'static Path {
    static NODE: OnceLock<PathBuf> = OnceLock::new();
    NODE.get_or_init(find_node)
}

fn find_node() -> PathBuf {
    let what = format!("node (version {OLDEST_NODE} or later)");
    packages::ensure(&what, &["nodejs"], || {
        let node = packages::find_command("node")?;
        let output = Command::new(&node).arg("--version").output().ok()?;
        let version = String::from_utf8(output.stdout).ok()?;
        let major: u32 = version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()?;
        (major >= OLDEST_NODE).then_some(node)
    })
}
