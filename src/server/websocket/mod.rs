//! GraphQL over WebSocket, subprotocol graphql-transport-ws.
//!
//! One task a socket, and no other memory than the streams of its operations, one answer of each, and a short queue, short in bytes as well:
//! while the client does not read, its streams are asked for one more answer at the most. See [`connection`].

mod connection;
mod operations;
mod outgoing;
mod protocol;

use axum::{
    extract::ws::WebSocketUpgrade,
    http::{HeaderValue, request::Parts},
    response::Response,
};

use self::{
    connection::Connection,
    protocol::{CloseReason, SUBPROTOCOL},
};
use super::{
    credentials::Credential,
    execution::Transport,
    service::{GraphqlService, RequestInfo},
};

/// Bytes of the buffers that a socket holds while it is idle.
const BUFFER_BYTES: usize = 4 * 1024;

/// A message above this multiple of its limit is not even read to its end.
const READ_FACTOR: usize = 2;

/// Takes over a connection that asks to become a WebSocket.
pub(super) fn accept<S: GraphqlService>(transport: Transport<S>, upgrade: WebSocketUpgrade, parts: &Parts) -> Response {
    let offered = upgrade.requested_protocols().any(|protocol| protocol == HeaderValue::from_static(SUBPROTOCOL));
    let read_limit = transport.settings.websocket.max_message_bytes * READ_FACTOR;
    let connection = Connection::new(transport, Credential::from_headers(&parts.headers), RequestInfo::from_parts(parts));
    upgrade
        .protocols([SUBPROTOCOL])
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(read_limit)
        .max_frame_size(read_limit)
        .on_upgrade(move |socket| async move {
            // Close codes can only be sent over an open socket, so that one is opened for them.
            let refusal = (!offered).then_some(CloseReason::UnacceptableSubprotocol);
            connection.serve(socket, refusal).await;
        })
}
