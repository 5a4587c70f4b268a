//! Whether a database is whole: after a crash, a restored backup, or out of care.
//!
//! Everything is looked at as it was at one moment, while servers run, in batches of bounded size, and nothing is changed. What the store
//! answers is judged here: the schema, what the database itself says of its file, foreign keys, [what must hold beside them](Rule), that feeds are dense,
//! and that nodes have their bytes and documents their nodes.

mod feeds;
mod nodes;
mod report;
mod rule;

pub use report::{FindingKind, MOST, Report};
pub use rule::Rule;

use super::ports::{CheckQueries, StoreResult};
use strum::IntoEnumIterator;

/// Looks at everything.
///
/// A database with another schema, or with a damaged file, is looked at no further: what the rest would say of it means nothing.
///
/// # Errors
/// The database does not answer, or not what it should.
pub async fn check(queries: &dyn CheckQueries) -> StoreResult<Report> {
    let mut report = Report::default();
    look_at_schema(queries, &mut report).await?;
    if report.is_clean() {
        for damage in queries.list_damages(MOST as u64).await? {
            report.add(FindingKind::Damage, damage);
        }
    }
    if report.is_clean() {
        look_at_rows(queries, &mut report).await?;
        feeds::look(queries, &mut report).await?;
        nodes::look_at_bytes(queries, &mut report).await?;
        nodes::look_at_needs(queries, &mut report).await?;
    }
    Ok(report)
}

async fn look_at_schema(queries: &dyn CheckQueries, report: &mut Report) -> StoreResult<()> {
    let migrations = queries.known_migrations().await?;
    report.looked_at("migrations", migrations.len() as u64);
    for (name, _) in migrations.iter().filter(|(_, is_applied)| !is_applied) {
        report.add(FindingKind::OtherSchema, format!("migration {name}: it is not applied"));
    }
    for name in queries.unknown_migrations().await? {
        report.add(FindingKind::OtherSchema, format!("migration {name}: it is of a newer Portico than this one"));
    }
    Ok(())
}

async fn look_at_rows(queries: &dyn CheckQueries, report: &mut Report) -> StoreResult<()> {
    let references = queries.list_references().await?;
    report.looked_at("foreign keys", references.len() as u64);
    for reference in references {
        let dangling = queries.list_dangling(&reference, MOST as u64).await?;
        let columns = format!("{}.{}", reference.table, reference.columns.join("+"));
        let of = format!("{}.{}", reference.of, reference.of_columns.join("+"));
        let told = dangling.first.iter().map(|one| format!("{columns} {}: {} rows name it, and {of} has it not", one.values, one.rows));
        report.add_all(FindingKind::DanglingReference, told, dangling.total);
    }
    for rule in Rule::iter() {
        let breaches = queries.list_breaches(rule, MOST as u64).await?;
        report.looked_at("rules of rows", 1);
        let told = breaches.first.iter().map(|id| format!("{} {id}: {}", rule.thing(), rule.breach()));
        report.add_all(rule.kind(), told, breaches.total);
    }
    Ok(())
}
