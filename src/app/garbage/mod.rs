//! Nodes that no revision needs any more are deleted.
//!
//! Documents share nodes, so that nobody can tell of a single one whether it can go. So a run marks what is needed, from the roots of all revisions on,
//! and deletes what is not marked. It does so in small transactions, while people go on working; the port says [what makes that
//! safe](super::ports::GarbageWrites). A run begins only after something was deleted, once a day at the most, and on one server:
//! whoever runs holds a lease, and a run that is cut off begins anew when its lease has ended.

mod begin;
mod mark;
mod sweep;

use super::App;
use super::error::Result;
use super::ports::StoreError;
use begin::{Begin, End, ForgetMarks};
use mark::{Follow, MarkRoots, Of};
use std::time::Duration;
use sweep::Sweep;
use uuid::Uuid;

/// How long after the beginning of a run the next one begins.
const INTERVAL: Duration = Duration::from_hours(24);

/// How long nobody else begins after the last transaction of a run.
const LEASE: Duration = Duration::from_hours(1);

/// How many nodes are followed in one transaction.
const FOLLOWED_AT_ONCE: usize = 32;

/// Collects garbage, if there is any and it is time to. A server has one run at a time, which is known by who holds its [leases](super::lease).
///
/// # Errors
/// What broke. A node that is needed and missing, or that cannot be read, ends the run before anything is deleted.
pub async fn collect(app: &App, holder: Uuid) -> Result<()> {
    let run = holder;
    if app.execute(None, None, &Begin { run }).await? { Collection { app, run }.finish().await } else { Ok(()) }
}

/// A run.
struct Collection<'a> {
    app: &'a App,
    run: Uuid,
}

impl Collection<'_> {
    async fn finish(&self) -> Result<()> {
        // Those of a run that was cut off.
        self.forget_marks().await?;
        self.mark(Of::Revisions).await?;
        // What was deleted before the run came by it may have given nodes to something newer that is behind.
        self.mark(Of::Released).await?;
        let deleted = self.sweep().await?;
        self.forget_marks().await?;
        self.app.execute(None, None, &End { run: self.run }).await?;
        tracing::info!(deleted, "nodes that nothing needed are gone");
        Ok(())
    }

    /// Goes through roots once, and marks what they need that is not marked yet.
    async fn mark(&self, of: Of) -> Result<()> {
        let mut after = None;
        loop {
            let roots = held(self.app.execute(None, None, &MarkRoots { run: self.run, of, after }).await?)?;
            let Some(last) = roots.last else { return Ok(()) };
            after = Some(last);
            // The last found is followed first: what waits is never more than a few nodes of each level need.
            let mut waiting: Vec<[u8; 32]> = roots.to_follow;
            while !waiting.is_empty() {
                let nodes = waiting.split_off(waiting.len().saturating_sub(FOLLOWED_AT_ONCE));
                waiting.extend(held(self.app.execute(None, None, &Follow { run: self.run, nodes }).await?)?);
            }
        }
    }

    async fn sweep(&self) -> Result<u64> {
        let (mut deleted, mut after) = (0, None);
        loop {
            let swept = held(self.app.execute(None, None, &Sweep { run: self.run, after }).await?)?;
            deleted += swept.deleted;
            after = swept.last;
            if after.is_none() {
                return Ok(deleted);
            }
        }
    }

    async fn forget_marks(&self) -> Result<()> {
        while held(self.app.execute(None, None, &ForgetMarks { run: self.run }).await?)? > 0 {}
        Ok(())
    }
}

/// What a step did; without the lease it did nothing, and the run is over.
fn held<T>(step: Option<T>) -> Result<T> {
    Ok(step.ok_or_else(|| StoreError::Contention("another run of the collection of garbage has begun".into()))?)
}
