//! What becomes of two documents that began as one: three-way merging of JSON, texts, environments and API definitions (domain.md, section 3.5).
//!
//! A merge takes three *sides*: the base, which both had when they were last the same, the parent and the fork. What only one of them changed
//! applies by itself. What both changed differently is a [`Conflict`], which names its place and holds what each side has there, until a
//! [`Decision`](Decisions) for that place, or for all, takes one side. The result does not depend on which side is called parent.
//!
//! * [`merge_json`] merges values key by key, and arrays whose elements have keys element by element.
//! * [`merge_order`] merges the order of things that have keys, [`merge_lines`] texts line by line.
//! * [`merge_environment`] and [`merge_definition`] merge whole documents of these kinds.
//!
//! No effort is more than proportional to the size of what is merged: what is too large, too deep or too different to be taken apart is merged
//! as one value.
//!
//! ```
//! use portico::domain::{document::{Json, Limits}, merge::{Decisions, Side, Sides, merge_json}};
//!
//! let read = |text: &str| Json::parse(text.as_bytes(), &Limits::default());
//! let base = read(r#"{"name":"Pets","method":"GET"}"#)?;
//! let parent = read(r#"{"name":"All pets","method":"HEAD"}"#)?;
//! let fork = read(r#"{"name":"My pets","method":"GET"}"#)?;
//! let sides = Sides { base: &base, parent: &parent, fork: &fork };
//!
//! let merged = merge_json(sides.map(Some), "/items/7", &mut Decisions::default());
//! assert_eq!(merged.conflicts.iter().map(|conflict| conflict.path.as_str()).collect::<Vec<_>>(), ["/items/7/name"]);
//!
//! let mut decisions = Decisions::new(None, [("/items/7/name".to_owned(), Side::Fork)])?;
//! let merged = merge_json(sides.map(Some), "/items/7", &mut decisions);
//! assert_eq!(merged.value, Some(read(r#"{"name":"My pets","method":"HEAD"}"#)?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod array;
mod decisions;
mod definition;
mod distance;
mod environment;
mod json;
mod lines;
mod members;
mod order;
mod path;
mod sides;
#[cfg(test)]
mod tests;
mod text;
mod url;

pub use decisions::{Decisions, DuplicatePath};
pub use definition::{DEFINITION, merge_definition};
pub use environment::merge_environment;
pub use json::merge_json;
pub use lines::merge_lines;
pub use order::merge_order;
pub use path::push_step;
pub use sides::{Side, Sides};

use crate::domain::document::Json;

/// The most conflicts of one value that are told. There may be more where there are so many: these are told once the first are decided.
pub const MOST_CONFLICTS: usize = 10_000;

/// Both sides changed the same thing, and differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which thing: the prefix that the merge was given, and steps such as those of a JSON Pointer.
    ///
    /// The step into an array is the key of the element, `~` and a number behind it if it is not the first of that key: `/header/Accept~2/value`.
    /// `~order` stands for the order of an array's elements.
    pub path: String,
    /// What was there. None if nothing was.
    pub base: Option<Json>,
    /// What the parent has there. None if nothing is.
    pub parent: Option<Json>,
    /// What the fork has there. None if nothing is.
    pub fork: Option<Json>,
    /// Whether any of the values is or contains a variable that says it is secret.
    pub secret: bool,
}

impl Conflict {
    /// A conflict at this path, of these values.
    #[must_use]
    pub fn new(path: String, values: Sides<Option<Json>>) -> Self {
        let secret = values.as_ref().into_array().into_iter().flatten().any(json::holds_secret);
        let Sides { base, parent, fork } = values;
        Self { path, base, parent, fork, secret }
    }
}

/// What came out of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged<T> {
    /// The result. Where there are conflicts it has what the parent has, and is not to be used.
    pub value: T,
    /// What nobody has decided yet.
    pub conflicts: Vec<Conflict>,
}

impl<T> Merged<T> {
    /// The same conflicts, with another form of the result.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Merged<U> {
        Merged { value: change(self.value), conflicts: self.conflicts }
    }
}
