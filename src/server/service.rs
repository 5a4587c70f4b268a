//! What the transports ask of the rest of the server.

use std::{future::Future, net::IpAddr, sync::Arc};

use async_graphql::{Request, Response};
use futures_util::stream::BoxStream;

/// Executes GraphQL for people who may or may not be signed in.
///
/// The transports know nothing of the schema or of tokens; they bring admitted requests here.
pub trait GraphqlService: Clone + Send + Sync + 'static {
    /// Who is asking, as found out once an operation.
    type Session: Clone + Send + Sync + 'static;

    /// Finds out who presents a bearer token. `None` means that no credential was given, which
    /// is an anonymous session and not an error.
    fn authenticate(
        &self,
        bearer: Option<&str>,
        peer: RequestInfo,
    ) -> impl Future<Output = Result<Self::Session, AuthenticationError>> + Send;

    /// The id of who is signed in; none: nobody is.
    fn user(session: &Self::Session) -> Option<String>;

    /// Runs a query or a mutation. The request carries its parsed document.
    fn execute(&self, session: Self::Session, request: Request) -> impl Future<Output = Response> + Send;

    /// Runs a subscription. Dropping the stream ends it.
    fn subscribe(&self, session: Self::Session, request: Request) -> BoxStream<'static, Response>;
}

/// Where a request comes from, for the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestInfo {
    /// Address of the peer of the connection, when the server was started with connection info.
    /// Behind a proxy it is the proxy's.
    pub address: Option<IpAddr>,
    /// What the client calls itself, at most 256 characters.
    pub user_agent: Option<Arc<str>>,
}

/// Why nobody could be made out behind a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// The token is unknown, expired or revoked.
    #[error("The access token is not valid.")]
    Invalid,
    /// The token could not be looked up now.
    #[error("The access token cannot be checked at the moment.")]
    Unavailable,
}
