//! Where the mail server is and how it is spoken to, as a URL says it.

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

/// The port on which servers take mails from those who sign in.
const SUBMISSION_PORT: u16 = 587;

/// The same with TLS from the beginning.
const SUBMISSIONS_PORT: u16 = 465;

/// How a connection is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (`smtps://`).
    Tls,
    /// STARTTLS, or no mail (the default of `smtp://`).
    StartTls,
    /// STARTTLS where the server offers it (`?tls=opportunistic`); a password goes over nothing else.
    Opportunistic,
    /// Anybody on the way can read and change everything (`?tls=none`): for a server on the same machine.
    Plain,
}

/// Where the mail server is and how it is spoken to.
///
/// ```
/// use portico::mail::smtp::{Security, SmtpSettings};
///
/// let settings = SmtpSettings::parse("smtp://portico:p%40ss@mail.example.com").unwrap();
/// assert_eq!((settings.host.as_str(), settings.port, settings.security), ("mail.example.com", 587, Security::StartTls));
/// assert!(!format!("{settings:?}").contains("p@ss"));
/// ```
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from being read.
    pub security: Security,
    /// Whom the server knows us as, and the password.
    pub credentials: Option<(String, SecretString)>,
}

impl SmtpSettings {
    /// Reads `smtp://[user:password@]host[:port][?tls=starttls|opportunistic|none]` or `smtps://…`.
    ///
    /// # Errors
    /// What is wrong with it, in words that hold nothing of it: it may have a password in it.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let url = Url::parse(url)
            .map_err(|_| "must be a URL, with the characters of user and password written as %40 where they are not letters or digits")?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err("must end with the host, the port or ?tls=");
        }
        let security = security(&url)?;
        let host = match url.host().filter(|host| *host != Host::Domain("")) {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err("must name the host of the mail server"),
        };
        let default = if security == Security::Tls { SUBMISSIONS_PORT } else { SUBMISSION_PORT };
        Ok(Self { host, port: url.port().unwrap_or(default), security, credentials: credentials(&url)? })
    }
}

fn security(url: &Url) -> Result<Security, &'static str> {
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" || tls.replace(value).is_some() {
            return Err("takes ?tls= once, and nothing else");
        }
    }
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None) => Ok(Security::Tls),
        ("smtp", None | Some("starttls")) => Ok(Security::StartTls),
        ("smtp", Some("opportunistic")) => Ok(Security::Opportunistic),
        ("smtp", Some("none")) => Ok(Security::Plain),
        ("smtp", Some(_)) => Err("takes ?tls=starttls, ?tls=opportunistic or ?tls=none"),
        ("smtps", Some(_)) => Err("takes no ?tls= where it begins with smtps://"),
        _ => Err("must begin with file://, smtp:// or smtps://"),
    }
}

fn credentials(url: &Url) -> Result<Option<(String, SecretString)>, &'static str> {
    let decoded = |text: &str| match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if !decoded.contains('\0') => Ok(decoded.into_owned()),
        _ => Err("must write user and password in UTF-8"),
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err("has a password and no user"),
        (_, None) => Err("has a user and no password"),
        (user, Some(password)) => Ok(Some((decoded(user)?, decoded(password)?.into()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_url_says_where_the_server_is_and_how_it_is_spoken_to() {
        for (url, host, port, security) in [
            ("smtp://mail.example.com", "mail.example.com", 587, Security::StartTls),
            ("smtp://mail.example.com:25/?tls=starttls", "mail.example.com", 25, Security::StartTls),
            ("smtp://localhost:2525?tls=none", "localhost", 2525, Security::Plain),
            ("smtp://[::1]?tls=opportunistic", "::1", 587, Security::Opportunistic),
            ("smtps://127.0.0.1", "127.0.0.1", 465, Security::Tls),
        ] {
            let settings = SmtpSettings::parse(url).expect(url);
            assert_eq!((settings.host.as_str(), settings.port, settings.security), (host, port, security), "{url}");
            assert!(settings.credentials.is_none());
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_saying_the_password() {
        for url in [
            "smtp://",
            "smtp:///path",
            "smtp://user@host",
            "smtp://:hunter2@host",
            "smtp://user:hunter2@host/path",
            "smtp://user:hunter2@host#part",
            "smtp://user:hunter2@host?tls=maybe",
            "smtp://user:hunter2@host?tls=none&tls=none",
            "smtp://user:hunter2@host?timeout=1",
            "smtp://user:%ff@host",
            "smtps://user:hunter2@host?tls=none",
            "imap://user:hunter2@host",
            "smtp://user:hunter2@host:port",
            "hunter2",
        ] {
            let problem = SmtpSettings::parse(url).expect_err(url);
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }

    proptest! {
        #[test]
        fn user_and_password_are_read_as_they_were_written(user in "[^\0]{1,20}", password in "[^\0]{1,20}") {
            let escaped = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
            let url = format!("smtp://{}:{}@localhost", escaped(&user), escaped(&password));
            let (read_user, read_password) = SmtpSettings::parse(&url).expect("a URL").credentials.expect("credentials");
            prop_assert_eq!(read_user, user);
            prop_assert_eq!(read_password.expose_secret(), password.as_str());
        }
    }
}
