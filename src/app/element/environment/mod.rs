//! Environments: what of one is secret is kept sealed, and shown to those only who may edit it.
//!
//! The value of a secret variable is kept as a sealed text, or is null: whatever else is in the variable is not secret. So whether a text is
//! sealed is told by the type of its variable, never by its looks.

use crate::app::error::Result;
use crate::app::ports::{Queries, StoreError};
use crate::app::vault::Vault;
use crate::app::{App, Work};
use crate::domain::DataKeyId;
use crate::domain::document::environment::Environment;
use crate::domain::document::{Json, Limits};
use secrecy::ExposeSecret;

/// Seals the values of all secret variables, which are as somebody typed them.
pub(super) async fn seal(work: &Work<'_>, app: &App, environment: &mut Environment, data_key: Option<DataKeyId>) -> Result<()> {
    let mut values: Vec<&mut Json> = environment.secrets_mut().map(|(_, value)| value).filter(|value| !value.is_null()).collect();
    if values.is_empty() {
        return Ok(());
    }
    let sealer = app.vault.sealer(&*work.tx, data_key).await?;
    for value in &mut values {
        let plain = String::from_utf8(value.to_bytes()).map_err(|error| StoreError::Broken(error.into()))?;
        **value = Json::String(sealer.seal(&plain)?.to_string());
    }
    Ok(())
}

/// Opens the values of all secret variables of an environment as it is kept.
pub(super) async fn open(app: &App, queries: &dyn Queries, environment: &mut Environment) -> Result<()> {
    let mut values: Vec<&mut Json> = environment.secrets_mut().map(|(_, value)| value).filter(|value| !value.is_null()).collect();
    let texts: Vec<String> = values.iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect();
    if texts.is_empty() {
        return Ok(());
    }
    let opened = app.vault.open_many(queries, &texts).await?;
    for (value, plain) in values.iter_mut().zip(opened) {
        **value = Json::parse(plain.expose_secret().as_bytes(), &Limits::default()).map_err(|error| StoreError::Broken(error.into()))?;
    }
    Ok(())
}

/// The data key of what is sealed in an environment as it is kept.
pub(super) fn data_key(environment: &mut Environment) -> Option<DataKeyId> {
    environment.secrets_mut().find_map(|(_, value)| Vault::data_key_of(value.as_str()?))
}

/// An environment as it is kept.
pub(super) fn kept(bytes: &[u8]) -> Result<Environment> {
    let limits = Limits { variables: u32::MAX, ..Limits::default() };
    Ok(Environment::parse(bytes, &limits).map_err(|error| StoreError::Broken(error.into()))?)
}
