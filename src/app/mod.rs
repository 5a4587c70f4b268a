//! The use cases, one a file, and what they stand on.
//!
//! A [`Command`] is the input of a use case and knows how to [`run`](Command::run). [`App::execute`] gives it a
//! [`Work`]: one transaction in which rows change and what happened is recorded. It is tried again when the database
//! says that two transactions met, answers the first outcome again to a known idempotency key, and tells the feed once everything is committed.

pub mod access;
pub mod actor;
pub mod audit;
pub mod check;
pub mod clock;
pub mod comment;
pub mod demo;
pub mod element;
pub mod element_grant;
pub mod error;
pub mod feed;
pub mod fork;
pub mod garbage;
pub mod group;
pub mod idempotency;
pub mod invitation;
pub mod lease;
pub mod mail;
pub mod member;
pub mod model;
pub mod notification;
pub mod organization;
pub mod paging;
pub mod ports;
pub mod pull_request;
pub mod related_item;
pub mod request;
mod secret;
pub mod sign_in;
pub mod snapshot;
pub mod team;
pub mod token;
pub mod trash;
pub mod user;
pub mod vault;
pub mod watch;
pub mod work;
pub mod workspace;

pub use access::{Access, Granted};
pub use actor::Actor;
pub use error::{AppError, Refusal, Result, parse_id};
pub use work::{Announcer, Letter, News, Reach, Work};

use crate::domain::Timestamp;
use crate::domain::element::ElementKind;
use crate::domain::team::Plan;
use clock::{Clock, Entropy};
use idempotency::{Idempotency, broken};
use ports::{Queries, Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use vault::Vault;

/// How often a transaction that met another one is tried in all. Each try waits for the one that won, so this is only
/// reached where very many meet in one place.
const MAX_TRIES: usize = 12;

/// What the application is set up with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The plan that a new team has.
    pub new_team_plan: Plan,
    /// Where people reach the server: the beginning of links.
    pub public_url: String,
    /// How large documents may be.
    pub documents: DocumentLimits,
    /// How long activity and notifications are kept.
    pub feed_term: Duration,
}

/// How large documents may be, each in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentLimits {
    /// A collection.
    pub collection: u64,
    /// An environment.
    pub environment: u64,
    /// An API definition.
    pub definition: u64,
    /// A workspace archive, unpacked.
    pub archive: u64,
}

impl DocumentLimits {
    /// How large the document of such an element may be.
    #[must_use]
    pub const fn of(&self, kind: ElementKind) -> u64 {
        match kind {
            ElementKind::Collection => self.collection,
            ElementKind::Environment => self.environment,
            ElementKind::Api => self.definition,
        }
    }
}

/// The application: the store, the clock, and whom to tell.
#[derive(Debug, Clone)]
pub struct App {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random numbers.
    pub entropy: Arc<dyn Entropy>,
    /// Whoever waits for news.
    pub announcer: Arc<dyn Announcer>,
    /// How it is set up.
    pub settings: Arc<Settings>,
    /// What seals secret values.
    pub vault: Arc<Vault>,
}

/// The input of a use case that changes something.
pub trait Command: Serialize + Send + Sync {
    /// The mutation's name: idempotency keys are kept apart by it.
    const NAME: &'static str;
    /// Whether it can hold a secret that somebody might guess: then what it is recognised by under an idempotency key is made with a key.
    const HOLDS_SECRETS: bool = false;
    /// What happened: enough to answer from, and kept under the idempotency key. So it holds no secret.
    type Outcome: Serialize + DeserializeOwned + Send;

    /// Does it, inside the transaction of `work`.
    fn run(&self, work: &mut Work<'_>, app: &App) -> impl Future<Output = Result<Self::Outcome>> + Send;
}

impl App {
    /// This moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Reads outside of a transaction.
    #[must_use]
    pub fn queries(&self) -> &dyn Queries {
        self.store.queries()
    }

    /// The way to rows, for reading as this caller.
    #[must_use]
    pub fn access(&self, caller: Option<&Actor>) -> Access<'_> {
        Access::reading(self.queries(), caller.map(Actor::id), self.now())
    }

    /// Runs a use case as this caller; none: the system, or somebody who has not signed in.
    ///
    /// # Errors
    /// What the use case refuses; what broke. Nothing was changed then.
    pub async fn execute<C: Command>(&self, actor: Option<&Actor>, key: Option<&str>, command: &C) -> Result<C::Outcome> {
        let mut tries = 1;
        loop {
            match self.attempt(actor, key, command).await {
                Err(AppError::Failed(StoreError::Contention(cause))) if tries < MAX_TRIES => {
                    tracing::debug!(mutation = C::NAME, tries, %cause, "met another transaction, trying again");
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn attempt<C: Command>(&self, actor: Option<&Actor>, key: Option<&str>, command: &C) -> Result<C::Outcome> {
        let mut work = Work::new(self.store.begin().await?, actor, self.now(), &*self.entropy);
        let claimed = match key {
            None => None,
            Some(key) => Some(Idempotency::claim(self, &work, key, command).await?),
        };
        if let Some(Idempotency::Known(outcome)) = claimed {
            return Ok(outcome);
        }
        let outcome = command.run(&mut work, self).await?;
        if let Some(Idempotency::Claimed(key)) = claimed {
            let text = serde_json::to_string(&outcome).map_err(broken)?;
            work.tx.set_idempotent_outcome(key, &text).await?;
        }
        self.announcer.announce(work.commit().await?);
        Ok(outcome)
    }
}
