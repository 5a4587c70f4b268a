//! Keys, and what they do: XChaCha20-Poly1305 with a random nonce in front of what it encrypts, and HMAC-SHA-256.

use crate::app::clock::Entropy;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use std::io;

/// The bytes of a key.
pub(super) const KEY: usize = 32;
/// The bytes of a nonce: enough that random ones never meet.
pub(super) const NONCE: usize = 24;
/// The bytes by which what is encrypted grows, and by which it is known to be whole.
pub(super) const TAG: usize = 16;

/// The bytes that SHA-256 takes at once.
const BLOCK: usize = 64;

/// A key. Cannot be printed, and is zeroed when nobody needs it any more.
#[derive(Debug)]
pub(super) struct Key(SecretBox<[u8; KEY]>);

impl Key {
    /// A fresh one.
    pub fn random(entropy: &dyn Entropy) -> io::Result<Self> {
        let mut filled = Ok(());
        let key = SecretBox::init_with_mut(|bytes: &mut [u8; KEY]| filled = entropy.fill(bytes));
        filled.map(|()| Self(key))
    }

    /// The key of these bytes, if they are as many as a key has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == KEY).then(|| Self(SecretBox::init_with_mut(|key: &mut [u8; KEY]| key.copy_from_slice(bytes))))
    }

    pub fn bytes(&self) -> &[u8; KEY] {
        self.0.expose_secret()
    }

    /// A fresh nonce and what it encrypts to, bound to what is said `about` it.
    pub fn encrypt(&self, about: &[u8], plaintext: &[u8], entropy: &dyn Entropy) -> io::Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce)?;
        let payload = Payload { msg: plaintext, aad: about };
        let encrypted = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.map_err(|_| io::Error::other("this is too long to be encrypted"))?;
        Ok([&nonce[..], &encrypted].concat())
    }

    /// What was encrypted. None: by another key, about something else, or it was changed since.
    pub fn decrypt(&self, about: &[u8], encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, encrypted) = encrypted.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: encrypted, aad: about };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    /// What tells this text from every other one, to nobody but those who have the key. Each purpose has its own.
    pub fn fingerprint(&self, purpose: &[u8], text: &[u8]) -> [u8; 32] {
        let of_purpose = Zeroizing::new(hmac(self.bytes(), purpose));
        hmac(&of_purpose, text)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

/// HMAC-SHA-256, as RFC 2104 has it.
fn hmac(key: &[u8; KEY], text: &[u8]) -> [u8; 32] {
    let padded = |with: u8| {
        let mut block = Zeroizing::new([with; BLOCK]);
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hmac_is_that_of_rfc_4231() {
        // A shorter key is one with zeros behind it.
        let key = |key: &[u8]| std::array::from_fn(|at| key.get(at).copied().unwrap_or(0));
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert_eq!(hex(hmac(&key(&[0x0b; 20]), b"Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        let text = b"what do ya want for nothing?";
        assert_eq!(hex(hmac(&key(b"Jefe"), text)), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn each_purpose_and_key_has_its_own_fingerprints() {
        let key = |byte| Key::from_bytes(&[byte; KEY]).expect("as long as a key");
        let all = [(1, "one", "text"), (1, "two", "text"), (1, "one", "other"), (2, "one", "text")];
        let found: std::collections::BTreeSet<_> =
            all.iter().map(|(byte, purpose, text)| key(*byte).fingerprint(purpose.as_bytes(), text.as_bytes())).collect();
        assert_eq!(found.len(), all.len());
    }
}
