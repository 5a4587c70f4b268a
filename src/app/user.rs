//! Making accounts: by an administrator on the command line.

use super::error::Result;
use super::model::User;
use super::{App, Command, Work};
use crate::domain::UserId;
use crate::domain::text::{Email, Name};
use serde::{Deserialize, Serialize};

/// Makes the user with this address if there is none.
#[derive(Debug, Clone, Serialize)]
pub struct EnsureUser {
    /// The address.
    pub email: Email,
    /// The name of a new user.
    pub name: Name,
}

/// What [`EnsureUser`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnsuredUser {
    /// There was none; this one was made.
    Created(UserId),
    /// There was one.
    Existed(UserId),
}

impl EnsuredUser {
    /// The user, made or found.
    #[must_use]
    pub const fn id(self) -> UserId {
        match self {
            Self::Created(id) | Self::Existed(id) => id,
        }
    }
}

impl Command for EnsureUser {
    const NAME: &'static str = "ensureUser";
    type Outcome = EnsuredUser;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<EnsuredUser> {
        let user = User { id: work.new_id()?, email: self.email.as_str().to_owned(), name: self.name.to_string(), created_at: work.now() };
        let key = self.email.key();
        if work.tx.insert_user(&user, &key).await? {
            return Ok(EnsuredUser::Created(user.id));
        }
        let existing = work.tx.find_user_by_email(&key).await?;
        Ok(EnsuredUser::Existed(existing.map_or(user.id, |existing| existing.id)))
    }
}
