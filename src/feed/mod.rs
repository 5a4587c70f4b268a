//! Feeds: pages from the database, then live entries, without a gap between them.
//!
//! A [`Tail`] gives every entry of a feed after a place, once and in order, for as long as its reader may see
//! it. The bus is only a wake-up: an entry that is not the next number means that something was missed, and what was missed
//! is read from the database. A lost message, a slow reader, a restarted server and a second node are one case. What is forgotten before its reader
//! came to it is said, and never skipped.

pub mod bus;
mod sources;
mod tail;

pub use sources::{ActivitySource, NotificationSource};
pub use tail::{Look, PAGE, Source, Tail, TailError};
