//! Variables as somebody wants them: within bounds, and not at odds with each other.

use crate::app::element::document::refused;
use crate::app::error::{Refusal, Result};
use crate::app::{App, AppError};
use crate::domain::Reason;
use crate::domain::document::environment::{Environment, Setting};
use crate::domain::document::{DocumentError, Limits};
use serde_json::json;
use std::collections::BTreeSet;

/// The most characters of the key of a new variable.
const LONGEST_KEY: usize = 255;

/// The most characters of what a variable says it is.
const LONGEST_KIND: usize = 64;

/// Refuses what a variable cannot be. Whatever a file has brought in can stay as it is.
pub(super) fn check(argument: &'static str, settings: &[Setting], earlier: &Environment) -> Result<()> {
    let known: BTreeSet<&str> = earlier.variables().map(|variable| variable.key).collect();
    let kinds: BTreeSet<&str> = earlier.variables().filter_map(|variable| variable.kind).collect();
    for (index, setting) in settings.iter().enumerate() {
        if !known.contains(setting.key.as_str()) {
            short("key", LONGEST_KEY, &setting.key).map_err(|refusal| blamed(argument, index, refusal))?;
        }
        if let Some(kind) = setting.kind.as_deref().filter(|kind| !kinds.contains(kind)) {
            short("type", LONGEST_KIND, kind).map_err(|refusal| blamed(argument, index, refusal))?;
        }
    }
    Ok(())
}

fn short(what: &str, longest: usize, text: &str) -> Result<(), (Reason, String)> {
    if text.is_empty() {
        Err((Reason::Empty, format!("A variable needs a {what}.")))
    } else if text.chars().count() > longest {
        Err((Reason::TooLong, format!("The {what} of a variable has up to {longest} characters.")))
    } else if text.chars().any(char::is_control) {
        Err((Reason::InvalidFormat, format!("The {what} of a variable has no control characters.")))
    } else {
        Ok(())
    }
}

fn blamed(argument: &'static str, index: usize, (reason, message): (Reason, String)) -> AppError {
    Refusal::bad_input(argument, reason, message).with_details(json!({ "index": index })).into()
}

/// Refuses to do several things to one variable: nobody could say which of them holds.
pub(super) fn check_once(set: &[Setting], remove: &[String]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let keys = set.iter().map(|setting| ("setValues", &setting.key)).chain(remove.iter().map(|key| ("removeKeys", key)));
    for (argument, key) in keys {
        if !seen.insert(key) {
            let message =
                format!("More than one thing is asked of the variable {key}. To tell several of one name apart, give all values.");
            return Err(Refusal::bad_input(argument, Reason::ContradictoryArguments, message).into());
        }
    }
    Ok(())
}

/// How many variables an environment may have.
pub(super) fn limits() -> Limits {
    Limits::default()
}

/// Refuses what is too large to be kept.
pub(super) fn check_size(app: &App, argument: &'static str, environment: &Environment) -> Result<u64> {
    let (size, largest) = (environment.to_bytes().len() as u64, app.settings.documents.environment);
    if size <= largest {
        return Ok(size);
    }
    let message = format!("The environment would have {size} bytes, and no more than {largest} are kept.");
    Err(Refusal::bad_input(argument, Reason::TooLarge, message).into())
}

/// The refusal of what cannot be put into an environment.
pub(super) fn unfit(argument: &'static str, error: &DocumentError) -> AppError {
    refused(argument, error).into()
}
