//! Elements.

use crate::app::element::CreateCollection;
use crate::app::error::checked;
use crate::app::parse_id;
use crate::domain::text::{self, Name};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Elements, as mutations.
#[derive(Default)]
pub struct ElementMutation;

#[Object]
impl ElementMutation {
    /// Makes a collection without items. Requires `CREATE_ELEMENT`.
    #[graphql(directive = requires::apply(Action::CreateElement))]
    async fn create_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to make.")] input: input::CreateCollectionInput,
    ) -> Result<Option<payload::CreateCollectionPayload>> {
        let command = CreateCollection {
            workspace: parse_id(&input.workspace_id, "workspaceId")?,
            name: checked("name", Name::parse(&input.name))?,
            description: input.description.as_deref().map(|text| checked("description", text::Description::parse(text))).transpose()?,
        };
        Ok(Some(payload::CreateCollectionPayload(ctx.execute(input.idempotency_key, command).await.blame("workspaceId")?)))
    }
}
