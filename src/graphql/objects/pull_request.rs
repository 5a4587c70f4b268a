//! Pull requests, their reviewers, and the comments on them.

use super::{DateTime, Element, ElementChange, User, list_side_changes};
use crate::app::access::{ElementSight, PullRequestCommentSight, PullRequestSight};
use crate::app::error::Refusal;
use crate::app::model;
use crate::app::ports::PullRequestFilter;
use crate::domain::policy::Action as Act;
use crate::domain::pull_request::PullRequestStatus as Status;
use crate::domain::{PullRequestCommentId, PullRequestId};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, PullRequestStatus, ReviewState};
use crate::graphql::errors::unless_hidden;
use crate::graphql::loaders::{PullRequestCommentsKey, PullRequestsKey};
use crate::graphql::paging::{PageArguments, connection};
use crate::graphql::requires::requires;
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};
use std::sync::Arc;

/// A proposal to bring the changes of a fork into its parent. It lives where the parent is: whoever may open that may read it.
#[derive(Description)]
pub struct PullRequest {
    /// The pull request.
    pub request: Arc<model::PullRequest>,
    /// What the changes are proposed to.
    pub parent: Arc<ElementSight>,
}

/// The pull request with this id, if who asks may read it.
pub async fn load_pull_request(ctx: &Context<'_>, id: PullRequestId) -> Result<Option<PullRequest>> {
    let found = unless_hidden(ctx.access().pull_request(id).await)?;
    Ok(found.map(|granted| PullRequest::of(granted.into_inner())))
}

/// A page of the pull requests about an element, as far as who asks may read them.
pub async fn list_pull_requests(
    ctx: &Context<'_>,
    parent: &Arc<ElementSight>,
    status: Option<Status>,
    arguments: PageArguments,
) -> Result<Connection<String, PullRequest>> {
    let scope = format!("pullRequests:{}", parent.element.id);
    let page = arguments.within(&scope)?;
    let filter = PullRequestFilter { status, only_organization: parent.workspace.only_organization(ctx.now()) };
    let key = PullRequestsKey { parent: parent.element.id, filter, page };
    let found = ctx.loaders().pull_requests(key).await?.ok_or_else(Refusal::not_found)?;
    let node = |request| PullRequest { request: Arc::new(request), parent: Arc::clone(parent) };
    Ok(connection(&scope, found, |request: &model::PullRequest| request.id.uuid(), node))
}

impl PullRequest {
    /// The pull request that somebody sees.
    pub fn of(sight: PullRequestSight) -> Self {
        Self { request: Arc::new(sight.request), parent: Arc::new(sight.parent) }
    }

    /// The reviewers whom who asks may know of.
    async fn known_reviewers(&self, ctx: &Context<'_>) -> Result<Vec<model::Reviewer>> {
        let only = self.parent.workspace.only_organization(ctx.now());
        let mut reviewers = ctx.loaders().reviewers(self.request.id).await?.unwrap_or_default();
        reviewers.retain(|reviewer| reviewer.is_shown_to(only));
        Ok(reviewers)
    }
}

#[Object(use_type_description)]
impl PullRequest {
    /// The id of this pull request.
    pub async fn id(&self) -> ID {
        self.request.id.to_string().into()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.request.title
    }

    /// What it is about, in Markdown.
    async fn description(&self) -> &str {
        &self.request.description
    }

    /// Where it stands. An approved one is open again once its fork changes.
    async fn status(&self) -> PullRequestStatus {
        self.request.status.into()
    }

    /// Whether an Editor of the parent has approved the fork as it is now.
    async fn is_approved(&self) -> bool {
        self.request.status == Status::Approved
    }

