//! What an element was.

use super::super::{DateTime, Json, User};
use crate::app::model;
use crate::graphql::context::ContextExt;
use async_graphql::{Context, Description, Object, Result};

/// What an element was at one version: its document then can be exported, and brought back.
#[derive(Description)]
pub struct Revision(pub model::Revision);

#[Object(use_type_description)]
impl Revision {
    /// The version: 1, 2, 3 ...
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who made it. Null: somebody whom you may not know.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.loaders().person(self.0.author_id).await?.map(User))
    }

    /// What they say about it.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The size of the document then, in canonical form, in bytes.
    async fn size_bytes(&self) -> i32 {
        i32::try_from(self.0.size_bytes).unwrap_or(i32::MAX)
    }

    /// The version that it restores. Null: it is a new one.
    async fn restored_version(&self) -> Option<i32> {
        self.0.restored_version
    }

    /// What was done, as a list of operations with the ids of their items, without contents.
    async fn changes(&self) -> Json {
        Json::Value(self.0.changes.clone())
    }
}
