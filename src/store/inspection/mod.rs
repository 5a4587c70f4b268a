//! A database as one moment left it, for looking whether it is whole.

mod catalog;
mod nodes;
mod rules;

use super::Transaction;
use super::connect;
use super::error;
use super::sql::{Row, Session, limit};
use crate::app::check::Rule;
use crate::app::ports::{CheckQueries, Dangling, FeedExtent, FeedKind, NodeRoot, Reference, StoreResult, Tally};
use crate::domain::ElementId;
use crate::domain::snapshot::NodeHash;
use async_trait::async_trait;
use migration::{Migrator, MigratorTrait};
use sea_orm::{AccessMode, ConnectionTrait, DatabaseConnection, DbBackend, IsolationLevel, TransactionOptions, TransactionTrait};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A transaction that reads, in which nothing ever changes.
#[derive(Debug)]
pub struct Inspection {
    transaction: Transaction,
    connection: DatabaseConnection,
}

impl Inspection {
    /// Opens a database that is there. Its schema stays as it is.
    ///
    /// # Errors
    /// It is not there, or cannot be reached.
    pub async fn open(url: &str) -> StoreResult<Self> {
        let connection = connect::open_for_reading(url).await?;
        let backend = connection.get_database_backend();
        // Outside of the database, so that a transaction that only reads may write to it; gone with the connection.
        let came_by = match backend {
            DbBackend::Sqlite => "CREATE TEMP TABLE came_by (hash blob PRIMARY KEY NOT NULL) WITHOUT ROWID",
            _ => "CREATE TEMP TABLE came_by (hash bytea PRIMARY KEY NOT NULL)",
        };
        connection.execute_unprepared(came_by).await.map_err(error::of)?;
        // On SQLite every transaction sees one moment, and the connection cannot write.
        let of_one_moment = (backend == DbBackend::Postgres).then_some((IsolationLevel::RepeatableRead, AccessMode::ReadOnly));
        let options = TransactionOptions {
            isolation_level: of_one_moment.map(|(level, _)| level),
            access_mode: of_one_moment.map(|(_, mode)| mode),
            sqlite_transaction_mode: None,
        };
        let transaction = connection.begin_with_options(options).await.map_err(error::of)?;
        Ok(Self { transaction: Session { connection: transaction, backend }, connection })
    }

    /// What can be asked.
    #[must_use]
    pub const fn queries(&self) -> &dyn CheckQueries {
        &self.transaction
    }

    /// Ends it, and leaves the database.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn close(self) -> StoreResult<()> {
        self.transaction.connection.rollback().await.map_err(error::of)?;
        self.connection.close().await.map_err(error::of)
    }
}

#[async_trait]
impl CheckQueries for Transaction {
    async fn known_migrations(&self) -> StoreResult<Vec<(String, bool)>> {
        let applied = catalog::applied_migrations(self).await?;
        let known = Migrator::migrations().into_iter().map(|migration| migration.name().to_owned());
        Ok(known.map(|name| (name.clone(), applied.contains(&name))).collect())
    }

    async fn unknown_migrations(&self) -> StoreResult<Vec<String>> {
        let known: BTreeSet<String> = Migrator::migrations().into_iter().map(|migration| migration.name().to_owned()).collect();
        Ok(catalog::applied_migrations(self).await?.difference(&known).cloned().collect())
    }

