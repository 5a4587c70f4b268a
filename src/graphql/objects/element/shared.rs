//! What every element has.

use super::{DateTime, User, Workspace};
use crate::app::access::ElementSight;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::ElementKind;
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
        Workspace { sight: Arc::new(self.0.workspace.clone()) }
    }

    /// Grows by one with each edit: give it back as expectedVersion.
    pub async fn version(&self) -> i32 {
        self.0.element.version
    }

    /// The size of its document in canonical form, in bytes.
    pub async fn size_bytes(&self) -> i32 {
        i32::try_from(self.0.element.size_bytes).unwrap_or(i32::MAX)
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
}
