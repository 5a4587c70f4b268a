//! What every element has.

use super::change::{ElementChange, list_changes};
use super::fork::{Fork, load_fork};
use super::{
    Comment, DateTime, ElementGrant, Json, PullRequest, Revision, User, Workspace, list_comments, list_element_grants, list_pull_requests,
};
use crate::app::access::ElementSight;
use crate::app::element::{Comparison, Export, ExportOptions};
use crate::app::error::{AppError, Refusal};
use crate::app::model;
use crate::app::ports::CommentFilter;
use crate::domain::element::{ElementFormat, ElementKind as Kind};
use crate::domain::policy::Action as Act;
use crate::domain::snapshot::NodeHash;
use crate::domain::{Reason, policy};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, ElementKind, ExportFormat, PullRequestStatus};
use crate::graphql::loaders::CommentsOf;
use crate::graphql::paging::{PageArguments, connection};
use crate::graphql::requires::requires;
use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result};
use std::sync::Arc;

/// The element, and what the reader is towards it.
pub struct ElementFields(pub Arc<ElementSight>);

#[Object]
impl ElementFields {
    /// The id, kept for life.
    pub async fn id(&self) -> ID {
        self.0.element.id.to_string().into()
    }

    /// Its name.
    pub async fn name(&self) -> String {
        self.0.element.name.clone()
    }

    /// What it is.
    pub async fn kind(&self) -> ElementKind {
        self.0.element.kind.into()
    }

    /// What it is for.
    pub async fn description(&self) -> String {
        self.0.element.description.clone()
    }

    /// The workspace that it lives in.
    pub async fn workspace(&self) -> Workspace {
        Workspace { sight: Arc::new(self.0.place()) }
    }

    /// Grows by one with each edit: give it back as expectedVersion.
    pub async fn version(&self) -> i32 {
        self.0.element.version
    }

    /// The size of its document in canonical form, in bytes.
    pub async fn size_bytes(&self) -> i32 {
        i32::try_from(self.0.element.size_bytes).unwrap_or(i32::MAX)
    }

    /// What it is a fork of. Null: of nothing.
    pub async fn fork(&self, ctx: &Context<'_>) -> Result<Option<Fork>> {
        load_fork(ctx, &self.0).await
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        DateTime(self.0.element.created_at)
    }

