//! The definition of an API.

use super::spend;
use crate::app::access::ElementSight;
use crate::app::error::{AppError, Refusal};
use crate::app::model::Language;
use crate::app::ports::StoreError;
use crate::domain::document::{DocumentError, Limits, text};
use crate::domain::snapshot::NodeHash;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{DefinitionKind, DefinitionSyntax};
use async_graphql::{Context, Object, Result};
use std::sync::Arc;

/// What only APIs have.
pub struct ApiFields(pub Arc<ElementSight>);

impl ApiFields {
    fn hash(&self) -> NodeHash {
        NodeHash::new(self.0.element.root)
    }

    async fn language(&self, ctx: &Context<'_>) -> Result<Language> {
        Ok(ctx.loaders().language(self.hash()).await?.ok_or_else(Refusal::not_found)?)
    }
}

#[Object]
impl ApiFields {
    /// The language of its definition.
    async fn definition_kind(&self, ctx: &Context<'_>) -> Result<DefinitionKind> {
        Ok(self.language(ctx).await?.kind.into())
    }

    /// The version of that language, as the definition has it: `3.0.3`, `1.0`, `proto3`. Empty where there is none.
    async fn definition_version(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.language(ctx).await?.version)
    }

    /// What its definition is written in.
    async fn definition_syntax(&self, ctx: &Context<'_>) -> Result<DefinitionSyntax> {
        Ok(self.language(ctx).await?.syntax.into())
    }

    /// The text of its definition. Its bytes as they came in are at GET /elements/{id}/export.
    async fn definition(&self, ctx: &Context<'_>) -> Result<String> {
        spend(ctx, self.0.element.size_bytes, "definition")?;
        let bytes = ctx.loaders().content(self.hash()).await?.ok_or_else(Refusal::not_found)?;
        let broken = |error: DocumentError| AppError::from(StoreError::Broken(error.into()));
        Ok(text::decode(&bytes, &Limits::default()).map_err(broken)?)
    }
}
