//! What mails are about.

use super::notification::NotificationKind;
use std::fmt;
use std::str::FromStr;

/// What a mail is about. As text it is the name of the notification, or a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// What the app tells as well, or would tell if the recipient had an account.
    Notice(NotificationKind),
    /// A code to sign in with, for whoever reads the mails of an address.
    SignInCode,
}

const SIGN_IN_CODE: &str = "SIGN_IN_CODE";

impl fmt::Display for MailKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notice(kind) => kind.fmt(f),
            Self::SignInCode => f.write_str(SIGN_IN_CODE),
        }
    }
}

impl FromStr for MailKind {
    type Err = strum::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == SIGN_IN_CODE { Ok(Self::SignInCode) } else { text.parse().map(Self::Notice) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn a_kind_is_read_as_it_was_written() {
        let notices = NotificationKind::VARIANTS.iter().copied().map(MailKind::Notice);
        for kind in notices.chain([MailKind::SignInCode]) {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert_eq!(MailKind::Notice(NotificationKind::MemberAdded).to_string(), "MEMBER_ADDED");
        assert_eq!(MailKind::SignInCode.to_string(), "SIGN_IN_CODE");
        assert!("NONSENSE".parse::<MailKind>().is_err());
    }
}
