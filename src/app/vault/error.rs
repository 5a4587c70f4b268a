//! Why the vault does not do what it was asked to.

use crate::app::error::{AppError, Refusal};
use crate::app::ports::StoreError;
use crate::domain::{DataKeyId, Reason};
use std::error::Error;
use std::io;

/// Why the vault does not do what it was asked to. No value and no key is ever part of it.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Something is wrapped, and there is no master key.
    #[error(
        "the database holds secrets, but there are no master keys: neither does PORTICO_SECRET_KEYS name any, nor is there {place}; \
         put back the keys {}, without which those secrets are lost", .wanted.join(", ")
    )]
    NoMasterKeys {
        /// Where they would be.
        place: String,
        /// Those that are needed.
        wanted: Vec<String>,
    },
    /// Something is wrapped by a master key that is not known here.
    #[error(
        "the database holds secrets under the master key {master_key}, which is not in {place}: add it there, from the server that rotated \
         the keys or from a backup, and start this server again"
    )]
    UnknownMasterKey {
        /// The key that is needed.
        master_key: String,
        /// Where it is not.
        place: String,
    },
    /// The master key has the right id and does not fit.
    #[error(
        "the data key {data_key} is not opened by the master key {master_key}: this is another key of that name, or the row was changed"
    )]
    NotUnwrapped {
        /// The data key.
        data_key: DataKeyId,
        /// The master key that it is said to be wrapped by.
        master_key: String,
    },
    /// A sealed value names a data key that is not there.
    #[error("there is no data key {0}")]
    UnknownDataKey(DataKeyId),
    /// What should be a sealed value has not that form.
    #[error("this is no sealed value")]
    NotSealed,
    /// A sealed value does not fit its data key.
    #[error("a value sealed with the data key {data_key} was changed, or was sealed with another key")]
    NotOpened {
        /// The data key.
        data_key: DataKeyId,
    },
    /// Where the master keys are cannot be read or written.
    #[error("the master keys in {place} cannot be used")]
    Source {
        /// Where they are.
        place: String,
        /// What is wrong.
        #[source]
        cause: io::Error,
    },
    /// There are no random numbers, or a value is too long for any cipher.
    #[error("the vault cannot work")]
    Broken(#[source] io::Error),
    /// The database does not do its part.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
}

impl From<VaultError> for AppError {
    /// That a key is missing is told to everybody who meets it, since somebody can put it back; which one and where is for the log alone.
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Store(error) => Self::Failed(error),
            VaultError::NoMasterKeys { .. } | VaultError::UnknownMasterKey { .. } | VaultError::Source { .. } => {
                tracing::error!(%error, cause = error.source().map(tracing::field::display), "the master keys of secrets are missing");
                let message = "The server lacks a key of its secrets, and can neither keep nor show any. Whoever runs it sees which by `portico \
                               keys status`.";
                Refusal::precondition(Reason::KeyMissing, message).into()
            }
            error => Self::Failed(StoreError::Broken(error.into())),
        }
    }
}

/// What the vault answers.
pub type VaultResult<T> = Result<T, VaultError>;
