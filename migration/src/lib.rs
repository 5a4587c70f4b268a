//! Portico's tables, on `SQLite` and on `PostgreSQL` alike: one intent a file.
//!
//! Statements are written once, with a word in braces where the two databases name a thing differently:
//! `{uuid}`, `{bytes}`, `{by_key}`. Times are microseconds, enums are their names, ids are UUIDs (16 bytes on `SQLite`).

pub use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{DbErr, SchemaManager};
pub use sea_orm_migration::{Migration, MigrationStatus};

/// Makes the module's `Migration` out of the statements that apply it and those that take it back.
macro_rules! migration {
    (up: $up:expr, down: $down:expr $(,)?) => {
        /// The migration of this file.
        #[derive(Debug)]
        pub struct Migration;

        impl sea_orm_migration::MigrationName for Migration {
            fn name(&self) -> &str {
                module_path!().rsplit("::").next().unwrap_or_default()
            }
        }

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            // Without this, SQLite would keep the half of a migration that fails.
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                crate::run(manager, &$up).await
            }

            async fn down(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                crate::run(manager, &$down).await
            }
        }
    };
}

mod m20260701_000001_user;
mod m20260701_000002_access_token;
mod m20260701_000003_team;
mod m20260701_000004_workspace;
mod m20260701_000005_workspace_member;
mod m20260701_000006_approval_request;
mod m20260701_000007_activity;
mod m20260701_000008_notification;
mod m20260701_000009_mail;
mod m20260701_000010_idempotency_key;
mod m20261124_000011_mail_secret;
mod m20261124_000012_sign_in_code;
mod m20261124_000013_audit_event;
mod m20261124_000014_organization;
mod m20261124_000015_group;
mod m20261124_000016_group_grant;
mod m20261124_000017_invitation;
mod m20261125_000018_data_key;
mod m20261125_000019_node;
mod m20261125_000020_element;
mod m20261125_000021_element_grant;
mod m20261125_000022_trash;
mod m20261125_000023_related_item;
mod m20261125_000024_comment;
mod m20261125_000025_definition;
mod m20261126_000026_fork;
mod m20261126_000027_pull_request;
mod m20261129_000028_job_lease;
mod m20261129_000029_feed_access;
mod m20261129_000031_notification_preference;
mod m20261129_000032_mail_rhythm;
mod m20261129_000033_mail_affair;
mod m20261129_000034_mail_unsubscribe;
mod m20261129_000035_digest;
mod m20261129_000037_feed_retention;

/// Brings a database to the newest schema, or back.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260701_000001_user::Migration),
            Box::new(m20260701_000002_access_token::Migration),
            Box::new(m20260701_000003_team::Migration),
            Box::new(m20260701_000004_workspace::Migration),
            Box::new(m20260701_000005_workspace_member::Migration),
            Box::new(m20260701_000006_approval_request::Migration),
            Box::new(m20260701_000007_activity::Migration),
            Box::new(m20260701_000008_notification::Migration),
            Box::new(m20260701_000009_mail::Migration),
            Box::new(m20260701_000010_idempotency_key::Migration),
            Box::new(m20261124_000011_mail_secret::Migration),
            Box::new(m20261124_000012_sign_in_code::Migration),
            Box::new(m20261124_000013_audit_event::Migration),
            Box::new(m20261124_000014_organization::Migration),
            Box::new(m20261124_000015_group::Migration),
            Box::new(m20261124_000016_group_grant::Migration),
            Box::new(m20261124_000017_invitation::Migration),
            Box::new(m20261125_000018_data_key::Migration),
            Box::new(m20261125_000019_node::Migration),
            Box::new(m20261125_000020_element::Migration),
            Box::new(m20261125_000021_element_grant::Migration),
            Box::new(m20261125_000022_trash::Migration),
            Box::new(m20261125_000023_related_item::Migration),
            Box::new(m20261125_000024_comment::Migration),
            Box::new(m20261125_000025_definition::Migration),
            Box::new(m20261126_000026_fork::Migration),
            Box::new(m20261126_000027_pull_request::Migration),
            Box::new(m20261129_000028_job_lease::Migration),
            Box::new(m20261129_000029_feed_access::Migration),
            Box::new(m20261129_000031_notification_preference::Migration),
            Box::new(m20261129_000032_mail_rhythm::Migration),
            Box::new(m20261129_000033_mail_affair::Migration),
            Box::new(m20261129_000034_mail_unsubscribe::Migration),
            Box::new(m20261129_000035_digest::Migration),
            Box::new(m20261129_000037_feed_retention::Migration),
        ]
    }
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        let statement = dialect(manager.get_database_backend(), statement);
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// The statement in the words of this database.
fn dialect(backend: DbBackend, statement: &str) -> String {
    // A SQLite table is a tree by row number, and every other key a second tree beside it, unless it is told not to be.
    let (uuid, bytes, by_key) = match backend {
        DbBackend::Sqlite => ("blob", "blob", " WITHOUT ROWID"),
        _ => ("uuid", "bytea", ""),
    };
    statement.replace("{uuid}", uuid).replace("{bytes}", bytes).replace("{by_key}", by_key)
}
