//! A database of its own for each test.

use super::app::Kind;
use super::postgres::{Database as PostgresDatabase, postgres};
use portico::store::{Database, Options};
use sea_orm::{ConnectionTrait, Statement};

/// A fresh database, gone with this. On `PostgreSQL` it is a copy of one that was migrated once.
pub struct FreshDatabase {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
    _copy: Option<PostgresDatabase<'static>>,
}

impl FreshDatabase {
    /// Waits for the server: not to be called where others wait for the same thread.
    pub fn create(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                Self { url: format!("sqlite://{}/portico.db?mode=rwc", folder.path().display()), _folder: Some(folder), _copy: None }
            }
            Kind::Postgres => {
                postgres().template("portico", migrate);
                let copy = postgres().copy_template("portico");
                Self { url: copy.url.clone(), _folder: None, _copy: Some(copy) }
            }
        }
    }
}

impl FreshDatabase {
    /// Asks the database itself for a number: what no use case answers.
    pub async fn number(&self, query: &str) -> i64 {
        let connection = sea_orm::Database::connect(&self.url).await.unwrap();
        let statement = Statement::from_string(connection.get_database_backend(), query);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        connection.close().await.unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

/// Brings a database to the newest schema.
pub fn migrate(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let database = Database::connect(url, Options { connections: 1, ..Options::default() }).await.unwrap();
        database.migrate().await.unwrap();
    });
}
