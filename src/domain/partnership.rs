//! What tells partner organizations apart: the mail domains of their people.

use super::Reason;
use serde::Serialize;

/// The mail domains where anybody can have an address, where a team names none of its own: they never tell an organization.
pub const PUBLIC_MAIL_DOMAINS: &[&str] = &[
    "163.com",
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "outlook.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "web.de",
    "yahoo.com",
    "yahoo.co.uk",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
];

/// A mail domain, in lower case: what stands behind the `@`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MailDomain(String);

impl MailDomain {
    /// The domain, if it is a host name with a dot in it, of at most 253 characters.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::TooLong`] or [`Reason::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(Reason::Empty);
        }
        if text.len() > 253 {
            return Err(Reason::TooLong);
        }
        // Whatever stands behind an `@` in an address that the mail standards accept is one.
        super::text::Email::parse(&format!("a@{text}")).map(|email| Self(email.domain()))
    }

    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_host_name_with_a_dot() {
        assert_eq!(MailDomain::parse(" Globex.Example ").map(|domain| domain.as_str().to_owned()), Ok("globex.example".to_owned()));
        for text in ["globex", "a b.example", "x@globex.example", "globex..example", ".example", "globex.example\nBcc: x"] {
            assert!(MailDomain::parse(text).is_err(), "{text}");
        }
        assert_eq!(MailDomain::parse(" "), Err(Reason::Empty));
    }

    #[test]
    fn every_public_domain_is_one() {
        for domain in PUBLIC_MAIL_DOMAINS {
            assert_eq!(MailDomain::parse(domain).map(|parsed| parsed.as_str().to_owned()), Ok((*domain).to_owned()));
        }
    }
}
