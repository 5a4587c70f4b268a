//! What mutations of pull requests answer.

use super::MergeConflict;
use crate::app::pull_request::PullRequestMerge;
use crate::domain::{PullRequestCommentId, PullRequestId};
use crate::graphql::objects::{Element, PullRequest, PullRequestComment, load_element, load_pull_request, load_pull_request_comment};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

macro_rules! pull_request_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub PullRequestId);

        #[Object(use_type_description)]
        impl $name {
            /// The pull request as it is now. Null where you may not read it any more.
            async fn pull_request(&self, ctx: &Context<'_>) -> Result<Option<PullRequest>> {
                load_pull_request(ctx, self.0).await
            }
        }
    )+};
}

pull_request_payload! {
    /// What createPullRequest answers.
    CreatePullRequestPayload;
    /// What updatePullRequest answers.
    UpdatePullRequestPayload;
    /// What approvePullRequest answers.
    ApprovePullRequestPayload;
    /// What declinePullRequest answers.
    DeclinePullRequestPayload;
    /// What withdrawPullRequest answers.
    WithdrawPullRequestPayload;
}

macro_rules! comment_payload {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Description)]
        pub struct $name(pub PullRequestCommentId);

        #[Object(use_type_description)]
        impl $name {
            /// The comment as it is now. Null where you may not read it any more.
            async fn comment(&self, ctx: &Context<'_>) -> Result<Option<PullRequestComment>> {
                load_pull_request_comment(ctx, self.0).await
            }
        }
    )+};
}

comment_payload! {
    /// What addPullRequestComment answers.
    AddPullRequestCommentPayload;
    /// What editPullRequestComment answers.
    EditPullRequestCommentPayload;
}

/// What deletePullRequestComment answers.
#[derive(SimpleObject)]
pub struct DeletePullRequestCommentPayload {
    /// The comment that was deleted.
    pub deleted_comment_id: ID,
}

/// What mergePullRequest answers.
#[derive(Description)]
pub struct MergePullRequestPayload(pub PullRequestMerge);

#[Object(use_type_description)]
impl MergePullRequestPayload {
    /// The pull request as it is now. Null where you may not read it any more.
    async fn pull_request(&self, ctx: &Context<'_>) -> Result<Option<PullRequest>> {
        load_pull_request(ctx, self.0.pull_request).await
    }

    /// The parent as it is now. Null where you may not see it any more.
    async fn element(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
        load_element(ctx, self.0.outcome.element).await
    }

    /// Whether the changes are in the parent. False: there are conflicts, or it was only tried; nothing was written then.
    async fn applied(&self) -> bool {
        self.0.outcome.applied
    }

    /// How many items or variables of the parent are touched by it.
    async fn change_count(&self) -> i32 {
        i32::try_from(self.0.outcome.change_count).unwrap_or(i32::MAX)
    }

    /// What has to be resolved before anything is written: up to 1,000.
    async fn conflicts(&self) -> Vec<MergeConflict> {
        self.0.outcome.conflicts.iter().cloned().map(MergeConflict).collect()
    }

    /// How many conflicts there are. Where there are very many, more turn up once these are resolved.
    async fn conflict_count(&self) -> i32 {
        i32::try_from(self.0.outcome.conflict_count).unwrap_or(i32::MAX)
    }
}
