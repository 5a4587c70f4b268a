//! Monitors, mock servers and integrations.

use crate::app::error::checked;
use crate::app::parse_id;
use crate::app::related_item::{CreateRelatedItem, DeleteRelatedItem, PauseRelatedItem, ResumeRelatedItem};
use crate::domain::text::Name;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// What is bound to collections, as mutations.
#[derive(Default)]
pub struct RelatedItemMutation;

#[Object]
impl RelatedItemMutation {
    /// Binds a monitor, mock server or integration to a collection that you may read: a record with a state, which runs nothing here. Requires `CREATE_ELEMENT` in the workspace that it is to live in.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn create_related_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateRelatedItemInput,
    ) -> Result<Option<payload::CreateRelatedItemPayload>> {
        let command = CreateRelatedItem {
            collection: parse_id(&input.collection_id, "collectionId")?,
            workspace: input.workspace_id.map(|id| parse_id(&id, "workspaceId")).transpose()?,
            kind: input.kind.into(),
            name: checked("name", Name::parse(&input.name))?,
        };
        Ok(Some(payload::CreateRelatedItemPayload(ctx.execute(input.idempotency_key, command).await.blame("collectionId")?)))
    }

    /// Pauses a monitor, mock server or integration; who made a monitor is told. Requires `CREATE_ELEMENT` in the workspace that it lives in.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn pause_related_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: input::PauseRelatedItemInput,
    ) -> Result<Option<payload::PauseRelatedItemPayload>> {
        let command = PauseRelatedItem { item: parse_id(&input.related_item_id, "relatedItemId")? };
        Ok(Some(payload::PauseRelatedItemPayload(ctx.execute(input.idempotency_key, command).await.blame("relatedItemId")?)))
    }

    /// Lets a paused monitor, mock server or integration work again; its collection has to be one that you may read. Requires `CREATE_ELEMENT` in the workspace that it lives in.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn resume_related_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: input::ResumeRelatedItemInput,
    ) -> Result<Option<payload::ResumeRelatedItemPayload>> {
        let command = ResumeRelatedItem { item: parse_id(&input.related_item_id, "relatedItemId")? };
        Ok(Some(payload::ResumeRelatedItemPayload(ctx.execute(input.idempotency_key, command).await.blame("relatedItemId")?)))
    }

    /// Deletes a monitor, mock server or integration for good. Requires `CREATE_ELEMENT` in the workspace that it lives in.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn delete_related_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: input::DeleteRelatedItemInput,
    ) -> Result<Option<payload::DeleteRelatedItemPayload>> {
        let command = DeleteRelatedItem { item: parse_id(&input.related_item_id, "relatedItemId")? };
        let deleted = ctx.execute(input.idempotency_key, command).await.blame("relatedItemId")?;
        Ok(Some(payload::DeleteRelatedItemPayload { deleted_related_item_id: deleted.to_string().into() }))
    }
}
