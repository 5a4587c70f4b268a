//! The root of reading.

use super::context::ContextExt;
use super::enums::Action;
use super::errors::Blame;
use super::objects::{Element, InvitationPreview, Node, Team, Viewer, Workspace, find_node};
use super::requires::{SignedIn, requires};
use crate::app::error::{AppError, Refusal};
use crate::app::invitation::preview;
use crate::app::parse_id;
use crate::domain::Reason;
use crate::domain::policy::Action as Act;
use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use std::sync::Arc;

/// The most ids of one nodes call.
const MAX_NODES: usize = 100;

/// The root of reading.
#[derive(Description)]
pub struct Query;

/// What this server is.
#[derive(SimpleObject)]
pub struct ServerInfo {
    /// The name of the product.
    name: &'static str,
    /// The version of the program.
    version: &'static str,
}

#[Object(use_type_description)]
impl Query {
    /// Who asks, and what belongs to them. Needs a signed-in user.
    #[graphql(guard = "SignedIn")]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(ctx.signed_in()?.clone()))
    }

    /// Anything by its id. What you may not see is not found, just as what was never there.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Result<Option<Node>> {
        Ok(Some(find_node(ctx, &id).await.blame("id")?))
    }

    /// Several things by their ids, in their order, up to 100. Null in the place of each that is malformed, or that you may not see.
    async fn nodes(&self, ctx: &Context<'_>, #[graphql(desc = "The ids.")] ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            return Err(Refusal::bad_input("ids", Reason::TooMany, format!("Ask for up to {MAX_NODES} ids.")).into());
        }
        let mut nodes = Vec::with_capacity(ids.len());
        for id in &ids {
            nodes.push(match find_node(ctx, id).await {
                Ok(node) => Some(node),
                Err(AppError::Refused(_)) => None,
                Err(failed @ AppError::Failed(_)) => return Err(failed.into()),
            });
        }
        Ok(nodes)
    }

    /// A team that you are in.
    async fn team(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Team>> {
        let team = ctx.access().team(parse_id(&id, "id")?).visible().await.blame("id")?;
        Ok(Some(Team(team.into_inner())))
    }

    /// A workspace. Requires `VIEW_WORKSPACE`.
    #[graphql(directive = requires::apply(Action::ViewWorkspace))]
    async fn workspace(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Workspace>> {
        let workspace = ctx.access().workspace(parse_id(&id, "id")?).may(Act::ViewWorkspace).await.blame("id")?;
        Ok(Some(Workspace { sight: Arc::new(workspace.into_inner()) }))
    }

    /// An API, a collection or an environment. Requires `VIEW_WORKSPACE`.
    #[graphql(directive = requires::apply(Action::ViewWorkspace))]
    async fn element(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Element>> {
        let element = ctx.access().element(parse_id(&id, "id")?).may(Act::ViewWorkspace).await.blame("id")?;
        Ok(Some(Element::new(Arc::new(element.into_inner()))))
    }

    /// What an invitee sees before signing in: workspace name, inviter, role, state. Null for an unknown token.
    async fn invitation_by_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last part of the link.")] token: String,
    ) -> Result<Option<InvitationPreview>> {
        Ok(preview(ctx.app(), &token.into()).await?.map(InvitationPreview))
    }

    /// What this server is.
    async fn server(&self) -> ServerInfo {
        ServerInfo { name: "Portico", version: env!("CARGO_PKG_VERSION") }
    }
}