    /// Who made it. Null: somebody whom you may not know.
    pub async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.element.created_by).await?.map(User))
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        DateTime(self.0.element.updated_at)
    }

    /// Who changed it last. Null: somebody whom you may not know.
    pub async fn updated_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.element.updated_by).await?.map(User))
    }

    /// The document: JSON as it is kept, or the text of an API definition. GET /elements/{id}/export streams the same bytes. Requires `EXPORT_ELEMENT`.
    #[graphql(directive = requires::apply(Action::ExportElement))]
    pub async fn export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The format; null: the one that it is kept in.")] format: Option<ExportFormat>,
        #[graphql(desc = "The version of the element; null: as it is now.")] version: Option<i32>,
        #[graphql(
            desc = "Whether secret values of an environment are in it, for whoever may edit it; else they are empty.",
            default = true
        )]
        with_secrets: bool,
    ) -> Result<Json> {
        let format = format.map(|format| format.of(self.0.element.format));
        let options = ExportOptions { format, version, without_secrets: !with_secrets };
        let export = Export::open(ctx.app(), ctx.actor(), self.0.element.id, options).await?;
        if !ctx.loaders().spends(export.size_bytes) {
            let message = "One operation exports no more than this: GET /elements/{id}/export streams the rest.";
            return Err(Refusal::bad_input("export", Reason::TooLarge, message).into());
        }
        let is_json = export.format != ElementFormat::Definition;
        let text = String::from_utf8_lossy(&export.whole().await?).into_owned();
        Ok(if is_json { Json::Text(text) } else { Json::Value(text.into()) })
    }

    /// What it was at each version, oldest first; ask for the last to see the newest.
    pub async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, Revision>> {
        let scope = format!("revisions:{}", self.0.element.id);
        let page = PageArguments { first, after, last, before }.within(&scope)?;
        let found = ctx.app().queries().list_revisions(self.0.element.id, page).await.map_err(AppError::from)?;
        let node = |revision| Revision { revision, element: Arc::clone(&self.0) };
        Ok(connection(&scope, found, |revision: &model::Revision| i64::from(revision.version), node))
    }

    /// What differs between two versions of it. Requires `VIEW_ACTIVITY`.
    #[graphql(directive = requires::apply(Action::ViewActivity))]
    pub async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The earlier version.")] from: i32,
        #[graphql(desc = "The later version; null: as it is now.")] to: Option<i32>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, ElementChange>> {
        self.0.check(Act::ViewActivity, ctx.now())?;
        let (before, after_it) =
            (version(ctx, &self.0, from, "from").await?, version(ctx, &self.0, to.unwrap_or(self.0.element.version), "to").await?);
        let comparison = Comparison {
            kind: self.0.element.kind,
            before: before.0,
            after: after_it.0,
            tells_secrets: self.0.check(Act::EditElement, ctx.now()).is_ok(),
        };
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        list_changes(ctx, &comparison, before.1 + after_it.1, &arguments).await
    }

    /// What you may do to it, and in its workspace, now.
    pub async fn viewer_can(&self, ctx: &Context<'_>) -> Vec<Action> {
        let workspace = &self.0.workspace;
        policy::viewer_can(&workspace.standing, &workspace.facts(ctx.now())).into_iter().map(Into::into).collect()
    }

    /// Whether you watch it.
    pub async fn viewer_is_watching(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.loaders().watching(self.0.element.id).await?.is_some())
    }

    /// Roles on it that add to what people may do in the workspace, oldest first: those that you may see. Requires `VIEW_MEMBERS`.
    #[graphql(directive = requires::apply(Action::ViewMembers))]
    pub async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, ElementGrant>> {
        // Not by a guard: whoever asks by the interface comes here directly.
        self.0.check(Act::ViewMembers, ctx.now())?;
        list_element_grants(ctx, &self.0, PageArguments { first, after, ..PageArguments::default() }).await
    }

    /// The comments that begin threads on it, oldest first. Requires `COMMENT`.
    #[graphql(directive = requires::apply(Action::Comment))]
    pub async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those on this item.")] item_id: Option<String>,
        #[graphql(desc = "Only those whose thread is settled, or only those whose thread is open.")] resolved: Option<bool>,
    ) -> Result<Connection<String, Comment>> {
        self.0.check(Act::Comment, ctx.now())?;
        let filter = CommentFilter { item: item_id, resolved, ..CommentFilter::default() };
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        list_comments(ctx, &self.0, CommentsOf::Element(self.0.element.id), filter, arguments).await
    }

    /// The pull requests that propose changes to it, oldest first; ask for the last to see the newest.
    pub async fn pull_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] status: Option<PullRequestStatus>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, PullRequest>> {
        list_pull_requests(ctx, &self.0, status.map(Into::into), PageArguments { first, after, last, before }).await
    }
}

/// Where the document of a version begins, and how many bytes of it have to be read to compare it with another.
async fn version(ctx: &Context<'_>, sight: &ElementSight, version: i32, argument: &'static str) -> Result<(NodeHash, i64)> {
    let none = || Refusal::bad_input(argument, Reason::OutOfRange, "The element has no such version.");
    let found = ctx.app().queries().find_revision(sight.element.id, version).await.map_err(AppError::from)?.ok_or_else(none)?;
    // Of a collection only what differs is read.
    let bytes = if sight.element.kind == Kind::Collection { 0 } else { found.size_bytes };
    Ok((NodeHash::new(found.root), bytes))
}
