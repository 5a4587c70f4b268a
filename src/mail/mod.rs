//! Mails: what they say, and how they go out.

mod file;
mod message;

pub use file::FileTransport;
pub use message::{Sender, write};

use async_trait::async_trait;
use lettre::Message;

/// Why a mail did not go out; never shown to a user.
#[derive(Debug, thiserror::Error)]
#[error("the mail could not be handed over: {0}")]
pub struct TransportError(#[from] pub std::io::Error);

/// Hands mails over to whatever carries them.
#[async_trait]
pub trait Transport: Send + Sync + std::fmt::Debug {
    /// Hands one over. The same mail may come again after a crash, with the same id: it then replaces itself where that can be
    /// done.
    async fn send(&self, id: &str, message: &Message) -> Result<(), TransportError>;
}
