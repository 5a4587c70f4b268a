//! Elements: APIs, collections and environments.

mod api;
mod bonds;
mod change;
mod collection;
mod environment;
mod fork;
mod revision;
mod shared;

use api::ApiFields;
pub use bonds::{ApiBonds, CollectionBonds};
pub use change::ElementChange;
use collection::CollectionFields;
pub use collection::CollectionItem;
use environment::EnvironmentFields;
pub use environment::EnvironmentVariable;
pub use fork::{Fork, list_side_changes};
pub use revision::Revision;
pub use shared::ElementFields;

use super::{Comment, DateTime, ElementGrant, Json, PullRequest, User, Workspace, list_comments, list_element_grants, list_pull_requests};
use crate::app::access::ElementSight;
use crate::app::error::Refusal;
use crate::domain::element::ElementKind as Kind;
use crate::domain::policy::Action as Act;
use crate::domain::{ElementId, Reason};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Action, ElementKind, ExportFormat, PullRequestStatus};
use crate::graphql::errors::unless_hidden;
use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Interface, MergedObject, Result};
use std::ops::Deref;
use std::sync::Arc;

/// What people work on together: an API, a collection or an environment.
#[expect(clippy::duplicated_attributes, reason = "fields of one type")]
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "The id, kept for life."),
    field(name = "name", ty = "String", desc = "Its name."),
    field(name = "kind", ty = "ElementKind", desc = "What it is."),
    field(name = "description", ty = "String", desc = "What it is for."),
    field(name = "workspace", ty = "Workspace", desc = "The workspace that it lives in."),
    field(name = "version", ty = "i32", desc = "Grows by one with each edit: give it back as expectedVersion."),
    field(name = "size_bytes", ty = "i32", desc = "The size of its document in canonical form, in bytes."),
    field(name = "fork", ty = "Result<Option<Fork>>", desc = "What it is a fork of. Null: of nothing."),
    field(name = "created_at", ty = "DateTime", desc = "When it was made."),
    field(name = "created_by", ty = "Result<Option<User>>", desc = "Who made it. Null: somebody whom you may not know."),
    field(name = "updated_at", ty = "DateTime", desc = "When it last changed."),
    field(
        name = "export",
        ty = "Result<Json>",
        desc = "The document: JSON as it is kept, or the text of an API definition. GET /elements/{id}/export streams the same bytes. Requires `EXPORT_ELEMENT`.",
        arg(name = "format", ty = "Option<ExportFormat>", desc = "The format; null: the one that it is kept in."),
        arg(name = "version", ty = "Option<i32>", desc = "The version of the element; null: as it is now."),
        arg(
            name = "with_secrets",
            ty = "bool",
            default = true,
            desc = "Whether secret values of an environment are in it, for whoever may edit it; else they are empty."
        )
    ),
    field(
        name = "revisions",
        ty = "Result<Connection<String, Revision>>",
        desc = "What it was at each version, oldest first; ask for the last to see the newest.",
        arg(name = "first", ty = "Option<i32>", desc = "How many, from the beginning: 1 to 100."),
        arg(name = "after", ty = "Option<String>", desc = "Only those after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "How many, from the end: 1 to 100."),
        arg(name = "before", ty = "Option<String>", desc = "Only those before this cursor.")
    ),
    field(
        name = "diff",
        ty = "Result<Connection<String, ElementChange>>",
        desc = "What differs between two versions of it. Requires `VIEW_ACTIVITY`.",
        arg(name = "from", ty = "i32", desc = "The earlier version."),
        arg(name = "to", ty = "Option<i32>", desc = "The later version; null: as it is now."),
        arg(name = "first", ty = "Option<i32>", desc = "How many: 1 to 100."),
        arg(name = "after", ty = "Option<String>", desc = "Only those after this cursor.")
    ),
    field(name = "viewer_can", ty = "Vec<Action>", desc = "What you may do to it, and in its workspace, now."),
    field(name = "updated_by", ty = "Result<Option<User>>", desc = "Who changed it last. Null: somebody whom you may not know."),
    field(name = "viewer_is_watching", ty = "Result<bool>", desc = "Whether you watch it."),
    field(
        name = "grants",
        ty = "Result<Connection<String, ElementGrant>>",
        desc = "Roles on it that add to what people may do in the workspace, oldest first: those that you may see. Requires `VIEW_MEMBERS`.",
        arg(name = "first", ty = "Option<i32>", desc = "How many: 1 to 100."),
        arg(name = "after", ty = "Option<String>", desc = "Only those after this cursor.")
    ),
    field(
        name = "comments",
        ty = "Result<Connection<String, Comment>>",
        desc = "The comments that begin threads on it, oldest first. Requires `COMMENT`.",
        arg(name = "first", ty = "Option<i32>", desc = "How many: 1 to 100."),
        arg(name = "after", ty = "Option<String>", desc = "Only those after this cursor."),
        arg(name = "item_id", ty = "Option<String>", desc = "Only those on this item."),
        arg(name = "resolved", ty = "Option<bool>", desc = "Only those whose thread is settled, or only those whose thread is open.")
    ),
    field(
        name = "pull_requests",
        ty = "Result<Connection<String, PullRequest>>",
        desc = "The pull requests that propose changes to it, oldest first; ask for the last to see the newest.",
        arg(name = "status", ty = "Option<PullRequestStatus>", desc = "Only those that stand there."),
        arg(name = "first", ty = "Option<i32>", desc = "How many, from the beginning: 1 to 100."),
        arg(name = "after", ty = "Option<String>", desc = "Only those after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "How many, from the end: 1 to 100."),
        arg(name = "before", ty = "Option<String>", desc = "Only those before this cursor.")
    )
)]
pub enum Element {
    /// An API.
    Api(Api),
    /// A collection.
    Collection(Collection),
    /// An environment.
    Environment(Environment),
}

