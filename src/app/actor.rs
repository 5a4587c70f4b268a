//! Who is doing something.

use super::model::User;
use crate::domain::{TokenId, UserId};
use std::net::IpAddr;
use std::sync::Arc;

/// A signed-in user, and the token that they came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: User,
    /// With which token.
    pub token: TokenId,
    /// Where they came from.
    pub origin: Origin,
}

/// Where somebody came from, for the audit log. By default nowhere: the command line, or the server itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the connection; behind a proxy it is the proxy's.
    pub address: Option<IpAddr>,
    /// What their client calls itself.
    pub user_agent: Option<Arc<str>>,
}

impl Actor {
    /// Who.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.user.id
    }
}
