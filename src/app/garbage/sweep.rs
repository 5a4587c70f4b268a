//! What is not marked is deleted.

use super::LEASE;
use crate::app::error::Result;
use crate::app::ports::NODE_GRACE;
use crate::app::{App, Command, Work};
use crate::domain::snapshot::NodeHash;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many nodes one transaction looks at.
const NODES: u64 = 1_000;

/// Deletes what is not marked, of the next nodes after one.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Sweep {
    pub run: Uuid,
    pub after: Option<[u8; 32]>,
}

/// What was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Swept {
    /// How many nodes.
    pub deleted: u64,
    /// The last node that was looked at; none: it was the end.
    pub last: Option<[u8; 32]>,
}

impl Command for Sweep {
    const NAME: &'static str = "sweepNodes";
    /// None: it is another run's turn.
    type Outcome = Option<Swept>;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Option<Swept>> {
        let Some(began_at) = work.tx.renew_collection(self.run, work.now() + LEASE).await? else { return Ok(None) };
        let after = self.after.map(NodeHash::new);
        let (deleted, last) = work.tx.delete_unmarked_nodes(after, NODES, began_at - NODE_GRACE).await?;
        Ok(Some(Swept { deleted, last: last.map(|hash| *hash.as_bytes()) }))
    }
}
