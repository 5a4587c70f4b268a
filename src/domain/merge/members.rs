//! The members of an object by their keys.

use crate::domain::document::{Json, json::Member};
use std::collections::HashMap;

/// As many members are found faster by looking at each.
const FEW: usize = 16;

/// The members of an object by their keys.
pub(super) enum Members<'a> {
    Few(&'a [Member]),
    Many(HashMap<&'a str, &'a Json>),
}

impl<'a> Members<'a> {
    /// None if a key comes twice.
    pub fn new(members: &'a [Member]) -> Option<Self> {
        let is_new = |at: usize, key: &str| members.iter().take(at).all(|(other, _)| **other != *key);
        if members.len() <= FEW {
            return members.iter().enumerate().all(|(at, (key, _))| is_new(at, key)).then_some(Self::Few(members));
        }
        let by_key: HashMap<_, _> = members.iter().map(|(key, value)| (&**key, value)).collect();
        (by_key.len() == members.len()).then_some(Self::Many(by_key))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Json> {
        match self {
            Self::Few(members) => members.iter().find(|(other, _)| **other == *key).map(|(_, value)| value),
            Self::Many(members) => members.get(key).copied(),
        }
    }
}
