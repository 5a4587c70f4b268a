//! Bearer tokens as they arrive, and where a request comes from.

use std::{fmt, net::SocketAddr, sync::Arc};

use async_graphql::Value;
use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, header, request::Parts},
};

use super::service::{AuthenticationError, RequestInfo};

const LONGEST_USER_AGENT: usize = 256;

/// What a client presents to say who it is.
#[derive(Clone)]
pub(super) enum Credential {
    /// Nothing: an anonymous request.
    None,
    /// A bearer token, not yet checked.
    Bearer(Arc<str>),
    /// Something that is not one bearer token.
    Unreadable,
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "None",
            Self::Bearer(_) => "Bearer(..)",
            Self::Unreadable => "Unreadable",
        })
    }
}

impl Credential {
    /// From the `Authorization` header.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(value), None) => value.to_str().map_or(Self::Unreadable, Self::from_text),
            _ => Self::Unreadable,
        }
    }

    /// From the payload of `connection_init`, where clients write the header's name either way.
    pub fn from_payload(payload: Option<&Value>) -> Self {
        let Some(Value::Object(fields)) = payload else {
            return Self::None;
        };
        let value = ["Authorization", "authorization"].iter().find_map(|name| fields.get(*name));
        match value {
            None | Some(Value::Null) => Self::None,
            Some(Value::String(text)) => Self::from_text(text),
            Some(_) => Self::Unreadable,
        }
    }

    fn from_text(text: &str) -> Self {
        match text.trim().split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Self::Bearer(token.trim().into()),
            _ => Self::Unreadable,
        }
    }

    /// The token to check, if there is one.
    pub fn token(&self) -> Result<Option<&str>, AuthenticationError> {
        match self {
            Self::None => Ok(None),
            Self::Bearer(token) => Ok(Some(token)),
            Self::Unreadable => Err(AuthenticationError::Invalid),
        }
    }
}

impl RequestInfo {
    /// From the connection and the headers of a request.
    pub(super) fn from_parts(parts: &Parts) -> Self {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(header::USER_AGENT);
        Self {
            address: address.map(|ConnectInfo(address)| address.ip()),
            user_agent: user_agent.map(|value| {
                let text = String::from_utf8_lossy(value.as_bytes());
                text.chars().take(LONGEST_USER_AGENT).collect::<String>().into()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn token(payload: &Value) -> Result<Option<String>, AuthenticationError> {
        let credential = Credential::from_payload(Some(payload));
        credential.token().map(|token| token.map(str::to_owned))
    }

    #[test]
    fn a_payload_may_carry_a_token_under_either_name() {
        let expected = Ok(Some("abc".to_owned()));
        assert_eq!(token(&value!({"Authorization": "Bearer abc"})), expected);
        assert_eq!(token(&value!({"authorization": "bearer  abc"})), expected);
        assert_eq!(token(&value!({"other": 1})), Ok(None));
        assert_eq!(token(&value!({"Authorization": null})), Ok(None));
    }

    #[test]
    fn what_is_not_a_bearer_token_is_not_anonymous() {
        let invalid = Err(AuthenticationError::Invalid);
        assert_eq!(token(&value!({"Authorization": "Basic abc"})), invalid);
        assert_eq!(token(&value!({"Authorization": "abc"})), invalid);
        assert_eq!(token(&value!({"Authorization": 1})), invalid);
        let mut headers = HeaderMap::new();
        for value in ["Bearer a", "Bearer b"] {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        assert!(Credential::from_headers(&headers).token().is_err());
    }

    #[test]
    fn a_token_is_never_printed() {
        let credential = Credential::Bearer("secret".into());
        assert_eq!(format!("{credential:?}"), "Bearer(..)");
    }
}
