//! What the database says of itself: its migrations, and its foreign keys.
//!
//! Both databases keep watch over foreign keys, but not over what was written while that was off, or was damaged, or was restored without
//! them. They are read from the catalog, so that none is forgotten here, and looked at by one statement each: `SQLite`'s `foreign_key_check`
//! does the same, but does not name the rows of a table without row numbers.

use super::tally;
use crate::app::ports::{Dangling, Reference, StoreResult, Tally};
use crate::store::Transaction;
use crate::store::sql::{Row, limit};
use sea_orm::DbBackend;
use std::collections::BTreeSet;
use std::fmt::Write;
use uuid::Uuid;

/// The names of the migrations that the database has; nothing where it is none of ours.
pub(super) async fn applied_migrations(transaction: &Transaction) -> StoreResult<BTreeSet<String>> {
    let table = match transaction.backend {
        DbBackend::Postgres => "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass('seaql_migrations')",
        _ => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    if transaction.one(table, []).await?.is_none() {
        return Ok(BTreeSet::new());
    }
    transaction.all("SELECT version FROM seaql_migrations", []).await?.iter().map(|row| row.get("version")).collect()
}

pub(super) async fn references(transaction: &Transaction) -> StoreResult<Vec<Reference>> {
    let text = match transaction.backend {
        DbBackend::Postgres => {
            "SELECT t.relname::text AS of_table, c.conname::text AS name, k.place AS place, a.attname::text AS of_column,
                    p.relname::text AS to_table, b.attname::text AS to_column
             FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid JOIN pg_catalog.pg_class p ON p.oid = c.confrelid
             CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(of_number, to_number, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.of_number
             JOIN pg_catalog.pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.to_number
             WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2, 3"
        }
        _ => {
            r#"SELECT m.name AS of_table, CAST(f.id AS text) AS name, f.seq AS place, f."from" AS of_column, f."table" AS to_table, f."to" AS to_column
               FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2, 3"#
        }
    };
    let mut references: Vec<(String, Reference)> = Vec::new();
    for row in transaction.all(text, []).await? {
        let (table, name, of): (String, String, String) = (row.get("of_table")?, row.get("name")?, row.get("to_table")?);
        if !references.last().is_some_and(|(last, reference)| *last == name && reference.table == table) {
            references.push((name, Reference { table, columns: Vec::new(), of, of_columns: Vec::new() }));
        }
        if let Some((_, reference)) = references.last_mut() {
            reference.columns.push(row.get("of_column")?);
            reference.of_columns.push(row.get("to_column")?);
        }
    }
    Ok(references.into_iter().map(|(_, reference)| reference).collect())
}

pub(super) async fn dangling(transaction: &Transaction, reference: &Reference, most: u64) -> StoreResult<Tally<Dangling>> {
    let Reference { table, columns, of, of_columns } = reference;
    let list = |each: &dyn Fn(&String) -> String, between: &str| columns.iter().map(each).collect::<Vec<_>>().join(between);
    let shown = list(&|column| shown(transaction, column), " || '+' || ");
    let names_one = list(&|column| format!("x.\"{column}\" IS NOT NULL"), " AND ");
    let mut is_there = String::from("TRUE");
    for (column, of_column) in columns.iter().zip(of_columns) {
        // Writing to a text does not fail.
        let _ = write!(is_there, " AND p.\"{of_column}\" = x.\"{column}\"");
    }
    let by = list(&|column| format!("x.\"{column}\""), ", ");
    let text = format!(
        "SELECT {shown} AS shown, COUNT(*) AS named_by, COUNT(*) OVER () AS total FROM \"{table}\" x
         WHERE {names_one} AND NOT EXISTS (SELECT 1 FROM \"{of}\" p WHERE {is_there}) GROUP BY {by} ORDER BY {by} LIMIT $1"
    );
    let rows = transaction.all(text, [limit(most).into()]).await?;
    tally(&rows, |row| Ok(Dangling { values: values(row)?, rows: row.get("named_by")? }))
}

/// A column as text, whatever it is.
fn shown(transaction: &Transaction, column: &str) -> String {
    match transaction.backend {
        DbBackend::Postgres => format!("CAST(x.\"{column}\" AS text)"),
        _ => format!("CASE typeof(x.\"{column}\") WHEN 'blob' THEN lower(hex(x.\"{column}\")) ELSE CAST(x.\"{column}\" AS text) END"),
    }
}

/// The values that a row shows, ids as they are written elsewhere.
fn values(row: &Row) -> StoreResult<String> {
    let shown: String = row.get("shown")?;
    let values = shown.split('+').map(|value| Uuid::try_parse(value).map_or_else(|_| value.to_owned(), |id| id.to_string()));
    Ok(values.collect::<Vec<_>>().join("+"))
}