    /// Who opened it. Null: somebody whom you may not know.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.request.author_id).await?.map(User))
    }

    /// What the changes are proposed to.
    async fn parent(&self) -> Element {
        Element::new(Arc::clone(&self.parent))
    }

    /// Whose changes are proposed. Null: it is gone, or out of your reach.
    async fn fork(&self, ctx: &Context<'_>) -> Result<Option<Element>> {
        let Some(fork) = self.request.fork_id else { return Ok(None) };
        Ok(ctx.loaders().element(fork).await?.map(Element::new))
    }

    /// The version of the fork that it was opened with.
    async fn opened_with_version(&self) -> i32 {
        self.request.opened_version
    }

    /// The version that the fork has now: give it back when you approve what you have read. Null: the fork is gone, or in the trash.
    async fn fork_version(&self) -> Option<i32> {
        self.request.fork_version
    }

    /// What it proposes: what changed in the fork since it and the parent last met. Nothing once it is decided, or where the fork is gone.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, ElementChange>> {
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        // What becomes of the fork afterwards is not for those who read this.
        if self.request.status.is_final() {
            return Ok(Connection::new(false, false));
        }
        let Some(side) = ctx.access().fork_side(&self.request).await? else { return Ok(Connection::new(false, false)) };
        let Some(fork) = ctx.loaders().fork(side.element.element.id).await? else { return Ok(Connection::new(false, false)) };
        list_side_changes(ctx, &fork, &side.element, &arguments).await
    }

    /// Who is asked to review it, and who has: those whom you may know of, in no order that means anything.
    async fn reviewers(&self, ctx: &Context<'_>) -> Result<Vec<PullRequestReviewer>> {
        Ok(self.known_reviewers(ctx).await?.into_iter().map(PullRequestReviewer).collect())
    }

    /// What people say about it, oldest first. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, PullRequestComment>> {
        self.parent.check(Act::Comment, ctx.now())?;
        let scope = format!("pullRequestComments:{}", self.request.id);
        let page = PageArguments { first, after, ..PageArguments::default() }.within(&scope)?;
        let only_organization = self.parent.workspace.only_organization(ctx.now());
        let key = PullRequestCommentsKey { of: self.request.id, only_organization, page };
        let found = ctx.loaders().pull_request_comments(key).await?.ok_or_else(Refusal::not_found)?;
        let on = Self { request: Arc::clone(&self.request), parent: Arc::clone(&self.parent) };
        Ok(connection(
            &scope,
            found,
            |comment: &model::PullRequestComment| comment.id.uuid(),
            |comment| PullRequestComment::on(comment, &on),
        ))
    }

    /// When it was opened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.request.created_at)
    }

    /// When it last changed: what it says, whom it asks, or where it stands.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.request.updated_at)
    }

    /// When it was declined, withdrawn or merged. Null: it is not decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.request.decided_at.map(DateTime)
    }

    /// Who declined, withdrew or merged it. Null: it is not decided, or they are somebody whom you may not know.
    async fn decided_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(by) = self.request.decided_by else { return Ok(None) };
        Ok(ctx.loaders().person(by).await?.map(User))
    }

    /// The version of the parent that has its changes. Null: it is not merged.
    async fn merged_version(&self) -> Option<i32> {
        self.request.merged_version
    }

    /// What you may do to it now: change it (`OPEN_PULL_REQUEST`), approve or decline it or, as its author, withdraw it (`REVIEW_PULL_REQUEST`), merge it
    /// (`MERGE_PULL_REQUEST`), and comment on it (`COMMENT`).
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<Action>> {
        let reviewers = ctx.loaders().reviewers(self.request.id).await?.unwrap_or_default();
        let own = ctx.actor().map(crate::app::Actor::id);
        let review = reviewers.into_iter().find(|reviewer| Some(reviewer.user_id) == own);
        let sight = PullRequestSight { request: (*self.request).clone(), parent: (*self.parent).clone(), review };
        Ok(sight.viewer_can(ctx.now()).into_iter().map(Into::into).collect())
    }

    /// Grows with each edit and each decision: give it back as expectedVersion.
    async fn version(&self) -> i32 {
        self.request.version
    }
}

/// Somebody who is asked to review a pull request, or has done so.
#[derive(Description)]
pub struct PullRequestReviewer(pub model::Reviewer);

#[Object(use_type_description)]
impl PullRequestReviewer {
    /// Who. Null: somebody whom you may not know.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.user_id).await?.map(User))
    }

    /// What they said.
    async fn state(&self) -> ReviewState {
        self.0.state.into()
    }

    /// Whether they said it as an Editor of the parent: only then an approval counts towards merging.
    async fn counts(&self) -> bool {
        self.0.counts
    }

    /// The version of the fork that they said it of. Null: they have said nothing, or the fork was gone.
    async fn fork_version(&self) -> Option<i32> {
        self.0.fork_version
    }

    /// When they said it. Null: not yet.
    async fn at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }
}

/// A comment on a pull request.
#[derive(Description)]
pub struct PullRequestComment {
    comment: Arc<model::PullRequestComment>,
    request: Arc<model::PullRequest>,
    parent: Arc<ElementSight>,
}

/// The comment with this id, if who asks may read it.
pub async fn load_pull_request_comment(ctx: &Context<'_>, id: PullRequestCommentId) -> Result<Option<PullRequestComment>> {
    let found = unless_hidden(ctx.access().pull_request_comment(id).await)?;
    Ok(found.map(|granted| PullRequestComment::of(granted.into_inner())))
}

impl PullRequestComment {
    /// The comment that somebody sees.
    pub fn of(sight: PullRequestCommentSight) -> Self {
        Self::on(sight.comment, &PullRequest::of(sight.on))
    }

    fn on(comment: model::PullRequestComment, on: &PullRequest) -> Self {
        Self { comment: Arc::new(comment), request: Arc::clone(&on.request), parent: Arc::clone(&on.parent) }
    }
}

#[Object(use_type_description)]
impl PullRequestComment {
    /// The id of this comment.
    pub async fn id(&self) -> ID {
        self.comment.id.to_string().into()
    }

    /// The pull request that it is about.
    async fn pull_request(&self) -> PullRequest {
        PullRequest { request: Arc::clone(&self.request), parent: Arc::clone(&self.parent) }
    }

    /// Who wrote it. Null: somebody whom you may not know.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.comment.author_id).await?.map(User))
    }

    /// What it says, in Markdown.
    async fn body(&self) -> &str {
        &self.comment.body
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.comment.created_at)
    }

    /// When it was changed last. Null: never.
    async fn edited_at(&self) -> Option<DateTime> {
        self.comment.edited_at.map(DateTime)
    }
}
