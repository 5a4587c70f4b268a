//! The only place that names the database: connections and queries, for `SQLite` and `PostgreSQL` alike.
//!
//! [`Database`] implements the application's [`Store`]. Every query is written once, for a [`Session`]: the pool of
//! readers is one, and so is a transaction. Complex reads are SQL, one statement each, since a statement costs
//! more than what it says; the tests run every one of them on both databases.

mod audit;
mod backup;
mod comments;
mod connect;
mod data_keys;
mod definitions;
mod element_grants;
mod elements;
mod error;
mod feeds;
mod forks;
mod garbage;
mod groups;
mod idempotency;
mod inspection;
mod invitations;
mod leases;
mod mails;
mod member_ends;
mod members;
mod moves;
mod organizations;
mod preferences;
mod pull_requests;
mod related_items;
mod requests;
mod sign_in;
mod sql;
mod subjects;
mod teams;
mod trash;
mod users;
mod watchers;
mod workspace_list;
mod workspace_sight;
mod workspaces;

pub use backup::{Backup, BackupError, backup};
pub use connect::Options;
pub use inspection::Inspection;
pub use sql::Session;

use crate::app::ports::{Queries, Store, StoreError, StoreResult, Tx};
use async_trait::async_trait;
use connect::Connections;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Any number that nothing else on the server locks by.
const MIGRATION_LOCK: i64 = 0x506f_7274_6963_6f21;

/// The database.
#[derive(Debug)]
pub struct Database {
    readers: Session<DatabaseConnection>,
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

/// Where a migration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

impl Database {
    /// Opens `sqlite://file?mode=rwc` or `postgres://…`. The latter is reached when it is first needed, again and again if it goes away.
    ///
    /// # Errors
    /// The address cannot be used, or the file cannot be opened.
    pub async fn connect(url: &str, options: Options) -> StoreResult<Self> {
        let Connections { mut readers, mut writer, backend } = connect::open(url, options).await?;
        let statements = Arc::new(AtomicU64::new(0));
        for connection in [&mut readers, &mut writer] {
            let statements = Arc::clone(&statements);
            connection.set_metric_callback(move |_| {
                statements.fetch_add(1, Ordering::Relaxed);
            });
        }
        Ok(Self { readers: Session { connection: readers, backend }, writer, statements })
    }

    /// Which of the two it is.
    #[must_use]
    pub const fn backend(&self) -> DbBackend {
        self.readers.backend
    }

    /// How many statements have run, in transactions and outside; their beginnings and ends do not count.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Brings the database to the newest schema: all of it or nothing, and once if several servers try.
    ///
    /// # Errors
    /// A migration failed.
    pub async fn migrate(&self) -> StoreResult<()> {
        let transaction = self.begin_migration().await?;
        Migrator::up(&transaction, None).await.map_err(error::of)?;
        transaction.commit().await.map_err(error::of)
    }

    /// Takes the last so many migrations back.
    ///
    /// # Errors
    /// A migration failed.
    pub async fn migrate_down(&self, steps: u32) -> StoreResult<()> {
        let transaction = self.begin_migration().await?;
        Migrator::down(&transaction, Some(steps)).await.map_err(error::of)?;
        transaction.commit().await.map_err(error::of)
    }

    /// Every migration, in order.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn migration_status(&self) -> StoreResult<Vec<MigrationState>> {
        let migrations = Migrator::get_migration_with_status_read_only(&self.readers.connection).await.map_err(error::of)?;
        let states = migrations.iter().map(|migration| MigrationState {
            name: migration.name().to_owned(),
            applied: migration.status() == migration::MigrationStatus::Applied,
        });
        Ok(states.collect())
    }

    async fn begin_migration(&self) -> StoreResult<DatabaseTransaction> {
        let transaction = self.begin_transaction().await?;
        if self.backend() == DbBackend::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
            transaction.execute_unprepared(&lock).await.map_err(error::of)?;
        }
        Ok(transaction)
    }

    async fn begin_transaction(&self) -> StoreResult<DatabaseTransaction> {
        // A transaction that reads first and writes later fails on SQLite if another one wrote in between, so each
        // takes the right to write at once. PostgreSQL's own default is READ COMMITTED.
        let sqlite_transaction_mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { isolation_level: None, access_mode: None, sqlite_transaction_mode };
        self.writer.begin_with_options(options).await.map_err(error::of)
    }
}

#[async_trait]
impl Store for Database {
    fn queries(&self) -> &dyn Queries {
        &self.readers
    }

    async fn begin(&self) -> StoreResult<Box<dyn Tx>> {
        let connection = self.begin_transaction().await?;
        Ok(Box::new(Session { connection, backend: self.backend() }))
    }

    async fn ready(&self) -> StoreResult<()> {
        match self.migration_status().await?.iter().find(|migration| !migration.applied) {
            None => Ok(()),
            Some(pending) => Err(StoreError::Unavailable(format!("the migration {} is not applied", pending.name).into())),
        }
    }
}

/// A transaction. Dropped without a commit, it is rolled back before its connection is used again.
type Transaction = Session<DatabaseTransaction>;

impl<C: ConnectionTrait + Send + Sync> Queries for Session<C> {}

#[async_trait]
impl Tx for Transaction {
    fn queries(&self) -> &dyn Queries {
        self
    }

    async fn commit(self: Box<Self>) -> StoreResult<()> {
        self.connection.commit().await.map_err(error::of)
    }
}
