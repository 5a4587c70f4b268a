//! The schema as the transports call it.

use super::context::{Caller, SharedBus};
use super::loaders::Loaders;
use super::order::Order;
use super::{PublicSchema, builder};
use crate::app::actor::Origin;
use crate::app::{Actor, App, Result, token};
use crate::domain::UserId;
use async_graphql::{Request, Response};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use secrecy::SecretString;

/// The public API: the schema and what it stands on.
#[derive(Clone)]
pub struct Api {
    schema: PublicSchema,
    app: App,
}

/// Who asks; none: somebody who did not sign in.
#[derive(Debug, Clone, Default)]
pub struct Session(Option<Actor>);

impl Session {
    /// Who has signed in.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.0.as_ref().map(Actor::id)
    }
}

impl Api {
    /// The API over this application, with subscriptions that listen to this bus.
    #[must_use]
    pub fn new(app: App, bus: SharedBus) -> Self {
        let schema = builder().data(app.clone()).data(bus).finish();
        Self { schema, app }
    }

    /// The session of whoever presents this token, coming from there. None: it opens nothing.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn authenticate(&self, token: &SecretString, origin: Origin) -> Result<Option<Session>> {
        Ok(token::authenticate(&self.app, token, origin).await?.map(|actor| Session(Some(actor))))
    }

    /// Runs a query or a mutation.
    pub async fn execute(&self, session: Session, request: Request) -> Response {
        let mut request = self.prepare(session, request);
        let order = Order::of(&mut request);
        in_order(order.as_ref(), self.schema.execute(request).await)
    }

    /// Runs a subscription.
    #[must_use]
    pub fn subscribe(&self, session: Session, request: Request) -> BoxStream<'static, Response> {
        let mut request = self.prepare(session, request);
        let order = Order::of(&mut request);
        self.schema.execute_stream(request).map(move |response| in_order(order.as_ref(), response)).boxed()
    }

    fn prepare(&self, session: Session, request: Request) -> Request {
        let caller = Caller::new(session.0);
        request.data(Loaders::new(self.app.clone(), caller.clone())).data(caller)
    }
}

fn in_order(order: Option<&Order>, response: Response) -> Response {
    match order {
        Some(order) => order.apply(response),
        None => response,
    }
}
