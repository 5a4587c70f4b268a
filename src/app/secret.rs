//! Secrets that open something: of a token, of a link. What is kept is the hash; what goes out is the secret with the id that finds the row.

use super::error::Result;
use super::work::Work;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use type_safe_id::{StaticType, TypeSafeId};

/// 32 random bytes. They cannot be guessed, so a slow hash would protect nothing. Cannot be printed.
pub(super) struct Secret([u8; 32]);

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// There are no random numbers to be had.
    pub fn new(work: &Work<'_>) -> Result<Self> {
        let mut bytes = [0; 32];
        work.random(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// What is kept of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Whether this was kept of it. Takes the same time whatever differs.
    pub fn matches(&self, hash: &[u8; 32]) -> bool {
        self.hash().ct_eq(hash).into()
    }

    /// The secret with the id, as text: `01jd…_abc…`.
    pub fn with_id<T: StaticType>(&self, id: &TypeSafeId<T>) -> String {
        let id = id.to_string();
        let suffix = id.rsplit('_').next().unwrap_or_default();
        format!("{suffix}_{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// The id and the secret that the text says, if it is of that form.
    pub fn read<T: StaticType>(text: &str) -> Option<(TypeSafeId<T>, Self)> {
        // The secret may hold underscores itself, the id cannot.
        let (id, secret) = text.split_once('_')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some((format!("{}_{id}", T::TYPE).parse().ok()?, Self(secret)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TokenId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_secret_is_read_as_it_was_written(id in any::<u128>(), secret in any::<[u8; 32]>()) {
            let id = TokenId::from_uuid(uuid::Uuid::from_u128(id));
            let (read_id, read_secret) = Secret::read(&Secret(secret).with_id(&id)).expect("its own form");
            prop_assert_eq!(id, read_id);
            prop_assert!(read_secret.matches(&Secret(secret).hash()));
        }

        #[test]
        fn reading_any_text_never_panics(text in "\\PC*") {
            let _ = Secret::read::<crate::domain::kind::Token>(&text);
        }
    }

    #[test]
    fn another_secret_does_not_match() {
        assert!(!Secret([1; 32]).matches(&Secret([2; 32]).hash()));
    }
}
