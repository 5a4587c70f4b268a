//! What an element was.

use super::super::{DateTime, Json, User};
use crate::app::access::ElementSight;
use crate::app::model;
use crate::domain::policy::Action;
use crate::graphql::context::ContextExt;
use async_graphql::{Context, Description, Object, Result};
use std::sync::Arc;

/// What an element was at one version: its document then can be exported, and brought back.
#[derive(Description)]
pub struct Revision {
    /// The revision.
    pub revision: model::Revision,
    /// The element.
    pub element: Arc<ElementSight>,
}

impl Revision {
    /// Whether its reader may know what was done and said: it is activity, of which some read none, and some not that of other organizations.
    async fn is_told(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.now();
        if self.element.check(Action::ViewActivity, now).is_err() {
            return Ok(false);
        }
        let is_narrowed = self.element.workspace.only_organization(now).is_some();
        Ok(!is_narrowed || ctx.loaders().person(self.revision.author_id).await?.is_some())
    }
}

#[Object(use_type_description)]
impl Revision {
    /// The version: 1, 2, 3 ...
    async fn version(&self) -> i32 {
        self.revision.version
    }

    /// Who made it. Null: somebody whom you may not know.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.revision.author_id).await?.map(User))
    }

    /// What they say about it. Null: nothing, or you do not read their activity.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(if self.is_told(ctx).await? { self.revision.message.as_deref() } else { None })
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.revision.created_at)
    }

    /// The size of the document then, in canonical form, in bytes.
    async fn size_bytes(&self) -> i32 {
        i32::try_from(self.revision.size_bytes).unwrap_or(i32::MAX)
    }

    /// The version that it restores. Null: it is a new one.
    async fn restored_version(&self) -> Option<i32> {
        self.revision.restored_version
    }

    /// What was done, as a list of operations with the ids of their items, without contents. Null: you do not read the activity of
    /// whoever did it.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Option<Json>> {
        Ok(self.is_told(ctx).await?.then(|| Json::Value(self.revision.changes.clone())))
    }
}
