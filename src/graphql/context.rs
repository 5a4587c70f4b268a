//! What resolvers reach through the context.

use super::loaders::Loaders;
use crate::app::{Access, Actor, App, AppError, Command, Refusal};
use crate::domain::{Timestamp, UserId};
use crate::feed::bus::Bus;
use async_graphql::Context;
use std::sync::{Arc, OnceLock};

/// Who asks. Whoever signs in during an operation that came from nobody is who asks from then on, for the loaders too.
#[derive(Debug, Clone)]
pub struct Caller(Arc<OnceLock<Actor>>);

impl Caller {
    /// An operation from this actor; none: from nobody yet.
    pub fn new(actor: Option<Actor>) -> Self {
        Self(Arc::new(actor.map_or_else(OnceLock::new, OnceLock::from)))
    }

    /// Who asks, if they are signed in.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.get()
    }

    /// Somebody has signed in. An operation that came from somebody stays theirs.
    pub fn sign_in(&self, actor: Actor) {
        // An error says that the place was taken, which is what is meant to be.
        let _ = self.0.set(actor);
    }
}

/// The bus that subscriptions listen to.
pub type SharedBus = Arc<dyn Bus>;

/// Shorthands for resolvers.
pub trait ContextExt {
    /// The application.
    fn app(&self) -> &App;
    /// Who asks, signed in or not.
    fn caller(&self) -> &Caller;
    /// The loaders of this operation.
    fn loaders(&self) -> &Loaders;
    /// The bus.
    fn bus(&self) -> &SharedBus;

    /// Who asks, if they are signed in.
    fn actor(&self) -> Option<&Actor> {
        self.caller().actor()
    }

    /// Who asks; whoever has not signed in is refused.
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

    fn caller(&self) -> &Caller {
        self.data_unchecked()
    }

    fn loaders(&self) -> &Loaders {
        self.data_unchecked()
    }

    fn bus(&self) -> &SharedBus {
        self.data_unchecked()
    }
}
