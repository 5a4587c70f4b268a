//! What mails are about.

use super::notification::NotificationKind;
use std::fmt;
use std::str::FromStr;

const SIGN_IN_CODE: &str = "SIGN_IN_CODE";

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// Something that its recipient is told of.
    Notice(NotificationKind),
    /// The code with which its recipient signs in.
    SignInCode,
}

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

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == SIGN_IN_CODE { Ok(Self::SignInCode) } else { name.parse().map(Self::Notice) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn every_kind_is_found_by_its_name() {
        let kinds = NotificationKind::VARIANTS.iter().copied().map(MailKind::Notice).chain([MailKind::SignInCode]);
        for kind in kinds {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("NONSENSE".parse::<MailKind>().is_err());
    }
}
