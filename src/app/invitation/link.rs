//! The link of an invitation: an id that finds the row, and a secret of which the row keeps only the hash.

use crate::app::token::Secret;
use crate::app::{Result, Work};
use crate::domain::InvitationId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

/// A fresh secret.
///
/// # Errors
/// There are no random numbers to be had.
pub(super) fn new_secret(work: &Work<'_>) -> Result<Secret> {
    let mut secret = Secret([0; 32]);
    work.random(&mut secret.0)?;
    Ok(secret)
}

/// The address that opens the invitation.
pub(super) fn write(public_url: &str, id: InvitationId, secret: &Secret) -> SecretString {
    let suffix = id.to_string();
    let suffix = suffix.rsplit('_').next().unwrap_or_default();
    format!("{}/invitations/{suffix}_{}", public_url.trim_end_matches('/'), URL_SAFE_NO_PAD.encode(secret.0)).into()
}

/// What the last part of that address says: the token.
pub(super) fn read(token: &SecretString) -> Option<(InvitationId, Secret)> {
    let (id, secret) = token.expose_secret().split_once('_')?;
    let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
    Some((format!("invitation_{id}").parse().ok()?, Secret(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_link_is_read_as_it_was_written(id in any::<u128>(), secret in any::<[u8; 32]>()) {
            let id = InvitationId::from_uuid(uuid::Uuid::from_u128(id));
            let link = write("https://portico.example/", id, &Secret(secret));
            let (_, token) = link.expose_secret().rsplit_once("/invitations/").expect("its own form");
            let (read_id, read_secret) = read(&SecretString::from(token)).expect("its own form");
            prop_assert_eq!(read_id, id);
            prop_assert!(read_secret.matches(&Secret(secret).hash()));
        }

        #[test]
        fn reading_any_text_never_panics(text in "\\PC*") {
            let _ = read(&SecretString::from(text));
        }
    }
}
