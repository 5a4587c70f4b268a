//! Accounts: made by an administrator on the command line or by signing in, and what their owners change of them.

mod ensure;
mod update_profile;

pub use ensure::{EnsureUser, EnsuredUser};
pub use update_profile::UpdateProfile;

use super::Work;
use super::error::Result;
use super::model::User;
use super::ports::StoreError;
use crate::domain::text::{Email, Name};

/// The user with this address, and whether it had to be made.
pub(super) async fn find_or_insert(work: &Work<'_>, email: &Email, name: &Name) -> Result<(User, bool)> {
    let user = User { id: work.new_id()?, email: email.as_str().to_owned(), name: name.to_string(), created_at: work.now() };
    let key = email.key();
    if work.tx.insert_user(&user, &key).await? {
        return Ok((user, true));
    }
    match work.tx.find_user_by_email(&key).await? {
        Some(existing) => Ok((existing, false)),
        None => Err(StoreError::Contention("the account went between two statements".into()).into()),
    }
}
