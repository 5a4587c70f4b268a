//! Opening the database: one writer and several readers on `SQLite`, one pool on `PostgreSQL`.

use super::error;
use crate::app::ports::StoreResult;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database as Connector, DatabaseConnection, DbBackend};
use std::time::Duration;

/// How the database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// `PostgreSQL`: the most connections. `SQLite`: how many readers there are beside the one writer.
    pub connections: u32,
    /// How long a request waits for a connection, and on `SQLite` for another process's transaction.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 16, patience: Duration::from_secs(10) }
    }
}

/// What reads outside of transactions, and what transactions begin on.
pub(super) struct Connections {
    pub(super) readers: DatabaseConnection,
    pub(super) writer: DatabaseConnection,
    pub(super) backend: DbBackend,
}

pub(super) async fn open(url: &str, options: Options) -> StoreResult<Connections> {
    if DbBackend::Postgres.is_prefix_of(url) { open_postgres(url, options).await } else { open_sqlite(url, options).await }
}

async fn open_postgres(url: &str, options: Options) -> StoreResult<Connections> {
    let mut connect = common(url, options);
    // A ping before each use is a round trip before each statement; a dead connection shows soon enough. A server may start before its
    // database does: it is not ready until then.
    connect.max_connections(options.connections.max(1)).test_before_acquire(false).connect_lazy(true);
    let pool = Connector::connect(connect).await.map_err(error::of)?;
    Ok(Connections { readers: pool.clone(), writer: pool, backend: DbBackend::Postgres })
}

async fn open_sqlite(url: &str, options: Options) -> StoreResult<Connections> {
    // SQLite has one writer at a time. Queueing for it here is fair and costs no retries; and since readers have
    // connections of their own, nobody who holds the writer waits for one.
    let mut writer = common(url, options);
    writer
        .map_sqlx_sqlite_opts(move |sqlite| tuned(sqlite, options).journal_mode(SqliteJournalMode::Wal))
        .map_sqlx_sqlite_pool_opts(lasting(1));
    let writer = Connector::connect(writer).await.map_err(error::of)?;

    let mut readers = common(url, options);
    readers
        .map_sqlx_sqlite_opts(move |sqlite| tuned(sqlite, options).create_if_missing(false).pragma("query_only", "ON"))
        .map_sqlx_sqlite_pool_opts(lasting(options.connections.max(1)));
    let readers = Connector::connect(readers).await.map_err(error::of)?;
    Ok(Connections { readers, writer, backend: DbBackend::Sqlite })
}

/// One connection that changes nothing, to a database that is there. It is closed with the pool.
pub(super) async fn open_for_reading(url: &str) -> StoreResult<DatabaseConnection> {
    let mut connect = common(url, Options::default());
    connect
        .max_connections(1)
        .map_sqlx_sqlite_opts(|sqlite| tuned(sqlite, Options::default()).create_if_missing(false).read_only(true))
        .map_sqlx_sqlite_pool_opts(lasting(1));
    Connector::connect(connect).await.map_err(error::of)
}

fn common(url: &str, options: Options) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect.acquire_timeout(options.patience).sqlx_logging(false).record_stmt_in_spans(false);
    connect
}

fn tuned(sqlite: SqliteConnectOptions, options: Options) -> SqliteConnectOptions {
    sqlite.synchronous(SqliteSynchronous::Full).foreign_keys(true).busy_timeout(options.patience).statement_cache_capacity(256)
}

/// A pool whose connections stay: opening a file again costs its page cache and its prepared statements.
fn lasting(connections: u32) -> impl Fn(SqlitePoolOptions) -> SqlitePoolOptions + Send + Sync + 'static {
    move |pool| pool.max_connections(connections).idle_timeout(None).max_lifetime(None).test_before_acquire(false)
}
