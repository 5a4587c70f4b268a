//! The database behind the server's back: to put things in, to list every id that exists, to see that nothing changed.

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement, TryGetable, Value};
use std::collections::BTreeMap;

/// A connection of the test's own.
pub struct Direct(DatabaseConnection);

/// Every row of every table, as text.
pub type Dump = BTreeMap<String, Vec<String>>;

impl Direct {
    pub async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Self(sea_orm::Database::connect(options).await.unwrap())
    }

    fn statement(&self, text: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.0.get_database_backend(), text, values)
    }

    pub async fn run(&self, text: &str, values: Vec<Value>) {
        self.0.execute_raw(self.statement(text, values)).await.unwrap_or_else(|error| panic!("{error}: {text}"));
    }

    pub async fn all(&self, text: &str) -> Vec<QueryResult> {
        self.0.query_all_raw(self.statement(text, Vec::new())).await.unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    async fn column<T: TryGetable>(&self, text: &str) -> Vec<T> {
        self.all(text).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// The tables of the product.
    pub async fn tables(&self) -> Vec<String> {
        let text = match self.0.get_database_backend() {
            DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            _ => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()",
        };
        let mut tables: Vec<String> = self.column(text).await;
        tables.retain(|table| table != "seaql_migrations");
        tables.sort();
        tables
    }

    /// Whether a table has this column.
    pub async fn has_column(&self, table: &str, column: &str) -> bool {
        let text = match self.0.get_database_backend() {
            DbBackend::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            _ => format!(
                "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}'"
            ),
        };
        self.column::<String>(&text).await.iter().any(|name| name == column)
    }

    pub async fn dump(&self) -> Dump {
        let mut dump = Dump::new();
        for table in self.tables().await {
            let text = match self.0.get_database_backend() {
                DbBackend::Sqlite => {
                    let columns: Vec<String> = self.column(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                    let columns: Vec<String> = columns.iter().map(|column| format!(r#"'{column}=' || quote("{column}")"#)).collect();
                    format!(r#"SELECT {} FROM "{table}""#, columns.join(" || ' ' || "))
                }
                _ => format!(r#"SELECT row_to_json(t)::text FROM "{table}" t"#),
            };
            let mut rows: Vec<String> = self.column(&text).await;
            rows.sort();
            dump.insert(table, rows);
        }
        dump
    }
}

/// What is in one and not in the other: `- table: row` is gone, `+ table: row` is new.
pub fn difference(before: &Dump, after: &Dump) -> Vec<String> {
    let mut changes = Vec::new();
    for (table, rows) in after {
        let old = before.get(table).map(Vec::as_slice).unwrap_or_default();
        changes.extend(rows.iter().filter(|row| old.binary_search(row).is_err()).map(|row| format!("+ {table}: {row}")));
        changes.extend(old.iter().filter(|row| rows.binary_search(row).is_err()).map(|row| format!("- {table}: {row}")));
    }
    changes
}
