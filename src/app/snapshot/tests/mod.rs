//! Snapshots against what is simple and obviously right.

mod bounds;
mod edits;
mod merge;
mod model;
mod reads;
mod source;
