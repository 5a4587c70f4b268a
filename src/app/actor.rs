//! Who is doing something.

use super::model::User;
use crate::domain::{Timestamp, TokenId, UserId};

/// A signed-in user, and the token that they came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: User,
    /// With which token.
    pub token: TokenId,
    /// When that token ends; none: when it is revoked.
    pub token_expires_at: Option<Timestamp>,
}

impl Actor {
    /// Who.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.user.id
    }
}
