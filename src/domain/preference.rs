//! What people want to be told of, and on which way (domain.md, section 4).

use super::Reason;
use super::notification::{Channel, MailRhythm, NotificationKind};
use std::collections::HashSet;
use strum::VariantArray;

/// What one person has said about how they are told; by default they are told of everything, at once.
///
/// ```
/// use portico::domain::notification::{Channel, NotificationKind};
/// use portico::domain::preference::Preferences;
///
/// let mut preferences = Preferences::default();
/// preferences.set(NotificationKind::MemberAdded, Channel::Email, false).unwrap();
/// assert!(!preferences.tell(NotificationKind::MemberAdded, Channel::Email));
/// assert!(preferences.tell(NotificationKind::MemberAdded, Channel::InApp));
/// assert!(preferences.set(NotificationKind::WorkspaceDeleted, Channel::Email, false).is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// When mails go out that can be switched off.
    pub rhythm: MailRhythm,
    off: HashSet<(NotificationKind, Channel)>,
}

impl Preferences {
    /// Whether the person is told of this kind on this way.
    #[must_use]
    pub fn tell(&self, kind: NotificationKind, channel: Channel) -> bool {
        let is_off = kind.is_optional(channel) && self.off.contains(&(kind, channel));
        kind.is_told_by(channel) && !is_off
    }

    /// Whether the person has switched off any channel of this kind.
    #[must_use]
    pub fn has_off(&self, kind: NotificationKind) -> bool {
        Channel::VARIANTS.iter().any(|&channel| self.off.contains(&(kind, channel)))
    }

    /// Switches a channel of a kind on or off. What is so already may be said again.
    ///
    /// # Errors
    /// [`Reason::Mandatory`]: everybody concerned is told of this. [`Reason::NeverMailed`]: nobody gets a mail of this.
    pub fn set(&mut self, kind: NotificationKind, channel: Channel, on: bool) -> Result<(), Reason> {
        if self.tell(kind, channel) == on {
            return Ok(());
        }
        if !kind.is_optional(channel) {
            return Err(if on { Reason::NeverMailed } else { Reason::Mandatory });
        }
        if on {
            self.off.remove(&(kind, channel));
        } else {
            self.off.insert((kind, channel));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind() -> impl Strategy<Value = NotificationKind> {
        prop::sample::select(NotificationKind::VARIANTS)
    }

    fn channel() -> impl Strategy<Value = Channel> {
        prop::sample::select(Channel::VARIANTS)
    }

    proptest! {
        #[test]
        fn what_was_said_last_holds_and_nothing_else_moves(said in prop::collection::vec((kind(), channel(), any::<bool>()), 0..40)) {
            let mut preferences = Preferences::default();
            for (kind, channel, on) in said {
                let before = preferences.clone();
                let outcome = preferences.set(kind, channel, on);
                prop_assert_eq!(outcome.is_ok(), preferences.tell(kind, channel) == on);
                for &other in NotificationKind::VARIANTS {
                    for &way in Channel::VARIANTS {
                        let is_other = (other, way) != (kind, channel) || outcome.is_err();
                        prop_assert!(!is_other || preferences.tell(other, way) == before.tell(other, way));
                    }
                    prop_assert!(!other.is_announcement() || preferences.tell(other, Channel::InApp) && preferences.tell(other, Channel::Email));
                }
            }
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let mut preferences = Preferences::default();
        assert_eq!(preferences.set(NotificationKind::WorkspaceConverted, Channel::InApp, false), Err(Reason::Mandatory));
        assert_eq!(preferences.set(NotificationKind::InvitationReceived, Channel::Email, false), Err(Reason::Mandatory));
        assert_eq!(preferences.set(NotificationKind::InvitationReceived, Channel::InApp, false), Ok(()));
        assert_eq!(preferences.set(NotificationKind::Mentioned, Channel::Email, true), Err(Reason::NeverMailed));
        assert_eq!(preferences.set(NotificationKind::Mentioned, Channel::Email, false), Ok(()));
    }
}
