//! How the server is set up: from the environment, from `portico.toml`, or by the defaults, in this order.

use crate::app::vault::{MasterKeyError, MasterKeys};
use crate::domain::team::Plan;
use crate::feed::bus::{NatsOptions, is_subject};
use crate::mail::smtp::SmtpSettings;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The file that is read where the server is started.
pub const FILE: &str = "portico.toml";

/// Every key: its name in the environment, its place in the file, its default, what it means. The README shows the same.
pub const KEYS: &[(&str, &str, &str, &str)] = &[
    ("PORTICO_LISTEN", "server.listen", "127.0.0.1:8000", "Address and port to listen on; port 0 takes a free one and prints it."),
    ("PORTICO_PUBLIC_URL", "server.public_url", "http://127.0.0.1:8000", "Where people reach the server; stands in mails."),
    (
        "PORTICO_DATABASE_URL",
        "database.url",
        "sqlite://portico.db?mode=rwc",
        "sqlite://FILE?mode=rwc or postgres://USER:PASSWORD@HOST/NAME.",
    ),
    ("PORTICO_DATABASE_CONNECTIONS", "database.connections", "8", "Connections to PostgreSQL, or readers of SQLite, at the most."),
    (
        "PORTICO_BUS_URL",
        "bus.url",
        "",
        "nats://HOST:4222, or several with commas, where several servers share a database; none: there is one server.",
    ),
    ("PORTICO_BUS_SUBJECT", "bus.subject", "portico", "What every subject on the bus begins with: one for each database."),
    ("PORTICO_MAIL_URL", "mail.url", "file://mail", "file://FOLDER, smtp://[USER:PASSWORD@]HOST[:PORT] with STARTTLS, or smtps://..."),
    ("PORTICO_MAIL_FROM", "mail.from", "Portico <portico@localhost.localdomain>", "Who mails come from."),
    ("PORTICO_MAIL_CA_FILE", "mail.ca_file", "", "Certificates in PEM that the mail server may be vouched for by, beside the system's."),
    ("PORTICO_MAIL_TIMEOUT_SECONDS", "mail.timeout_seconds", "30", "How long handing one mail over may take."),
    ("PORTICO_NEW_TEAM_PLAN", "teams.new_team_plan", "ENTERPRISE", "The plan of a new team: FREE, PROFESSIONAL or ENTERPRISE."),
    ("PORTICO_MAX_COLLECTION_MIB", "documents.max_collection_mib", "100", "The largest collection that is taken in, in MiB."),
    ("PORTICO_MAX_ENVIRONMENT_MIB", "documents.max_environment_mib", "30", "The largest environment that is taken in, in MiB."),
    ("PORTICO_MAX_DEFINITION_MIB", "documents.max_definition_mib", "30", "The largest API definition that is taken in, in MiB."),
    ("PORTICO_MAX_ARCHIVE_MIB", "documents.max_archive_mib", "500", "The largest workspace archive, unpacked, that is taken in, in MiB."),
    ("PORTICO_FEED_DAYS", "feeds.keep_days", "400", "How many days activity, notifications and mails that went out are kept."),
    ("PORTICO_SECRET_KEYS", "secrets.keys", "", "Master keys of secrets, id:base64,id:base64 of 32 bytes each, the first is current."),
    ("PORTICO_SECRET_KEY_FILE", "secrets.key_file", "portico.keys", "Where they are if they are not named so: one id base64 a line."),
    ("PORTICO_LOG", "log.filter", "info", "What is logged, as tracing's filters say it: info, portico=debug ..."),
];

/// The whole of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub server: ServerConfig,
    /// Where data is kept.
    pub database: DatabaseConfig,
    /// How servers hear of each other.
    pub bus: BusConfig,
    /// How mail goes out.
    pub mail: MailConfig,
    /// What new teams are like.
    pub teams: TeamsConfig,
    /// How large documents may be.
    pub documents: DocumentsConfig,
    /// How long feeds are kept.
    pub feeds: FeedsConfig,
    /// What secrets are sealed with.
    pub secrets: SecretsConfig,
    /// What is logged.
    pub log: LogConfig,
}

