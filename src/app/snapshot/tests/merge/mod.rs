//! Merging of collections.

mod bounds;
mod conflicts;
mod laws;
mod ranks;
mod world;
