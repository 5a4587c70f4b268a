//! The link of an invitation: an id that finds the row, and a secret of which the row keeps only the hash.

use crate::app::model::Invitation;
use crate::app::ports::{Queries, StoreResult};
use crate::app::secret::Secret;
use crate::domain::InvitationId;
use secrecy::{ExposeSecret, SecretString};

/// The address that opens the invitation. Its last part is the token.
pub(super) fn write(public_url: &str, id: InvitationId, secret: &Secret) -> SecretString {
    format!("{}/invitations/{}", public_url.trim_end_matches('/'), secret.with_id(&id)).into()
}

/// The invitation that the token opens. None: it opens nothing, which is all the same whatever is wrong with it.
pub(super) async fn open(queries: &dyn Queries, token: &SecretString) -> StoreResult<Option<Invitation>> {
    let Some((id, secret)) = Secret::read(token.expose_secret()) else { return Ok(None) };
    let found = queries.find_invitation(id).await?;
    Ok(found.and_then(|(invitation, hash)| secret.matches(&hash).then_some(invitation)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_the_last_part_of_the_link() {
        let id = InvitationId::from_uuid(uuid::Uuid::from_u128(7));
        let text = format!("{}_{}", id.to_string().replace("invitation_", ""), "A".repeat(43));
        let (read, secret) = Secret::read(&text).expect("its own form");
        assert_eq!(id, read);
        let link = write("https://portico.example/", id, &secret);
        assert_eq!(link.expose_secret(), format!("https://portico.example/invitations/{text}"));
    }
}
