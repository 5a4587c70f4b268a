//! What an invited person sees before signing in.

use super::link;
use crate::app::App;
use crate::app::error::Result;
use crate::app::model::{Invitation, User};
use secrecy::SecretString;

/// An invitation, for whoever holds its link.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The invitation.
    pub invitation: Invitation,
    /// The name of the team.
    pub team: String,
    /// The name of who invites; none: their account is gone.
    pub inviter: Option<String>,
}

/// The invitation that the link opens. None: it opens nothing, which is all the same whatever is wrong with it.
///
/// # Errors
/// The database did not answer.
pub async fn preview(app: &App, token: &SecretString) -> Result<Option<Preview>> {
    let Some(invitation) = link::open(app.queries(), token).await? else { return Ok(None) };
    let Some(team) = app.queries().find_team(None, invitation.team_id).await? else { return Ok(None) };
    let inviter: Option<User> = app.queries().find_user(invitation.invited_by).await?;
    Ok(Some(Preview { invitation, team: team.team.name.clone(), inviter: inviter.map(|inviter| inviter.name) }))
}
