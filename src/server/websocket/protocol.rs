//! The messages of graphql-transport-ws and the codes a socket is closed with.

use async_graphql::{ServerError, Value};
use axum::extract::ws::{CloseFrame, Message};
use serde::Serialize;

use super::super::{answer::Answer, parameters::Parameters};

/// The subprotocol.
pub(super) const SUBPROTOCOL: &str = "graphql-transport-ws";

/// Longest id of an operation, in bytes. Clients send a counter or a UUID.
const LONGEST_ID: usize = 128;

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum ClientMessage {
    ConnectionInit { payload: Option<Value> },
    Ping { payload: Option<Value> },
    Pong,
    Subscribe { id: String, parameters: Box<Parameters> },
    Complete { id: String },
}

/// Why the server closes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CloseReason {
    GoingAway,
    MessageTooBig,
    ProtocolError,
    InvalidMessage(&'static str),
    Unauthorized,
    Forbidden,
    UnacceptableSubprotocol,
    InitTimeout,
    DuplicateOperation,
    TooManyInits,
    NoSignOfLife,
    AuthenticationUnavailable,
}

impl CloseReason {
    pub fn frame(self) -> CloseFrame {
        let (code, reason) = match self {
            Self::GoingAway => (1001, "The server is stopping"),
            Self::ProtocolError => (1002, "Protocol error"),
            Self::MessageTooBig => (1009, "Message too big"),
            Self::InvalidMessage(reason) => (4400, reason),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::UnacceptableSubprotocol => (4406, "Subprotocol not acceptable"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::DuplicateOperation => (4409, "Subscriber already exists"),
            Self::TooManyInits => (4429, "Too many initialisation requests"),
            Self::NoSignOfLife => (4499, "No sign of life"),
            Self::AuthenticationUnavailable => (4500, "The access token cannot be checked"),
        };
        CloseFrame { code, reason: reason.into() }
    }
}

impl ClientMessage {
    /// Reads a text message.
    pub fn parse(text: &str) -> Result<Self, CloseReason> {
        const INVALID: CloseReason = CloseReason::InvalidMessage("Invalid message");
        let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
            return Err(INVALID);
        };
        let Some(Value::String(kind)) = fields.swap_remove("type") else {
            return Err(INVALID);
        };
        let id = fields.swap_remove("id");
        let payload = match fields.swap_remove("payload") {
            Some(Value::Null) => None,
            payload => payload,
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::ConnectionInit { payload: object(payload)? }),
            "ping" => Ok(Self::Ping { payload: object(payload)? }),
            "pong" => Ok(Self::Pong),
            "complete" => Ok(Self::Complete { id: operation_id(id)? }),
            "subscribe" => Ok(Self::Subscribe {
                id: operation_id(id)?,
                parameters: Parameters::from_value(payload.unwrap_or_default())
                    .map(Box::new)
                    .map_err(|_| CloseReason::InvalidMessage("Invalid payload"))?,
            }),
            _ => Err(CloseReason::InvalidMessage("Unknown message type")),
        }
    }
}

fn object(payload: Option<Value>) -> Result<Option<Value>, CloseReason> {
    match payload {
        None | Some(Value::Object(_)) => Ok(payload),
        Some(_) => Err(CloseReason::InvalidMessage("Invalid payload")),
    }
}

fn operation_id(id: Option<Value>) -> Result<String, CloseReason> {
    match id {
        Some(Value::String(id)) if (1..=LONGEST_ID).contains(&id.len()) => Ok(id),
        _ => Err(CloseReason::InvalidMessage("Invalid operation id")),
    }
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<&'a Value>,
    },
    Next {
        id: &'a str,
        payload: &'a Answer,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

impl ServerMessage<'_> {
    /// The message as it goes over the wire.
    pub fn into_frame(self) -> Message {
        let json = serde_json::to_string(&self).unwrap_or_else(|failure| {
            tracing::error!(%failure, "a message could not be written");
            r#"{"type":"ping"}"#.to_owned()
        });
        Message::Text(json.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<u16> {
        ClientMessage::parse(text).err().map(|close| close.frame().code)
    }

    #[test]
    fn messages_of_the_protocol_are_read() {
        for text in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":{"a":1}}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"pong","payload":{}}"#,
            r#"{"type":"complete","id":"1"}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{a}","operationName":null}}"#,
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn every_other_message_is_invalid() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":1}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert_eq!(code(text), Some(4400), "{text}");
        }
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(LONGEST_ID + 1));
        assert_eq!(code(&long), Some(4400));
        assert_eq!(code(&"[".repeat(100_000)), Some(4400));
    }

    #[test]
    fn a_close_reason_fits_its_frame() {
        assert!(CloseReason::AuthenticationUnavailable.frame().reason.len() <= 123);
    }
}
