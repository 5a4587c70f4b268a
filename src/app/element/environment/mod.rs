//! Environments: what of one is secret is kept sealed, and shown to those only who may edit it.
//!
//! The value of a secret variable is kept as a sealed text, or is null: whatever else is in the variable is not secret. So whether a text is
//! sealed is told by the type of its variable, never by its looks.

mod check;
mod create;
mod told;
mod update;
mod variable;

pub use create::CreateEnvironment;
pub use update::UpdateEnvironment;
pub use variable::{Value, Variable, value_of, variables};

use crate::app::error::Result;
use crate::app::ports::{Queries, StoreError};
use crate::app::vault::Vault;
use crate::app::{App, Work};
use crate::domain::DataKeyId;
use crate::domain::document::environment::Environment;
use crate::domain::document::{Json, Limits};
use crate::domain::snapshot::NodeHash;
use secrecy::ExposeSecret;
use std::collections::{HashMap, VecDeque};

/// An environment as it was before it is changed, by somebody who may read its secrets.
#[derive(Debug)]
pub(super) struct Earlier {
    /// With its secrets opened.
    pub plain: Environment,
    sealed: Environment,
}

impl Earlier {
    /// The environment that is kept in this node.
    pub async fn read(app: &App, queries: &dyn Queries, root: [u8; 32]) -> Result<Self> {
        let sealed = kept(&queries.nodes(&[NodeHash::new(root)]).await?.pop().unwrap_or_default())?;
        let mut plain = sealed.clone();
        open(app, queries, &mut plain).await?;
        Ok(Self { plain, sealed })
    }

    fn data_key(&self) -> Option<DataKeyId> {
        secret_values(&mut self.sealed.clone()).iter().find_map(|(_, value)| Vault::data_key_of(value.as_str()?))
    }

    /// What each secret is kept as, by its key and value.
    fn texts(&self) -> Result<HashMap<(String, String), VecDeque<String>>> {
        let (mut sealed, mut plain) = (self.sealed.clone(), self.plain.clone());
        let mut texts: HashMap<_, VecDeque<String>> = HashMap::new();
        for ((key, sealed), (_, plain)) in secret_values(&mut sealed).into_iter().zip(secret_values(&mut plain)) {
            texts.entry((key, text(plain)?)).or_default().extend(sealed.as_str().map(str::to_owned));
        }
        Ok(texts)
    }
}

/// Seals the values of all secret variables, which are as somebody typed them. A variable that has the value that it had earlier keeps the
/// sealed text too, so that what did not change is the same bytes.
pub(super) async fn seal(work: &Work<'_>, app: &App, environment: &mut Environment, earlier: Option<&Earlier>) -> Result<()> {
    let mut texts = earlier.map(Earlier::texts).transpose()?.unwrap_or_default();
    let mut fresh = Vec::new();
    for (key, value) in secret_values(environment) {
        let plain = text(value)?;
        match texts.get_mut(&(key, plain.clone())).and_then(VecDeque::pop_front) {
            Some(sealed) => *value = Json::String(sealed),
            None => fresh.push((value, plain)),
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let sealer = app.vault.sealer(&*work.tx, earlier.and_then(Earlier::data_key)).await?;
    for (value, plain) in fresh {
        *value = Json::String(sealer.seal(&plain)?.to_string());
    }
    Ok(())
}

/// Opens the values of all secret variables of an environment as it is kept.
pub(super) async fn open(app: &App, queries: &dyn Queries, environment: &mut Environment) -> Result<()> {
    let values = secret_values(environment);
    let texts: Vec<String> = values.iter().map(|(_, value)| value.as_str().unwrap_or_default().to_owned()).collect();
    if texts.is_empty() {
        return Ok(());
    }
    let opened = app.vault.open_many(queries, &texts).await?;
    for ((_, value), plain) in values.into_iter().zip(opened) {
        *value = parsed(plain.expose_secret())?;
    }
    Ok(())
}

/// The same environment, as it is kept, without the values of its secrets.
pub(in crate::app) fn emptied(mut environment: Environment) -> Environment {
    for (_, value) in secret_values(&mut environment) {
        *value = Json::Null;
    }
    environment
}

/// An environment as it is kept. What was let in once is read, whatever it has become since.
pub(in crate::app) fn kept(bytes: &[u8]) -> Result<Environment> {
    let limits = Limits { variables: u32::MAX, values: u32::MAX, ..Limits::default() };
    Ok(Environment::parse(bytes, &limits).map_err(|error| StoreError::Broken(error.into()))?)
}

/// The values that are sealed, or are to be, each with the key of its variable.
pub(in crate::app) fn secret_values(environment: &mut Environment) -> Vec<(String, &mut Json)> {
    environment.secrets_mut().filter(|(_, value)| !value.is_null()).collect()
}

/// The text that is sealed for a value.
fn text(value: &Json) -> Result<String> {
    Ok(String::from_utf8(value.to_bytes()).map_err(|error| StoreError::Broken(error.into()))?)
}

/// The value that a text was sealed for.
fn parsed(text: &str) -> Result<Json> {
    Ok(Json::parse(text.as_bytes(), &Limits::default()).map_err(|error| StoreError::Broken(error.into()))?)
}
