//! A copy of a `SQLite` database, taken while servers write to it.
//!
//! The copy is made by `VACUUM INTO`: one reading transaction, so that it is the database of one moment and holds whatever was committed
//! before it began. Nobody waits for it, and it waits for nobody. The online backup API begins anew whenever another process writes,
//! so that under load it would never end; and the database library does not offer it.

use super::connect;
use super::error;
use crate::app::ports::{StoreError, StoreResult};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

/// A backup that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is not for this database.
    #[error("this is for SQLite; of PostgreSQL, pg_dump makes a backup while servers run: pg_dump --format=custom --file=FILE URL")]
    IsPostgres,
    /// There is no database to copy.
    #[error("there is no database of Portico in {0}")]
    NoDatabase(PathBuf),
    /// There is a file in its place.
    #[error("{0} is there already; --force puts the backup in its place")]
    Exists(PathBuf),
    /// The place is the database's own.
    #[error("{0} belongs to the database itself")]
    IsDatabase(PathBuf),
    /// The place cannot be written to.
    #[error("cannot write {0}")]
    Unwritable(PathBuf, #[source] io::Error),
    /// The database cannot be read, or there is no room for the copy.
    #[error("the database cannot be copied")]
    Failed(#[from] StoreError),
}

/// Copies the database at `url` into a file, which is there whole or not at all and for its owner's eyes alone. What is in its place
/// already stays, unless it `replaces` it. The database stays as it is, whatever its schema.
///
/// # Errors
/// Says what is in the way. Nothing was written then.
pub async fn backup(url: &str, file: &Path, replaces: bool) -> Result<Backup, BackupError> {
    if DbBackend::Postgres.is_prefix_of(url) {
        return Err(BackupError::IsPostgres);
    }
    let options: SqliteConnectOptions = url.parse().map_err(|cause: sea_orm::SqlxError| StoreError::Broken(cause.into()))?;
    let source = options.get_filename().to_owned();
    // Whether the database is there is asked first: opening it is not to make one.
    if !source.is_file() {
        return Err(BackupError::NoDatabase(source));
    }
    if belongs_to(&source, file) {
        return Err(BackupError::IsDatabase(file.to_owned()));
    }
    if !replaces && file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let unwritable = |cause| BackupError::Unwritable(file.to_owned(), cause);
    let copy = beside(file).map_err(unwritable)?;
    let connection = connect::open_for_reading(url).await?;
    let copied = copy_into(&connection, &source, copy.path()).await;
    connection.close().await.map_err(error::of)?;
    copied?;
    let place = file.to_owned();
    let kept = spawn_blocking(move || keep(copy, &place, replaces)).await.map_err(|cause| StoreError::Broken(cause.into()))?;
    match kept {
        Ok(size) => Ok(Backup { file: file.to_owned(), size }),
        // Somebody was faster.
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Err(BackupError::Exists(file.to_owned())),
        Err(cause) => Err(unwritable(cause)),
    }
}

/// Whether the file is the database, or one of those that `SQLite` keeps beside it.
fn belongs_to(source: &Path, file: &Path) -> bool {
    let Ok(source) = source.canonicalize() else { return false };
    let place =
        file.canonicalize().or_else(|_| Ok::<_, io::Error>(folder_of(file).canonicalize()?.join(file.file_name().unwrap_or_default())));
    let Ok(place) = place else { return false };
    ["", "-wal", "-shm", "-journal"].iter().any(|suffix| {
        let mut own = source.clone().into_os_string();
        own.push(suffix);
        place == Path::new(&own)
    })
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// An empty file beside this one, for its owner's eyes alone, which goes again unless it is kept.
fn beside(file: &Path) -> io::Result<NamedTempFile> {
    if file.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let mut name = file.file_name().ok_or(ErrorKind::InvalidFilename)?.to_owned();
    name.push(".");
    // Its path is given to the database whole: a name alone could be taken for something else.
    tempfile::Builder::new().prefix(&name).suffix(".partial").tempfile_in(folder_of(file).canonicalize()?)
}

async fn copy_into(connection: &DatabaseConnection, source: &Path, copy: &Path) -> Result<(), BackupError> {
    if !is_ours(connection).await? {
        return Err(BackupError::NoDatabase(source.to_owned()));
    }
    let copy = copy.to_str().ok_or_else(|| BackupError::Unwritable(copy.to_owned(), ErrorKind::InvalidFilename.into()))?;
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [copy.into()]);
    connection.execute_raw(statement).await.map_err(error::of)?;
    Ok(())
}

/// Whether migrations of ours have ever run on it.
async fn is_ours(connection: &DatabaseConnection) -> StoreResult<bool> {
    let text = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'";
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, text)).await.map_err(error::of)?;
    Ok(row.is_some())
}

/// Puts the copy in its place once it lasts, and answers its size.
fn keep(copy: NamedTempFile, file: &Path, replaces: bool) -> io::Result<u64> {
    copy.as_file().sync_all()?;
    let size = fs::metadata(copy.path())?.len();
    if replaces {
        copy.persist(file).map_err(|failed| failed.error)?;
    } else {
        copy.persist_noclobber(file).map_err(|failed| failed.error)?;
    }
    File::open(folder_of(file))?.sync_all()?;
    Ok(size)
}
