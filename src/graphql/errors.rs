//! How a failure is told to a client: the one way from an [`AppError`] to the wire.

use crate::app::error::{AppError, Refusal};
use crate::app::ports::StoreError;
use crate::domain::{Code, Reason};
use async_graphql::{Error, ErrorExtensionValues, Value};
use std::error::Error as _;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", refusal.code.to_string());
        extensions.set("reason", refusal.reason.to_string());
        if let Some(argument) = refusal.argument {
            extensions.set("argument", argument);
        }
        if let Some(action) = refusal.action {
            extensions.set("action", action.to_string());
        }
        if let Some(serde_json::Value::Object(details)) = refusal.details {
            for (key, value) in details {
                extensions.set(key, Value::from_json(value).unwrap_or_default());
            }
        }
        Self { message: refusal.message.into_owned(), source: None, extensions: Some(extensions) }
    }
}

impl From<AppError> for Error {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => (*refusal).into(),
            AppError::Failed(cause) => {
                tracing::error!(error = %cause, cause = cause.source().map(tracing::field::display), "an operation failed");
                let refusal = match cause {
                    StoreError::Unavailable(_) | StoreError::Contention(_) => Refusal::new(
                        Code::InternalServerError,
                        Reason::Unavailable,
                        "The server is busy or starting; try again in a moment.",
                    ),
                    StoreError::Broken(_) => {
                        Refusal::new(Code::InternalServerError, Reason::Internal, "Something broke on our side. It has been logged.")
                    }
                };
                refusal.into()
            }
        }
    }
}

/// Blames an argument for what was not found by it.
pub trait Blame<T> {
    /// The same answer, with this argument to blame where nothing else is.
    fn blame(self, argument: &'static str) -> Result<T, AppError>;
}

impl<T> Blame<T> for Result<T, AppError> {
    fn blame(self, argument: &'static str) -> Self {
        self.map_err(|error| error.not_found_at(argument))
    }
}

/// Nothing instead of what the reader may not know of.
pub fn unless_hidden<T>(answer: Result<T, AppError>) -> Result<Option<T>, AppError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(AppError::Refused(refusal)) if matches!(refusal.code, Code::NotFound | Code::Forbidden | Code::Unauthenticated) => Ok(None),
        Err(other) => Err(other),
    }
}
