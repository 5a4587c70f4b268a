//! A mail server as the carrier of mails.
//!
//! The connections are lettre's. Its own pool keeps a connection whose dialogue was cut off in the middle: the next mail would then take the late
//! answer to this one for its own, and be lost. So what is kept for the next mail is kept here, and only what has ended in order.

mod settings;

pub use settings::{Security, SmtpSettings};

use super::{Transport, TransportError};
use async_trait::async_trait;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use secrecy::ExposeSecret;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many connections are kept for the next mails.
const MAX_IDLE: usize = 8;

/// How long a connection that is not needed any more is given to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// Hands mails over to a server.
pub struct SmtpTransport {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    hello: ClientId,
    timeout: Duration,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpTransport").field("settings", &self.settings).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Which certificates are at fault where TLS cannot be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsProblem {
    /// Those that are trusted beside those of the system.
    AlsoTrusted,
    /// Those of the system.
    System,
}

/// The certificates in PEM of who else is trusted beside those whom the system trusts.
///
/// # Errors
/// There is none in it, or one that is broken.
pub fn trusted(pem: &[u8]) -> Result<Certificate, &'static str> {
    let is_empty = !pem.windows(b"-----BEGIN CERTIFICATE-----".len()).any(|part| part == b"-----BEGIN CERTIFICATE-----");
    if is_empty {
        return Err("has no certificate in PEM in it");
    }
    Certificate::from_pem(pem).map_err(|_| "has a certificate in it that cannot be read")
}

impl SmtpTransport {
    /// A transport to this server, which is connected to when the first mail comes. It calls itself by the domain of the sender; handing a mail over is
    /// given `timeout`.
    ///
    /// # Errors
    /// The certificates that are also trusted cannot be, or the system has none that can.
    pub fn new(settings: SmtpSettings, domain: &str, also_trusted: Option<Certificate>, timeout: Duration) -> Result<Self, TlsProblem> {
        let tls = if settings.security == Security::Plain {
            None
        } else {
            let builder = TlsParameters::builder(settings.host.clone());
            let problem = if also_trusted.is_some() { TlsProblem::AlsoTrusted } else { TlsProblem::System };
            let builder = also_trusted.into_iter().fold(builder, TlsParametersBuilder::add_root_certificate);
            Some(builder.build_rustls().map_err(|_| problem)?)
        };
        Ok(Self { settings, tls, hello: ClientId::Domain(domain.to_owned()), timeout, idle: Mutex::default() })
    }

    /// A connection on which the next mail can begin. Whatever is wrong with it is not wrong with the mail: even a password that is refused may be
    /// accepted once it is set right.
    async fn connection(&self) -> Result<AsyncSmtpConnection, TransportError> {
        while let Some(mut kept) = self.pop() {
            // Servers close what is quiet for long.
            if kept.command(Noop).await.is_ok() {
                return Ok(kept);
            }
        }
        self.connect().await.map_err(|error| TransportError::NotNow(error.to_string()))
    }

    fn pop(&self) -> Option<AsyncSmtpConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Box<dyn std::error::Error + Send + Sync>> {
        let SmtpSettings { host, port, security, credentials } = &self.settings;
        let from_the_beginning = self.tls.clone().filter(|_| *security == Security::Tls);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), None, &self.hello, from_the_beginning, None).await?;
        let upgrades = *security == Security::StartTls || *security == Security::Opportunistic && connection.can_starttls();
        if let Some(tls) = self.tls.clone().filter(|_| upgrades) {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some((user, password)) = credentials {
            if *security == Security::Opportunistic && !connection.is_encrypted() {
                return Err("the server does not offer STARTTLS, and a password is not sent without it".into());
            }
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}

/// The dialogue about one mail.
async fn deliver(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), TransportError> {
    let envelope = message.envelope();
    let mut parameters = Vec::new();
    if !envelope.to().iter().chain(envelope.from()).all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(TransportError::Never("the mail server does not take addresses with letters beyond ASCII".to_owned()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    // A sender who is refused is set up wrong, for this mail and every other.
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(|error| TransportError::NotNow(error.to_string()))?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(|error| refused(&error))?;
    }
    connection.command(Data).await.map_err(|error| refused(&error))?;
    connection.message(&message.formatted()).await.map_err(|error| refused(&error))?;
    Ok(())
}

/// What the server says of this recipient or this mail is final where it says so.
fn refused(error: &Error) -> TransportError {
    if error.is_permanent() { TransportError::Never(error.to_string()) } else { TransportError::NotNow(error.to_string()) }
}

#[async_trait]
impl Transport for SmtpTransport {
    async fn send(&self, _id: &str, message: &Message) -> Result<(), TransportError> {
        // What is cut off drops its connection, and so never answers to another mail.
        let mut connection = self.connection().await?;
        deliver(&mut connection, message).await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE {
            idle.push(connection);
        }
        Ok(())
    }

    fn patience(&self) -> Duration {
        self.timeout
    }

    async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        let goodbyes = idle.into_iter().map(|mut connection| async move { connection.quit().await.is_ok() });
        // Whoever does not answer is left without.
        let _ = tokio::time::timeout(FAREWELL, futures_util::future::join_all(goodbyes)).await;
    }
}
