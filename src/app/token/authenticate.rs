//! Who came with this token, and may they still?

use crate::app::actor::Origin;
use crate::app::error::Result;
use crate::app::model::AccessToken;
use crate::app::{Actor, App};
use secrecy::SecretString;

/// The user whom the token belongs to, coming from there. None: it is malformed, unknown, expired or revoked, which is all the same to
/// whoever came with it.
///
/// # Errors
/// The database did not answer.
pub async fn authenticate(app: &App, token: &SecretString, origin: Origin) -> Result<Option<Actor>> {
    let Some((id, secret)) = super::read(token) else { return Ok(None) };
    let Some((token, hash, user)) = app.queries().find_token(id).await? else { return Ok(None) };
    if !secret.matches(&hash) || !token.is_live(app.now()) {
        return Ok(None);
    }
    Ok(Some(Actor { user, token: token.id, origin }))
}

/// The token that somebody came with, if it still opens anything: for what goes on for a while.
///
/// # Errors
/// The database did not answer.
pub async fn find_live(app: &App, actor: &Actor) -> Result<Option<AccessToken>> {
    let found = app.queries().find_token(actor.token).await?;
    Ok(found.map(|(token, _, _)| token).filter(|token| token.is_live(app.now())))
}
