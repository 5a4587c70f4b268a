//! An account by an administrator's hand.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
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
        let (user, is_new) = super::find_or_insert(work, &self.email, &self.name).await?;
        Ok(if is_new { EnsuredUser::Created(user.id) } else { EnsuredUser::Existed(user.id) })
    }
}
