//! One running server: everything put together. The command line starts one, and so does each test.

use crate::app::clock::{Clock, Entropy};
use crate::app::ports::{MasterKeySource, Store, StoreError};
use crate::app::vault::{MasterKeyError, Vault, VaultError};
use crate::app::{Announcer, App, DocumentLimits, Settings};
use crate::config::{Carrier, Config, ConfigError, DocumentsConfig, MailConfig, SecretsConfig};
use crate::domain::days;
use crate::feed::bus::{Bus, InProcessBus, NatsBus};
use crate::graphql::{Api, sdl};
use crate::jobs::Runner;
use crate::keyring::{ConfiguredKeys, KeyFile};
use crate::mail::smtp::TlsProblem;
use crate::mail::{FileTransport, Sender, SmtpTransport, Transport, smtp};
use crate::server::{InFlight, TransportSettings, audit_log, documents, giving_up_after, health, router, unsubscribe};
use crate::store::{Database, Options};
use lettre::message::Mailbox;
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a shutdown waits for what is still running. The bus is given a second more, so that all of it takes less than ten.
const GRACE: Duration = Duration::from_secs(8);

/// How long a server that starts waits for its database before it listens without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It is set up wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database does not do its part.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// Secrets could not be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// There are no random numbers.
    #[error("the system gives no random numbers")]
    Entropy(#[source] std::io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
}

/// The parts of a server, before it listens.
pub struct Parts {
    /// The application.
    pub app: App,
    /// The database.
    pub database: Arc<Database>,
    /// The bus.
    pub bus: Arc<dyn Bus>,
    /// The jobs, which run when they are told to.
    pub jobs: Runner,
}

