//! The public API as what the transports serve.

use super::{AuthenticationError, GraphqlService, RequestInfo};
use crate::app::actor::Origin;
use crate::graphql::{Api, Session};
use async_graphql::{Request, Response};
use futures_util::stream::BoxStream;
use secrecy::SecretString;

impl GraphqlService for Api {
    type Session = Session;

    async fn authenticate(&self, bearer: Option<&str>, peer: RequestInfo) -> Result<Session, AuthenticationError> {
        let Some(bearer) = bearer else { return Ok(Session::default()) };
        match Self::authenticate(self, &SecretString::from(bearer), peer.into()).await {
            Ok(Some(session)) => Ok(session),
            Ok(None) => Err(AuthenticationError::Invalid),
            Err(error) => {
                tracing::error!(?error, "a token could not be checked");
                Err(AuthenticationError::Unavailable)
            }
        }
    }

    fn user(session: &Session) -> Option<String> {
        session.user().map(|user| user.to_string())
    }

    async fn execute(&self, session: Session, request: Request) -> Response {
        Self::execute(self, session, request).await
    }

    fn subscribe(&self, session: Session, request: Request) -> BoxStream<'static, Response> {
        Self::subscribe(self, session, request)
    }
}

impl From<RequestInfo> for Origin {
    fn from(peer: RequestInfo) -> Self {
        // A socket that takes both families names IPv4 addresses in the form of IPv6.
        Self { address: peer.address.map(|address| address.to_canonical()), user_agent: peer.user_agent }
    }
}
