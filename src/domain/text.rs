//! The values that people type. Each is valid once it exists.

use super::Reason;
use serde::Serialize;
use std::fmt;

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident, min $min:literal, max $max:literal, $lines:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
        pub struct $name(String);

        impl $name {
            /// The most characters that it may have.
            pub const MAX: usize = $max;

            /// The text, with the white space around it taken off.
            ///
            /// # Errors
            /// [`Reason::Empty`], [`Reason::TooLong`], or [`Reason::InvalidFormat`] for control characters.
            pub fn parse(text: &str) -> Result<Self, Reason> {
                checked(text, $min, $max, Lines::$lines).map(|text| Self(text.to_owned()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text! {
    /// The name of a person, team, workspace, group or token: one line of 1 to 255 characters.
    Name, min 1, max 255, One;
    /// What a workspace is for, in one line of up to 140 characters.
    Summary, min 0, max 140, One;
    /// A note to reviewers, a reviewer's comment or a message to invitees: up to 2,000 characters.
    Note, min 0, max 2_000, Many;
    /// A comment in Markdown: 1 to 10,000 characters.
    CommentBody, min 1, max 10_000, Many;
}

/// A description in Markdown: up to 64 KiB.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Description(String);

impl Description {
    /// The most bytes that it may have.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// The text as it is: white space means something in Markdown.
    ///
    /// # Errors
    /// [`Reason::TooLong`], or [`Reason::InvalidFormat`] for a NUL character, which no database keeps.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.len() > Self::MAX_BYTES {
            Err(Reason::TooLong)
        } else if text.contains('\0') {
            Err(Reason::InvalidFormat)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An email address. Two addresses are the same when their [keys](Email::key) are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Email(String);

impl Email {
    /// The address, if it has the form `local@domain.tld` of the mail standards and at most 254 characters.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::TooLong`] or [`Reason::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = checked(text, 1, 254, Lines::One)?;
        let options = email_address::Options::default().without_display_text().without_domain_literal().with_required_tld();
        email_address::EmailAddress::parse_with_options(text, options).map_err(|_| Reason::InvalidFormat)?;
        Ok(Self(text.to_owned()))
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        let key = self.key();
        key.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned())
    }

    /// The address in lower case: what addresses are compared by.
    #[must_use]
    pub fn key(&self) -> String {
        email_key(&self.0)
    }

    /// The one spelling that stands for all that have the same key.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self(self.key())
    }

    /// A name for whoever has not given one: what stands before the `@`.
    #[must_use]
    pub fn as_name(&self) -> Name {
        let local = self.0.rsplit_once('@').map_or(self.0.as_str(), |(local, _)| local);
        // A quoted local part may be of white space alone; the whole address is always fit to be a name.
        Name::parse(local).unwrap_or_else(|_| Name(self.0.clone()))
    }
}

/// What addresses are compared by: the address in lower case.
#[must_use]
pub fn email_key(address: &str) -> String {
    address.to_lowercase()
}

/// A team's short name in addresses: 2 to 63 of `a-z`, `0-9` and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Slug(String);

impl Slug {
    /// The slug.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::TooLong`] or [`Reason::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = checked(text, 1, 63, Lines::One)?;
        let fits = text.len() >= 2
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits { Ok(Self(text.to_owned())) } else { Err(Reason::InvalidFormat) }
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

fn checked(text: &str, min: usize, max: usize, lines: Lines) -> Result<&str, Reason> {
    let text = text.trim();
    let length = text.chars().count();
    let is_forbidden = |character: char| character.is_control() && !(lines == Lines::Many && matches!(character, '\n' | '\r' | '\t'));
    if length < min {
        Err(Reason::Empty)
    } else if length > max {
        Err(Reason::TooLong)
    } else if text.chars().any(is_forbidden) {
        Err(Reason::InvalidFormat)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_to_255_characters_in_one_line() {
        assert_eq!(Name::parse("  \t"), Err(Reason::Empty));
        assert_eq!(Name::parse(" Ada ").map(|name| name.to_string()), Ok("Ada".to_owned()));
        assert!(Name::parse(&"ä".repeat(255)).is_ok());
        assert_eq!(Name::parse(&"ä".repeat(256)), Err(Reason::TooLong));
        assert_eq!(Name::parse("Ada\r\nBcc: eve@example.com"), Err(Reason::InvalidFormat));
    }

    #[test]
    fn a_description_is_bounded_in_bytes_and_kept_as_it_is() {
        assert!(Description::parse(&"x".repeat(64 * 1024)).is_ok());
        assert_eq!(Description::parse(&"x".repeat(64 * 1024 + 1)), Err(Reason::TooLong));
        assert_eq!(Description::parse("    code\n").map(|text| text.as_str().to_owned()), Ok("    code\n".to_owned()));
    }

    #[test]
    fn addresses_are_the_same_whatever_their_case() -> Result<(), Reason> {
        assert_eq!(Email::parse("Ada@Example.COM")?.key(), Email::parse("ada@example.com")?.key());
        Ok(())
    }

    #[test]
    fn an_address_lends_a_name() -> Result<(), Reason> {
        assert_eq!(Email::parse("Ada.Lovelace@Example.com")?.as_name().as_str(), "Ada.Lovelace");
        assert_eq!(Email::parse("\"a@b\"@example.com")?.as_name().as_str(), "\"a@b\"");
        Ok(())
    }

    #[test]
    fn a_letter_that_folds_to_another_is_not_left_in_the_canonical_spelling() -> Result<(), Reason> {
        let kelvin = Email::parse("mi\u{212a}e@example.com")?;
        assert_eq!(kelvin.canonical().as_str(), "mike@example.com");
        Ok(())
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "Ada <ada@example.com>",
            "a b@example.com",
            "ada@[127.0.0.1]",
            "ada@example.com\nBcc:eve@example.com",
        ] {
            assert_eq!(Email::parse(text), Err(Reason::InvalidFormat), "{text}");
        }
        assert_eq!(Email::parse(" "), Err(Reason::Empty));
    }

    #[test]
    fn a_slug_is_lower_case_letters_digits_and_inner_hyphens() {
        assert!(Slug::parse("acme-2").is_ok());
        for text in ["a", "-acme", "acme-", "Acme", "ac me", "ácme"] {
            assert!(Slug::parse(text).is_err(), "{text}");
        }
    }
}
