//! Signing in with a code that is sent by mail: whoever reads the mails of an address is its owner.
//!
//! A code has only six digits. What keeps it from being guessed is that it has five tries and ten minutes, and that an address is sent five
//! of them in a quarter of an hour at the most. Whether an address has an account is told to nobody who does not read its mails: asking
//! for a code does the same for all, and an account is made when its first code comes back.

mod forget;
mod redeem;
mod request_code;

pub use forget::ForgetCodes;
pub use redeem::{SignIn, SignInOutcome, SignedIn, sign_in};
pub use request_code::RequestCode;

use super::Work;
use super::error::Result;
use super::ports::KeptCode;
use crate::domain::days;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// How long a code is good for. The mail says so too.
pub const CODE_TERM: Duration = Duration::from_mins(10);

/// How often a code can be tried.
pub const MAX_TRIES: i32 = 5;

/// The span of time in which an address is sent five codes at the most.
pub const WINDOW: Duration = Duration::from_mins(15);

/// How long a token that was made by signing in is good for; after that its owner signs in again.
pub const TOKEN_TERM: Duration = days(30);

/// How many codes there are.
const CODES: u32 = 1_000_000;

/// A code, every one as likely as any other.
fn draw(work: &Work<'_>) -> Result<SecretString> {
    loop {
        let mut bytes = [0; 4];
        work.random(&mut bytes)?;
        if let Some(code) = code(u32::from_le_bytes(bytes)) {
            return Ok(code);
        }
    }
}

/// The code that this random number stands for. None: draw again, or the codes at the low end would be a little likelier.
fn code(number: u32) -> Option<SecretString> {
    (number < u32::MAX - u32::MAX % CODES).then(|| format!("{:06}", number % CODES).into())
}

impl KeptCode {
    /// What is kept of this code.
    fn of(code: &SecretString, salt: [u8; 16]) -> Self {
        // The salt has one length, so that where it ends is no question.
        let hash = Sha256::new().chain_update(salt).chain_update(code.expose_secret()).finalize().into();
        Self { salt, hash }
    }

    fn is_of(&self, code: &SecretString) -> bool {
        Self::of(code, self.salt).hash.ct_eq(&self.hash).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(number: u32) -> Option<String> {
        code(number).map(|code| code.expose_secret().to_owned())
    }

    #[test]
    fn a_code_has_six_digits_and_may_begin_with_zeros() {
        assert_eq!(text(0).as_deref(), Some("000000"));
        assert_eq!(text(1_000_042).as_deref(), Some("000042"));
        assert_eq!(text(123_456).as_deref(), Some("123456"));
    }

    #[test]
    fn numbers_that_would_make_some_codes_likelier_are_not_taken() {
        // 4294 times every code, and a rest that is not complete.
        assert_eq!(text(4_293_999_999).as_deref(), Some("999999"));
        assert_eq!(text(4_294_000_000), None);
        assert_eq!(text(u32::MAX), None);
    }

    #[test]
    fn a_code_is_known_again_by_its_hash_and_no_other_is() {
        let kept = KeptCode::of(&"012345".into(), [7; 16]);
        assert!(kept.is_of(&"012345".into()));
        for other in ["12345", "012346", "", "0123456"] {
            assert!(!kept.is_of(&other.into()), "{other}");
        }
        assert_ne!(kept.hash, KeptCode::of(&"012345".into(), [8; 16]).hash);
    }
}
