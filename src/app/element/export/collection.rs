//! A collection on its way out.

use super::parts::{Outgoing, Outlet, PART};
use super::{Export, unwritten};
use crate::app::error::Result;
use crate::app::snapshot::{Snapshot, Walked};
use crate::domain::document::collection::{CollectionWriter, Version};
use crate::domain::snapshot::NodeHash;

/// How many items are read at once.
const ITEMS: usize = 256;

/// Of items so many bytes are read at once, or one that is larger.
const BYTES: usize = 1024 * 1024;

/// Writes the collection. Ends early where nobody reads any more.
pub(super) async fn write(export: &Export, from: Version, to: Version, outlet: &Outlet) -> Result<()> {
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
        for some in runs(&items) {
            let hashes: Vec<NodeHash> = some.iter().map(|item| item.entry.content).collect();
            for (item, content) in some.iter().zip(snapshot.contents(&hashes).await?) {
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
            }
            if let Some(part) = outgoing.part(PART) {
                export.check().await?;
                if !outlet.put(part).await {
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
        outlet.put(part).await;
    }
    Ok(())
}

/// The items in runs of which each fits into memory.
fn runs(items: &[Walked]) -> impl Iterator<Item = &[Walked]> {
    let mut left = items;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = left.iter().take_while(|item| {
            let is_first = bytes == 0;
            bytes += item.entry.size as usize;
            is_first || bytes <= BYTES
        });
        let (some, rest) = left.split_at(fits.count());
        left = rest;
        (!some.is_empty()).then_some(some)
    })
}
