//! A database server of the test process's own, and databases on it.
//!
//! ```ignore
//! let server = postgres();
//! server.template("migrated", |url| println!("migrate {url}"));
//! let database = server.copy_template("migrated");
//! println!("connect to {}", database.url);
//! ```

mod psql;
mod supervisor;

use std::{
    collections::HashMap,
    iter,
    net::TcpListener,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU16, AtomicU64, Ordering},
    },
};

use super::packages;
use psql::Psql;
use supervisor::Supervisor;

const USER: &str = "portico";
const ATTEMPTS: usize = 10;

/// The server of this test process, started by the first call and stopped with the process,
/// however it ends.
///
/// # Panics
///
/// When the server can neither be found nor installed, or does not start.
pub fn postgres() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start(iter::repeat_with(free_port).take(ATTEMPTS)))
}

/// A running server that listens on 127.0.0.1 alone and trusts everyone there.
pub struct Postgres {
    /// Serialises creation too: `CREATE DATABASE` fails while another copies the same template.
    administration: Mutex<Psql>,
    /// Dropping costs a checkpoint that no test needs to wait for.
    disposal: Mutex<Psql>,
    templates: Mutex<HashMap<String, Arc<OnceLock<String>>>>,
    created: AtomicU64,
    strategy: &'static str,
    port: u16,
    psql: PathBuf,
    /// Last, so that the sessions end before the server does.
    supervisor: Mutex<Supervisor>,
}

impl Postgres {
    /// Starts a server on the first of `ports` that it can have, in a fresh temporary directory.
    ///
    /// # Panics
    ///
    /// When the server can neither be found nor installed, or does not start on any of `ports`.
    pub fn start(ports: impl IntoIterator<Item = u16>) -> Self {
        let programs = server_programs();
        let mut supervisor = Supervisor::start(&programs);
        let port = ports
            .into_iter()
            .find(|&port| supervisor.serve(port))
            .unwrap_or_else(|| panic!("PostgreSQL does not start:\n{}", supervisor.log()));
        let psql = programs.join("psql");
        let mut administration = Psql::connect(&psql, port, USER);
        let version: u32 = administration
            .query("SHOW server_version_num;")
            .ok()
            .and_then(|answer| answer.trim().parse().ok())
            .unwrap_or_else(|| panic!("PostgreSQL does not answer:\n{}", supervisor.log()));
        Self {
            administration: Mutex::new(administration),
            disposal: Mutex::new(Psql::connect(&psql, port, USER)),
            templates: Mutex::default(),
            created: AtomicU64::new(0),
            // Twice as fast as WAL_LOG for 40 tables; before version 15 there was no other way.
            strategy: if version >= 150_000 { " STRATEGY FILE_COPY" } else { "" },
            port,
            psql,
            supervisor: Mutex::new(supervisor),
        }
    }

    /// Lets what is committed outlast a crash of the server, which costs the other tests time for nothing.
    pub fn keep_commits(&self) {
        self.execute("ALTER SYSTEM SET synchronous_commit = on;");
        self.execute("SELECT pg_reload_conf();");
    }

    /// Stops the server and starts it again: `fast`, as an administrator does, or `immediate`, as a crash does. Whoever is connected is cut off.
    ///
    /// # Panics
    ///
    /// When it does not start again.
    pub fn restart(&self, mode: &str) {
        let serves = lock(&self.supervisor).restart(mode);
        assert!(serves, "PostgreSQL does not start again:\n{}", self.log());
        for session in [&self.administration, &self.disposal] {
            *lock(session) = Psql::connect(&self.psql, self.port, USER);
        }
    }

    fn log(&self) -> String {
        lock(&self.supervisor).log()
    }

    /// Makes the template `name` by letting `prepare` fill the empty database at the URL it is
    /// given. Later calls with that name wait for the first and do nothing, unless it panicked.
    pub fn template(&self, name: &str, prepare: impl FnOnce(&str)) {
        let cell = Arc::clone(lock(&self.templates).entry(name.to_owned()).or_default());
        cell.get_or_init(|| {
            let database = self.create("template", "template1");
            prepare(&self.url(&database));
            // A template that somebody is connected to cannot be copied, and a pool of `prepare`
            // may still be about to close.
            self.execute(&format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false;"));
            self.execute(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = '{database}';"
            ));
            database
        });
    }

    /// A copy of the template `name`, dropped with the answer.
    ///
    /// # Panics
    ///
    /// When [`template`](Self::template) has not made that template before.
    pub fn copy_template(&self, name: &str) -> Database<'_> {
        let cell = lock(&self.templates).get(name).map(Arc::clone);
        let template = cell.as_ref().and_then(|cell| cell.get()).unwrap_or_else(|| panic!("no template `{name}` has been made"));
        let name = self.create("test", template);
        Database { url: self.url(&name), name, server: self }
    }

    fn create(&self, prefix: &str, template: &str) -> String {
        let name = format!("{prefix}_{}", self.created.fetch_add(1, Ordering::Relaxed));
        let strategy = self.strategy;
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}{strategy};"));
        name
    }

    fn execute(&self, statement: &str) {
        let outcome = lock(&self.administration).query(statement);
        if let Err(error) = outcome {
            panic!("{statement} failed: {error}\n{}", self.log());
        }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }
}

/// A database that is dropped with this, whoever is still connected to it.
pub struct Database<'server> {
    /// `postgres://user@127.0.0.1:port/name`
    pub url: String,
    name: String,
    server: &'server Postgres,
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE {} WITH (FORCE);", self.name);
        lock(&self.server.disposal).send(&statement);
    }
}

/// A test that panics with the lock held leaves nothing half done behind it.
fn lock<Guarded>(mutex: &Mutex<Guarded>) -> std::sync::MutexGuard<'_, Guarded> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A port that nobody has, and that nobody is given while its server is away: it lies below those that the system chooses from.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 10_000).unwrap();
    let candidates = std::iter::repeat_with(|| 20_000 + (first + NEXT.fetch_add(1, Ordering::SeqCst)) % 10_000).take(1_000);
    candidates.into_iter().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("127.0.0.1 has a free port")
}

/// The directory of the newest server here. Debian keeps it off the `PATH`, where there may be
/// a client alone.
fn server_programs() -> PathBuf {
    let has_server =
        |directory: &PathBuf| ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|name| packages::is_program(&directory.join(name)));
    packages::ensure("initdb (PostgreSQL's server)", &["postgresql"], || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let newest = versions
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
            .map(|(version, path): (u32, _)| (version, path.join("bin")))
            .filter(|(_, directory)| has_server(directory))
            .max();
        newest.map(|(_, directory)| directory).or_else(|| {
            let initdb = packages::find_command("initdb")?.canonicalize().ok()?;
            Some(initdb.parent()?.to_path_buf()).filter(has_server)
        })
    })
}
