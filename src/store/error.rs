//! What the database's errors mean to the application.

use crate::app::ports::StoreError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr, SqlxError};
use std::error::Error;

/// The low byte of an extended `SQLite` code is the code that it refines.
const SQLITE_PRIMARY_CODE: i32 = 0xff;
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;

/// The application's name for this error.
pub(super) fn of(error: DbErr) -> StoreError {
    match class(&error) {
        Class::Contention => StoreError::Contention(error.into()),
        Class::Unavailable => StoreError::Unavailable(error.into()),
        Class::Broken => StoreError::Broken(error.into()),
    }
}

/// A row that nobody could have written: the schema and the code do not fit.
pub(super) fn malformed(cause: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError::Broken(cause.into())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Contention,
    Unavailable,
    Broken,
}

fn class(error: &DbErr) -> Class {
    match error {
        DbErr::ConnectionAcquire(_) => Class::Unavailable,
        DbErr::Conn(RuntimeErr::SqlxError(cause)) => match of_sqlx(cause) {
            Class::Broken => Class::Unavailable,
            class => class,
        },
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => of_sqlx(cause),
        _ => Class::Broken,
    }
}

fn of_sqlx(error: &SqlxError) -> Class {
    match error {
        SqlxError::Database(error) => of_code(&**error),
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed => Class::Unavailable,
        _ => Class::Broken,
    }
}

fn of_code(error: &dyn DatabaseError) -> Class {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sea_orm::sqlx::sqlite::SqliteError>().is_some() {
        return match code.parse::<i32>().map(|code| code & SQLITE_PRIMARY_CODE) {
            Ok(SQLITE_BUSY | SQLITE_LOCKED) => Class::Contention,
            _ => Class::Broken,
        };
    }
    match &*code {
        // serialization_failure, deadlock_detected; foreign_key_violation: what was referred to has just gone; unique_violation: somebody
        // else has just taken it; the next try finds that out
        "40001" | "40P01" | "23503" | "23505" => Class::Contention,
        // too_many_connections, and what a server says while it stops, starts or recovers
        "53300" | "57P01" | "57P02" | "57P03" => Class::Unavailable,
        code if code.starts_with("08") => Class::Unavailable,
        _ => Class::Broken,
    }
}
