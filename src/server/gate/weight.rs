//! What a selection weighs, and how weights add up.

use super::{Excess, Limits, Rejection};

/// Counts of a selection set with its fragments expanded. Sums saturate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub cost: u64,
    pub selections: u64,
    pub aliases: u64,
    pub directives: u64,
    pub fields: u64,
    pub depth: u32,
    pub nesting: u32,
    pub introspection_lists: u32,
    pub selects_rows: bool,
}

impl Weight {
    /// Puts another selection of the same set beside this one.
    pub fn add(&mut self, other: Self) {
        self.cost = self.cost.saturating_add(other.cost);
        self.selections = self.selections.saturating_add(other.selections);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.fields = self.fields.saturating_add(other.fields);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
        self.selects_rows |= other.selects_rows;
    }

    /// Refuses an operation whose counts are above the limits.
    pub fn check(&self, limits: &Limits) -> Result<(), Rejection> {
        let counts = [
            (Excess::Depth, self.depth.into(), limits.max_depth.into()),
            (Excess::IntrospectionDepth, self.introspection_lists.into(), MAX_INTROSPECTION_LISTS),
            (Excess::RootFields, self.fields, limits.max_root_fields),
            (Excess::Aliases, self.aliases, limits.max_aliases),
            (Excess::Directives, self.directives, limits.max_directives),
            (Excess::Cost, self.cost, limits.max_cost),
        ];
        counts.into_iter().try_for_each(
            |(excess, count, limit)| {
                if count > limit { Err(Rejection::TooMuch { excess, limit }) } else { Ok(()) }
            },
        )
    }
}

/// Lists of the introspection system that lead from a type to types again, one below another. The
/// usual query never nests them; two leave room for tools, and each more multiplies the answer.
const MAX_INTROSPECTION_LISTS: u64 = 2;
