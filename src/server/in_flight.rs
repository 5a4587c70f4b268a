//! What outlives the request that began it, so that a server can wait for it before it exits.

use std::sync::Arc;

use tokio::sync::watch;

/// Counts running mutations and open sockets.
///
/// A mutation goes on when its client hangs up, and axum's graceful shutdown knows nothing of
/// it, nor of a connection once it became a WebSocket.
#[derive(Debug, Clone)]
pub struct InFlight(Arc<watch::Sender<usize>>);

impl Default for InFlight {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl InFlight {
    /// Waits until nothing is running any more.
    pub async fn finished(&self) {
        // The sender lives in `self`, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }

    /// How many mutations and sockets there are now.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Counts one more until the guard is dropped.
    pub(super) fn begin(&self) -> Running {
        self.0.send_modify(|count| *count += 1);
        Running(self.clone())
    }
}

/// Something that is running.
#[derive(Debug)]
pub(super) struct Running(InFlight);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
