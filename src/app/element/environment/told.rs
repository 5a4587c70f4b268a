//! What an edit of an environment is told as: to the history by keys alone, to the workspace with what everybody there may read.

use super::update::UpdateEnvironment;
use crate::domain::activity::{EnvironmentEdit, VariableEdit};
use crate::domain::document::Json;
use crate::domain::document::environment::{Environment, Variable, shown};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// How many keys the history names of one edit.
const TOLD_KEYS: usize = 100;

/// The most bytes of variables that an entry of activity carries.
const MAX_ACTIVITY_BYTES: usize = 64 * 1024;

/// How one environment differs from an earlier one, both opened.
pub(super) struct Changes<'a> {
    /// The variables that are other than they were, or new.
    set: Vec<Variable<'a>>,
    /// The keys of those that are gone.
    removed: Vec<&'a str>,
    after: &'a Environment,
}

impl<'a> Changes<'a> {
    pub fn between(before: &'a Environment, after: &'a Environment) -> Self {
        let mut left: BTreeMap<&str, VecDeque<&Json>> = BTreeMap::new();
        for (variable, json) in before.variables().zip(before.values()) {
            left.entry(variable.key).or_default().push_back(json);
        }
        let mut set = Vec::new();
        for (variable, json) in after.variables().zip(after.values()) {
            if left.get_mut(variable.key).and_then(VecDeque::pop_front) != Some(json) {
                set.push(variable);
            }
        }
        let removed = left.into_iter().filter(|(_, left)| !left.is_empty()).map(|(key, _)| key).collect();
        Self { set, removed, after }
    }

    /// What the history keeps: keys, and no values.
    pub fn brief(&self, edit: &UpdateEnvironment, is_renamed: bool) -> Value {
        let set: Vec<&str> = self.set.iter().map(|variable| variable.key).collect();
        let told = |keys: &[&str]| json!({ "keys": keys[..keys.len().min(TOLD_KEYS)], "count": keys.len() });
        let mut changes = Vec::new();
        if is_renamed {
            changes.push(json!({ "name": {} }));
        }
        if edit.values.is_some() {
            changes.push(json!({ "values": told(&set) }));
        } else if !set.is_empty() {
            changes.push(json!({ "setValues": told(&set) }));
        }
        if !self.removed.is_empty() {
            changes.push(json!({ "removeKeys": told(&self.removed) }));
        }
        json!(changes)
    }

    /// What the workspace is told, for a client to do the same to its own copy.
    pub fn told(&self, edit: &UpdateEnvironment, name: String, version: i32) -> EnvironmentEdit {
        let replaced = edit.values.is_some();
        let set: Vec<VariableEdit> = if replaced {
            self.after.variables().map(|variable| told_of(&variable)).collect()
        } else {
            self.set.iter().map(told_of).collect()
        };
        let removed: Vec<String> = self.removed.iter().map(|key| (*key).to_owned()).collect();
        let mut told = EnvironmentEdit { element_id: edit.environment, name, version, replaced, set, removed, complete: true };
        if json!(told).to_string().len() > MAX_ACTIVITY_BYTES {
            told.complete = false;
            told.set.clear();
            told.removed.clear();
        }
        told
    }
}

fn told_of(variable: &Variable<'_>) -> VariableEdit {
    VariableEdit {
        key: variable.key.to_owned(),
        value: variable.value.filter(|_| !variable.secret).and_then(shown),
        kind: variable.kind.map(str::to_owned),
        enabled: variable.enabled,
        is_secret: variable.secret,
        description: variable.description.and_then(shown),
    }
}
