//! What mutations of roles on elements answer.

use crate::domain::ElementGrantId;
use crate::graphql::objects::{ElementGrant, load_element_grant};
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};

/// What grantElementRole answers.
#[derive(Description)]
pub struct GrantElementRolePayload(pub ElementGrantId);

#[Object(use_type_description)]
impl GrantElementRolePayload {
    /// The grant as it is now. Null where you may not see it any more.
    async fn grant(&self, ctx: &Context<'_>) -> Result<Option<ElementGrant>> {
        load_element_grant(ctx, self.0).await
    }
}

/// What revokeElementRole answers.
#[derive(SimpleObject)]
pub struct RevokeElementRolePayload {
    /// The grant that ended.
    pub revoked_grant_id: ID,
}
