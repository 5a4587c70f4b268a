//! What can be tuned about the transports.

use std::time::Duration;

use super::gate::Limits;

/// Bounds and deadlines of all transports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportSettings {
    /// What one document may weigh.
    pub limits: Limits,
    /// Largest body of a request, in bytes.
    pub max_body_bytes: usize,
    /// Largest body of a request by somebody who is signed in, and who says before how long it is: documents are imported so.
    pub max_upload_bytes: usize,
    /// How many such bodies are taken in at the same time, one of a person; others wait.
    pub max_uploads: usize,
    /// How many imports are taken in at the same time, each in a file and two of a person; others wait.
    pub max_imports: usize,
    /// How many documents and archives go out at the same time, half of them to one person; others wait.
    pub max_exports: usize,
    /// How long a client may take to send a body; of a large one, or of a document that is imported, to send any more of it. So long a client
    /// waits as well until such a body is taken in.
    pub body_timeout: Duration,
    /// How long a client may take to send a large one.
    pub upload_timeout: Duration,
    /// Most operations in one batch.
    pub max_batch: usize,
    /// How long a query may run. Mutations always run to their end.
    pub query_timeout: Duration,
    /// Pause between comments that keep a quiet event stream open.
    pub event_stream_keep_alive: Duration,
    /// How long a client may take to take any more of what is sent to it.
    pub write_timeout: Duration,
    /// Bounds and deadlines of each WebSocket.
    pub websocket: WebSocketSettings,
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            max_body_bytes: 1024 * 1024,
            max_upload_bytes: 200 * 1024 * 1024,
            max_uploads: 2,
            max_imports: 8,
            max_exports: 32,
            body_timeout: Duration::from_secs(10),
            upload_timeout: Duration::from_mins(5),
            max_batch: 10,
            query_timeout: Duration::from_secs(10),
            event_stream_keep_alive: Duration::from_secs(15),
            write_timeout: Duration::from_secs(40),
            websocket: WebSocketSettings::default(),
        }
    }
}

/// Bounds and deadlines of one WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSocketSettings {
    /// How long a client may take to send `connection_init`.
    pub init_timeout: Duration,
    /// Pause after the last sign of life until the server pings.
    pub ping_interval: Duration,
    /// How long a client may take to show a sign of life after a ping.
    pub pong_timeout: Duration,
    /// How long the closing handshake may take before the connection is cut.
    pub close_timeout: Duration,
    /// Largest message a client may send, in bytes.
    pub max_message_bytes: usize,
    /// Most operations that run at the same time on one socket.
    pub max_operations: usize,
    /// Most messages that wait for a slow reader; while so many wait, the streams of the socket
    /// are not asked for more.
    pub max_queued_messages: usize,
    /// Most bytes that wait so, beside the message that goes beyond.
    pub max_queued_bytes: usize,
}

impl Default for WebSocketSettings {
    fn default() -> Self {
        Self {
            init_timeout: Duration::from_secs(3),
            ping_interval: Duration::from_secs(20),
            pong_timeout: Duration::from_secs(20),
            close_timeout: Duration::from_secs(2),
            max_message_bytes: 128 * 1024,
            max_operations: 50,
            max_queued_messages: 64,
            max_queued_bytes: 256 * 1024,
        }
    }
}
