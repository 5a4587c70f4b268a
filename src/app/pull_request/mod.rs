//! Pull requests: the changes of a fork are proposed to its parent, reviewed, talked about, and merged (domain.md, section 3.5).
//!
//! An approval is of the fork as it was then: once the fork changes, the pull request waits for another one. In multi-partner mode what partners open is
//! not there for partners of another organization.

mod comment;
mod merge;
mod news;
mod open;
mod review;
mod reviewers;
mod update;

pub use comment::{AddPullRequestComment, DeletePullRequestComment, EditPullRequestComment};
pub use merge::{MergePullRequest, PullRequestMerge};
pub use open::CreatePullRequest;
pub use review::{ApprovePullRequest, DeclinePullRequest, Review, WithdrawPullRequest};
pub use update::UpdatePullRequest;
