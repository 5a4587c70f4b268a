//! Access tokens: made, checked, revoked.
//!
//! A token reads `portico_<id>_<secret>`: the id finds the row, which keeps only the hash of the secret.

mod authenticate;
mod create;
mod revoke;

pub use authenticate::{authenticate, find_live};
pub(in crate::app) use create::issue;
pub use create::{CreateToken, CreatedToken, create};
pub use revoke::RevokeToken;

use super::secret::Secret;
use crate::domain::TokenId;
use secrecy::{ExposeSecret, SecretString};

const PREFIX: &str = "portico_";

fn write(id: TokenId, secret: &Secret) -> SecretString {
    format!("{PREFIX}{}", secret.with_id(&id)).into()
}

fn read(token: &SecretString) -> Option<(TokenId, Secret)> {
    Secret::read(token.expose_secret().strip_prefix(PREFIX)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_is_read_as_it_was_written(id in any::<u128>(), secret in "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]") {
            let id = TokenId::from_uuid(uuid::Uuid::from_u128(id));
            let suffix = id.to_string().replace("token_", "");
            let token = SecretString::from(format!("portico_{suffix}_{secret}"));
            let (read_id, read_secret) = read(&token).expect("its own form");
            prop_assert_eq!(read_id, id);
            let written = write(id, &read_secret);
            prop_assert_eq!(written.expose_secret(), token.expose_secret());
        }

        #[test]
        fn reading_any_text_never_panics(text in "\\PC*") {
            let _ = read(&SecretString::from(format!("{PREFIX}{text}")));
        }
    }
}
