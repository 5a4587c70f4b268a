//! Elements put elsewhere: to another workspace, into an API and out of it.

use crate::app::element::{AttachCollection, DetachCollection, MoveElement};
use crate::app::parse_id;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Moving elements, as mutations.
#[derive(Default)]
pub struct MovingMutation;

#[Object]
impl MovingMutation {
    /// Moves an element to another workspace of its team, an API with the collections that belong to it. It keeps its id, history, forks, comments and watchers; roles on it that nobody could use there end, and a collection that goes alone leaves its API. Monitors are paused and stay, and so do mock servers and integrations, which run on. Requires `MOVE_ELEMENT_OUT` where it is and `MOVE_ELEMENT_IN` where it goes.
    #[graphql(directive = requires::apply(Action::MoveElementOut))]
    async fn move_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to move, and where to.")] input: input::MoveElementInput,
    ) -> Result<Option<payload::MoveElementPayload>> {
        let command =
            MoveElement { element: parse_id(&input.element_id, "elementId")?, workspace: parse_id(&input.workspace_id, "workspaceId")? };
        Ok(Some(payload::MoveElementPayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }

    /// Makes a collection one of an API in the same workspace, in place of the one that it belonged to. Requires `EDIT_ELEMENT` on both.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn attach_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, to what.")] input: input::AttachCollectionInput,
    ) -> Result<Option<payload::AttachCollectionPayload>> {
        let command =
            AttachCollection { api: parse_id(&input.api_id, "apiId")?, collection: parse_id(&input.collection_id, "collectionId")? };
        Ok(Some(payload::AttachCollectionPayload(ctx.execute(input.idempotency_key, command).await?)))
    }

    /// Takes a collection out of its API. Requires `EDIT_ELEMENT` on both.
    #[graphql(directive = requires::apply(Action::EditElement))]
    async fn detach_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: input::DetachCollectionInput,
    ) -> Result<Option<payload::DetachCollectionPayload>> {
        let command = DetachCollection { collection: parse_id(&input.collection_id, "collectionId")? };
        Ok(Some(payload::DetachCollectionPayload(ctx.execute(input.idempotency_key, command).await?)))
    }
}
