//! The shape of what goes back to a client: errors with a code, and nothing of the inside.

use std::borrow::Cow;

use async_graphql::{Response, ServerError, Value};
use axum::http::StatusCode;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{gate::Rejection, parameters::Malformed, service::AuthenticationError};

/// Errors of one response, above which the rest is left out.
const MAX_ERRORS: usize = 20;

/// Characters of one message, above which the rest is left out: messages quote what was sent.
const MAX_MESSAGE: usize = 500;

/// A response with its errors completed, which knows whether anything was executed.
#[derive(Debug)]
pub(super) struct Answer {
    response: Response,
    status: Option<StatusCode>,
}

impl Answer {
    /// Completes the errors of a response of async-graphql.
    pub fn new(mut response: Response) -> Self {
        response.errors.truncate(MAX_ERRORS);
        for error in &mut response.errors {
            complete(error);
        }
        Self { response, status: None }
    }

    /// An answer that consists of one error.
    pub fn refusal(error: ServerError) -> Self {
        Self { response: Response::from_errors(vec![error]), status: None }
    }

    /// Sets the HTTP status of an answer that is a failure of the server.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The HTTP status of a failure of the server, if it is one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Whether the request failed before its execution began, so that there is no data to speak
    /// of. Errors of an execution have a path.
    pub fn is_request_error(&self) -> bool {
        self.response.data == Value::Null
            && !self.response.errors.is_empty()
            && self.response.errors.iter().all(|error| error.path.is_empty())
    }

    /// The errors of the answer.
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// Headers that resolvers have set.
    pub fn headers(&self) -> &axum::http::HeaderMap {
        &self.response.http_headers
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_request_error() {
            return self.response.serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("errors", &self.response.errors)?;
        map.end()
    }
}

/// async-graphql's own errors have no code: before the execution they come from validation,
/// during the execution from reading arguments.
fn complete(error: &mut ServerError) {
    if let Cow::Owned(short) = shorten(&error.message) {
        error.message = short;
    }
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_some() {
        return;
    }
    if error.path.is_empty() {
        extensions.set("code", "GRAPHQL_VALIDATION_FAILED");
    } else {
        extensions.set("code", "BAD_USER_INPUT");
        extensions.set("reason", "INVALID_ARGUMENT");
    }
}

fn shorten(message: &str) -> Cow<'_, str> {
    match message.char_indices().nth(MAX_MESSAGE) {
        None => Cow::Borrowed(message),
        Some((end, _)) => Cow::Owned(format!("{}…", message.split_at(end).0)),
    }
}

/// An error with a code and a reason.
pub(super) fn error(message: impl Into<String>, code: &str, reason: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code);
    extensions.set("reason", reason);
    error
}

impl From<&Rejection> for ServerError {
    fn from(rejection: &Rejection) -> Self {
        let mut error = error(rejection.to_string(), rejection.code(), rejection.reason());
        error.locations.extend(rejection.location());
        error
    }
}

impl From<&Malformed> for ServerError {
    fn from(malformed: &Malformed) -> Self {
        error(malformed.to_string(), "BAD_USER_INPUT", malformed.reason())
    }
}

impl From<AuthenticationError> for ServerError {
    fn from(failure: AuthenticationError) -> Self {
        match failure {
            AuthenticationError::Invalid => error(failure.to_string(), "UNAUTHENTICATED", "INVALID_TOKEN"),
            AuthenticationError::Unavailable => error(failure.to_string(), "INTERNAL_SERVER_ERROR", "AUTHENTICATION_UNAVAILABLE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{PathSegment, value};

    use super::*;

    fn json(answer: &Answer) -> serde_json::Value {
        serde_json::to_value(answer).unwrap()
    }

    #[test]
    fn an_error_without_code_and_path_is_one_of_validation() {
        let error = ServerError::new("No such field.", None);
        let answer = Answer::new(Response::from_errors(vec![error]));
        assert!(answer.is_request_error());
        let expected = serde_json::json!({"errors": [{
            "message": "No such field.",
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }]});
        assert_eq!(json(&answer), expected);
    }

    #[test]
    fn an_error_without_code_but_with_a_path_is_one_of_input() {
        let error = ServerError::new("Not a number.", None).with_path(vec![PathSegment::Field("user".to_owned())]);
        let answer = Answer::new(Response::from_errors(vec![error]));
        assert!(!answer.is_request_error());
        let json = json(&answer);
        assert_eq!(json["data"], serde_json::Value::Null);
        assert_eq!(json["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(json["errors"][0]["extensions"]["reason"], "INVALID_ARGUMENT");
    }

    #[test]
    fn a_code_that_is_there_stays() {
        let error = error("No.", "FORBIDDEN", "NOT_A_MEMBER");
        let answer = Answer::new(Response::from_errors(vec![error]));
        assert_eq!(json(&answer)["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }

    #[test]
    fn data_beside_errors_is_kept() {
        let mut response = Response::new(value!({"a": null}));
        response.errors.push(ServerError::new("x", None));
        let answer = Answer::new(response);
        assert!(!answer.is_request_error());
        assert_eq!(json(&answer)["data"]["a"], serde_json::Value::Null);
    }

    #[test]
    fn long_messages_and_long_lists_of_errors_are_cut() {
        let errors = vec![ServerError::new("é".repeat(10_000), None); 500];
        let answer = Answer::new(Response::from_errors(errors));
        assert_eq!(answer.errors().len(), MAX_ERRORS);
        assert_eq!(answer.errors()[0].message.chars().count(), MAX_MESSAGE + 1);
    }
}
