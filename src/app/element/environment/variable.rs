//! The variables of an environment as somebody reads them, who may not read all of it.

use super::{kept, parsed};
use crate::app::element::blocking;
use crate::app::error::Result;
use crate::domain::document::environment::shown;
use std::sync::Arc;

/// An environment of so many bytes takes a while to be read.
const LARGE: usize = 256 * 1024;

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Where it stands, from 0.
    pub place: usize,
    /// Its name. Empty if it has none.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// What it says it is.
    pub kind: Option<String>,
    /// Whether it counts.
    pub enabled: bool,
    /// Whether its value is a secret.
    pub secret: bool,
    /// What it is for.
    pub description: Option<String>,
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One that everybody who sees the environment may read. None: it has none.
    Plain(Option<String>),
    /// A secret, as the vault has sealed it. Never to be shown itself.
    Sealed(String),
}

/// The variables of an environment as it is kept, in their order.
///
/// # Errors
/// This is no environment.
pub async fn variables(bytes: Arc<[u8]>) -> Result<Vec<Variable>> {
    // What is read at once is looked up together with what lies beside it: only a large one is worth a thread.
    if bytes.len() < LARGE { read(&bytes) } else { blocking(move || read(&bytes)).await? }
}

fn read(bytes: &[u8]) -> Result<Vec<Variable>> {
    let environment = kept(bytes)?;
    let variables = environment.variables().enumerate().map(|(place, variable)| Variable {
        place,
        key: variable.key.to_owned(),
        value: match variable.value.and_then(shown) {
            Some(sealed) if variable.secret => Value::Sealed(sealed),
            value => Value::Plain(value),
        },
        kind: variable.kind.map(str::to_owned),
        enabled: variable.enabled,
        secret: variable.secret,
        description: variable.description.and_then(shown),
    });
    Ok(variables.collect())
}

/// The value that was sealed, from what the vault has opened.
///
/// # Errors
/// This is nothing that was sealed for a variable.
pub fn value_of(opened: &str) -> Result<Option<String>> {
    Ok(shown(&parsed(opened)?))
}
