//! What is needed is marked.
//!
//! A node is marked either as one whose own needs are followed, or as content, which needs nothing whatever its bytes look like. Somebody may
//! bring in a document that is, byte for byte, a node of others: so being content never keeps a node from being followed.

use super::LEASE;
use crate::app::error::Result;
use crate::app::ports::StoreError;
use crate::app::{App, Command, Work};
use crate::domain::snapshot::{NodeHash, Reference, references};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most roots that are marked at once.
const ROOTS: u64 = 500;

/// Which roots are marked.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) enum Of {
    /// Those of revisions that are there.
    Revisions,
    /// Those of revisions that were let go of lately.
    Released,
}

/// Marks roots, of those after one, up to a number.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MarkRoots {
    pub run: Uuid,
    pub of: Of,
    pub after: Option<[u8; 32]>,
}

/// The roots that were found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Roots {
    /// Those that need others: they are marked when they are followed.
    pub to_follow: Vec<[u8; 32]>,
    /// The last of them; none: there was none.
    pub last: Option<[u8; 32]>,
}

impl Command for MarkRoots {
    const NAME: &'static str = "markRoots";
    /// None: it is another run's turn.
    type Outcome = Option<Roots>;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Option<Roots>> {
        if work.tx.renew_collection(self.run, work.now() + LEASE).await?.is_none() {
            return Ok(None);
        }
        let after = self.after.map(NodeHash::new);
        let found = match self.of {
            Of::Revisions => work.tx.list_roots(after, ROOTS).await?,
            Of::Released => work.tx.list_released_roots(after, ROOTS).await?,
        };
        let contents: Vec<NodeHash> = found.iter().filter(|root| !root.is_followed).map(|root| root.hash).collect();
        work.tx.mark_contents(&contents).await?;
        let to_follow = found.iter().filter(|root| root.is_followed).map(|root| *root.hash.as_bytes()).collect();
        Ok(Some(Roots { to_follow, last: found.last().map(|root| *root.hash.as_bytes()) }))
    }
}

/// Marks nodes, and what they need that needs nothing in turn.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Follow {
    pub run: Uuid,
    pub nodes: Vec<[u8; 32]>,
}

impl Command for Follow {
    const NAME: &'static str = "followNodes";
    /// The nodes to follow next; none: it is another run's turn.
    type Outcome = Option<Vec<[u8; 32]>>;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<Option<Vec<[u8; 32]>>> {
        if work.tx.renew_collection(self.run, work.now() + LEASE).await?.is_none() {
            return Ok(None);
        }
        let nodes: BTreeSet<NodeHash> = self.nodes.iter().copied().map(NodeHash::new).collect();
        let new = work.tx.mark_nodes(&nodes.into_iter().collect::<Vec<_>>()).await?;
        let found = work.tx.list_node_bytes(&new).await?;
        if found.len() != new.len() {
            let cause = format!("of {} nodes that are needed, {} are missing", new.len(), new.len() - found.len());
            return Err(StoreError::Broken(cause.into()).into());
        }
        let (mut next, mut contents) = (BTreeSet::new(), BTreeSet::new());
        for bytes in found {
            for reference in references(&bytes).map_err(|malformed| StoreError::Broken(malformed.into()))? {
                match reference {
                    Reference::Node(hash) => next.insert(*hash.as_bytes()),
                    Reference::Content(hash) => contents.insert(hash),
                };
            }
        }
        work.tx.mark_contents(&contents.into_iter().collect::<Vec<_>>()).await?;
        Ok(Some(next.into_iter().collect()))
    }
}