impl Element {
    /// The element that somebody sees.
    pub fn new(sight: Arc<ElementSight>) -> Self {
        let own = Arc::clone(&sight);
        match sight.element.kind {
            Kind::Api => Self::Api(Api(ElementFields(Arc::clone(&sight)), ApiFields(own), ApiBonds(sight))),
            Kind::Collection => Self::Collection(Collection::new(sight)),
            Kind::Environment => Self::Environment(Environment(ElementFields(sight), EnvironmentFields(own))),
        }
    }

    /// The collection, where it is one.
    pub fn into_collection(self) -> Option<Collection> {
        match self {
            Self::Collection(collection) => Some(collection),
            Self::Api(_) | Self::Environment(_) => None,
        }
    }

    /// The API, where it is one.
    pub fn into_api(self) -> Option<Api> {
        match self {
            Self::Api(api) => Some(api),
            Self::Collection(_) | Self::Environment(_) => None,
        }
    }

    /// The environment, where it is one.
    pub fn into_environment(self) -> Option<Environment> {
        match self {
            Self::Environment(environment) => Some(environment),
            Self::Api(_) | Self::Collection(_) => None,
        }
    }
}

/// Refuses to take so many bytes of documents into memory for one operation.
fn spend(ctx: &Context<'_>, bytes: i64, argument: &'static str) -> Result<()> {
    if ctx.loaders().spends(bytes) {
        return Ok(());
    }
    let message = "One operation reads no more documents than this: ask for fewer at once.";
    Err(Refusal::bad_input(argument, Reason::TooLarge, message).into())
}

/// The element with this id, if who asks may see it.
pub async fn load_element(ctx: &Context<'_>, id: ElementId) -> Result<Option<Element>> {
    let found = unless_hidden(ctx.access().element(id).may(Act::ViewWorkspace).await)?;
    Ok(found.map(|sight| Element::new(Arc::new(sight.into_inner()))))
}

/// An API: a definition, and the collections that belong to it.
#[derive(MergedObject)]
pub struct Api(pub ElementFields, pub ApiFields, pub ApiBonds);

/// A collection of requests in folders.
#[derive(MergedObject)]
pub struct Collection(pub ElementFields, pub CollectionFields, pub CollectionBonds);

impl Collection {
    /// The collection that somebody sees.
    pub fn new(sight: Arc<ElementSight>) -> Self {
        Self(ElementFields(Arc::clone(&sight)), CollectionFields(Arc::clone(&sight)), CollectionBonds(sight))
    }
}

/// An environment: variables and their values.
#[derive(MergedObject)]
pub struct Environment(pub ElementFields, pub EnvironmentFields);

macro_rules! element_objects {
    ($($name:ident),+) => {$(
        impl Deref for $name {
            type Target = ElementFields;

            fn deref(&self) -> &ElementFields {
                &self.0
            }
        }
    )+};
}

element_objects!(Api, Collection, Environment);
