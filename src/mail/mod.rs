//! Mails: what they say, and how they go out.

mod content;
mod file;
mod message;
pub mod smtp;

pub use content::in_one_line;
pub use file::FileTransport;
pub use message::{Sender, write};
pub use smtp::SmtpTransport;

use async_trait::async_trait;
use lettre::Message;
use std::time::Duration;

/// Why a mail did not go out, in words for those who run the server or administer the team: they hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// It may go out another time.
    #[error("{0}")]
    NotNow(String),
    /// This mail will never be taken.
    #[error("{0}")]
    Never(String),
}

impl From<std::io::Error> for TransportError {
    fn from(error: std::io::Error) -> Self {
        Self::NotNow(error.to_string())
    }
}

/// Hands mails over to whatever carries them.
#[async_trait]
pub trait Transport: Send + Sync + std::fmt::Debug {
    /// Hands one over. The same mail may come again after a crash, with the same id: it then replaces itself where that can be done. Whoever calls this
    /// gives up after the [patience](Self::patience), and that harms no other mail.
    async fn send(&self, id: &str, message: &Message) -> Result<(), TransportError>;

    /// How long handing one over may take at the most.
    fn patience(&self) -> Duration;

    /// Nothing is left to send: lets go of what was kept for the next mail.
    async fn rest(&self) {}
}