/// Where the server listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where people reach it.
    pub public_url: String,
}

/// Where data is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// The database, which may name a password.
    pub url: SecretString,
    /// Connections at the most.
    pub connections: u32,
}

/// How servers hear of each other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusConfig {
    /// The servers of the bus, which may name a password; empty: there is one server, and it needs none.
    pub url: SecretString,
    /// What every subject begins with.
    pub subject: String,
}

impl BusConfig {
    /// Where the bus is; none: there is one server.
    ///
    /// # Errors
    /// It cannot be there.
    pub fn options(&self) -> Result<Option<NatsOptions>, ConfigError> {
        let unusable = |key, problem| ConfigError::Unusable { key, problem };
        if !is_subject(&self.subject) {
            return Err(unusable("PORTICO_BUS_SUBJECT", "must be words of letters, digits, - and _ with points between them"));
        }
        let url = self.url.expose_secret();
        if url.is_empty() {
            return Ok(None);
        }
        let options = NatsOptions::parse(url, &self.subject);
        options.map(Some).ok_or_else(|| unusable("PORTICO_BUS_URL", "must be nats://HOST:PORT or tls://HOST:PORT, or several with commas"))
    }
}

/// How mail goes out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// The transport.
    pub url: SecretString,
    /// The sender.
    pub from: String,
    /// Who else may vouch for the mail server; empty: nobody.
    pub ca_file: PathBuf,
    /// How long handing one mail over may take.
    pub timeout_seconds: u32,
}

/// What carries mails.
#[derive(Debug, Clone)]
pub enum Carrier {
    /// Files in a folder.
    Folder(PathBuf),
    /// A mail server.
    Smtp(SmtpSettings),
}

/// What new teams are like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamsConfig {
    /// Their plan.
    pub new_team_plan: Plan,
}

/// How large documents may be, each in MiB.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsConfig {
    /// A collection.
    pub max_collection_mib: u32,
    /// An environment.
    pub max_environment_mib: u32,
    /// An API definition.
    pub max_definition_mib: u32,
    /// A workspace archive, unpacked.
    pub max_archive_mib: u32,
}

/// How long feeds are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedsConfig {
    /// Activity and notifications, in days.
    pub keep_days: u32,
}

/// What secrets are sealed with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretsConfig {
    /// The master keys, or nothing: then they are in the file.
    pub keys: SecretString,
    /// The file.
    pub key_file: PathBuf,
}

/// What is logged.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// A filter of tracing.
    pub filter: String,
}

