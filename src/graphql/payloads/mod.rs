//! What mutations answer. What they changed is read when it is asked for, as who asks may see it afterwards.

mod account;
mod member;
mod notification;
mod request;
mod team;
mod workspace;

pub use account::*;
pub use member::*;
pub use notification::*;
pub use request::*;
pub use team::*;
pub use workspace::*;

use crate::domain::policy::Action;
use crate::domain::{Reason, RequestId, TeamId};
use crate::graphql::context::ContextExt;
use crate::graphql::errors::unless_hidden;
use crate::graphql::objects::{ApprovalRequest, Team};
use async_graphql::{Context, Result};

async fn load_request(ctx: &Context<'_>, id: RequestId) -> Result<Option<ApprovalRequest>> {
    let found = unless_hidden(ctx.access().request(id, Action::ViewRequestQueue).await)?;
    Ok(found.map(|sight| ApprovalRequest(sight.into_inner().request)))
}

async fn load_team(ctx: &Context<'_>, id: TeamId) -> Result<Option<Team>> {
    Ok(unless_hidden(ctx.access().team(id).visible().await)?.map(|team| Team(team.into_inner())))
}

/// A reason in a sentence for people.
const fn explain(reason: Reason) -> &'static str {
    match reason {
        Reason::UnknownAddress => "Nobody has an account with this address.",
        Reason::NotTeamMember => "This is not the address of a member of the team.",
        Reason::IsPartner => "This person is a partner of the team, and nobody is on both sides.",
        Reason::MalformedId => "This is not an id of the kind that is needed here.",
        Reason::UnknownId => "There is nothing with this id.",
        Reason::Empty => "This is empty.",
        Reason::TooLong => "This is too long.",
        _ => "This is not an email address.",
    }
}
