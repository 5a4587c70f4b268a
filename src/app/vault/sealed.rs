//! The text in whose place a secret value is kept.

use super::cipher::{NONCE, TAG};
use crate::domain::DataKeyId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// How a sealed value begins: what it is, and the version of how it is done.
const PREFIX: &str = "sealed:1:";

/// A sealed value: `sealed:1:datakey_01jd…:…`, the last part being the nonce and what is encrypted, as URL-safe base64 without padding.
///
/// It is bound to its data key and to nothing else, so that a copy of an environment can be read as the environment itself.
///
/// **Whether a value is sealed is never told by its looks.** Anybody may type a text of this form into a variable. Whoever keeps values knows
/// from the kind of the variable, and from having sealed it, that what stands there is sealed; [`parse`](Self::parse) is for that text alone.
/// What comes from outside is sealed as it is, whatever it looks like.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    data_key: DataKeyId,
    encrypted: Vec<u8>,
}

impl Sealed {
    pub(super) fn new(data_key: DataKeyId, encrypted: Vec<u8>) -> Self {
        Self { data_key, encrypted }
    }

    /// Reads the text of a sealed value, exactly as it was written: there is one text for each sealed value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (data_key, encrypted) = text.strip_prefix(PREFIX)?.split_once(':')?;
        let sealed = Self { data_key: data_key.parse().ok()?, encrypted: URL_SAFE_NO_PAD.decode(encrypted).ok()? };
        (sealed.encrypted.len() >= NONCE + TAG && sealed.to_string() == text).then_some(sealed)
    }

    /// The data key that opens it.
    #[must_use]
    pub fn data_key(&self) -> DataKeyId {
        self.data_key
    }

    pub(super) fn encrypted(&self) -> &[u8] {
        &self.encrypted
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}:{}", self.data_key, URL_SAFE_NO_PAD.encode(&self.encrypted))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sealed").field("data_key", &self.data_key).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn sealed() -> Sealed {
        Sealed::new(DataKeyId::from_uuid(Uuid::from_u128(7)), (0..=50).collect())
    }

    proptest! {
        #[test]
        fn a_sealed_value_is_read_as_it_was_written(id in any::<u128>(), encrypted in proptest::collection::vec(any::<u8>(), 40..200)) {
            let sealed = Sealed::new(DataKeyId::from_uuid(Uuid::from_u128(id)), encrypted);
            prop_assert_eq!(Sealed::parse(&sealed.to_string()), Some(sealed));
        }

        #[test]
        fn reading_any_text_never_panics(text in "(sealed:1:(datakey_[0-9a-z]{26}:)?)?\\PC*") {
            let read = Sealed::parse(&text);
            prop_assert!(read.is_none_or(|sealed| sealed.to_string() == text));
        }
    }

    #[test]
    fn what_is_not_exactly_a_sealed_value_is_none() {
        let text = sealed().to_string();
        let (head, body) = text.rsplit_once(':').expect("three parts");
        let short = Sealed::new(sealed().data_key, vec![0; NONCE + TAG - 1]).to_string();
        for wrong in [
            String::new(),
            format!(" {text}"),
            format!("{text} "),
            format!("{text}\n"),
            format!("{text}="),
            format!("{text}:"),
            text.to_uppercase(),
            text.replace("sealed:1:", "sealed:2:"),
            text.replace("datakey_", "workspace_"),
            text.replace("datakey_", "DATAKEY_"),
            head.to_owned(),
            format!("{head}:"),
            format!("{head}:{}", body.replace('A', "+")),
            short,
        ] {
            assert_eq!(Sealed::parse(&wrong), None, "{wrong}");
        }
    }
}
