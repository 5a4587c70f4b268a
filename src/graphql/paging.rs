//! Connections and their cursors.
//!
//! A cursor says which list it belongs to, so that one list's cursor is refused by another. It tells a client nothing: it is
//! a place in an order that the client has seen.

use crate::app::error::{AppError, Refusal};
use crate::app::paging::{Key, Page, PageRequest};
use crate::domain::Reason;
use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{ObjectType, OutputType};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The form of cursors; another one refuses those of this.
const VERSION: u8 = 1;
const SCOPE: usize = 6;

/// The arguments of a connection.
#[derive(Debug, Default)]
pub struct PageArguments {
    /// The first so many.
    pub first: Option<i32>,
    /// Beyond this cursor.
    pub after: Option<String>,
    /// The last so many.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
}

impl PageArguments {
    /// The page, of the list that `scope` names.
    pub fn within<K: Key>(&self, scope: &str) -> Result<PageRequest<K>, AppError> {
        let after = self.after.as_deref().map(|cursor| decode(scope, cursor, "after")).transpose()?;
        let before = self.before.as_deref().map(|cursor| decode(scope, cursor, "before")).transpose()?;
        PageRequest::new(self.first, after, self.last, before)
    }
}

fn scope_digest(scope: &str) -> [u8; SCOPE] {
    let digest = Sha256::digest(scope);
    let mut short = [0; SCOPE];
    short.copy_from_slice(&digest[..SCOPE]);
    short
}

/// The cursor of a place in the list that `scope` names.
pub fn encode<K: Key>(scope: &str, key: K) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(scope_digest(scope));
    bytes.extend(key.to_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place that a cursor means in the list that `scope` names.
pub fn decode<K: Key>(scope: &str, cursor: &str, argument: &'static str) -> Result<K, AppError> {
    let key = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| {
        let (version, rest) = bytes.split_first()?;
        let (digest, key) = rest.split_at_checked(SCOPE)?;
        (*version == VERSION && digest == scope_digest(scope)).then(|| K::from_bytes(key)).flatten()
    });
    key.ok_or_else(|| invalid_cursor(argument))
}

/// Refuses a cursor.
pub fn invalid_cursor(argument: &'static str) -> AppError {
    Refusal::bad_input(argument, Reason::InvalidCursor, "This cursor is malformed, or belongs to another list.").into()
}

/// A connection of these items, whose cursors are made of their keys.
pub fn connection<T, N: OutputType, K: Key>(
    scope: &str,
    page: Page<T>,
    key: impl Fn(&T) -> K,
    node: impl Fn(T) -> N,
) -> Connection<String, N> {
    connection_with(scope, page, key, node, EmptyFields)
}

/// The same with more fields.
pub fn connection_with<T, N: OutputType, K: Key, F: ObjectType>(
    scope: &str,
    page: Page<T>,
    key: impl Fn(&T) -> K,
    node: impl Fn(T) -> N,
    fields: F,
) -> Connection<String, N, F> {
    let mut connection = Connection::with_additional_fields(page.has_previous, page.has_next, fields);
    connection.edges = page.items.into_iter().map(|item| Edge::new(encode(scope, key(&item)), node(item))).collect();
    connection
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_means_its_place_in_its_own_list_only(place in any::<i64>()) {
            let cursor = encode("notifications", place);
            prop_assert!(matches!(decode::<i64>("notifications", &cursor, "after"), Ok(found) if found == place));
            prop_assert!(decode::<i64>("activity", &cursor, "after").is_err());
            prop_assert!(decode::<uuid::Uuid>("notifications", &cursor, "after").is_err());
        }

        #[test]
        fn any_text_is_a_cursor_or_refused(text in "\\PC*") {
            let _ = decode::<i64>("notifications", &text, "after");
        }
    }
}
