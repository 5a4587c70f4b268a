//! Forks, and where they stand towards what they were taken from.

use super::Recipient;
use crate::domain::{ElementId, Timestamp, UserId};

/// What makes an element a fork of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The fork.
    pub element_id: ElementId,
    /// What it was taken from; none: that is gone for good.
    pub parent_id: Option<ElementId>,
    /// What it is called among the forks of its parent.
    pub label: String,
    /// Where the two last met.
    pub base: ForkBase,
    /// When it was taken.
    pub created_at: Timestamp,
    /// Who took it.
    pub created_by: UserId,
}

/// Where a fork and its parent last met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForkBase {
    /// The version that the parent had.
    pub parent_version: i32,
    /// The node that the parent's document began with. Never shown to anybody.
    pub parent_root: [u8; 32],
    /// The node of what both had: the next merge starts from it. Never shown to anybody.
    pub root: [u8; 32],
}

/// Somebody who edits a fork that a change of its parent leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBehind {
    /// The fork.
    pub fork: ElementId,
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Who edits it.
    pub editor: Recipient,
}
