//! Statements and rows: the little that the queries of this module need beside their SQL.
//!
//! Both databases take the same text with `$1`, `$2` … in it. Where something differs, the statement is put together
//! by [`Sql`], which numbers the values as they come.

use super::error;
use crate::app::paging::{Direction, PageRequest};
use crate::app::ports::StoreResult;
use crate::domain::{TeamRole, TeamRoles, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, TryGetable, Value};
use std::fmt::Display;
use std::str::FromStr;
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// The most values that one statement may have: `SQLite`'s limit, the lower of both.
pub(super) const MAX_VALUES: usize = 32_766;

/// How many ids one statement asks for, where there may be any number of them.
pub(super) const IDS_AT_ONCE: usize = 2_000;

/// The longest text that is searched for; nothing that has a name is called by a longer one.
const MAX_SEARCH: usize = 1_024;

/// Whatever can run statements: the pool of readers, or a transaction.
///
/// The queries of the whole module are implemented once, for this.
#[derive(Debug)]
pub struct Session<C> {
    pub(super) connection: C,
    pub(super) backend: DbBackend,
}

impl<C: ConnectionTrait> Session<C> {
    pub(super) async fn all(&self, text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> StoreResult<Vec<Row>> {
        let statement = Statement::from_sql_and_values(self.backend, text, values);
        let rows = self.connection.query_all_raw(statement).await.map_err(error::of)?;
        Ok(rows.into_iter().map(Row).collect())
    }

    pub(super) async fn one(&self, text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> StoreResult<Option<Row>> {
        let statement = Statement::from_sql_and_values(self.backend, text, values);
        Ok(self.connection.query_one_raw(statement).await.map_err(error::of)?.map(Row))
    }

    /// How many rows it wrote.
    pub(super) async fn run(&self, text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> StoreResult<u64> {
        let statement = Statement::from_sql_and_values(self.backend, text, values);
        Ok(self.connection.execute_raw(statement).await.map_err(error::of)?.rows_affected())
    }

    /// Inserts rows of equal length, in as few statements as the limit on values allows.
    pub(super) async fn insert_many<const COLUMNS: usize>(&self, head: &str, rows: Vec<[Value; COLUMNS]>) -> StoreResult<()> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut sql = Sql::new(head);
            sql.rows(rows.by_ref().take(MAX_VALUES / COLUMNS));
            self.run(sql.text, sql.values).await?;
        }
        Ok(())
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }
}

/// A statement in the making.
#[derive(Debug)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Sql {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a value.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        let place = self.value(value);
        self.push(&place)
    }

    /// Takes a value, and answers how to name it in the text, as often as it is needed.
    pub(super) fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Appends `(id, id, …)`. The length is a power of two, or there would be as many prepared statements as lengths.
    pub(super) fn list(&mut self, ids: &[Uuid]) -> &mut Self {
        let Some(&last) = ids.last() else {
            return self.push("(NULL)");
        };
        let padding = ids.len().next_power_of_two() - ids.len();
        self.push("(");
        for (index, id) in ids.iter().copied().chain(std::iter::repeat_n(last, padding)).enumerate() {
            self.push(if index == 0 { "" } else { ", " }).bind(id);
        }
        self.push(")")
    }

    /// The same for hashes.
    pub(super) fn hashes(&mut self, hashes: &[[u8; 32]]) -> &mut Self {
        let Some(&last) = hashes.last() else {
            return self.push("(NULL)");
        };
        let padding = hashes.len().next_power_of_two() - hashes.len();
        self.push("(");
        for (index, hash) in hashes.iter().copied().chain(std::iter::repeat_n(last, padding)).enumerate() {
            self.push(if index == 0 { "" } else { ", " }).bind(hash.to_vec());
        }
        self.push(")")
    }

    /// Appends `(…), (…), …`.
    pub(super) fn rows<const COLUMNS: usize>(&mut self, rows: impl Iterator<Item = [Value; COLUMNS]>) -> &mut Self {
        for (index, row) in rows.enumerate() {
            self.push(if index == 0 { "(" } else { ", (" });
            for (column, value) in row.into_iter().enumerate() {
                self.push(if column == 0 { "" } else { ", " }).bind(value);
            }
            self.push(")");
        }
        self
    }

    /// Appends `ORDER BY column … LIMIT …` for the page.
    pub(super) fn page<K>(&mut self, column: &str, page: &PageRequest<K>) -> &mut Self
    where
        K: crate::app::paging::Key,
    {
        let limit = limit(page.limit());
        self.push(" ORDER BY ").push(column).push(descending(page)).push(" LIMIT ").bind(limit)
    }

    /// Appends `AND column > … AND column < …` for the ends of the page that are given.
    pub(super) fn within<K: Copy + Into<Value>>(&mut self, column: &str, page: &PageRequest<K>) -> &mut Self {
        for (operator, bound) in [(" > ", page.after), (" < ", page.before)] {
            if let Some(bound) = bound {
                self.push(" AND ").push(column).push(operator).bind(bound);
            }
        }
        self
    }
}

