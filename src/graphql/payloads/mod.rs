//! What mutations answer. What they changed is read when it is asked for, as who asks may see it afterwards.

mod account;
mod comment;
mod element;
mod element_grant;
mod environment;
mod fork;
mod invitation;
mod member;
mod moving;
mod notification;
mod partnership;
mod pull_request;
mod related_item;
mod request;
mod team;
mod trash;
mod workspace;

pub use account::*;
pub use comment::*;
pub use element::*;
pub use element_grant::*;
pub use environment::*;
pub use fork::*;
pub use invitation::*;
pub use member::*;
pub use moving::*;
pub use notification::*;
pub use partnership::*;
pub use pull_request::*;
pub use related_item::*;
pub use request::*;
pub use team::*;
pub use trash::*;
pub use workspace::*;

use crate::domain::policy::Action;
use crate::domain::{InvitationId, RequestId, TeamId};
use crate::graphql::context::ContextExt;
use crate::graphql::errors::unless_hidden;
use crate::graphql::objects::{ApprovalRequest, Invitation, Team};
use async_graphql::{Context, Result};

async fn load_request(ctx: &Context<'_>, id: RequestId) -> Result<Option<ApprovalRequest>> {
    let found = unless_hidden(ctx.access().request(id, Action::ViewRequestQueue).await)?;
    Ok(found.map(|sight| ApprovalRequest(sight.into_inner().request)))
}

async fn load_team(ctx: &Context<'_>, id: TeamId) -> Result<Option<Team>> {
    Ok(unless_hidden(ctx.access().team(id).visible().await)?.map(|team| Team(team.into_inner())))
}

/// The invitation with this id, if who asks may know of it.
async fn load_invitation(ctx: &Context<'_>, id: InvitationId) -> Result<Option<Invitation>> {
    let found = unless_hidden(ctx.access().visible_invitation(id).await)?;
    Ok(found.map(|sight| Invitation(sight.into_inner().invitation)))
}
