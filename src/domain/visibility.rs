//! Who gets into a workspace, and which changes of that are possible.

use super::Reason;
use super::request::RequestKind;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};

/// Who gets in (domain.md, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// Its owner, and Super Admins.
    Personal,
    /// Invited team members.
    Private,
    /// Every team member, implicitly as Viewer.
    Team,
    /// Invited team members and invited partners; hidden from every other teammate.
    Partner,
    /// Anyone may view.
    Public,
}

/// How a change of visibility comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// At once.
    Direct,
    /// When a reviewer of this kind of request says so; at once for whoever may decide such requests.
    ByRequest(RequestKind),
}

impl Visibility {
    /// How a workspace of this visibility becomes one of another.
    ///
    /// # Errors
    /// The reason why it never can: nothing becomes personal, a partner workspace never becomes public
    /// directly (condition C5), and a change to the same visibility is none.
    pub const fn change_to(self, target: Self) -> Result<Change, Reason> {
        match (self, target) {
            (Self::Personal, Self::Personal)
            | (Self::Private, Self::Private)
            | (Self::Team, Self::Team)
            | (Self::Partner, Self::Partner)
            | (Self::Public, Self::Public) => Err(Reason::VisibilityUnchanged),
            (_, Self::Personal) => Err(Reason::CannotBecomePersonal),
            (Self::Partner, Self::Public) => Err(Reason::VisibilityIsPartner),
            (_, Self::Private | Self::Team) => Ok(Change::Direct),
            (_, Self::Partner) => Ok(Change::ByRequest(RequestKind::ConvertToPartner)),
            (_, Self::Public) => Ok(Change::ByRequest(RequestKind::MakePublic)),
        }
    }

    /// Whether every member of the team may look in without a grant.
    #[must_use]
    pub const fn is_open_to_team(self) -> bool {
        matches!(self, Self::Team | Self::Public)
    }

    /// Whether a workspace of this visibility may be deleted (condition C6).
    ///
    /// # Errors
    /// The reason why not.
    pub const fn deletable(self) -> Result<(), Reason> {
        match self {
            Self::Personal | Self::Private | Self::Team => Ok(()),
            Self::Partner => Err(Reason::VisibilityIsPartner),
            Self::Public => Err(Reason::VisibilityIsPublic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_personal_and_a_partner_workspace_never_becomes_public() {
        for &from in Visibility::VARIANTS {
            assert!(from.change_to(Visibility::Personal).is_err());
            assert_eq!(from.change_to(from), Err(Reason::VisibilityUnchanged));
        }
        assert_eq!(Visibility::Partner.change_to(Visibility::Public), Err(Reason::VisibilityIsPartner));
    }

    #[test]
    fn whatever_is_not_partner_can_ask_to_become_it() {
        for from in [Visibility::Personal, Visibility::Private, Visibility::Team, Visibility::Public] {
            assert_eq!(from.change_to(Visibility::Partner), Ok(Change::ByRequest(RequestKind::ConvertToPartner)));
        }
    }
}
