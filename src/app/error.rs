//! Why a use case did not do what it was asked to.
//!
//! What a caller may read and what broke inside are different types: a [`Refusal`] is made to be shown, the cause
//! inside an [`AppError::Failed`] can only be logged.

use super::ports::StoreError;
use crate::domain::policy::Action;
use crate::domain::{Code, Reason};
use serde_json::{Value, json};
use std::borrow::Cow;
use type_safe_id::{StaticType, TypeSafeId};

/// What an operation of the application answers.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// An answer that says no, in words for the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The coarse class.
    pub code: Code,
    /// The fine reason.
    pub reason: Reason,
    /// A sentence for people.
    pub message: Cow<'static, str>,
    /// The argument that is to blame, as the schema names it.
    pub argument: Option<&'static str>,
    /// The action that the caller may not do.
    pub action: Option<Action>,
    /// What a program needs to go on: the decision that exists, the version that is current.
    pub details: Option<Value>,
}

impl Refusal {
    /// A refusal of this class, reason and sentence.
    pub fn new(code: Code, reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, reason, message: message.into(), argument: None, action: None, details: None }
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, Reason::SignInRequired, "Sign in first: this needs a user.")
    }

    /// There is no such thing, as far as the caller may know. The one answer for what is hidden and for what was
    /// never there.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, Reason::UnknownId, "There is nothing with this id.")
    }

    /// The argument is wrong in itself.
    pub fn bad_input(argument: &'static str, reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::BadUserInput, reason, message).at(argument)
    }

    /// The caller sees the object and may not do this.
    pub fn forbidden(action: Option<Action>, reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self { action, ..Self::new(Code::Forbidden, reason, message) }
    }

    /// The object is not in a state in which this can be done.
    pub fn precondition(reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::FailedPrecondition, reason, message)
    }

    /// Somebody else was first.
    pub fn conflict(reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Conflict, reason, message)
    }

    /// The object has changed since the version that the caller named.
    #[must_use]
    pub fn stale(argument: &'static str, what: &str, current: i32) -> Self {
        let message = format!("The {what} has changed: its version is {current} now.");
        Self::conflict(Reason::StaleVersion, message).at(argument).with_details(json!({ "currentVersion": current }))
    }

    /// The same, blaming an argument.
    #[must_use]
    pub fn at(self, argument: &'static str) -> Self {
        Self { argument: Some(argument), ..self }
    }

    /// The same, with what a program needs to go on.
    #[must_use]
    pub fn with_details(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }
}

/// What ends a use case without an outcome.
#[derive(Debug)]
pub enum AppError {
    /// The answer is no.
    Refused(Box<Refusal>),
    /// Something broke.
    Failed(StoreError),
}

impl AppError {
    /// The same, blaming an argument for what was not found by it, where nothing else is.
    #[must_use]
    pub fn not_found_at(self, argument: &'static str) -> Self {
        match self {
            Self::Refused(refusal) if refusal.code == Code::NotFound && refusal.argument.is_none() => refusal.at(argument).into(),
            other => other,
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// Reads a value that somebody typed, and blames the argument when it is wrong.
///
/// # Errors
/// A refusal that names the argument and the reason.
pub fn checked<T>(argument: &'static str, parsed: std::result::Result<T, Reason>) -> Result<T> {
    parsed.map_err(|reason| {
        let message = match reason {
            Reason::Empty => "must not be empty",
            Reason::TooLong => "is too long",
            _ => "is not of the form that is needed",
        };
        Refusal::bad_input(argument, reason, format!("The {argument} {message}.")).into()
    })
}

/// Reads an id that somebody typed, and blames the argument when it is not of the form and kind that it takes.
///
/// # Errors
/// A refusal that names the argument.
pub fn parse_id<T: StaticType>(id: &str, argument: &'static str) -> Result<TypeSafeId<T>> {
    let message = || format!("This is not the id of a {}.", T::TYPE);
    id.parse().map_err(|_| Refusal::bad_input(argument, Reason::MalformedId, message()).into())
}
