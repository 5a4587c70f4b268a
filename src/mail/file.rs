//! A folder as the carrier of mails: each becomes an `.eml` file.

use super::{Transport, TransportError};
use async_trait::async_trait;
use lettre::Message;
use std::path::PathBuf;
use std::time::Duration;

/// Writes mails into a folder.
#[derive(Debug, Clone)]
pub struct FileTransport {
    folder: PathBuf,
}

impl FileTransport {
    /// A transport into this folder, which is made when the first mail comes.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

#[async_trait]
impl Transport for FileTransport {
    async fn send(&self, id: &str, message: &Message) -> Result<(), TransportError> {
        tokio::fs::create_dir_all(&self.folder).await?;
        let unfinished = self.folder.join(format!(".{id}.part"));
        tokio::fs::write(&unfinished, message.formatted()).await?;
        // Whoever watches the folder never sees half a mail.
        Ok(tokio::fs::rename(&unfinished, self.folder.join(format!("{id}.eml"))).await?)
    }

    fn patience(&self) -> Duration {
        // A folder does not hang, but it may be on another machine.
        Duration::from_secs(30)
    }
}
