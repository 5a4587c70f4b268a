//! Pull requests, their reviewers, and what is said about them.

use super::shared_audience;
use crate::domain::pull_request::{PullRequestStatus, ReviewState};
use crate::domain::{ElementId, OrganizationId, PullRequestCommentId, PullRequestId, TeamId, Timestamp, UserId};

/// A proposal to bring the changes of a fork into its parent. It lives where the parent is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its id.
    pub id: PullRequestId,
    /// The team of the parent.
    pub team_id: TeamId,
    /// What the changes are proposed to.
    pub parent_id: ElementId,
    /// Whose changes are proposed; none: it is gone for good.
    pub fork_id: Option<ElementId>,
    /// The version of the fork that it was opened with.
    pub opened_version: i32,
    /// The version that the fork has now; none: it is gone, or in the trash.
    pub fork_version: Option<i32>,
    /// What it is called.
    pub title: String,
    /// What it is about, in Markdown.
    pub description: String,
    /// Where it stands.
    pub status: PullRequestStatus,
    /// Who opened it.
    pub author_id: UserId,
    /// The organization of a partner who opened it.
    pub organization_id: Option<OrganizationId>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its title, description, reviewers or state last changed.
    pub updated_at: Timestamp,
    /// When it reached its final state.
    pub decided_at: Option<Timestamp>,
    /// Who brought it there.
    pub decided_by: Option<UserId>,
    /// The version of the parent that the merge left.
    pub merged_version: Option<i32>,
    /// Grows by one with each edit and each decision.
    pub version: i32,
}

impl PullRequest {
    /// Whether somebody knows of it who sees no other organization than this one; none: they see all of them.
    #[must_use]
    pub fn is_shown_to(&self, only: Option<OrganizationId>) -> bool {
        is_shown(self.organization_id, only)
    }
}

/// Somebody who is asked to review a pull request, or has done so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// The pull request.
    pub pull_request_id: PullRequestId,
    /// Who.
    pub user_id: UserId,
    /// The organization of a partner.
    pub organization_id: Option<OrganizationId>,
    /// What they said.
    pub state: ReviewState,
    /// The version of the fork that they said it of.
    pub fork_version: Option<i32>,
    /// Whether they said it as an Editor of the parent.
    pub counts: bool,
    /// When.
    pub reviewed_at: Option<Timestamp>,
}

impl Reviewer {
    /// Whether somebody knows of them who sees no other organization than this one; none: they see all of them.
    #[must_use]
    pub fn is_shown_to(&self, only: Option<OrganizationId>) -> bool {
        is_shown(self.organization_id, only)
    }
}

/// What somebody said, to be kept with the reviewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// Who.
    pub reviewer: UserId,
    /// What.
    pub state: ReviewState,
    /// Of which version of the fork.
    pub fork_version: Option<i32>,
    /// Whether they are an Editor of the parent.
    pub counts: bool,
    /// When.
    pub at: Timestamp,
}

/// How a pull request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// In which state.
    pub status: PullRequestStatus,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The version of the parent that a merge left.
    pub merged_version: Option<i32>,
}

/// A comment on a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestComment {
    /// Its id.
    pub id: PullRequestCommentId,
    /// The pull request.
    pub pull_request_id: PullRequestId,
    /// Who wrote it.
    pub author_id: UserId,
    /// The organization of a partner who wrote it.
    pub organization_id: Option<OrganizationId>,
    /// What it says, in Markdown.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
}

impl PullRequestComment {
    /// Whether somebody knows of it who knows of the pull request, and sees no other organization than this one; none: they see all of them.
    #[must_use]
    pub fn is_shown_to(&self, only: Option<OrganizationId>) -> bool {
        is_shown(self.organization_id, only)
    }

    /// The one organization whose partners know of it in multi-partner mode; none: those of every organization.
    #[must_use]
    pub fn audience(&self, of: &PullRequest) -> Option<OrganizationId> {
        shared_audience(self.organization_id, of.organization_id)
    }
}

fn is_shown(audience: Option<OrganizationId>, only: Option<OrganizationId>) -> bool {
    only.is_none_or(|own| audience.is_none_or(|audience| audience == own))
}
