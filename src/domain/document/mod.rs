//! What the formats of documents demand: reading, checking, converting and writing collections, environments and API definitions.
//!
//! A document is kept as its author wrote it: order of keys, numbers, unknown fields and duplicates included. What is compared, hashed and
//! stored are its *canonical bytes*: the same JSON without white space, numbers as written, and strings escaped in one way.
//!
//! * [`json`] holds a value in memory, for documents that are edited or small.
//! * [`collection`] reads a collection item by item, converts its nodes between versions and writes it again, whatever its size.
//! * [`environment`] knows variables and which of them are secret.
//! * [`definition`] recognises API definitions, which are kept byte for byte.
//! * [`archive`] knows what is in the archive of a workspace, and [`file_name`] what a document is called as a file.
//! * [`detect`] tells which of these unknown bytes are, and [`text`] makes UTF-8 of what real files hold.
//!
//! Whatever is refused says where: by JSON Pointer, and by line where there is one.
//!
//! ```
//! use portico::domain::document::{Limits, collection};
//!
//! let file = br#"{"info":{"name":"Pets","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
//!     "item":[{"name":"List pets","request":"https://example.com/pets"}]}"#;
//! let mut names = Vec::new();
//! let read = collection::read_collection(&file[..], &Limits::default(), &mut |item: collection::ReadItem| {
//!     names.push(item.summary.name);
//!     Ok::<(), std::convert::Infallible>(())
//! });
//! assert_eq!(read.map(|collection| collection.name).ok().as_deref(), Some("Pets"));
//! assert_eq!(names, ["List pets"]);
//! ```

#[cfg(test)]
pub(in crate::domain) mod arbitrary;
pub mod archive;
pub mod collection;
pub mod definition;
pub mod detect;
pub mod environment;
mod error;
pub mod file_name;
pub mod json;
mod raw;
pub mod text;
mod tokens;

pub use error::{DocumentError, ErrorKind, Place, ReadError};
pub use json::Json;

/// How large a document may be before it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes, as they come in.
    pub bytes: u64,
    /// Most levels of folders inside one another.
    pub depth: u32,
    /// Most items of a collection, folders and requests together.
    pub items: u32,
    /// Most levels of arrays and objects in one value: an item without its children, an environment, a definition.
    pub nesting: u32,
    /// Most variables of an environment.
    pub variables: u32,
    /// Most values inside one another and beside one another: of an item without its children, of an environment. In memory each takes many
    /// times the room of its text.
    pub values: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 128 * 1024 * 1024, depth: 256, items: 500_000, nesting: 512, variables: 10_000, values: 2_000_000 }
    }
}