/// ` DESC` for a page that is counted from the end.
pub(super) fn descending<K>(page: &PageRequest<K>) -> &'static str {
    match page.direction {
        Direction::Forward => "",
        Direction::Backward => " DESC",
    }
}

/// A number of rows as the databases take it.
pub(super) fn limit(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// That the grant `alias` has not ended at the moment that `now` names.
pub(super) fn live(alias: &str, now: &str) -> String {
    format!("({alias}.expires_at IS NULL OR {alias}.expires_at > {now})")
}

/// That any of these roles is in the set `column`. The roles are part of the text: partial indexes need to see them.
pub(super) fn any_role(column: &str, roles: TeamRoles) -> String {
    format!("({column} & {}) <> 0", roles.bits())
}

/// The team's own side: every role but that of a partner.
pub(super) fn team_side() -> TeamRoles {
    TeamRoles::from_bits(u8::MAX).minus(TeamRoles::NONE.with(TeamRole::Partner))
}

/// The pattern for `LIKE … ESCAPE '\'` that finds the text anywhere in a column of lower-case keys.
pub(super) fn pattern(search: &str) -> String {
    if search.len() > MAX_SEARCH || search.contains('\0') {
        // No name is empty, so this finds nothing; the databases would refuse the text itself.
        return String::new();
    }
    let mut pattern = String::from("%");
    for character in search.to_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// A moment, or none, as a value.
pub(super) fn micros(time: Option<Timestamp>) -> Value {
    time.map(Timestamp::as_micros).into()
}

/// An id, or none, as a value.
pub(super) fn uuid<K: StaticType>(id: Option<TypeSafeId<K>>) -> Value {
    id.map(|id| id.uuid()).into()
}

/// The reader's id; for somebody who is not signed in, one that nobody has.
pub(super) fn reader(reader: Option<crate::domain::UserId>) -> Uuid {
    reader.map_or(Uuid::nil(), |reader| reader.uuid())
}

/// The bare ids.
pub(super) fn uuids<K: StaticType>(ids: &[TypeSafeId<K>]) -> Vec<Uuid> {
    ids.iter().map(TypeSafeId::uuid).collect()
}

/// A row. Whatever is wrong with one is an error, never a panic.
#[derive(Debug)]
pub(super) struct Row(QueryResult);

impl Row {
    pub(super) fn get<T: TryGetable>(&self, column: &str) -> StoreResult<T> {
        self.0.try_get("", column).map_err(|cause: DbErr| error::malformed(cause))
    }

    pub(super) fn id<K: StaticType>(&self, column: &str) -> StoreResult<TypeSafeId<K>> {
        Ok(TypeSafeId::from_uuid(self.get::<Uuid>(column)?))
    }

    pub(super) fn optional_id<K: StaticType>(&self, column: &str) -> StoreResult<Option<TypeSafeId<K>>> {
        Ok(self.get::<Option<Uuid>>(column)?.map(TypeSafeId::from_uuid))
    }

    pub(super) fn time(&self, column: &str) -> StoreResult<Timestamp> {
        Ok(Timestamp::from_micros(self.get(column)?))
    }

    pub(super) fn optional_time(&self, column: &str) -> StoreResult<Option<Timestamp>> {
        Ok(self.get::<Option<i64>>(column)?.map(Timestamp::from_micros))
    }

    /// An enum by its name.
    pub(super) fn named<T: FromStr<Err: Display>>(&self, column: &str) -> StoreResult<T> {
        named(column, &self.get::<String>(column)?)
    }

    pub(super) fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> StoreResult<T> {
        serde_json::from_str(&self.get::<String>(column)?).map_err(error::malformed)
    }

    pub(super) fn optional_json<T: serde::de::DeserializeOwned>(&self, column: &str) -> StoreResult<Option<T>> {
        self.get::<Option<String>>(column)?.map(|text| serde_json::from_str(&text).map_err(error::malformed)).transpose()
    }

    /// A set of team roles; none where there is no membership.
    pub(super) fn roles(&self, column: &str) -> StoreResult<TeamRoles> {
        let bits = self.get::<Option<i32>>(column)?.unwrap_or(0);
        let known = u8::try_from(bits).ok().filter(|bits| TeamRoles::from_bits(*bits).bits() == *bits);
        known.map(TeamRoles::from_bits).ok_or_else(|| error::malformed(format!("{column}: no set of roles has the bits {bits}")))
    }

    pub(super) fn bytes<const LENGTH: usize>(&self, column: &str) -> StoreResult<[u8; LENGTH]> {
        let bytes: Vec<u8> = self.get(column)?;
        bytes.try_into().map_err(|bytes: Vec<u8>| error::malformed(format!("{column}: {} bytes in place of {LENGTH}", bytes.len())))
    }
}

/// An enum, or whatever else is read from text, by what the column holds.
pub(super) fn named<T: FromStr<Err: Display>>(column: &str, name: &str) -> StoreResult<T> {
    name.parse().map_err(|cause| error::malformed(format!("{column}: `{name}` is not known: {cause}")))
}
