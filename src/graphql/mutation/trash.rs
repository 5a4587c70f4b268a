//! The end of elements, and the trash.

use crate::app::parse_id;
use crate::app::trash::{DeleteElement, PurgeElement, RestoreElement};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// The end of elements, as mutations.
#[derive(Default)]
pub struct TrashMutation;

#[Object]
impl TrashMutation {
    /// Deletes an element. A collection under 30 MiB goes to the trash, from which it can be restored for 90 days; anything else is gone for good, and the
    /// answer says so. What is bound to a collection in the trash stays where it is, with its monitors paused; the collections of an API stay
    /// without it. Requires `DELETE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::DeleteElement))]
    async fn delete_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to delete.")] input: input::DeleteElementInput,
    ) -> Result<Option<payload::DeleteElementPayload>> {
        let command = DeleteElement { element: parse_id(&input.element_id, "elementId")? };
        Ok(Some(payload::DeleteElementPayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }

    /// Brings a collection back from the trash as it was: with its id, its version, its history, its comments and the roles on it. It goes to the
    /// workspace that it came from or, if that is gone, to the one that is named. Requires `RESTORE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::RestoreElement))]
    async fn restore_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to bring back.")] input: input::RestoreElementInput,
    ) -> Result<Option<payload::RestoreElementPayload>> {
        let command = RestoreElement {
            entry: parse_id(&input.trash_entry_id, "trashEntryId")?,
            workspace: input.workspace_id.map(|id| parse_id(&id, "workspaceId")).transpose()?,
        };
        Ok(Some(payload::RestoreElementPayload(ctx.execute(input.idempotency_key, command).await.blame("trashEntryId")?)))
    }

    /// Removes a collection from the trash for good. Requires `PURGE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::PurgeElement))]
    async fn purge_element(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to remove.")] input: input::PurgeElementInput,
    ) -> Result<Option<payload::PurgeElementPayload>> {
        let command = PurgeElement { entry: parse_id(&input.trash_entry_id, "trashEntryId")? };
        let purged = ctx.execute(input.idempotency_key, command).await.blame("trashEntryId")?;
        Ok(Some(payload::PurgeElementPayload { purged_element_id: purged.to_string().into() }))
    }
}
