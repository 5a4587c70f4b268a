//! How conflicts of a merge are told, and how they are resolved.

use crate::app::error::{Refusal, Result};
use crate::app::snapshot::merge::ItemConflict;
use crate::domain::document::Json;
use crate::domain::merge::{Conflict, Decisions, DuplicatePath, Side};
use crate::domain::{ElementId, Reason};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The most conflicts that one answer tells.
const MOST_CONFLICTS: usize = 1_000;

/// The most bytes of values that one answer carries.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The most paths that are resolved one by one.
const MOST_RESOLUTIONS: usize = 10_000;

/// How the caller resolves conflicts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Resolutions {
    /// All that no path is given for.
    pub all: Option<Side>,
    /// Single ones.
    pub by_path: Vec<(String, Side)>,
}

impl Resolutions {
    /// The decisions that a merge asks for.
    pub(super) fn decisions(&self) -> Result<Decisions> {
        if self.by_path.len() > MOST_RESOLUTIONS {
            let message = format!("Up to {MOST_RESOLUTIONS} conflicts are resolved by their paths.");
            return Err(Refusal::bad_input("resolutions", Reason::TooMany, message).into());
        }
        Decisions::new(self.all, self.by_path.iter().cloned()).map_err(|DuplicatePath(path)| {
            let message = "A conflict is resolved to one side, and once.";
            Refusal::bad_input("resolutions", Reason::ContradictoryArguments, message).with_details(json!({ "path": path })).into()
        })
    }
}

/// Refuses resolutions of what is no conflict: the caller's picture is not what is there.
pub(super) fn check_met(decisions: &Decisions) -> Result<()> {
    let unmet: Vec<&str> = decisions.unmet().take(100).collect();
    if unmet.is_empty() {
        return Ok(());
    }
    let message = "There is no conflict at this path.";
    Err(Refusal::bad_input("resolutions", Reason::NoConflict, message).with_details(json!({ "paths": unmet })).into())
}

/// Where both sides changed the same thing, as the caller is told. Values are JSON texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldConflict {
    /// The path that resolves it.
    pub path: String,
    /// The item of the collection; none: the element itself.
    pub item_id: Option<String>,
    /// The name of the item.
    pub item_name: Option<String>,
    /// What both had.
    pub base: Option<String>,
    /// What the parent has.
    pub parent: Option<String>,
    /// What the fork has.
    pub fork: Option<String>,
    /// Whether it is about a secret, whose values are not told.
    pub secret: bool,
}

/// What came out of bringing changes from one side to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeOutcome {
    /// What the changes were brought into.
    pub element: ElementId,
    /// The version that it has now.
    pub version: i32,
    /// Whether they are in it now. False: there are conflicts, or it was only tried.
    pub applied: bool,
    /// How many items or variables of the element are touched by it.
    pub change_count: u64,
    /// What has to be resolved first.
    pub conflicts: Vec<ToldConflict>,
    /// How many conflicts there are, as far as they were looked for.
    pub conflict_count: u64,
}

/// The conflicts as they are told: the first of them, with their values as far as those fit into an answer.
pub(super) fn told(conflicts: Vec<ItemConflict>) -> Vec<ToldConflict> {
    let mut left = MOST_BYTES;
    let told = conflicts.into_iter().take(MOST_CONFLICTS).map(|ItemConflict { conflict, item_id, item_name }| {
        let item_id = item_id.map(|id| id.to_string());
        let Conflict { path, base, parent, fork, secret } = conflict;
        let mut text = |value: Option<Json>| {
            let text = String::from_utf8(value.filter(|_| !secret)?.to_bytes()).ok()?;
            left = left.checked_sub(text.len())?;
            Some(text)
        };
        let [base, parent, fork] = [base, parent, fork].map(&mut text);
        ToldConflict { path, item_id, item_name, base, parent, fork, secret }
    });
    told.collect()
}
