//! The first outcome of a mutation, kept under the client's key.

use super::error::{Refusal, Result};
use super::ports::{Claim, IdempotencyKey, StoreError};
use super::vault::Fingerprints;
use super::{App, Command, Work};
use crate::domain::{Reason, days};
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// How long an outcome is kept.
const TERM: std::time::Duration = days(1);

/// The most characters of a key.
const MAX_KEY: usize = 255;

/// What an idempotency key means for a mutation.
pub(super) enum Idempotency<'a, O> {
    /// It came before: this is the first outcome.
    Known(O),
    /// It is new, and the outcome is to be kept under it.
    Claimed(IdempotencyKey<'a>),
}

impl<'a, O: DeserializeOwned> Idempotency<'a, O> {
    pub(super) async fn claim<C: Command<Outcome = O>>(app: &App, work: &Work<'_>, key: &'a str, command: &C) -> Result<Self> {
        if key.is_empty() || key.chars().count() > MAX_KEY {
            let reason = if key.is_empty() { Reason::Empty } else { Reason::TooLong };
            return Err(Refusal::bad_input("idempotencyKey", reason, format!("An idempotency key has 1 to {MAX_KEY} characters.")).into());
        }
        if key.chars().any(char::is_control) {
            return Err(Refusal::bad_input("idempotencyKey", Reason::InvalidFormat, "An idempotency key has no control characters.").into());
        }
        let input = Zeroizing::new(serde_json::to_vec(command).map_err(broken)?);
        let known = digests::<C>(app, work, &input).await?;
        let key = IdempotencyKey { user: work.actor()?.id(), mutation: C::NAME, key };
        match work.tx.claim_idempotency_key(key, known.current, work.now(), work.now() - TERM).await? {
            Claim::Fresh => Ok(Self::Claimed(key)),
            Claim::Seen { input_digest, outcome }
                if known.contains(&input_digest)
                    || C::HOLDS_SECRETS && app.vault.fingerprints_anew(&input).await?.contains(&input_digest) =>
            {
                Ok(Self::Known(serde_json::from_str(&outcome).map_err(broken)?))
            }
            Claim::Seen { .. } => {
                let message = "This idempotency key came with another input before.";
                Err(Refusal::conflict(Reason::IdempotencyKeyReused, message).at("idempotencyKey").into())
            }
        }
    }
}

/// What the input is recognised by. A bare hash of an input with a secret would let whoever reads the database
/// try what the secret was.
async fn digests<C: Command>(app: &App, work: &Work<'_>, input: &[u8]) -> Result<Fingerprints> {
    if C::HOLDS_SECRETS {
        return Ok(app.vault.fingerprints(work.tx.queries(), input).await?);
    }
    Ok(<[u8; 32]>::from(Sha256::digest(input)).into())
}

pub(super) fn broken(error: serde_json::Error) -> StoreError {
    StoreError::Broken(error.into())
}

/// Forgets outcomes whose time is over. Run by a job.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ForgetKeys;

impl Command for ForgetKeys {
    const NAME: &'static str = "forgetKeys";
    /// How many were forgotten.
    type Outcome = u64;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<u64> {
        Ok(work.tx.delete_idempotency_keys(work.now() - TERM).await?)
    }
}
