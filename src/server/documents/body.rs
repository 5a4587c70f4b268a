//! The body of an import: put into a file while it comes, so that its size is nobody's memory.

use super::Documents;
use crate::app::AppError;
use crate::app::DocumentLimits;
use crate::app::element::Source;
use crate::app::ports::StoreError;
use crate::server::http::{Refusal, announced_length, too_large, too_slow};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use http_body_util::BodyStream;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::SpooledTempFile;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// So many bytes of a document stay in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// So many bytes are written at once.
const AT_ONCE: usize = 256 * 1024;

/// How much is read of what is refused.
const MOST_DRAINED: usize = 1024 * 1024;

/// For how long it is read.
const LONGEST_DRAINED: Duration = Duration::from_secs(1);

/// What archives begin with, and no text does.
const ARCHIVE: &[u8] = b"PK";

/// Refuses a body by what is said of it before it comes.
pub(super) fn check(headers: &HeaderMap, limits: DocumentLimits) -> Result<(), Refusal> {
    let unsupported = |message| Err(Refusal::bad_input(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, "UNSUPPORTED_MEDIA_TYPE"));
    let is_plain = |value: &[u8]| value.eq_ignore_ascii_case(b"identity");
    if !headers.get_all(header::CONTENT_ENCODING).iter().all(|value| is_plain(value.as_bytes())) {
        return unsupported("The body must not be compressed; an archive is a zip.");
    }
    let is_form = |value: &[u8]| value.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/"));
    if headers.get_all(header::CONTENT_TYPE).iter().any(|value| is_form(value.as_bytes())) {
        return unsupported("The body is the document itself, and not a form.");
    }
    let most = usize::try_from(document(limits).max(limits.archive)).unwrap_or(usize::MAX);
    match announced_length(headers) {
        Some(length) if length > most => Err(too_large(most)),
        _ => Ok(()),
    }
}

/// Reads what little is on its way of a body that is refused. A connection that is closed with unread bytes is reset, and whoever was still sending would
/// hear of that in place of the answer.
pub(super) async fn drain(body: &mut Body) {
    let read = async {
        let (mut chunks, mut length) = (BodyStream::new(body), 0);
        while let Some(Ok(chunk)) = chunks.next().await
            && length < MOST_DRAINED
        {
            length += chunk.data_ref().map_or(0, Bytes::len);
        }
    };
    let _ = timeout(LONGEST_DRAINED, read).await;
}

/// The most bytes of what is no archive.
fn document(limits: DocumentLimits) -> u64 {
    limits.collection.max(limits.environment).max(limits.definition)
}

impl Documents {
    /// Takes a body in: all of it, or nothing is left of it.
    pub(super) async fn receive(&self, body: &mut Body) -> Result<Source, Refusal> {
        timeout(self.deadline, self.spool(body)).await.unwrap_or_else(|_| Err(too_slow()))
    }

    async fn spool(&self, body: &mut Body) -> Result<Source, Refusal> {
        let limits = self.app.settings.documents;
        let (mut chunks, mut arriving) = (BodyStream::new(body), Arriving::default());
        while let Some(chunk) = timeout(self.pause, chunks.next()).await.map_err(|_| too_slow())? {
            let chunk = chunk.map_err(|_| Refusal::bad_input(StatusCode::BAD_REQUEST, "The body broke off.", "MALFORMED_REQUEST"))?;
            let Ok(chunk) = chunk.into_data() else { continue };
            arriving.take(&chunk).await?;
            let most = if arriving.beginning == ARCHIVE { limits.archive } else { document(limits) };
            if arriving.length > most {
                return Err(too_large(usize::try_from(most).unwrap_or(usize::MAX)));
            }
        }
        arriving.finish().await
    }
}

/// A body of which not all has come.
struct Arriving {
    file: SpooledTempFile,
    /// What was not written yet.
    waiting: Vec<u8>,
    beginning: Vec<u8>,
    length: u64,
}

impl Default for Arriving {
    fn default() -> Self {
        Self { file: SpooledTempFile::new(IN_MEMORY), waiting: Vec::new(), beginning: Vec::new(), length: 0 }
    }
}

impl Arriving {
    async fn take(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        self.length += chunk.len() as u64;
        let missing = ARCHIVE.len() - self.beginning.len();
        self.beginning.extend(chunk.iter().take(missing));
        self.waiting.extend_from_slice(chunk);
        if self.waiting.len() >= AT_ONCE { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<(), Refusal> {
        let (mut file, mut waiting) = (std::mem::replace(&mut self.file, SpooledTempFile::new(0)), std::mem::take(&mut self.waiting));
        let write = move || {
            file.write_all(&waiting)?;
            waiting.clear();
            io::Result::Ok((file, waiting))
        };
        let broken = |cause: Box<dyn std::error::Error + Send + Sync>| AppError::from(StoreError::Broken(cause));
        let written = spawn_blocking(write).await.map_err(|error| broken(error.into()))?;
        (self.file, self.waiting) = written.map_err(|error| broken(error.into()))?;
        Ok(())
    }

    async fn finish(mut self) -> Result<Source, Refusal> {
        self.write().await?;
        Ok(Source::File(Arc::new(Mutex::new(self.file)), self.length))
    }
}
