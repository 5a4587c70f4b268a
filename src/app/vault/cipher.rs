//! Keys, and the one thing they do: XChaCha20-Poly1305 with a random nonce in front of what it encrypts.

use crate::app::clock::Entropy;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox};
use std::io;

/// The bytes of a key.
pub(super) const KEY: usize = 32;
/// The bytes of a nonce: enough that random ones never meet.
pub(super) const NONCE: usize = 24;
/// The bytes by which what is encrypted grows, and by which it is known to be whole.
pub(super) const TAG: usize = 16;

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

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}