/// Why the server cannot be set up so.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, of the wrong kind, or not known.
    #[error("{0}")]
    Unreadable(Box<figment::Error>),
    /// A value cannot be used.
    #[error("{key} {problem}")]
    Unusable {
        /// The key, as the environment names it.
        key: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Config {
    /// Reads the environment and the file.
    ///
    /// # Errors
    /// Says which key is wrong, and why.
    pub fn load() -> Result<Self, ConfigError> {
        Self::from_figment(Figment::new().merge(Toml::file(FILE)), true)
    }

    /// The defaults, for tests and for tools.
    ///
    /// # Errors
    /// None that a test would not have found.
    pub fn defaults() -> Result<Self, ConfigError> {
        Self::from_figment(Figment::new(), false)
    }

    fn from_figment(file: Figment, with_environment: bool) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        for (_, path, default, _) in KEYS {
            figment = match default.parse::<u32>() {
                Ok(number) => figment.merge(Serialized::default(path, number)),
                Err(_) => figment.merge(Serialized::default(path, default)),
            };
        }
        figment = figment.merge(file);
        if with_environment {
            figment = figment.merge(Env::raw().filter_map(place));
        }
        let config: Self = figment.extract().map_err(|error| ConfigError::Unreadable(Box::new(error)))?;
        config.checked()
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let unusable = |key, problem| Err(ConfigError::Unusable { key, problem });
        let url = self.database.url.expose_secret();
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            return unusable("PORTICO_DATABASE_URL", "must begin with sqlite: or postgres:");
        }
        if self.database.connections == 0 {
            return unusable("PORTICO_DATABASE_CONNECTIONS", "must be at least 1");
        }
        let documents = &self.documents;
        for (key, limit) in [
            ("PORTICO_MAX_COLLECTION_MIB", documents.max_collection_mib),
            ("PORTICO_MAX_ENVIRONMENT_MIB", documents.max_environment_mib),
            ("PORTICO_MAX_DEFINITION_MIB", documents.max_definition_mib),
            ("PORTICO_MAX_ARCHIVE_MIB", documents.max_archive_mib),
        ] {
            // The size of a document is a number of 31 bits in the schema.
            if !(1..2_048).contains(&limit) {
                return unusable(key, "must be 1 to 2047");
            }
        }
        self.bus.options()?;
        if !(1..=36_500).contains(&self.feeds.keep_days) {
            return unusable("PORTICO_FEED_DAYS", "must be 1 to 36500");
        }
        if let Err(problem) = self.mail.carrier() {
            return unusable("PORTICO_MAIL_URL", problem);
        }
        if !(1..=300).contains(&self.mail.timeout_seconds) {
            return unusable("PORTICO_MAIL_TIMEOUT_SECONDS", "must be 1 to 300");
        }
        if self.mail.from.parse::<lettre::message::Mailbox>().is_err() {
            return unusable("PORTICO_MAIL_FROM", "must be an address, or a name and an address in angle brackets");
        }
        if !self.server.public_url.starts_with("http://") && !self.server.public_url.starts_with("https://") {
            return unusable("PORTICO_PUBLIC_URL", "must begin with http:// or https://");
        }
        // It stands in headers of mails, in angle brackets.
        if !self.server.public_url.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>')) {
            return unusable("PORTICO_PUBLIC_URL", "must be written in ASCII, without spaces");
        }
        if let Err(error) = self.secrets.master_keys() {
            return unusable("PORTICO_SECRET_KEYS", error.problem);
        }
        if self.secrets.key_file.file_name().is_none() {
            return unusable("PORTICO_SECRET_KEY_FILE", "must be a file");
        }
        Ok(self)
    }
}

/// The place in the file of a key of the environment.
fn place(key: &figment::value::UncasedStr) -> Option<figment::value::Uncased<'_>> {
    KEYS.iter().find(|(name, ..)| *key == **name).map(|(_, path, ..)| (*path).into())
}

impl SecretsConfig {
    /// The master keys that are named here. None: they are in the file.
    ///
    /// # Errors
    /// One of them is no key.
    pub fn master_keys(&self) -> Result<Option<MasterKeys>, MasterKeyError> {
        MasterKeys::from_list(self.keys.expose_secret())
    }
}

