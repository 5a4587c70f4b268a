//! The process that holds the server and outlives the tests for as long as it takes to stop it.
//!
//! The test runner has no hook at the end, and a test process may be killed. So a shell in a
//! session of its own owns the server and its directory. It takes a port a line on its standard
//! input, or `restart` and how, whose only writing end is the test process's: when that process is gone, for whatever
//! reason, the input ends, and the shell stops the server and removes the directory.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::super::packages;

/// Exit on a signal still cleans up; a pipe closed by a dead test process is such a signal.
/// `pg_ctl start` may have started a server without seeing it ready, so it is stopped after a
/// failure as well.
const SCRIPT: &str = r#"
directory=$(mktemp -d "${TMPDIR:-/tmp}/portico-postgres.XXXXXXXX") || exit 1
data=$directory/data
stop() { "$PROGRAMS/pg_ctl" --pgdata="$data" --mode=immediate -w stop; }
finish() {
    trap '' HUP INT PIPE TERM
    [ -e "$data/postmaster.pid" ] && stop
    rm -rf "$directory"
}
trap finish EXIT
trap 'exit 1' HUP INT PIPE TERM
echo "$directory"
exec 3>&1 >"$directory/log" 2>&1
"$PROGRAMS/initdb" --pgdata="$data" --username="$SUPERUSER" --auth=trust \
    --encoding=UTF8 --locale=C --no-sync --no-instructions || { cat "$directory/log" >&3; exit 1; }
echo 'host all all 127.0.0.1/32 trust' >"$data/pg_hba.conf"
echo "$SETTINGS" >>"$data/postgresql.conf"
echo initialised >&3
while read -r port mode; do
    if [ "$port" = restart ]; then
        "$PROGRAMS/pg_ctl" --pgdata="$data" --log="$directory/log" -w --mode="$mode" restart 3>&- \
            && echo serving >&3 || echo refused >&3
    elif "$PROGRAMS/pg_ctl" --pgdata="$data" --log="$directory/log" -w \
        --options="-p $port" start 3>&-
    then
        echo serving >&3
    else
        [ -e "$data/postmaster.pid" ] && stop
        echo refused >&3
    fi
done
"#;

/// Nothing here survives a crash, nor needs to. No socket but on loopback, and no statistics or
/// vacuum that would make two runs differ.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
max_wal_size = 256MB
max_connections = 300
shared_buffers = 128MB
";

/// In KiB: a hundred databases at once, and what the server writes besides.
const ROOM: u64 = 2 * 1024 * 1024;

/// The supervising shell, as long as this is held.
pub struct Supervisor {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    directory: PathBuf,
}

impl Supervisor {
    /// Makes a fresh directory with the data of a new server, which does not run yet.
    pub fn start(programs: &Path) -> Self {
        let place = place();
        let mut command = ordinary_shell();
        forget_settings(&mut command);
        let mut process = command
            .env("PROGRAMS", programs)
            .env("SUPERUSER", super::USER)
            .env("SETTINGS", SETTINGS)
            .env("TMPDIR", &place)
            .env("LC_ALL", "C")
            // The ordinary user need not be let into the directory of the tests.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A runner that waits for the end of its standard error must not wait for the server.
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let mut supervisor = Self {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().expect("standard output is piped")),
            process,
            directory: PathBuf::new(),
        };
        supervisor.directory = PathBuf::from(supervisor.answer());
        assert!(
            supervisor.directory.is_dir(),
            "PostgreSQL's ordinary user can make no directory in {}; name another as TMPDIR",
            place.display(),
        );
        let mut complaint = String::new();
        while let answer = supervisor.answer()
            && answer != "initialised"
        {
            assert!(!answer.is_empty(), "PostgreSQL's initdb failed: {complaint}");
            complaint += &answer;
            complaint.push('\n');
        }
        supervisor
    }

    /// Tries to run the server on `port`, and answers whether it serves there.
    pub fn serve(&mut self, port: u16) -> bool {
        let input = self.input.as_mut().expect("the input is open until the end");
        writeln!(input, "{port}").is_ok() && self.answer() == "serving"
    }

    /// Stops the server in this mode of `pg_ctl`'s and starts it again, and answers whether it serves.
    pub fn restart(&mut self, mode: &str) -> bool {
        let input = self.input.as_mut().expect("the input is open until the end");
        writeln!(input, "restart {mode}").is_ok() && self.answer() == "serving"
    }

    /// What the server and its tools had to say.
    pub fn log(&self) -> String {
        let path = self.directory.join("log");
        fs::read_to_string(&path).unwrap_or_else(|error| format!("{}: {error}", path.display()))
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        drop(self.output.read_line(&mut line));
        line.trim_end().to_owned()
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.input = None;
        drop(self.process.wait());
    }
}

/// Where the server's directory goes: where `TMPDIR` says, or else in memory if there is room,
/// where copying a template takes a steady 15 ms and not 30 to 300 ms. Containers are often
/// given too little of it.
fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if env::var_os("TMPDIR").is_none() && free_kibibytes(memory) >= Some(ROOM) {
        return memory.to_path_buf();
    }
    env::temp_dir()
}

fn free_kibibytes(directory: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(directory).output().ok()?;
    let table = String::from_utf8(output.stdout).ok()?;
    table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// Whatever the developer's own `psql` is set up for must not reach the tests.
pub fn forget_settings(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("PG")) {
            command.env_remove(name);
        }
    }
}

/// A shell with [`SCRIPT`], in a session of its own, as a user that the server agrees to run as.
fn ordinary_shell() -> Command {
    let mut command = Command::new(packages::ensure_command(&["setsid"], &["util-linux"]));
    if packages::runs_as_root() {
        command.args(as_ordinary_user());
    }
    command.args(["sh", "-c", SCRIPT]);
    command
}

/// The command line that runs as an ordinary user what follows it.
fn as_ordinary_user() -> Vec<String> {
    let users = ["postgres", "nobody"];
    for user in users {
        let Some(group) = primary_group(user) else {
            continue;
        };
        // `su` with `env` for a shell passes its arguments on unquoted. It comes last, since the
        // system's login rules may stand in its way.
        let switches = [
            format!("setpriv --reuid={user} --regid={group} --clear-groups"),
            format!("runuser -u {user} --"),
            format!("su {user} -s /usr/bin/env --"),
        ];
        for switch in &switches {
            let words: Vec<String> = switch.split(' ').map(str::to_owned).collect();
            let attempt = Command::new(&words[0]).args(&words[1..]).arg("true").current_dir("/").stdin(Stdio::null()).output();
            if attempt.is_ok_and(|output| output.status.success()) {
                return words;
            }
        }
    }
    panic!(
        "PostgreSQL does not run as root, and this root can become neither of the users {users:?} \
         by setpriv, runuser (Debian's util-linux) or su; run the tests as an ordinary user"
    )
}

fn primary_group(user: &str) -> Option<String> {
    let output = Command::new("id").args(["-g", user]).output().ok()?;
    let group = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| group.trim().to_owned())
}
