//! How conflicts are resolved.

use super::Side;
use std::collections::BTreeMap;

/// How conflicts are resolved: each by the side that its path is given, and else by the one that is given for all.
///
/// It remembers which of the paths were conflicts, so that a decision that was made about something else does not pass unnoticed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    all: Option<Side>,
    by_path: BTreeMap<String, Decision>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Decision {
    take: Side,
    met: bool,
}

/// A path was decided twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the conflict at \"{0}\" is decided twice")]
pub struct DuplicatePath(
    /// The path.
    pub String,
);

impl Decisions {
    /// Resolves the conflicts at these paths, and all others to one side if one is given.
    ///
    /// # Errors
    /// A path comes twice.
    pub fn new(all: Option<Side>, by_path: impl IntoIterator<Item = (String, Side)>) -> Result<Self, DuplicatePath> {
        let mut decisions = Self { all, by_path: BTreeMap::new() };
        for (path, take) in by_path {
            if decisions.by_path.contains_key(&path) {
                return Err(DuplicatePath(path));
            }
            decisions.by_path.insert(path, Decision { take, met: false });
        }
        Ok(decisions)
    }

    /// Which side a conflict is resolved to. None if nobody has decided it.
    pub fn decide(&mut self, path: &str) -> Option<Side> {
        match self.by_path.get_mut(path) {
            Some(decision) => {
                decision.met = true;
                Some(decision.take)
            }
            None => self.all,
        }
    }

    /// The paths that were decided and have been no conflict so far.
    pub fn unmet(&self) -> impl Iterator<Item = &str> {
        self.by_path.iter().filter(|(_, decision)| !decision.met).map(|(path, _)| path.as_str())
    }
}
