//! A collection on its way out.

use super::{Export, unwritten};
use crate::app::error::Result;
use crate::app::snapshot::Snapshot;
use crate::domain::document::collection::{CollectionWriter, Version};
use crate::domain::snapshot::NodeHash;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::Sender;

/// How many items are read at once.
const ITEMS: usize = 256;

/// A part goes out when it has so many bytes.
const PART: usize = 256 * 1024;

/// What was written and not sent yet.
#[derive(Clone, Default)]
struct Outgoing(Arc<Mutex<Vec<u8>>>);

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
    fn part(&self, least: usize) -> Option<Vec<u8>> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (bytes.len() >= least && !bytes.is_empty()).then(|| std::mem::take(&mut *bytes))
    }
}

/// Writes the collection. Ends early where nobody reads any more.
pub(super) async fn write(export: &Export, from: Version, to: Version, parts: &Sender<Result<Vec<u8>>>) -> Result<()> {
    let snapshot = Snapshot::open(export.app.queries(), NodeHash::new(export.root)).await?;
    let outgoing = Outgoing::default();
    let mut writer = CollectionWriter::new(outgoing.clone(), from, to);
    let head = snapshot.contents(&[snapshot.root().head]).await?.pop().unwrap_or_default();
    writer.begin(&head).map_err(unwritten)?;
    let (mut walk, mut open) = (snapshot.walk(), 0);
    loop {
        let items = walk.next_batch(ITEMS).await?;
        if items.is_empty() {
            break;
        }
        let hashes: Vec<NodeHash> = items.iter().map(|item| item.entry.content).collect();
        for (item, content) in items.iter().zip(snapshot.contents(&hashes).await?) {
            while open > item.depth {
                writer.end_folder().map_err(unwritten)?;
                open -= 1;
            }
            if item.entry.summary.is_folder {
                writer.begin_folder(&content).map_err(unwritten)?;
                open += 1;
            } else {
                writer.item(&content).map_err(unwritten)?;
            }
            if let Some(part) = outgoing.part(PART) {
                export.check().await?;
                if parts.send(Ok(part)).await.is_err() {
                    return Ok(());
                }
            }
        }
    }
    for _ in 0..open {
        writer.end_folder().map_err(unwritten)?;
    }
    writer.finish().map_err(unwritten)?;
    if let Some(part) = outgoing.part(0) {
        // An error says that nobody reads any more.
        let _ = parts.send(Ok(part)).await;
    }
    Ok(())
}