    async fn list_damages(&self, most: u64) -> StoreResult<Vec<String>> {
        if self.is_postgres() {
            return Ok(Vec::new());
        }
        // It looks at pages, indexes and columns. CHECK constraints are left out: SQLite knows of none where it may not write.
        let rows = self.all(format!("PRAGMA integrity_check({most})"), []).await?;
        let said = rows.iter().map(|row| row.get::<String>("integrity_check")).collect::<StoreResult<Vec<_>>>()?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    async fn list_references(&self) -> StoreResult<Vec<Reference>> {
        catalog::references(self).await
    }

    async fn list_dangling(&self, reference: &Reference, most: u64) -> StoreResult<Tally<Dangling>> {
        catalog::dangling(self, reference, most).await
    }

    async fn list_breaches(&self, rule: Rule, most: u64) -> StoreResult<Tally<Uuid>> {
        let sql = rules::statement(rule, limit(most));
        tally(&self.all(sql.text, sql.values).await?, |row| row.get("id"))
    }

    async fn list_feeds(&self, kind: FeedKind, after: Option<Uuid>, most: u64) -> StoreResult<Vec<FeedExtent>> {
        let (owners, entries, owner) = feed(kind);
        let text = format!(
            "WITH batch AS (SELECT f.owner_id, f.forgotten_seq, f.last_seq FROM feed f JOIN {owners} o ON o.id = f.owner_id
                            WHERE f.owner_id > $1 OR $2 ORDER BY f.owner_id LIMIT $3)
             SELECT b.owner_id, b.forgotten_seq, b.last_seq, MIN(e.seq) AS first_seq, MAX(e.seq) AS end_seq, COUNT(e.seq) AS entries, COUNT(DISTINCT e.seq) AS numbers
             FROM batch b LEFT JOIN {entries} e ON e.{owner} = b.owner_id GROUP BY b.owner_id, b.forgotten_seq, b.last_seq ORDER BY b.owner_id"
        );
        let values = [after.unwrap_or_default().into(), after.is_none().into(), limit(most).into()];
        let extent = |row: &Row| {
            Ok(FeedExtent {
                owner: row.get("owner_id")?,
                forgotten: row.get("forgotten_seq")?,
                last_seq: row.get("last_seq")?,
                first: row.get("first_seq")?,
                last: row.get("end_seq")?,
                entries: row.get("entries")?,
                numbers: row.get("numbers")?,
            })
        };
        self.all(text, values).await?.iter().map(extent).collect()
    }

    async fn list_breaks(&self, kind: FeedKind, owner: Uuid, most: u64) -> StoreResult<Vec<(i64, i64)>> {
        let (_, entries, column) = feed(kind);
        let text = format!(
            "SELECT x.seq, x.behind FROM (SELECT e.seq, LEAD(e.seq) OVER (ORDER BY e.seq) AS behind FROM {entries} e WHERE e.{column} = $1) x
             WHERE x.behind <> x.seq + 1 ORDER BY x.seq LIMIT $2"
        );
        let rows = self.all(text, [owner.into(), limit(most).into()]).await?;
        rows.iter().map(|row| Ok((row.get("seq")?, row.get("behind")?))).collect()
    }

    async fn list_node_sizes(&self, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<(NodeHash, u64)>> {
        nodes::sizes(self, after, most).await
    }

    async fn find_nodes(&self, hashes: &[NodeHash]) -> StoreResult<HashMap<NodeHash, Vec<u8>>> {
        nodes::find(self, hashes).await
    }

    async fn existing_nodes(&self, hashes: &[NodeHash]) -> StoreResult<BTreeSet<NodeHash>> {
        nodes::existing(self, hashes).await
    }

    async fn list_kept_roots(&self, after: Option<NodeHash>, most: u64) -> StoreResult<Vec<NodeRoot>> {
        // What a collection of garbage keeps, by the same statement.
        super::garbage::list_roots(self, after, most).await
    }

    async fn find_revision_of(&self, root: NodeHash) -> StoreResult<Option<(ElementId, i32)>> {
        let text = "SELECT element_id, version FROM revision WHERE root_hash = $1 ORDER BY element_id, version LIMIT 1";
        let row = self.one(text, [root.as_bytes().to_vec().into()]).await?;
        row.map(|row| Ok((row.id("element_id")?, row.get("version")?))).transpose()
    }

    async fn remember_nodes(&self, hashes: &[NodeHash]) -> StoreResult<Vec<NodeHash>> {
        nodes::remember(self, hashes).await
    }
}

/// The table of the owners of feeds, that of their entries, and the column of the owner in it.
const fn feed(kind: FeedKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        FeedKind::Workspace => ("workspace", "activity", "workspace_id"),
        FeedKind::User => ("\"user\"", "notification", "user_id"),
    }
}

/// The rows of a statement that counts all of them as `total`.
fn tally<T>(rows: &[Row], read: impl Fn(&Row) -> StoreResult<T>) -> StoreResult<Tally<T>> {
    let total = rows.first().map_or(Ok(0), |row| row.get("total"))?;
    Ok(Tally { first: rows.iter().map(read).collect::<StoreResult<_>>()?, total })
}
