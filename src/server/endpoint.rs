//! What endpoints beside GraphQL share: who asks, what they ask for, and errors in the form that those of GraphQL have.

use super::credentials::Credential;
use super::http::Refusal;
use super::service::{AuthenticationError, RequestInfo};
use crate::app::ports::StoreError;
use crate::app::{self, Actor, App, AppError, token};
use crate::domain::{Code, Reason};
use async_graphql::ServerError;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::request::Parts;
use secrecy::SecretString;
use std::collections::BTreeMap;

/// Whoever asks; none: somebody who brought no credential.
pub(super) async fn caller(app: &App, parts: &Parts) -> Result<Option<Actor>, Refusal> {
    let credential = Credential::from_headers(&parts.headers);
    let Some(bearer) = credential.token()? else { return Ok(None) };
    let origin = RequestInfo::from_parts(parts).into();
    Ok(Some(token::authenticate(app, &SecretString::from(bearer), origin).await?.ok_or(AuthenticationError::Invalid)?))
}

/// Whoever asks, where nobody may without being signed in.
pub(super) async fn signed_in(app: &App, parts: &Parts) -> Result<Actor, Refusal> {
    caller(app, parts).await?.ok_or_else(|| AppError::from(app::Refusal::unauthenticated()).into())
}

/// What stands in the query string. A name that is not known is refused: who misspells one would take what they get for what they asked for.
pub(super) fn query(parts: &Parts, known: &[&str]) -> Result<BTreeMap<String, String>, Refusal> {
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
        return Err(malformed("The query string cannot be read."));
    };
    let mut values = BTreeMap::new();
    for (name, value) in pairs {
        if !known.contains(&name.as_str()) {
            let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
            return Err(malformed(&format!("The query string is unknown here: what can be asked for is {known}.")));
        }
        if values.insert(name, value).is_some() {
            return Err(malformed("The query string names something twice."));
        }
    }
    Ok(values)
}

fn malformed(message: &str) -> Refusal {
    Refusal::bad_input(StatusCode::BAD_REQUEST, message, "MALFORMED_REQUEST")
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        let status = match &error {
            AppError::Refused(refusal) => match refusal.code {
                Code::Unauthenticated => StatusCode::UNAUTHORIZED,
                Code::Forbidden => StatusCode::FORBIDDEN,
                Code::NotFound => StatusCode::NOT_FOUND,
                Code::BadUserInput if refusal.reason == Reason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                Code::BadUserInput => StatusCode::BAD_REQUEST,
                Code::Conflict | Code::FailedPrecondition => StatusCode::CONFLICT,
                Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
                Code::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
            },
            AppError::Failed(StoreError::Broken(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            AppError::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let error = async_graphql::Error::from(error);
        Self::new(status, ServerError { extensions: error.extensions, ..ServerError::new(error.message, None) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_are_not_about_the_input_are_the_server_s() {
        let of = |error: StoreError| format!("{:?}", Refusal::from(AppError::from(error)));
        assert!(of(StoreError::Unavailable("x".into())).contains("503"));
        assert!(of(StoreError::Broken("x".into())).contains("500"));
        assert!(!of(StoreError::Broken("a secret".into())).contains("a secret"));
    }
}
