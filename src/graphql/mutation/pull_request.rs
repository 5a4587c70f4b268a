//! Pull requests: opening, reviewing and merging them, and talking about them.

use super::fork::resolutions;
use crate::app::error::{Result as AppResult, checked};
use crate::app::parse_id;
use crate::app::pull_request::{
    AddPullRequestComment, ApprovePullRequest, CreatePullRequest, DeclinePullRequest, DeletePullRequestComment, EditPullRequestComment,
    MergePullRequest, Review, UpdatePullRequest, WithdrawPullRequest,
};
use crate::domain::UserId;
use crate::domain::text::{CommentBody, Description, Name, Note};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::requires::requires;
use crate::graphql::{inputs as input, payloads as payload};
use async_graphql::{Context, ID, Object, Result};
use std::collections::BTreeSet;

/// Mutations of pull requests.
#[derive(Default)]
pub struct PullRequestMutation;

#[Object]
impl PullRequestMutation {
    /// Proposes the changes of a fork to its parent, and asks people to review them. You need to be Editor on the fork; it has one open pull request at most. Requires `OPEN_PULL_REQUEST` where the parent is.
    #[graphql(directive = requires::apply(Action::OpenPullRequest))]
    async fn create_pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which fork, and what to say.")] input: input::CreatePullRequestInput,
    ) -> Result<Option<payload::CreatePullRequestPayload>> {
        let command = CreatePullRequest {
            fork: parse_id(&input.fork_id, "forkId")?,
            title: checked("title", Name::parse(&input.title))?,
            description: checked("description", Description::parse(input.description.as_deref().unwrap_or_default()))?,
            reviewers: people(&input.reviewer_ids.unwrap_or_default())?,
        };
        Ok(Some(payload::CreatePullRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("forkId")?)))
    }

    /// Changes a pull request of your own that is not decided. Requires `OPEN_PULL_REQUEST`.
    #[graphql(directive = requires::apply(Action::OpenPullRequest))]
    async fn update_pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::UpdatePullRequestInput,
    ) -> Result<Option<payload::UpdatePullRequestPayload>> {
        let command = UpdatePullRequest {
            pull_request: parse_id(&input.pull_request_id, "pullRequestId")?,
            title: input.title.map(|title| checked("title", Name::parse(&title))).transpose()?,
            description: input.description.map(|text| checked("description", Description::parse(&text))).transpose()?,
            reviewers: input.reviewer_ids.as_deref().map(people).transpose()?,
            expected_version: input.expected_version,
        };
        Ok(Some(payload::UpdatePullRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("pullRequestId")?)))
    }

    /// Approves what a pull request proposes, as its fork is now: once the fork changes, that counts no more. It takes an Editor of the parent for it to count towards merging. Nobody approves their own. Requires `REVIEW_PULL_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewPullRequest))]
    async fn approve_pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to approve.")] input: input::ApprovePullRequestInput,
    ) -> Result<Option<payload::ApprovePullRequestPayload>> {
        let review = review(&input.pull_request_id, input.comment.as_deref())?;
        let command = ApprovePullRequest { review, fork_version: input.fork_version };
        Ok(Some(payload::ApprovePullRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("pullRequestId")?)))
    }

    /// Declines a pull request, for good. Requires `REVIEW_PULL_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewPullRequest))]
    async fn decline_pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to decline.")] input: input::DeclinePullRequestInput,
    ) -> Result<Option<payload::DeclinePullRequestPayload>> {
        let command = DeclinePullRequest(review(&input.pull_request_id, input.comment.as_deref())?);
        Ok(Some(payload::DeclinePullRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("pullRequestId")?)))
    }

    /// Takes a pull request of your own back, for good. Requires `REVIEW_PULL_REQUEST`.
    #[graphql(directive = requires::apply(Action::ReviewPullRequest))]
    async fn withdraw_pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to withdraw.")] input: input::WithdrawPullRequestInput,
    ) -> Result<Option<payload::WithdrawPullRequestPayload>> {
        let command = WithdrawPullRequest { pull_request: parse_id(&input.pull_request_id, "pullRequestId")? };
        Ok(Some(payload::WithdrawPullRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("pullRequestId")?)))
    }

    /// Brings the changes that a pull request proposes into the parent, as mergeFork does. It takes an approval, unless the team needs none. Where both sides changed the same thing differently nothing is written, and the conflicts are told, until each is resolved. Requires `MERGE_PULL_REQUEST`; and to update or delete the fork, what that requires.
    #[graphql(directive = requires::apply(Action::MergePullRequest))]
    async fn merge_pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to merge, what becomes of the fork, and how conflicts are resolved.")] input: input::MergePullRequestInput,
    ) -> Result<Option<payload::MergePullRequestPayload>> {
        let command = MergePullRequest {
            pull_request: parse_id(&input.pull_request_id, "pullRequestId")?,
            strategy: input.strategy.map(Into::into).unwrap_or_default(),
            resolutions: resolutions(input.resolve_all, input.resolutions),
            dry_run: input.dry_run.unwrap_or_default(),
        };
        Ok(Some(payload::MergePullRequestPayload(ctx.execute(input.idempotency_key, command).await.blame("pullRequestId")?)))
    }

    /// Comments on a pull request, decided or not. Its author and reviewers are told of it. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn add_pull_request_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say.")] input: input::AddPullRequestCommentInput,
    ) -> Result<Option<payload::AddPullRequestCommentPayload>> {
        let body = checked("body", CommentBody::parse(&input.body))?;
        let command = AddPullRequestComment { pull_request: parse_id(&input.pull_request_id, "pullRequestId")?, body };
        Ok(Some(payload::AddPullRequestCommentPayload(ctx.execute(input.idempotency_key, command).await.blame("pullRequestId")?)))
    }

    /// Changes what a comment of your own on a pull request says. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn edit_pull_request_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: input::EditPullRequestCommentInput,
    ) -> Result<Option<payload::EditPullRequestCommentPayload>> {
        let body = checked("body", CommentBody::parse(&input.body))?;
        let command = EditPullRequestComment { comment: parse_id(&input.comment_id, "commentId")?, body };
        Ok(Some(payload::EditPullRequestCommentPayload(ctx.execute(input.idempotency_key, command).await.blame("commentId")?)))
    }

    /// Deletes a comment on a pull request. Requires `COMMENT`; for what somebody else wrote `MODERATE_COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn delete_pull_request_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to delete.")] input: input::DeletePullRequestCommentInput,
    ) -> Result<Option<payload::DeletePullRequestCommentPayload>> {
        let command = DeletePullRequestComment { comment: parse_id(&input.comment_id, "commentId")? };
        let deleted = ctx.execute(input.idempotency_key, command).await.blame("commentId")?;
        Ok(Some(payload::DeletePullRequestCommentPayload { deleted_comment_id: deleted.to_string().into() }))
    }
}

/// The people whom a pull request asks.
fn people(ids: &[ID]) -> AppResult<BTreeSet<UserId>> {
    ids.iter().map(|id| parse_id(id, "reviewerIds")).collect()
}

fn review(pull_request: &ID, comment: Option<&str>) -> AppResult<Review> {
    let comment = comment.map(|comment| checked("comment", Note::parse(comment))).transpose()?;
    Ok(Review { pull_request: parse_id(pull_request, "pullRequestId")?, comment })
}