impl Parts {
    /// Opens the database and puts the application together.
    ///
    /// # Errors
    /// Says what of the configuration or the database cannot be used.
    pub async fn assemble(config: &Config, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StartError> {
        let options = Options { connections: config.database.connections, ..Options::default() };
        let database = Arc::new(Database::connect(config.database.url.expose_secret(), options).await?);
        let bus = bus_of(config, &*entropy)?;
        let announcer: Arc<dyn Announcer> = bus.clone();
        let store: Arc<dyn Store> = database.clone();
        let settings = Arc::new(Settings {
            new_team_plan: config.teams.new_team_plan,
            public_url: config.server.public_url.clone(),
            documents: limits(&config.documents),
            feed_term: days(config.feeds.keep_days),
        });
        let vault = Arc::new(Vault::new(master_keys(&config.secrets)?, clock.clone(), entropy.clone()));
        let app = App { store, clock, entropy, announcer, settings, vault };
        let wrong = |key, problem| ConfigError::Unusable { key, problem };
        let from: Mailbox = config.mail.from.parse().map_err(|_| wrong("PORTICO_MAIL_FROM", "must be an address"))?;
        let transport = transport(&config.mail, from.email.domain())?;
        let sender = Arc::new(Sender { from, public_url: config.server.public_url.clone() });
        let jobs = Runner::new(app.clone(), bus.clone(), transport, sender).map_err(StartError::Entropy)?;
        Ok(Self { app, database, bus, jobs })
    }
}

/// The bus that the configuration names.
fn bus_of(config: &Config, entropy: &dyn Entropy) -> Result<Arc<dyn Bus>, StartError> {
    Ok(match config.bus.options()? {
        Some(options) => Arc::new(NatsBus::new(options, entropy).map_err(StartError::Entropy)?),
        None => Arc::new(InProcessBus::default()),
    })
}

fn limits(documents: &DocumentsConfig) -> DocumentLimits {
    let bytes = |mib: u32| u64::from(mib) * 1024 * 1024;
    DocumentLimits {
        collection: bytes(documents.max_collection_mib),
        environment: bytes(documents.max_environment_mib),
        definition: bytes(documents.max_definition_mib),
        archive: bytes(documents.max_archive_mib),
    }
}

/// What carries mails that come from this domain.
///
/// # Errors
/// Names the key of what cannot be used.
pub fn transport(config: &MailConfig, domain: &str) -> Result<Arc<dyn Transport>, ConfigError> {
    let wrong = |key| move |problem| ConfigError::Unusable { key, problem };
    let settings = match config.carrier().map_err(wrong("PORTICO_MAIL_URL"))? {
        Carrier::Folder(folder) => return Ok(Arc::new(FileTransport::new(folder))),
        Carrier::Smtp(settings) => settings,
    };
    let wrong_certificates = wrong("PORTICO_MAIL_CA_FILE");
    let also_trusted = if config.ca_file.as_os_str().is_empty() {
        None
    } else {
        let pem = std::fs::read(&config.ca_file).map_err(|_| wrong_certificates("cannot be read"))?;
        Some(smtp::trusted(&pem).map_err(wrong_certificates)?)
    };
    let timeout = Duration::from_secs(config.timeout_seconds.into());
    let transport = SmtpTransport::new(settings, domain, also_trusted, timeout).map_err(|problem| match problem {
        TlsProblem::AlsoTrusted => wrong_certificates("has a certificate in it that cannot be trusted"),
        TlsProblem::System => wrong("PORTICO_MAIL_URL")("asks for TLS, and the system has no certificates that it trusts"),
    })?;
    Ok(Arc::new(transport))
}

/// The master keys that the configuration names, or else those of its file.
fn master_keys(config: &SecretsConfig) -> Result<Arc<dyn MasterKeySource>, ConfigError> {
    let wrong = |error: MasterKeyError| ConfigError::Unusable { key: "PORTICO_SECRET_KEYS", problem: error.problem };
    Ok(match config.master_keys().map_err(wrong)? {
        Some(keys) => Arc::new(ConfiguredKeys::new(keys)),
        None => Arc::new(KeyFile::new(&config.key_file)),
    })
}

/// A server that listens.
pub struct Instance {
    /// Where.
    pub address: SocketAddr,
    shutdown: watch::Sender<bool>,
    in_flight: InFlight,
    serving: JoinHandle<std::io::Result<()>>,
    /// The bus goes on until everything that has something to say is done.
    quiet: watch::Sender<bool>,
    carrying: JoinHandle<()>,
}

impl Instance {
    /// Listens, and answers until it is [stopped](Self::stop).
    ///
    /// # Errors
    /// The address cannot be listened on, or the keys of secrets are not there.
    pub async fn start(listen: SocketAddr, parts: &Parts, settings: TransportSettings) -> Result<Self, StartError> {
        // A database that is not there or has not the newest schema is waited for, as `/readyz` says; then the vault is unlocked by whoever
        // needs it first.
        if matches!(tokio::time::timeout(PATIENCE, parts.app.store.ready()).await, Ok(Ok(()))) {
            parts.app.vault.unlock(parts.app.queries()).await?;
        }
        let listener = TcpListener::bind(listen).await.map_err(|error| StartError::Listen(listen, error))?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(listen, error))?;
        let listener = giving_up_after(settings.write_timeout, listener);
        let (shutdown, stops) = watch::channel(false);
        let in_flight = InFlight::default();
        let api = Api::new(parts.app.clone(), parts.bus.clone());
        let documents = documents::routes(parts.app.clone(), &settings, in_flight.clone());
        let routes = router(api, settings, in_flight.clone(), stops.clone())
            .merge(documents)
            .merge(health::routes(parts.app.clone(), stops.clone(), sdl().into()))
            .merge(audit_log::routes(parts.app.clone()))
            .merge(unsubscribe::routes(parts.app.clone(), in_flight.clone()));
        let mut until = stops;
        let serving =
            axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(async move {
                // The sender lives as long as the server, so that an error means the same.
                let _ = until.wait_for(|stops| *stops).await;
            });
        let (quiet, ends) = watch::channel(false);
        let (app, bus) = (parts.app.clone(), parts.bus.clone());
        let carrying = tokio::spawn(async move { bus.run(&app, ends).await });
        Ok(Self { address, shutdown, in_flight, serving: tokio::spawn(serving.into_future()), quiet, carrying })
    }

    /// Tells when the server is to stop, for whatever runs beside it.
    #[must_use]
    pub fn stops(&self) -> watch::Receiver<bool> {
        self.shutdown.subscribe()
    }

    /// Stops accepting, closes sockets, waits a while for what is still running and for what runs beside it, and tells other servers the last news.
    pub async fn stop(self, beside: impl Future<Output = ()>) {
        self.shutdown.send_replace(true);
        let serving = async {
            if let Ok(Err(error)) = self.serving.await {
                tracing::error!(%error, "serving ended with an error");
            }
            // Last, since a request that was still coming in may have begun a mutation.
            self.in_flight.finished().await;
        };
        if tokio::time::timeout(GRACE, async { tokio::join!(serving, beside) }).await.is_err() {
            tracing::warn!("something did not end in time");
        }
        self.quiet.send_replace(true);
        if let Err(error) = self.carrying.await {
            tracing::error!(%error, "the bus ended with an error");
        }
    }
}
