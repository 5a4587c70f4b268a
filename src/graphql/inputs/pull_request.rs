//! What mutations take that are about pull requests.

use super::{ConflictResolution, inputs};
use crate::graphql::enums::{MergeSide, MergeStrategy};
use async_graphql::ID;

inputs! {
    /// What createPullRequest takes.
    CreatePullRequestInput {
        /// The fork whose changes are proposed to its parent.
        fork_id: ID,
        /// What it is called: 1 to 255 characters.
        title: String,
        /// What it is about, in Markdown: up to 64 KiB.
        description: Option<String>,
        /// Who is asked to review it: up to 50 people who may open the parent. They are told so.
        reviewer_ids: Option<Vec<ID>>,
    }

    /// What updatePullRequest takes.
    UpdatePullRequestInput {
        /// The pull request: one of your own.
        pull_request_id: ID,
        /// What it is called from now on.
        title: Option<String>,
        /// What it is about from now on.
        description: Option<String>,
        /// Who is asked to review it from now on: up to 50. Whoever has reviewed it stays.
        reviewer_ids: Option<Vec<ID>>,
        /// The version that you have read; another one is refused.
        expected_version: Option<i32>,
    }

    /// What approvePullRequest takes.
    ApprovePullRequestInput {
        /// The pull request.
        pull_request_id: ID,
        /// What you add, up to 2,000 characters: it becomes a comment.
        comment: Option<String>,
        /// The version of the fork that you have read; where it has another one now, nothing is approved.
        fork_version: Option<i32>,
    }

    /// What declinePullRequest takes.
    DeclinePullRequestInput {
        /// The pull request.
        pull_request_id: ID,
        /// What you add, up to 2,000 characters: it becomes a comment.
        comment: Option<String>,
    }

    /// What withdrawPullRequest takes.
    WithdrawPullRequestInput {
        /// The pull request: one of your own.
        pull_request_id: ID,
    }

    /// What mergePullRequest takes.
    MergePullRequestInput {
        /// The pull request.
        pull_request_id: ID,
        /// What becomes of the fork; null: it stays as it is.
        strategy: Option<MergeStrategy>,
        /// Whose value holds in every conflict that no resolution names.
        resolve_all: Option<MergeSide>,
        /// How single conflicts are resolved: up to 10,000.
        resolutions: Option<Vec<ConflictResolution>>,
        /// Only tells what would happen. That needs no approval.
        dry_run: Option<bool>,
    }

    /// What addPullRequestComment takes.
    AddPullRequestCommentInput {
        /// The pull request.
        pull_request_id: ID,
        /// What it says, in Markdown: 1 to 10,000 characters.
        body: String,
    }

    /// What editPullRequestComment takes.
    EditPullRequestCommentInput {
        /// The comment: one of your own.
        comment_id: ID,
        /// What it says from now on, in Markdown: 1 to 10,000 characters.
        body: String,
    }

    /// What deletePullRequestComment takes.
    DeletePullRequestCommentInput {
        /// The comment.
        comment_id: ID,
    }
}
