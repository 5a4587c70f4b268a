//! The three values that a merge takes.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// Whose value is taken where both changed the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    /// What was forked.
    Parent,
    /// The fork.
    Fork,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Parent => Self::Fork,
            Self::Fork => Self::Parent,
        }
    }
}

/// Something as it was when both were last the same, and as each has it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Sides<T> {
    /// As it was.
    pub base: T,
    /// As the parent has it.
    pub parent: T,
    /// As the fork has it.
    pub fork: T,
}

impl<T> Sides<T> {
    /// The same of every side.
    pub fn map<U>(self, mut of: impl FnMut(T) -> U) -> Sides<U> {
        Sides { base: of(self.base), parent: of(self.parent), fork: of(self.fork) }
    }

    /// Every side, to be looked at.
    #[must_use]
    pub const fn as_ref(&self) -> Sides<&T> {
        Sides { base: &self.base, parent: &self.parent, fork: &self.fork }
    }

    /// The base, the parent and the fork.
    #[must_use]
    pub fn into_array(self) -> [T; 3] {
        [self.base, self.parent, self.fork]
    }

    /// What one side has.
    #[must_use]
    pub fn of(self, side: Side) -> T {
        match side {
            Side::Parent => self.parent,
            Side::Fork => self.fork,
        }
    }

    /// The same with parent and fork in each other's place.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { base: self.base, parent: self.fork, fork: self.parent }
    }
}

impl<T: PartialEq> Sides<T> {
    /// What both agree on: what both have, or the only change. None if both changed it, and differently.
    #[must_use]
    pub fn agreed(self) -> Option<T> {
        if self.parent == self.fork || self.base == self.fork {
            Some(self.parent)
        } else if self.base == self.parent {
            Some(self.fork)
        } else {
            None
        }
    }
}

impl<T> Sides<Option<T>> {
    /// The sides that have something.
    pub fn present(self) -> impl Iterator<Item = T> {
        self.into_array().into_iter().flatten()
    }

    /// The same of every side that has something. None if one has it and gives none.
    pub fn all<U>(self, mut of: impl FnMut(T) -> Option<U>) -> Option<Sides<Option<U>>> {
        let mut of = |side: Option<T>| side.map_or(Some(None), |value| of(value).map(Some));
        Some(Sides { base: of(self.base)?, parent: of(self.parent)?, fork: of(self.fork)? })
    }
}
