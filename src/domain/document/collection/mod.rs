//! Collections of requests, v2.0.0 and v2.1.0, read and written item by item.
//!
//! A collection is taken apart into nodes: its *head*, which is the object of the collection with its `item` array emptied, and each
//! item's *content*, likewise without its children. No more than one item is in memory at a time, so a collection may be of any size.
//!
//! ```
//! use portico::domain::document::{Limits, collection::{CollectionWriter, ReadItem, Version, read_collection}};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let file = br#"{"info":{"name":"Pets","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"List"}]}"#;
//! let mut items = Vec::new();
//! let read = read_collection(&file[..], &Limits::default(), &mut |item: ReadItem| {
//!     items.push(item);
//!     Ok::<(), std::convert::Infallible>(())
//! })?;
//!
//! let mut writer = CollectionWriter::new(Vec::new(), read.version, Version::V2_1);
//! writer.begin(&read.head)?;
//! for item in &items {
//!     writer.item(&item.content)?;
//! }
//! assert_eq!(writer.finish()?, file);
//! # Ok(())
//! # }
//! ```

mod convert;
mod ids;
mod read;
mod summary;
mod write;

pub use convert::{Node, Version, convert};
pub use ids::{ItemId, Unsettled, settle_ids};
pub use read::{ReadCollection, ReadItem, read_collection};
pub use summary::{Summary, summarize};
pub use write::CollectionWriter;

#[cfg(test)]
mod tests;
