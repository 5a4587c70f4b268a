//! Access tokens: made, checked, revoked.
//!
//! A token reads `portico_<id>_<secret>`: the id finds the row, the secret is 32 random bytes of which the row keeps
//! only the SHA-256. Such a secret cannot be guessed, so a slow hash would protect nothing.

mod authenticate;
mod create;
mod revoke;

pub use authenticate::{authenticate, is_live};
pub(in crate::app) use create::issue;
pub use create::{CreateToken, CreatedToken, create};
pub use revoke::RevokeToken;

use crate::domain::TokenId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const PREFIX: &str = "portico_";

/// The secret half of a token. Cannot be printed.
pub(in crate::app) struct Secret(pub(in crate::app) [u8; 32]);

impl Secret {
    pub(in crate::app) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    pub(in crate::app) fn matches(&self, hash: &[u8; 32]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

fn write(id: TokenId, secret: &Secret) -> SecretString {
    let suffix = id.to_string();
    let suffix = suffix.rsplit('_').next().unwrap_or_default();
    format!("{PREFIX}{suffix}_{}", URL_SAFE_NO_PAD.encode(secret.0)).into()
}

fn read(token: &SecretString) -> Option<(TokenId, Secret)> {
    // The secret may hold underscores itself, the id cannot.
    let (id, secret) = token.expose_secret().strip_prefix(PREFIX)?.split_once('_')?;
    let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
    Some((format!("token_{id}").parse().ok()?, Secret(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_is_read_as_it_was_written(id in any::<u128>(), secret in any::<[u8; 32]>()) {
            let id = TokenId::from_uuid(uuid::Uuid::from_u128(id));
            let (read_id, read_secret) = read(&write(id, &Secret(secret))).expect("its own form");
            prop_assert_eq!(read_id, id);
            prop_assert!(read_secret.matches(&Secret(secret).hash()));
        }

        #[test]
        fn reading_any_text_never_panics(text in "\\PC*") {
            let _ = read(&SecretString::from(format!("{PREFIX}{text}")));
        }
    }

    #[test]
    fn another_secret_does_not_match() {
        assert!(!Secret([1; 32]).matches(&Secret([2; 32]).hash()));
    }
}
