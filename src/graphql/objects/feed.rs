//! Entries of feeds.

use super::{ApprovalRequest, Comment, DateTime, Element, Invitation, Json, PullRequest, Team, User, load_workspace};
use crate::app::AppError;
use crate::app::access::{CommentSight, PullRequestSight};
use crate::app::model::{ActivityEntry, NotificationEntry};
use crate::domain::activity;
use crate::domain::notification::NotificationSubject as SubjectId;
use crate::domain::policy;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{ActivityKind, NotificationKind};
use crate::graphql::errors::unless_hidden;
use crate::graphql::feed_cursor::{activity_scope, notification_scope};
use crate::graphql::paging::encode;
use async_graphql::{Context, Description, ID, Object, Result, Union};
use std::sync::Arc;

/// Something that you are told of.
#[derive(Description)]
pub struct Notification(pub Arc<NotificationEntry>);

/// What a notification points at.
#[derive(Union)]
pub enum NotificationSubject {
    /// A workspace.
    Workspace(super::Workspace),
    /// An approval request.
    ApprovalRequest(ApprovalRequest),
    /// A team.
    Team(Team),
    /// An invitation.
    Invitation(Invitation),
    /// An API.
    Api(super::Api),
    /// A collection.
    Collection(super::Collection),
    /// An environment.
    Environment(super::Environment),
    /// A comment.
    Comment(Comment),
    /// A pull request.
    PullRequest(PullRequest),
}

#[Object(use_type_description)]
impl Notification {
    /// The id of this notification.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Where this notification stands in your feed: give it back as after.
    async fn cursor(&self) -> String {
        encode(&notification_scope(self.0.user_id), self.0.seq)
    }

    /// What it is about.
    async fn kind(&self) -> NotificationKind {
        self.0.kind.into()
    }

    /// A sentence for people.
    async fn message(&self) -> &str {
        &self.0.message
    }

    /// What somebody added in their own words: a note or a comment.
    async fn remark(&self) -> Option<&str> {
        self.0.remark.as_deref()
    }

    /// Who did it. Null: the system, or somebody whom you may not know.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(actor) = self.0.actor_id else { return Ok(None) };
        Ok(ctx.loaders().person(actor).await?.map(User))
    }

    /// The thing that it points at. Null where it is gone, or where you may not open it.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<NotificationSubject>> {
        Ok(match self.0.subject {
            None => None,
            Some(SubjectId::Workspace(id)) => load_workspace(ctx, id).await?.map(NotificationSubject::Workspace),
            Some(SubjectId::Team(id)) => {
                unless_hidden(ctx.access().team(id).visible().await)?.map(|team| NotificationSubject::Team(Team(team.into_inner())))
            }
            Some(SubjectId::Invitation(id)) => {
                let found = unless_hidden(ctx.access().visible_invitation(id).await)?;
                found.map(|sight| NotificationSubject::Invitation(Invitation(sight.into_inner().invitation)))
            }
            Some(SubjectId::Element(id)) => ctx.loaders().element(id).await?.map(|sight| match Element::new(sight) {
                Element::Api(api) => NotificationSubject::Api(api),
                Element::Collection(collection) => NotificationSubject::Collection(collection),
                Element::Environment(environment) => NotificationSubject::Environment(environment),
            }),
            Some(SubjectId::Comment(id)) => {
                ctx.loaders().comment(id).await?.map(|sight| NotificationSubject::Comment(Comment::new(CommentSight::clone(&sight))))
            }
            Some(SubjectId::PullRequest(id)) => {
                let found = ctx.loaders().pull_request(id).await?;
                found.map(|sight| NotificationSubject::PullRequest(PullRequest::of(PullRequestSight::clone(&sight))))
            }
            Some(SubjectId::Request(id)) => {
                let found = unless_hidden(ctx.access().request(id, policy::Action::ViewRequestQueue).await)?;
                found.map(|sight| NotificationSubject::ApprovalRequest(ApprovalRequest(sight.into_inner().request)))
            }
        })
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When you read it. Null: not yet.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }
}

/// What happened in a workspace. The activity feed pages through these; the subscription is its tail.
#[derive(Description)]
pub struct Activity(pub Arc<ActivityEntry>);

#[Object(use_type_description)]
impl Activity {
    /// The id of this entry.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Where this entry stands in the workspace's feed: give it back as after.
    async fn cursor(&self) -> String {
        encode(&activity_scope(self.0.workspace_id), self.0.id.uuid())
    }

    /// What kind of thing happened.
    async fn kind(&self) -> Result<ActivityKind> {
        let kind: activity::ActivityKind = self
            .0
            .kind
            .parse()
            .map_err(|error: strum::ParseError| AppError::Failed(crate::app::ports::StoreError::Broken(error.into())))?;
        Ok(kind.into())
    }

    /// A sentence for people.
    async fn message(&self) -> &str {
        &self.0.message
    }

    /// Who did it. Null: the system, or somebody whom you may not know.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(actor) = self.0.actor_id else { return Ok(None) };
        Ok(ctx.loaders().person(actor).await?.map(User))
    }

    /// The workspace that it happened in.
    async fn workspace_id(&self) -> ID {
        self.0.workspace_id.to_string().into()
    }

    /// What it is about, beside the workspace: a grant or a request. Null where it is the workspace itself.
    async fn target_id(&self) -> Option<ID> {
        self.0.target_id.clone().map(Into::into)
    }

    /// What a client needs to follow without asking again: its fields depend on the kind.
    async fn data(&self) -> Option<Json> {
        (self.0.data != "null").then(|| Json::Text(self.0.data.clone()))
    }

    /// When it happened.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
