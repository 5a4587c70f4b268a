//! What goes out part by part, as whoever reads it takes it.

use crate::app::error::Result;
use crate::app::ports::StoreError;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::timeout;

/// How many parts wait for a reader who is slower than the store.
const WAITING: usize = 2;

/// A part goes out when it has so many bytes.
pub(super) const PART: usize = 256 * 1024;

/// How long a part waits for a reader. Then what is still to come is not made any more.
const PATIENCE: Duration = Duration::from_mins(1);

/// A document on its way out.
#[derive(Debug)]
pub struct Parts {
    coming: Receiver<Coming>,
    has_ended: bool,
}

/// Where the parts are put.
#[derive(Debug, Clone)]
pub(super) struct Outlet(Sender<Coming>);

#[derive(Debug)]
enum Coming {
    Part(Vec<u8>),
    /// All of it has come: a document that merely stops is not taken for whole.
    End(Result<()>),
}

impl Parts {
    /// The parts that somebody writes. They are written while they are read, and no further where nobody reads any more; so long something is
    /// held that whoever asks for them gave for it.
    pub(super) fn of<F: Future<Output = Result<()>> + Send + 'static>(
        held: impl Send + 'static,
        write: impl FnOnce(Outlet) -> F + Send + 'static,
    ) -> Self {
        let (outlet, coming) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let _held = held;
            let end = write(Outlet(outlet.clone())).await;
            // Whoever reads no more needs no end either.
            let _ = timeout(PATIENCE, outlet.send(Coming::End(end))).await;
        });
        Self { coming, has_ended: false }
    }

    /// The next part; none: that was all of it. After an error nothing comes, and what came is not all of it.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>>> {
        if self.has_ended {
            return None;
        }
        match self.coming.recv().await {
            Some(Coming::Part(part)) => return Some(Ok(part)),
            Some(Coming::End(Ok(()))) => self.has_ended = true,
            Some(Coming::End(Err(error))) => {
                self.has_ended = true;
                return Some(Err(error));
            }
            None => {
                self.has_ended = true;
                let cause = "an export stopped before its end: whoever reads it was too slow, or it broke";
                return Some(Err(StoreError::Unavailable(cause.into()).into()));
            }
        }
        None
    }

    /// All of it.
    ///
    /// # Errors
    /// What broke.
    pub async fn whole(mut self) -> Result<Vec<u8>> {
        let mut whole = Vec::new();
        while let Some(part) = self.next().await {
            let part = part?;
            // Many documents are one part.
            if whole.is_empty() {
                whole = part;
            } else {
                whole.extend(part);
            }
        }
        Ok(whole)
    }
}

impl Outlet {
    /// Puts a part out. `false`: nobody takes it, and nothing more needs to be written.
    pub async fn put(&self, part: Vec<u8>) -> bool {
        part.is_empty() || matches!(timeout(PATIENCE, self.0.send(Coming::Part(part))).await, Ok(Ok(())))
    }
}

/// What was written and not put out yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Outgoing(Arc<Mutex<Vec<u8>>>);

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outgoing {
    /// What was written, once it is worth sending.
    pub fn part(&self, least: usize) -> Option<Vec<u8>> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (bytes.len() >= least && !bytes.is_empty()).then(|| std::mem::take(&mut *bytes))
    }
}
