//! What the application asks of the store about codes to sign in with.

use super::StoreResult;
use crate::domain::Timestamp;
use async_trait::async_trait;

/// What is kept of a code: enough to know it again, not to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptCode {
    /// Random bytes, so that equal codes do not look alike.
    pub salt: [u8; 16],
    /// The SHA-256 of the salt and the code.
    pub hash: [u8; 32],
}

/// A code that is about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct NewCode<'a> {
    /// The key of the address that it is sent to.
    pub email_key: &'a str,
    /// What is kept of it.
    pub kept: KeptCode,
    /// When it is sent.
    pub sent_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Keeping codes to sign in with, one for each address.
#[async_trait]
pub trait SignInWrites: Send + Sync {
    /// Keeps a code in place of the one that the address had, with no try taken. False: the address was sent five codes after
    /// `window_start` already, whatever became of them, and nothing was written.
    async fn set_sign_in_code(&self, code: NewCode<'_>, window_start: Timestamp) -> StoreResult<bool>;
    /// Takes one of so many tries at the code of this address. None: there is no code that is good at this moment, or no try is left.
    async fn take_sign_in_try(&self, email_key: &str, max_tries: i32, now: Timestamp) -> StoreResult<Option<KeptCode>>;
    /// The code was good: it is not any more.
    async fn set_sign_in_code_used(&self, email_key: &str, at: Timestamp) -> StoreResult<()>;
    /// Forgets the codes of addresses that were sent none after this moment. Answers how many.
    async fn delete_sign_in_codes(&self, sent_until: Timestamp) -> StoreResult<u64>;
}
