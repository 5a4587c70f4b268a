//! What resolvers reach through the context.

use super::loaders::Loaders;
use crate::app::{Access, Actor, App, AppError, Command, Refusal};
use crate::domain::{Timestamp, UserId};
use crate::feed::bus::Bus;
use async_graphql::Context;
use std::sync::Arc;

/// Who asks.
pub struct Caller(pub Option<Actor>);

/// The bus that subscriptions listen to.
pub type SharedBus = Arc<dyn Bus>;

/// Shorthands for resolvers.
pub trait ContextExt {
    /// The application.
    fn app(&self) -> &App;
    /// Who asks, signed in or not.
    fn actor(&self) -> Option<&Actor>;
    /// The loaders of this operation.
    fn loaders(&self) -> &Loaders;
    /// The bus.
    fn bus(&self) -> &SharedBus;

    /// Who asks, if they are signed in.
    fn signed_in(&self) -> Result<&Actor, AppError> {
        self.actor().ok_or_else(|| Refusal::unauthenticated().into())
    }

    /// The id of who asks, if they are signed in.
    fn reader(&self) -> Result<UserId, AppError> {
        self.signed_in().map(Actor::id)
    }

    /// The way to rows, as who asks.
    fn access(&self) -> Access<'_> {
        self.app().access(self.actor())
    }

    /// This moment.
    fn now(&self) -> Timestamp {
        self.app().now()
    }

    /// Runs a use case as who asks.
    fn execute<C: Command>(&self, key: Option<String>, command: C) -> impl Future<Output = Result<C::Outcome, AppError>> + Send {
        let (app, actor) = (self.app().clone(), self.signed_in().cloned());
        async move { app.execute(Some(&actor?), key.as_deref(), &command).await }
    }
}

impl ContextExt for Context<'_> {
    fn app(&self) -> &App {
        self.data_unchecked()
    }

    fn actor(&self) -> Option<&Actor> {
        self.data_unchecked::<Caller>().0.as_ref()
    }

    fn loaders(&self) -> &Loaders {
        self.data_unchecked()
    }

    fn bus(&self) -> &SharedBus {
        self.data_unchecked()
    }
}
