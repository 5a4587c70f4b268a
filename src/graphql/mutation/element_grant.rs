//! Roles on single elements.

use crate::app::element_grant::{GrantElementRole, RevokeElementRole};
use crate::app::parse_id;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Action;
use crate::graphql::errors::Blame;
use crate::graphql::inputs as input;
use crate::graphql::payloads as payload;
use crate::graphql::requires::requires;
use async_graphql::{Context, Object, Result};

/// Roles on single elements, as mutations.
#[derive(Default)]
pub struct ElementGrantMutation;

#[Object]
impl ElementGrantMutation {
    /// Gives a person or a group a role on one element, or another one than they hold on it: it adds to what they may do in the workspace, and lets nobody in.
    /// Requires `GRANT_ELEMENT_ROLE`.
    #[graphql(directive = requires::apply(Action::GrantElementRole))]
    async fn grant_element_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to give.")] input: input::GrantElementRoleInput,
    ) -> Result<Option<payload::GrantElementRolePayload>> {
        let command =
            GrantElementRole { element: parse_id(&input.element_id, "elementId")?, to: input.subject.parse()?, role: input.role.into() };
        Ok(Some(payload::GrantElementRolePayload(ctx.execute(input.idempotency_key, command).await.blame("elementId")?)))
    }

    /// Takes a role on one element. Requires `GRANT_ELEMENT_ROLE`.
    #[graphql(directive = requires::apply(Action::GrantElementRole))]
    async fn revoke_element_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take.")] input: input::RevokeElementRoleInput,
    ) -> Result<Option<payload::RevokeElementRolePayload>> {
        let command = RevokeElementRole { grant: parse_id(&input.grant_id, "grantId")? };
        let grant = ctx.execute(input.idempotency_key, command).await.blame("grantId")?;
        Ok(Some(payload::RevokeElementRolePayload { revoked_grant_id: grant.to_string().into() }))
    }
}
