//! Time and randomness, as parameters.
//!
//! Whatever needs the time or a random number is given one of these; the globals behind them are named here and
//! nowhere else (clippy sees to it).

use crate::domain::Timestamp;
use std::fmt;
use type_safe_id::{StaticType, TypeSafeId};

/// Tells the time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// This moment.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the global clock")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// Gives random bytes.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// Fills the buffer with bytes that nobody can guess.
    ///
    /// # Errors
    /// The system has none to give.
    fn fill(&self, buffer: &mut [u8]) -> std::io::Result<()>;
}

/// The random numbers of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one home of the global source of random numbers")]
    fn fill(&self, buffer: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(buffer).map_err(std::io::Error::other)
    }
}

/// A fresh `UUIDv7` id of the moment.
///
/// # Errors
/// There are no random numbers to be had.
pub fn new_id<T: StaticType>(now: Timestamp, entropy: &dyn Entropy) -> std::io::Result<TypeSafeId<T>> {
    let mut random = [0; 10];
    entropy.fill(&mut random)?;
    Ok(TypeSafeId::from_uuid(uuid::Builder::from_unix_timestamp_millis(now.as_millis(), &random).into_uuid()))
}
