//! Forks: an element that was taken from another one, and that changes are brought into and out of (domain.md, section 3.5).

mod combine;
mod create;
mod environment;
mod merge;
mod news;
mod outcome;
mod pull;

pub use create::ForkElement;
pub use merge::MergeFork;
pub(super) use news::{record_at_fork, tell_forks};
pub use outcome::{MergeOutcome, Resolutions, ToldConflict};
pub use pull::PullChanges;
