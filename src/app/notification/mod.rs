//! What people are told: what they have read of it, what they want to be told, and how.

mod digest;
mod mark_read;
mod preferences;
mod unsubscribe;

pub use digest::SendDigests;
pub use mark_read::MarkRead;
pub use preferences::{PreferenceChange, UpdatePreferences, preferences};
pub use unsubscribe::{Unsubscribe, find_unsubscription};
