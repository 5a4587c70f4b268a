//! What belongs to who asks.

use super::{
    AccessToken, ApprovalRequest, HomelessTrash, Invitation, Notification, NotificationPreference, TeamMembership, User, ViewerWatches,
    Workspace, list_invitations,
};
use crate::app::Actor;
use crate::app::element::narrow_to_targets;
use crate::app::error::AppError;
use crate::app::model;
use crate::app::notification::preferences;
use crate::app::paging::Page;
use crate::app::parse_id;
use crate::app::ports::{InvitationFilter, RequestFilter, WorkspaceFilter};
use crate::domain::text::email_key;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{InvitationStatus, MailRhythm, RequestStatus, Visibility};
use crate::graphql::errors::Blame;
use crate::graphql::feed_cursor::{notification_page, notification_scope};
use crate::graphql::paging::{PageArguments, connection};
use async_graphql::connection::Connection;
use async_graphql::{Context, Description, ID, Object, Result};
use std::sync::Arc;

/// Who asks, and what belongs to them.
#[derive(Description)]
pub struct Viewer(pub Actor);

#[Object(use_type_description)]
impl Viewer {
    /// You.
    async fn user(&self) -> User {
        User::from(&self.0.user)
    }

    /// The teams that you are in, as a member or as a partner.
    async fn teams(&self, ctx: &Context<'_>) -> Result<Vec<TeamMembership>> {
        let teams = ctx.app().queries().list_teams(self.0.id()).await.map_err(AppError::from)?;
        let person = || model::Person { id: self.0.id(), name: self.0.user.name.clone(), email: Some(self.0.user.email.clone()) };
        Ok(teams.into_iter().map(|(team, member)| TeamMembership { member, team, person: person() }).collect())
    }

    /// The workspaces that you find in your list, oldest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection with filters")]
    async fn workspaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those of this team.")] team_id: Option<ID>,
        #[graphql(desc = "Only those with this in their name, whatever its case.")] search: Option<String>,
        #[graphql(desc = "Only those of this visibility.")] visibility: Option<Visibility>,
        #[graphql(desc = "Only those that you may move this element into.")] accepts_element: Option<ID>,
    ) -> Result<Connection<String, Workspace>> {
        let request = PageArguments { first, after, last, before }.within("workspaces")?;
        let filter = WorkspaceFilter {
            team: team_id.map(|id| parse_id(&id, "teamId")).transpose()?,
            search: search.filter(|search| !search.is_empty()),
            visibility: visibility.map(Into::into),
            accepts: None,
        };
        let filter = match accepts_element.map(|id| parse_id(&id, "acceptsElement")).transpose()? {
            Some(element) => narrow_to_targets(ctx.access(), filter, element).await.blame("acceptsElement")?,
            None => Some(filter),
        };
        let page = match filter {
            Some(filter) => ctx.app().queries().list_workspaces(self.0.id(), &filter, request, ctx.now()).await.map_err(AppError::from)?,
            None => Page::of(&request, Vec::new()),
        };
        let node = |sight| Workspace { sight: Arc::new(sight) };
        Ok(connection("workspaces", page, |sight: &model::WorkspaceSight| sight.workspace.id.uuid(), node))
    }

    /// What you are told of, oldest first; ask for the last to see the newest. The subscription notifications is its tail.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many, from the end: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that you have not read.", default = false)] unread_only: bool,
    ) -> Result<Connection<String, Notification>> {
        let page = notification_page(ctx, unread_only, &PageArguments { first, after, last, before }).await?;
        Ok(connection(
            &notification_scope(self.0.id()),
            page,
            |entry: &model::NotificationEntry| entry.seq,
            |entry| Notification(Arc::new(entry)),
        ))
    }

    /// How many notifications you have not read.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.app().queries().count_unread(self.0.id()).await.map_err(AppError::from)?)
    }

    /// How you are told of each kind of event.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<Vec<NotificationPreference>> {
        Ok(NotificationPreference::all(preferences(ctx.app().queries(), self.0.id()).await?))
    }

    /// When mails go out that can be switched off.
    async fn mail_rhythm(&self, ctx: &Context<'_>) -> Result<MailRhythm> {
        Ok(preferences(ctx.app().queries(), self.0.id()).await?.rhythm.into())
    }

    /// Requests that you may decide, oldest first.
    async fn requests_to_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those of this team.")] team_id: Option<ID>,
        #[graphql(desc = "Only those in this state.", default_with = "Some(RequestStatus::Pending)")] status: Option<RequestStatus>,
    ) -> Result<Connection<String, ApprovalRequest>> {
        let team = team_id.map(|id| parse_id(&id, "teamId")).transpose()?;
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        self.list_requests(ctx, "requests-to-review", RequestFilter::ToReview { team }, status, &arguments).await
    }

    /// Requests that you made, oldest first.
    async fn requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.")] status: Option<RequestStatus>,
    ) -> Result<Connection<String, ApprovalRequest>> {
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        self.list_requests(ctx, "requests", RequestFilter::Own, status, &arguments).await
    }

    /// Invitations to your address, oldest first.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.", default_with = "Some(InvitationStatus::Pending)")] status: Option<InvitationStatus>,
    ) -> Result<Connection<String, Invitation>> {
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        let filter = InvitationFilter::To(email_key(&self.0.user.email));
        list_invitations(ctx, "invitations", &filter, status, &arguments).await
    }

    /// What is in the trash and in no workspace any more.
    #[graphql(flatten)]
    async fn homeless_trash(&self) -> HomelessTrash {
        HomelessTrash(self.0.id())
    }

    /// What you watch.
    #[graphql(flatten)]
    async fn watches(&self) -> ViewerWatches {
        ViewerWatches(self.0.id())
    }

    /// Your access tokens, oldest first, without their secrets.
    async fn access_tokens(&self, ctx: &Context<'_>) -> Result<Vec<AccessToken>> {
        let tokens = ctx.app().queries().list_tokens(self.0.id()).await.map_err(AppError::from)?;
        Ok(tokens.into_iter().map(AccessToken).collect())
    }
}

impl Viewer {
    async fn list_requests(
        &self,
        ctx: &Context<'_>,
        scope: &str,
        filter: RequestFilter,
        status: Option<RequestStatus>,
        arguments: &PageArguments,
    ) -> Result<Connection<String, ApprovalRequest>> {
        let request = arguments.within(scope)?;
        let page = ctx.app().queries().list_requests(self.0.id(), filter, status.map(Into::into), request).await.map_err(AppError::from)?;
        Ok(connection(scope, page, |request: &model::Request| request.id.uuid(), ApprovalRequest))
    }
}