impl MailConfig {
    /// What carries mails.
    ///
    /// # Errors
    /// The URL names nothing that does, in words that hold nothing of it.
    pub fn carrier(&self) -> Result<Carrier, &'static str> {
        match self.url.expose_secret().strip_prefix("file://") {
            Some("") => Err("must name a folder after file://"),
            Some(folder) => Ok(Carrier::Folder(folder.into())),
            None => SmtpSettings::parse(self.url.expose_secret()).map(Carrier::Smtp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(toml: &str) -> Result<Config, ConfigError> {
        Config::from_figment(Figment::new().merge(Toml::string(toml)), false)
    }

    #[test]
    fn the_defaults_can_be_used() {
        let config = Config::defaults().expect("usable");
        assert_eq!(config.server.listen.port(), 8000);
        assert_eq!(config.teams.new_team_plan, Plan::Enterprise);
    }

    #[test]
    fn a_wrong_value_is_named() {
        for (toml, named) in [
            ("[database]\nurl = \"mysql://localhost\"", "PORTICO_DATABASE_URL"),
            ("[database]\nconnections = 0", "PORTICO_DATABASE_CONNECTIONS"),
            ("[documents]\nmax_collection_mib = 0", "PORTICO_MAX_COLLECTION_MIB"),
            ("[documents]\nmax_archive_mib = 2048", "PORTICO_MAX_ARCHIVE_MIB"),
            ("[bus]\nurl = \"http://user:c2VjcmV0@localhost\"", "PORTICO_BUS_URL"),
            ("[bus]\nsubject = \"a.>\"", "PORTICO_BUS_SUBJECT"),
            ("[feeds]\nkeep_days = 0", "PORTICO_FEED_DAYS"),
            ("[feeds]\nkeep_days = 36501", "PORTICO_FEED_DAYS"),
            ("[mail]\nurl = \"pigeon://coop\"", "PORTICO_MAIL_URL"),
            ("[mail]\nurl = \"file://\"", "PORTICO_MAIL_URL"),
            ("[mail]\nurl = \"smtp://portico:c2VjcmV0@host?tls=perhaps\"", "PORTICO_MAIL_URL takes ?tls="),
            ("[mail]\nurl = \"smtp://host\"\ntimeout_seconds = 0", "PORTICO_MAIL_TIMEOUT_SECONDS"),
            ("[mail]\nurl = \"smtp://host\"\ntimeout_seconds = 301", "PORTICO_MAIL_TIMEOUT_SECONDS"),
            ("[mail]\nfrom = \"nobody\"", "PORTICO_MAIL_FROM"),
            ("[secrets]\nkeys = \"one:c2VjcmV0\"", "PORTICO_SECRET_KEYS must have 32 bytes"),
            ("[secrets]\nkey_file = \"\"", "PORTICO_SECRET_KEY_FILE"),
            ("[server]\npublic_url = \"here\"", "PORTICO_PUBLIC_URL"),
            ("[server]\npublic_url = \"https://portico.example>\"", "PORTICO_PUBLIC_URL"),
            ("[server]\nlisten = \"everywhere\"", "listen"),
            ("[teams]\nnew_team_plan = \"GOLD\"", "new_team_plan"),
            ("[server]\nlisten_on = \"127.0.0.1:1\"", "listen_on"),
        ] {
            let error = with(toml).expect_err(toml).to_string();
            assert!(error.contains(named) && !error.contains("c2VjcmV0"), "{error}");
        }
    }

    #[test]
    fn a_password_in_the_database_url_is_not_printed() {
        let config = with("[database]\nurl = \"postgres://portico:hunter2@localhost/portico\"").expect("usable");
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_password_of_the_mail_server_is_not_printed() {
        let config = with("[mail]\nurl = \"smtps://portico:hunter2@mail.example.com\"").expect("usable");
        assert!(!format!("{config:?} {:?}", config.mail.carrier()).contains("hunter2"));
    }

    #[test]
    fn the_keys_of_secrets_are_read_and_not_printed() {
        let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
        let config = with(&format!("[secrets]\nkeys = \"one:{key}\"")).expect("usable");
        assert_eq!(config.secrets.master_keys().expect("keys").expect("named").current().id(), "one");
        assert!(!format!("{config:?}").contains(key));
        assert!(Config::defaults().expect("usable").secrets.master_keys().expect("nothing wrong").is_none());
    }

    #[test]
    fn every_key_stands_in_the_readme() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("a README");
        for (name, path, default, _) in KEYS {
            let default = if default.is_empty() { "none".to_owned() } else { format!("`{default}`") };
            assert!(readme.contains(&format!("| `{name}` | `{path}` | {default} |")), "{name} is missing, or shown otherwise");
        }
    }
}
